"""What the pages of a review show: its counts, a page of its lines, what they touch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from referentiel.models import LigneRevue, RevueImport, Specialite
from referentiel.selectors.touches import Compte, counts_touched
from referentiel.states import EtatLigneRevue, GenreLigneRevue, StatutRevue

CHUNK = 500
CHAMPS = {
    "libelle_ucd": "libellé de l'UCD",
    "libelle": "libellé de l'indication",
    "debut": "début",
    "fin": "fin",
    "cadre": "cadre",
    "presence": "présence dans la liste",
}
ORDER = ("cadre", "presence", "libelle_ucd", "debut", "fin", "libelle")
OUVERTES = (
    StatutRevue.DEPOSEE,
    StatutRevue.EN_LECTURE,
    StatutRevue.A_REVOIR,
    StatutRevue.EN_ECRITURE,
)


@dataclass
class Difference:
    """One field of a line: its name, its old and its new value."""

    nom: str
    avant: str
    apres: str


@dataclass
class Ligne:
    """A line as a page shows it."""

    row: LigneRevue
    ucd7: str
    code: str
    differences: list[Difference]
    produit_id: UUID | None = None
    touche: Compte | None = None


@dataclass
class Comptes:
    """How many lines of each kind, and where they stand."""

    par_genre: dict[str, int] = field(default_factory=dict)
    par_etat: dict[str, int] = field(default_factory=dict)
    certaines: int = 0
    a_revoir: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        return sum(self.par_genre.values())

    @property
    def acceptees(self) -> int:
        return self.par_etat.get(EtatLigneRevue.ACCEPTEE, 0)

    @property
    def restantes(self) -> int:
        return self.par_etat.get(EtatLigneRevue.A_REVOIR, 0)

    @property
    def laissees(self) -> int:
        return self.restantes + self.ecartees

    @property
    def ecartees(self) -> int:
        return self.par_etat.get(EtatLigneRevue.ECARTEE, 0)


def comptes(revue: RevueImport) -> Comptes:
    """Counts of a review in one query."""
    found = Comptes()
    rows = revue.lignes.order_by().values_list("genre", "etat", "certaine").annotate(n=Count("pk"))
    for genre, etat, certaine, n in rows:
        found.par_genre[genre] = found.par_genre.get(genre, 0) + n
        found.par_etat[etat] = found.par_etat.get(etat, 0) + n
        if etat == EtatLigneRevue.A_REVOIR:
            found.a_revoir[genre] = found.a_revoir.get(genre, 0) + n
            found.certaines += n if certaine else 0
    return found


def lines(
    revue: RevueImport, *, genre: str = "", etat: str = "", certaine: str = "", q: str = ""
) -> QuerySet[LigneRevue]:
    """The lines a person looks at, in a stable order."""
    found = revue.lignes.order_by("cle", "objet", "pk")
    if genre in GenreLigneRevue.values:
        found = found.filter(genre=genre)
    if etat in EtatLigneRevue.values:
        found = found.filter(etat=etat)
    if certaine in ("oui", "non"):
        found = found.filter(certaine=certaine == "oui")
    if q:
        found = found.filter(Q(cle__icontains=q) | Q(libelle__icontains=q))
    return found


def shown(rows: Iterable[LigneRevue]) -> list[Ligne]:
    """A page of lines with their products and what is open on them: three queries at most."""
    found = [line_of(row) for row in rows]
    produits = products_of({line.ucd7 for line in found if line.ucd7})
    touched = counts_touched(set(produits.values())) if produits else None
    for line in found:
        line.produit_id = produits.get(line.ucd7)
        if touched is not None and line.produit_id is not None:
            line.touche = touched.get(line.produit_id, Compte())
    return found


def line_of(row: LigneRevue) -> Ligne:
    """One line, its fields in reading order."""
    ucd7, _, code = row.cle.partition("/") if row.objet == "CodeIndication" else ("", "", "")
    names = sorted(
        {*row.avant, *row.apres},
        key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name),
    )
    differences = [
        Difference(CHAMPS.get(name, name), text_of(row.avant, name), text_of(row.apres, name))
        for name in names
        if row.genre != GenreLigneRevue.FERMETURE or name in row.avant
    ]
    return Ligne(row, ucd7, code, differences)


def text_of(values: dict[str, Any], name: str) -> str:
    """A stored value as people read it: French days, « vide » for nothing."""
    if name not in values:
        return ""
    text = str(values[name])
    parts = text.split("-")
    if len(text) == 10 and len(parts) == 3 and all(part.isdigit() for part in parts):
        return f"{parts[2]}/{parts[1]}/{parts[0]}"
    return text or "vide"


def products_of(ucds: Iterable[str]) -> dict[str, UUID]:
    """The product of each UCD that has one, in one query whatever their number."""
    wanted = set(ucds)
    rows = Specialite.objects.filter(ucd7__isnull=False)
    if len(wanted) <= CHUNK:
        rows = rows.filter(ucd7__in=sorted(wanted))
    return {
        ucd7: produit
        for ucd7, produit in rows.values_list("ucd7", "produit_id")
        if ucd7 and ucd7 in wanted
    }


def touched_by(revue: RevueImport) -> Compte | None:
    """What is open on the products of all lines of a review; None when nobody counts."""
    cles = revue.lignes.filter(objet="CodeIndication").order_by().values_list("cle", flat=True)
    produits = products_of({cle.partition("/")[0] for cle in cles})
    touched = counts_touched(set(produits.values()))
    if touched is None:
        return None
    return Compte(
        sum(compte.dossiers for compte in touched.values()),
        sum(compte.autorisations for compte in touched.values()),
    )


def open_revues() -> Sequence[RevueImport]:
    """The lists somebody still has to finish, latest first."""
    return list(RevueImport.objects.filter(statut__in=OUVERTES).order_by("-depose_le")[:50])


def revue(pk: UUID) -> RevueImport | None:
    """One review with its mapping and its run."""
    return RevueImport.objects.select_related("correspondance", "import_run").filter(pk=pk).first()


def ids_of(texts: Iterable[str]) -> list[UUID]:
    """The identifiers among what was posted; anything else counts for nothing."""
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


TABS = (
    (GenreLigneRevue.AJOUT, "Ajoutées"),
    (GenreLigneRevue.MODIFICATION, "Modifiées"),
    (GenreLigneRevue.FERMETURE, "Fermées"),
    (GenreLigneRevue.CONFLIT, "Conflits"),
)


def tabs(counts: Comptes, genre: str) -> list[dict[str, Any]]:
    """One tab per kind with its count, the one being read marked."""
    first = {"label": "Toutes", "url": "?", "count": counts.total, "active": not genre}
    return [
        first,
        *(
            {
                "label": label,
                "url": f"?genre={kind}",
                "count": counts.par_genre.get(kind, 0),
                "active": genre == kind,
            }
            for kind, label in TABS
        ),
    ]


def sheet_tabs(tables: Sequence[dict[str, Any]], shown: dict[str, Any]) -> list[dict[str, Any]]:
    """One tab per sheet of a workbook."""
    return [
        {
            "label": table["feuille"],
            "url": f"?{urlencode({'feuille': table['feuille']})}",
            "count": table["lignes"],
            "active": table is shown,
        }
        for table in tables
    ]
