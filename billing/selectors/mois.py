"""What the months page and the page of one month show."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery, Sum

from access.models import Dispensation
from access.states import ContexteDispensation
from billing.models import Administration, Envoi, LigneFichcomp, Preparation, Prix
from billing.permissions import BillingPermission, is_granted
from billing.rules.amounts import THOUSANDTH, variation
from billing.rules.faits import PorteeControle
from billing.rules.periode import Periode, is_format_in_force
from billing.states import EtatLigne
from engine import clocks
from referentiel.dates import MOIS as MONTHS
from referentiel.models import Etablissement, RouteFacturation

MOTIFS_SHOWN = 50


@dataclass(frozen=True)
class Cumul:
    """A number of lines and what they are worth; lines without a price count for nothing."""

    lignes: int = 0
    montant: Decimal = Decimal(0)


@dataclass(frozen=True)
class Motif:
    """One reason, the lines it holds back and the control of DRUIDES it prevents."""

    code: str
    message: str
    etat: str
    lignes: int
    montant: Decimal | None
    evite: str


@dataclass
class Mois:
    """One month of an establishment as it was last prepared, if it was."""

    periode: Periode
    preparation: Preparation | None = None
    envoi: Envoi | None = None
    cumuls: dict[str, Cumul] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return month_label(self.periode)

    @property
    def prete(self) -> Cumul:
        return self.cumuls.get(EtatLigne.PRETE, Cumul())

    @property
    def bloquee(self) -> Cumul:
        return self.cumuls.get(EtatLigne.BLOQUEE, Cumul())

    @property
    def en_attente(self) -> Cumul:
        return self.cumuls.get(EtatLigne.EN_ATTENTE, Cumul())

    @property
    def exclue(self) -> Cumul:
        return self.cumuls.get(EtatLigne.EXCLUE, Cumul())


@dataclass
class MoisDetail(Mois):
    """The month with its reasons, what stands apart, and how it moves."""

    motifs: list[Motif] = field(default_factory=list)
    avertissements: list[tuple[str, int]] = field(default_factory=list)
    a_part: list[tuple[str, int, Decimal]] = field(default_factory=list)
    sorties_mois: Cumul = field(default_factory=Cumul)
    sorties_precedent: Cumul = field(default_factory=Cumul)
    saisies_depuis: int = 0
    change_depuis: bool = False

    @property
    def delta(self) -> Decimal | None:
        return variation(self.sorties_mois.montant, self.sorties_precedent.montant)

    @property
    def precedent_label(self) -> str:
        return MONTHS[self.periode.mois - 2] if self.periode.mois > 1 else ""


def etablissement_of(user: Any) -> Etablissement | None:
    """The hospital of the affectation in force, None when it is no hospital."""
    if user.affectation is None:
        return None
    return (
        Etablissement.objects.select_related("organisation")
        .filter(pk=user.affectation.organisation_id)
        .first()
    )


def uses_fichcomp(etablissement: Etablissement) -> bool:
    return etablissement.route_facturation == RouteFacturation.FICHCOMP


def month_label(periode: Periode) -> str:
    """« Mars 2026 »."""
    return f"{MONTHS[periode.mois - 1].capitalize()} {periode.annee}"


def begun_months(annee: int) -> list[Periode]:
    """The months of a year that have begun and whose format Placet knows, latest first."""
    today = clocks.today()
    return [
        periode
        for mois in range(12, 0, -1)
        if (periode := Periode(annee, mois)).debut_mois <= today and is_format_in_force(periode)
    ]


def months(user: Any, annee: int) -> list[Mois]:
    """The months of a year, each as last prepared, with its file."""
    preparations = {
        preparation.mois: preparation
        for preparation in Preparation.objects.visible_to(user).current().filter(annee=annee)
    }
    cumuls = cumulative_counts(list(preparations.values()))
    envois = {
        envoi.preparation_id: envoi
        for envoi in Envoi.objects.visible_to(user).filter(annee=annee, preparation__courante=True)
    }
    rows = []
    for periode in begun_months(annee):
        preparation = preparations.get(periode.mois)
        key = preparation.pk if preparation else None
        rows.append(Mois(periode, preparation, envois.get(key), cumuls.get(key, {})))
    return rows


def month_detail(user: Any, periode: Periode) -> MoisDetail:
    """Everything the page of one month shows."""
    detail = MoisDetail(periode, a_part=apart(user, periode))
    preparation = (
        Preparation.objects.visible_to(user)
        .current()
        .filter(annee=periode.annee, mois=periode.mois)
        .select_related("preparee_par")
        .first()
    )
    if preparation is None:
        return detail
    detail.preparation = preparation
    detail.envoi = preparation.envois.order_by("-cree_le").first()
    detail.cumuls = cumulative_counts([preparation]).get(preparation.pk, {})
    lines = LigneFichcomp.objects.visible_to(user).filter(preparation=preparation)
    detail.motifs = reasons(lines)
    detail.avertissements = warnings(lines)
    detail.sorties_mois = _discharged(lines, periode.debut_mois, periode.dernier_jour)
    if periode.mois > 1:
        last = Periode(periode.annee, periode.mois - 1)
        detail.sorties_precedent = _discharged(lines, last.debut_mois, last.dernier_jour)
    detail.change_depuis = has_moved(lines)
    detail.saisies_depuis = (
        Administration.objects.visible_to(user)
        .filter(saisi_le__gt=preparation.preparee_le)
        .for_period(periode)
        .count()
    )
    return detail


def has_moved(lines: QuerySet[LigneFichcomp]) -> bool:
    """Whether a line no longer has the price or the discharge it was frozen with."""
    price = Prix.objects.filter(
        Q(fin=None) | Q(fin__gte=OuterRef("jour")),
        etablissement=OuterRef("preparation__etablissement"),
        specialite=OuterRef("specialite"),
        debut__lte=OuterRef("jour"),
    ).order_by("-debut")
    live = lines.annotate(prix_actuel=Subquery(price.values("prix_unitaire_ttc")[:1]))
    return live.filter(
        _differ("prix_unitaire", "prix_actuel") | _differ("sortie", "sejour__sortie")
    ).exists()


def _differ(frozen: str, live: str) -> Q:
    """Two columns that are not the same, an empty one included."""
    one_empty = Q(**{frozen: None, f"{live}__isnull": False})
    other_empty = Q(**{f"{frozen}__isnull": False, live: None})
    unequal = Q(**{f"{frozen}__lt": F(live)}) | Q(**{f"{frozen}__gt": F(live)})
    return one_empty | other_empty | unequal


def thousandths(total: Decimal | None) -> Decimal:
    """A sum as the file counts it: SQLite adds in floating point, three decimals are exact."""
    return (total or Decimal(0)).quantize(THOUSANDTH)


def cumulative_counts(preparations: list[Preparation]) -> dict[Any, dict[str, Cumul]]:
    """Lines and amount by state, for each preparation."""
    rows = (
        LigneFichcomp.objects.filter(preparation__in=preparations)
        .order_by()
        .values("preparation_id", "etat")
        .annotate(lignes=Count("id"), total=Sum("montant"))
    )
    found: dict[Any, dict[str, Cumul]] = {}
    for row in rows:
        cumul = Cumul(row["lignes"], thousandths(row["total"]))
        found.setdefault(row["preparation_id"], {})[row["etat"]] = cumul
    return found


def reasons(lines: QuerySet[LigneFichcomp]) -> list[Motif]:
    """Why lines are held back or left out, the dearest first."""
    rows = (
        lines.exclude(etat=EtatLigne.PRETE)
        .order_by()
        .values("motif_code", "motif", "evite", "etat")
        .annotate(lignes=Count("id"), total=Sum("montant"))
    )
    found = [_motif(r) for r in rows]
    rank = {EtatLigne.BLOQUEE: 0, EtatLigne.EN_ATTENTE: 1, EtatLigne.EXCLUE: 2}
    found.sort(key=lambda m: (rank[EtatLigne(m.etat)], -(m.montant or 0), -m.lignes, m.message))
    return found


def _motif(row: dict[str, Any]) -> Motif:
    total = None if row["total"] is None else thousandths(row["total"])
    return Motif(row["motif_code"], row["motif"], row["etat"], row["lignes"], total, row["evite"])


def warnings(lines: Any) -> list[tuple[str, int]]:
    """What deserves a look on lines that leave all the same."""
    seen: Counter[str] = Counter()
    warned = lines.ready().filter(avertissements__gt=0)
    for blocages in warned.values_list("blocages", flat=True):
        seen.update(
            b["message"] for b in blocages if b["gravite"] == PorteeControle.AVERTISSEMENT.value
        )
    return seen.most_common(MOTIFS_SHOWN)


def lines_of(
    user: Any, periode: Periode, *, etat: str = "", motif_code: str = ""
) -> QuerySet[LigneFichcomp]:
    """The prepared lines of a month, in the order of the file."""
    lines = LigneFichcomp.objects.visible_to(user).filter(
        preparation__courante=True,
        preparation__annee=periode.annee,
        preparation__mois=periode.mois,
    )
    if etat:
        lines = lines.filter(etat=etat)
    if motif_code:
        lines = lines.filter(motif_code=motif_code)
    return lines.order_by("ordre")


def apart(user: Any, periode: Periode) -> list[tuple[str, int, Decimal]]:
    """Retrocession and HAD dispensings of the period: they never enter the MCO file."""
    if not is_granted(user, BillingPermission.VIEW_MOIS):
        return []
    rows = (
        Dispensation.objects.filter(
            ~Q(contexte=ContexteDispensation.SEJOUR),
            etablissement_id=user.affectation.organisation_id,
            jour__gte=periode.premier_jour,
            jour__lte=periode.dernier_jour,
        )
        .order_by()
        .values("contexte")
        .annotate(nombre=Count("id"), unites=Sum("quantite"))
    )
    return [
        (ContexteDispensation(row["contexte"]).label, row["nombre"], row["unites"]) for row in rows
    ]


def _discharged(lines: QuerySet[LigneFichcomp], first: date, last: date) -> Cumul:
    sums = lines.filter(etat=EtatLigne.PRETE, sortie__gte=first, sortie__lte=last).aggregate(
        lignes=Count("id"), total=Sum("montant")
    )
    return Cumul(sums["lignes"], thousandths(sums["total"]))
