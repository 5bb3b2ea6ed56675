"""The shipped decisions laid on the register: a document each, and the status they gave.

They are older than the register they enter: none is announced as news.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from engine.clocks import now
from referentiel.importers.atih_cadres import stable_id
from referentiel.importers.decisions import LigneDecision, load_decisions_file
from referentiel.models import Cadre, Document
from referentiel.rules.decisions import document_type_of, status_of, title_of
from referentiel.services.documents import fingerprint
from referentiel.services.search_index import touch
from referentiel.states import STATUTS_PAR_TYPE, CadreSource, TypeCadre


@dataclass
class BilanDecisions:
    """What was laid, and what found no cadre to be laid on."""

    documents: int = 0
    statuts: int = 0
    sans_cadre: list[str] = field(default_factory=list)

    def told(self) -> str:
        """One line for the command."""
        text = f"{self.documents} décisions ajoutées, {self.statuts} statuts mis à jour"
        if self.sans_cadre:
            text += f" ; sans date ou sans cadre : {', '.join(self.sans_cadre)}"
        return f"{text}."


@transaction.atomic
def load_decisions(*, by: Any = None) -> BilanDecisions:
    """Lay the shipped decisions on the cadres of their codes, once (CSP, R. 5121-73, -76-10)."""
    bilan = BilanDecisions()
    cadres = _cadres_by_code()
    known = set(Document.objects.values_list("pk", flat=True))
    last: dict[tuple[Any, str], Document] = {}
    numbers: Counter[tuple[Any, str]] = Counter()
    fresh: list[Document] = []
    statuses: dict[Any, tuple[Cadre, str, date]] = {}
    for row in load_decisions_file():
        concerned = [cadre for code in row.codes for cadre in cadres[code]]
        if row.datee is None or not concerned:
            bilan.sans_cadre.append(row.id)
            continue
        for cadre in concerned:
            document = _document(row, row.datee, cadre)
            place = (cadre.pk, document.type)
            numbers[place] += 1
            document.version = str(numbers[place])
            document.remplace = last.get(place)
            last[place] = document
            if document.pk not in known:
                fresh.append(document)
            status = status_of(row.cadre, row.evenement, row.nature)
            if status and status in STATUTS_PAR_TYPE[TypeCadre(cadre.framework)]:
                statuses[cadre.pk] = (cadre, status, row.datee)
    for document in fresh:  # one by one: each may be replaced by the next
        document.save(force_insert=True)
    bilan.documents = len(fresh)
    bilan.statuts = _write_statuses(statuses.values())
    if bilan.statuts:
        touch()
    return bilan


def _cadres_by_code() -> dict[str, list[Cadre]]:
    found: dict[str, list[Cadre]] = defaultdict(list)
    for cadre in Cadre.objects.exclude(code="").order_by("pk"):
        found[cadre.code].append(cadre)
    return found


def _document(row: LigneDecision, day: date, cadre: Cadre) -> Document:
    """The event as a document: its facts, and the page that alone is authoritative."""
    texte = _facts(row)
    return Document(
        id=stable_id("decision", row.id, str(cadre.pk)),
        produit_id=cadre.produit_id,
        cadre=cadre,
        type=document_type_of(row.cadre, row.evenement),
        titre=title_of(row.cadre, row.evenement),
        date_publication=row.publication or day,
        date_effet=day,
        texte=texte,
        source_url=row.source_url,
        sha256=fingerprint(texte.encode()),
        ajoute_le=now(),
    )


def _facts(row: LigneDecision) -> str:
    """What was read on the page, one fact a line."""
    primary = row.nature == "primaire"
    lines = (
        ("Spécialités", row.specialites),
        ("Indication, résumée", row.indication),
        ("Numéro", row.numero),
        ("Durée", row.duree),
        ("Remarque", row.remarque),
        ("Source", "page de l'autorité" if primary else "presse, association ou copie"),
    )
    return "\n".join(f"{label} : {value}" for label, value in lines if value)


def _write_statuses(wanted: Iterable[tuple[Cadre, str, date]]) -> int:
    """Give each cadre its status; what a person typed is left alone.

    The day of a decision that ends a cadre is its last one.
    """
    changed = []
    for cadre, status, day in wanted:
        if "statut" in cadre.champs_saisis or cadre.statut == status:
            continue
        cadre.give_status(status, since=day + timedelta(days=1))
        if "cadre_source" not in cadre.champs_saisis:
            cadre.cadre_source = CadreSource.DECISION
        changed.append(cadre)
    Cadre.objects.bulk_update(changed, ["statut", "ferme_depuis", "cadre_source"])
    return len(changed)
