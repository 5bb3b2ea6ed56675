"""What the API and the exports read of the public register."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Exists, Max, Model, OuterRef, Q, QuerySet, Subquery

from engine.clocks import end_of_day, today
from referentiel.folding import fold
from referentiel.models import (
    Cadre,
    Changement,
    CodeIndication,
    Document,
    EtatRecherche,
    Produit,
)
from referentiel.models.cadres import covering, open_on
from referentiel.rules.search_engine import bits_of
from referentiel.selectors import medicines
from referentiel.selectors.trouves import Trouves

M = TypeVar("M", bound=Model)
BY_CADRE = ("cadre", "statut", "open_on")


@dataclass(frozen=True)
class Filtre:
    """What is asked of a list; what is empty asks nothing."""

    q: str = ""
    cadre: str = ""
    statut: str = ""
    ucd7: str = ""
    code: str = ""
    dci: str = ""
    open_on: date | None = None
    since: datetime | None = None
    produit: UUID | None = None
    nature: str = ""
    type: str = ""


# --- When it last changed ---------------------------------------------------------------


@dataclass(frozen=True)
class Marque:
    """The state of the register: what an ETag is made of, and the date of the last change."""

    etat: str
    change_le: datetime

    def etag(self, *parts: str) -> str:
        """A strong validator of one representation."""
        return f'"{sha256("|".join((self.etat, *parts)).encode()).hexdigest()[:32]}"'


def marque() -> Marque:
    """The register as it stands; a new day is a change, since « en vigueur » depends on it."""
    row: Any = EtatRecherche.objects.values("version", "change_le").first() or {}
    newest = Changement.objects.order_by("-le", "-pk").values("pk", "le")
    last: Any = newest.first() or {}
    document = Document.objects.aggregate(le=Max("ajoute_le"))["le"]
    day = end_of_day(today() - timedelta(days=1))
    instants = [row.get("change_le"), last.get("le"), document, day]
    state = (row.get("version", 0), last.get("pk", ""), document, day)
    return Marque("|".join(map(str, state)), max(i for i in instants if i is not None))


# --- Lists ------------------------------------------------------------------------------


def produits_found(f: Filtre, order: str = "") -> Trouves | QuerySet[Any]:
    """Products that pass every filter; without an order asked, those the search ranks first."""
    hits = medicines.matching(f.q).prefetch_related("specialites")
    rows = _produits(f)
    if not order:
        if rows is None:
            return hits
        known = hits.registre
        ranks = (known.rank.get(pk) for pk in rows.values_list("pk", flat=True))
        return hits.within(bits_of((r for r in ranks if r is not None), known.index.size))
    rows = Produit.objects.all() if rows is None else rows
    if f.q:
        rows = rows.filter(pk__in=hits.keys())
    last = Changement.objects.filter(produit=OuterRef("pk")).order_by("-le").values("le")[:1]
    rows = rows.annotate(modifie=Subquery(last)).prefetch_related("specialites")
    return rows.order_by(order, "nom", "pk")


def _given(rows: QuerySet[M], **wanted: Any) -> QuerySet[M]:
    """The rows that hold what was asked; what is empty asks nothing."""
    return rows.filter(**{name: value for name, value in wanted.items() if value})


def _produits(f: Filtre) -> QuerySet[Produit] | None:
    """The filters of a product beside its words; None when there is none."""
    conditions: list[Any] = []
    if any(getattr(f, name) for name in BY_CADRE):
        conditions.append(Exists(_of_cadre(Cadre.objects.filter(produit=OuterRef("pk")), f)))
    if f.ucd7:
        conditions.append(Q(specialites__ucd7=f.ucd7))
    if f.code:
        held = CodeIndication.objects.filter(specialite__produit=OuterRef("pk"), code=f.code)
        conditions.append(Exists(held) | Exists(_cadres_coded(f.code)))
    if f.dci:
        conditions.append(Q(dci__in=_dcis(f.dci)))
    if f.since:
        conditions.append(Exists(_changes_of(f.since).filter(produit=OuterRef("pk"))))
    return Produit.objects.filter(*conditions) if conditions else None


def _cadres_coded(code: str) -> QuerySet[Cadre]:
    return Cadre.objects.filter(produit=OuterRef("pk"), code=code)


def _of_cadre(rows: QuerySet[Cadre], f: Filtre) -> QuerySet[Cadre]:
    rows = _given(rows, framework=f.cadre, statut=f.statut)
    return rows.filter(open_on(f.open_on)) if f.open_on else rows


def _dcis(words: str) -> list[str]:
    """The DCI that hold every word, accents and case aside, the same on both databases."""
    wanted = fold(words).split()
    known = Produit.objects.exclude(dci="").order_by().values_list("dci", flat=True).distinct()
    return [dci for dci in known if all(word in fold(dci) for word in wanted)]


def _changes_of(since: datetime) -> QuerySet[Changement]:
    return Changement.objects.filter(le__gte=since)


def cadres_found(f: Filtre, order: str = "") -> QuerySet[Cadre]:
    """Cadres that pass every filter."""
    rows = _of_cadre(Cadre.objects.all(), f)
    if f.q:
        rows = rows.filter(produit__in=medicines.matching(f.q).keys())
    rows = _given(rows, produit_id=f.produit, produit__specialites__ucd7=f.ucd7)
    if f.code:
        coded = CodeIndication.objects.filter(cadre=OuterRef("pk"), code=f.code)
        rows = rows.filter(Q(code=f.code) | Exists(coded))
    if f.dci:
        rows = rows.filter(produit__dci__in=_dcis(f.dci))
    if f.since:
        rows = rows.filter(Exists(_changes_of(f.since).filter(cadre=OuterRef("pk"))))
    first = [order.replace("produit", "produit__nom")] if order else []
    return rows.order_by(*first, "produit__nom", "framework", "code", "pk")


def codes_found(f: Filtre, on: date | None, order: str = "") -> QuerySet[CodeIndication]:
    """Codes that pass every filter, standing on a day."""
    rows = _given(
        CodeIndication.objects.select_related("specialite"),
        specialite__ucd7=f.ucd7,
        code=f.code,
        cadre_type=f.cadre,
        specialite__produit_id=f.produit,
    )
    if f.since:
        changed = _changes_of(f.since).filter(produit=OuterRef("specialite__produit"))
        rows = rows.filter(Exists(changed.filter(nature__startswith="CODE_")))
    if on is not None:
        rows = rows.filter(covering(on))
    return rows.order_by(*([order] if order else []), "code", "pk")


def documents_found(f: Filtre, order: str = "") -> QuerySet[Document]:
    """Versions of documents, without their text."""
    rows = _given(
        Document.objects.defer("texte"),
        produit_id=f.produit,
        cadre__framework=f.cadre,
        type=f.type,
        ajoute_le__gte=f.since,
    )
    return rows.order_by(order or "-ajoute_le", "pk")


def changements_found(f: Filtre, after: datetime | None, order: str = "") -> QuerySet[Changement]:
    """Lines of the public log after an instant, newest first unless asked."""
    rows = _given(
        Changement.objects.select_related("produit"),
        produit_id=f.produit,
        nature=f.nature,
        cadre__framework=f.cadre,
        le__gt=after,
    )
    chosen = order or "-le"
    return rows.order_by(chosen, "-pk" if chosen.startswith("-") else "pk")
