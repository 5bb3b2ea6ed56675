"""How a dossier is told to one person: its tag, whose turn it is, its patient."""

from __future__ import annotations

from typing import Any

from access.rules.age import age, age_label
from access.states import EDITABLE, FINAL, AacState, DemandeAacState
from engine.clocks import local, today
from referentiel.roles import INTERNE_PUI, Role

HOSPITAL_READERS = frozenset({Role.PRESCRIPTEUR, Role.INTERNE, Role.PHARMACIEN})
TEAM = {
    Role.PRESCRIPTEUR: "prescripteur",
    Role.PHARMACIEN: "pharmacie",
    Role.EVALUATEUR_ANSM: "évaluateur",
    Role.DECIDEUR_ANSM: "décideur",
}
TO = {
    Role.PRESCRIPTEUR: "au prescripteur",
    Role.PHARMACIEN: "à la pharmacie",
    Role.EVALUATEUR_ANSM: "à l'ANSM",
    Role.DECIDEUR_ANSM: "à l'ANSM",
}


def is_hospital(user: Any) -> bool:
    """True for those who may read the identity of the patients in their scope."""
    return user.affectation is not None and user.affectation.role in HOSPITAL_READERS


def is_turn_of(dossier: Any, user: Any) -> bool:
    """True when the next act is the person's: their role, and themselves when one is named."""
    role = user.affectation.role
    if role == Role.INTERNE:
        others = user.affectation.profil == INTERNE_PUI and dossier.created_by_id != user.pk
        return dossier.state in EDITABLE and not others
    if dossier.tour != role:
        return False
    if role == Role.EVALUATEUR_ANSM:
        return evaluateur_id(dossier) in (None, user.pk)
    return True


def evaluateur_id(dossier: Any) -> Any:
    """Who instructs the request, None when nobody does."""
    detail = getattr(dossier, "detail_aac", None)
    return detail.evaluateur_id if detail is not None else None


def is_over(dossier: Any) -> bool:
    """Decided, closed or ended: nobody's turn any more."""
    return dossier.state in FINAL


def tag_kind(dossier: Any, user: Any) -> str:
    """The colour and shape of a state, as this person reads it."""
    if dossier.state == DemandeAacState.BROUILLON:
        return "brouillon"
    if dossier.state in (DemandeAacState.ACCORDEE, AacState.ACTIVE):
        return "accorde"
    if is_over(dossier):
        return "termine"
    if dossier.state == AacState.SUSPENDUE:
        return "alerte"
    return "moi" if is_turn_of(dossier, user) else "autre"


def turn_short(dossier: Any, user: Any) -> str:
    """« vous », or the name of the one whose turn it is."""
    if is_turn_of(dossier, user) and dossier.prescripteur_id in (user.pk, None):
        return "vous"
    if is_turn_of(dossier, user) and dossier.tour != Role.PRESCRIPTEUR:
        return "vous"
    return dossier.tour_nom or "–"


def turn_sentence(dossier: Any, user: Any) -> str:
    """« C'est à vous (pharmacie, CHU…) », without its dot."""
    if not dossier.tour:
        return f"C'est au fournisseur ({dossier.tour_nom})" if dossier.tour_nom else ""
    if is_turn_of(dossier, user):
        team = TEAM.get(dossier.tour, "")
        place = user.affectation.organisation.nom
        return f"C'est à vous ({team}, {place})" if team else "C'est à vous"
    name = dossier.tour_nom.removeprefix("ANSM, ")
    hospital = dossier.tour in (Role.PRESCRIPTEUR, Role.PHARMACIEN)
    place = dossier.organisation.nom if hospital else ""
    who = ", ".join(part for part in (name, place) if part and part != "ANSM")
    return f"C'est {TO.get(dossier.tour, 'à ' + dossier.get_tour_display())}{_inside(who)}"


def _inside(text: str) -> str:
    return f" ({text})" if text else ""


def initials_of(dossier: Any, user: Any) -> str:
    """« D. M. » as sent; for a draft, those of the patient, to the hospital only."""
    if dossier.initiales or dossier.patient_id is None or not is_hospital(user):
        return dossier.initiales
    return dossier.patient.initiales


def age_of(dossier: Any, user: Any) -> str:
    """« 7 ans » as sent; for a draft, today's age, to the hospital only."""
    if dossier.age or dossier.patient_id is None or not is_hospital(user):
        return dossier.age
    on = local(dossier.sent_at).date() if dossier.sent_at else today()
    return age_label(*age(dossier.patient.naissance, on))


def patient_short(dossier: Any, user: Any, sep: str = ", ") -> str:
    """« D. M., 7 ans »."""
    return sep.join(part for part in (initials_of(dossier, user), age_of(dossier, user)) if part)
