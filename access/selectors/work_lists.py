"""The work list of each role: its tabs, what each holds, how many, in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from access.models import Commande, Dossier
from access.selectors.touches import unseen
from access.states import EDITABLE, FINAL, FINAL_DEMANDE, AacState, CommandeState, Kind
from access.states import DemandeAacState as S
from engine.clocks import today
from referentiel import parametres
from referentiel.roles import INTERNE_PUI, Role

Condition = Callable[[Any, date], Q]
URGENCY, LANE, LATEST = "urgency", "lane", "latest"


@dataclass(frozen=True)
class Onglet:
    """One view of a work list; `home` says that the person's home page shows it too."""

    code: str
    label: str
    condition: Condition
    empty_title: str
    empty_text: str
    order: str = URGENCY
    home: bool = False
    quiet: bool = False  # on the home page only when it holds something


def _state(*states: str) -> Condition:
    return lambda user, day: Q(state__in=states)


def _mine_to_write(user: Any, day: date) -> Q:
    return Q(tour=Role.PRESCRIPTEUR) | Q(state__in=EDITABLE)


def _running(user: Any, day: date) -> Q:
    return ~Q(state__in=FINAL)


def _elsewhere(user: Any, day: date) -> Q:
    return _running(user, day) & ~_mine_to_write(user, day)


def _ending(user: Any, day: date) -> Q:
    spans = parametres.valeur("aac.rappels_expiration", day).split(",")
    last = day + timedelta(days=max(int(n) for n in spans))
    return Q(kind=Kind.AAC, state=AacState.ACTIVE, date_fin__gte=day, date_fin__lte=last)


def _over(user: Any, day: date) -> Q:
    return Q(state__in=FINAL)


def _with_orders(*states: str) -> Condition:
    orders = Commande.objects.filter(titre=OuterRef("pk"), state__in=states)
    return lambda user, day: (
        Q(Exists(orders)) & Q(kind=Kind.AAC, state__in=[AacState.ACTIVE, AacState.A_VENIR])
    )


def _answers_to_send(user: Any, day: date) -> Q:
    return Q(state=S.COMPLEMENT_DEMANDE, tour=Role.PHARMACIEN)


def _to_prepare(user: Any, day: date) -> Q:
    written = Q(created_by_id=user.pk, state__in=EDITABLE)
    return written | _with_orders(CommandeState.PREPAREE)(user, day)


def _to_decide(user: Any, day: date) -> Q:
    return Q(state=S.EN_INSTRUCTION, tour=Role.DECIDEUR_ANSM)


def _reviewed_by_me(user: Any, day: date) -> Q:
    return Q(detail_aac__evaluateur_id=user.pk, state__in=[S.EN_INSTRUCTION, S.COMPLEMENT_DEMANDE])


def _decided(user: Any, day: date) -> Q:
    return Q(kind=Kind.DEMANDE_AAC, state__in=FINAL_DEMANDE)


ENDING = Onglet(
    "bientot", "Bientôt expirés", _ending, "Aucune autorisation ne finit bientôt",
    "Les autorisations apparaissent ici trois mois avant leur dernier jour.", home=True,
)  # fmt: skip
TOUCHES = Onglet(
    "touches", "Touchés par un changement", lambda user, day: Q(unseen()) & _running(user, day),
    "Aucun dossier touché",
    "Quand le référentiel change pour un produit de vos dossiers en cours, ils apparaissent ici "
    "jusqu'à ce que vous ayez répondu « J'ai vu ».", home=True, quiet=True,
)  # fmt: skip
OVER = Onglet(
    "termines", "Terminés", _over, "Aucun dossier terminé",
    "Les demandes décidées, retirées ou closes et les autorisations finies se rangent ici.",
    order=LATEST,
)  # fmt: skip
ALL = Onglet(
    "tous", "Tous", lambda user, day: Q(), "Aucun dossier ne correspond",
    "Cherchez un numéro, un produit, une indication ou des initiales.", order=LATEST,
)  # fmt: skip

PRESCRIPTEUR = (
    Onglet(
        "a_faire", "À faire", _mine_to_write, "Rien ne vous attend",
        "Vos brouillons, les demandes retournées par la pharmacie et les compléments demandés "
        "par l'agence apparaissent ici.", home=True,
    ),
    Onglet(
        "en_cours", "En cours", _elsewhere, "Aucun dossier en cours",
        "Une demande envoyée reste ici jusqu'à sa décision, puis son autorisation jusqu'à sa fin.",
    ),
    ENDING,
    TOUCHES,
    OVER,
    ALL,
)  # fmt: skip
COMMANDES = Onglet(
    "commandes", "Commandes à envoyer", _with_orders(CommandeState.PREPAREE),
    "Aucune commande à envoyer",
    "Une commande préparée attend ici dès que son autorisation est accordée.", home=True,
)  # fmt: skip
PHARMACIEN = (
    Onglet(
        "a_valider", "À valider", _state(S.A_VALIDER_PUI), "Aucune demande à valider",
        "Les demandes envoyées par les prescripteurs à votre pharmacie arrivent ici.",
        home=True,
    ),
    Onglet(
        "reponses", "Réponses à transmettre", _answers_to_send, "Aucune réponse à transmettre",
        "Quand le prescripteur a répondu à toutes les questions, la réponse attend ici.",
        home=True,
    ),
    COMMANDES,
    Onglet(
        "livraisons", "Livraisons attendues",
        _with_orders(
            CommandeState.ENVOYEE, CommandeState.CONFIRMEE,
            CommandeState.PARTIELLE, CommandeState.EN_RUPTURE,
        ),
        "Aucune livraison attendue", "Les commandes envoyées au fournisseur attendent ici.",
        home=True,
    ),
    ENDING,
    TOUCHES,
    Onglet(
        "en_cours", "En cours", _running, "Aucun dossier en cours",
        "Les demandes adressées à votre pharmacie et les autorisations en vigueur.",
    ),
    OVER,
    ALL,
)  # fmt: skip
# The same, but what is prepared first: an interne at a pharmacy sends nothing.
A_PREPARER = Onglet(
    "a_faire", "À faire", _to_prepare, "Rien ne vous attend",
    "Les commandes préparées, à relire avant leur envoi, et vos brouillons apparaissent ici.",
    home=True,
)  # fmt: skip
A_DECIDER = Onglet(
    "a_decider", "À décider", _to_decide, "Aucune demande à décider",
    "Une demande arrive ici avec une proposition : celle d'un évaluateur, ou celle de la voie "
    "accélérée.", order=LANE, home=True,
)  # fmt: skip
A_INSTRUIRE = Onglet(
    "a_instruire", "À instruire", _state(S.TRANSMISE_ANSM), "Aucune demande à instruire",
    "Les demandes transmises par les pharmacies et que personne n'a encore prises arrivent ici.",
    order=LANE, home=True,
)  # fmt: skip
LES_MIENNES = Onglet(
    "les_miennes", "Les miennes", _reviewed_by_me, "Vous n'instruisez aucune demande",
    "Les demandes que vous prenez en instruction restent ici jusqu'à leur décision.",
    order=LANE, home=True,
)  # fmt: skip
AGENCE = (
    Onglet(
        "complement", "Complément en attente", _state(S.COMPLEMENT_DEMANDE),
        "Aucun complément en attente",
        "Les demandes dont l'horloge est arrêtée jusqu'à la réponse de l'hôpital.",
    ),
    Onglet(
        "decidees", "Décidées", _decided, "Aucune demande décidée",
        "Les demandes accordées, refusées, classées ou retirées se rangent ici.", order=LATEST,
    ),
    ALL,
)  # fmt: skip
ONGLETS: dict[str, tuple[Onglet, ...]] = {
    Role.PRESCRIPTEUR: PRESCRIPTEUR,
    Role.INTERNE: PRESCRIPTEUR,
    INTERNE_PUI: (A_PREPARER, *(tab for tab in PHARMACIEN if tab is not COMMANDES)),
    Role.PHARMACIEN: PHARMACIEN,
    Role.EVALUATEUR_ANSM: (A_INSTRUIRE, LES_MIENNES, A_DECIDER, *AGENCE),
    Role.DECIDEUR_ANSM: (A_DECIDER, A_INSTRUIRE, LES_MIENNES, *AGENCE),
}


def onglets_of(user: Any) -> tuple[Onglet, ...]:
    """The tabs of the person's role, none for a role that reads no dossier."""
    return ONGLETS.get(user.affectation.profil, ()) if user.affectation else ()


def onglet_named(user: Any, code: str, *, searching: bool = False) -> Onglet | None:
    """The tab asked for; without one, all when searching, else what waits for the person."""
    tabs = onglets_of(user)
    if not tabs:
        return None
    default = ALL if searching else tabs[0]
    return next((tab for tab in tabs if tab.code == code), default)


def counts(user: Any) -> dict[str, int]:
    """How many dossiers each tab holds: one query whatever their number."""
    day, tabs = today(), onglets_of(user)
    if not tabs:
        return {}
    wanted = {tab.code: Count("pk", filter=tab.condition(user, day)) for tab in tabs if tab != ALL}
    return Dossier.objects.visible_to(user).aggregate(**wanted)


WAITING: dict[str, Condition] = {
    Role.PRESCRIPTEUR: _mine_to_write,
    Role.INTERNE: _state(*EDITABLE),
    INTERNE_PUI: _to_prepare,
    Role.PHARMACIEN: lambda user, day: (
        Q(state=S.A_VALIDER_PUI)
        | _answers_to_send(user, day)
        | _with_orders(CommandeState.PREPAREE)(user, day)
    ),
    Role.EVALUATEUR_ANSM: lambda user, day: (
        Q(state=S.TRANSMISE_ANSM)
        | Q(state=S.EN_INSTRUCTION, tour=Role.EVALUATEUR_ANSM, detail_aac__evaluateur_id=user.pk)
    ),
    Role.DECIDEUR_ANSM: _to_decide,
}


def waiting_count(user: Any) -> int:
    """How many dossiers wait for the person (the number beside « À faire »)."""
    condition = WAITING.get(user.affectation.profil) if user.affectation else None
    if condition is None:
        return 0
    return Dossier.objects.visible_to(user).filter(condition(user, today())).count()


def dossiers_of(user: Any, tab: Onglet, words: str = "") -> QuerySet[Dossier]:
    """What one tab holds, searched and sorted, each line without a query of its own."""
    found = Dossier.objects.visible_to(user).filter(tab.condition(user, today()))
    if words:
        found = found.matching(words)
    found = found.for_list().select_related("organisation", "patient", "detail_aac")
    if tab.order == LATEST:
        return found.order_by("-touched_at", "id")
    if tab.order == LANE:
        return found.order_by(
            "-urgent",
            "detail_aac__voie_instruction",
            F("echeance").asc(nulls_last=True),
            "tour_depuis",
            "id",
        )
    return found.by_urgency()


def next_waiting(user: Any, *, after: Any) -> Dossier | None:
    """The first dossier that waits for the person, another than the one just read."""
    tabs = onglets_of(user)
    return dossiers_of(user, tabs[0]).exclude(pk=after.pk).first() if tabs else None


def produits_of(user: Any) -> QuerySet[Any]:
    """The products of the dossiers a person may read: choices of a filter."""
    from referentiel.models import Produit

    seen = Dossier.objects.visible_to(user).exclude(produit=None).values("produit_id")
    return Produit.objects.filter(pk__in=seen).order_by("nom")


def services_of(user: Any) -> QuerySet[Any]:
    """The services of the dossiers a person may read: choices of a filter."""
    from referentiel.models import Service

    seen = Dossier.objects.visible_to(user).exclude(service=None).values("service_id")
    return Service.objects.filter(pk__in=seen).order_by("nom")
