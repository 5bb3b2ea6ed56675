"""What the law asks once a request is sent: transmission, complement, decision, refusal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from access.rules.aac import Droit
from access.rules.cadre import closed_blockers
from access.rules.delais import add_months, complement_closable_on, latest_end
from access.rules.faits_demande import FaitsDemande
from access.states import AacState
from engine.steps import Blocker, blocked_if

# In these states an authorisation leaves no place to a second one without a reason.
VIVANTES = (AacState.A_VENIR, AacState.ACTIVE, AacState.SUSPENDUE)


def transmission_blockers(f: FaitsDemande) -> list[Blocker]:
    """Transmitted by who may, for a cadre that is still open (R. 5121-74, R. 5121-74-9)."""
    return delegation_blockers(f) + closed_blockers(f.cadre_ferme, f.autre_route)


def delegation_blockers(f: FaitsDemande) -> list[Blocker]:
    """Only the gérant, or a deputy under recorded delegation, transmits (R. 5121-74)."""
    return blocked_if(
        not f.may_transmit,
        "SANS_DELEGATION",
        "Seul le pharmacien gérant, ou un adjoint ayant sa délégation écrite, transmet à l'ANSM.",
        "",
    )


def complement_blockers(f: FaitsDemande) -> list[Blocker]:
    """A request goes back to the agency once every item asked has its answer."""
    left = f.elements_sans_reponse
    word = "question attend" if left == 1 else "questions attendent"
    return blocked_if(
        left > 0,
        "COMPLEMENT_SANS_REPONSE",
        f"{left} {word} encore la réponse du prescripteur.",
        "complement",
    )


def closing_blockers(f: FaitsDemande) -> list[Blocker]:
    """Closed without action only when the deadline and one reminder have both passed."""
    if f.complement_echeance is None:
        return []
    possible = complement_closable_on(f.complement_echeance, f.complement_relance, f.parametres)
    if possible is None:
        return [
            Blocker("SANS_RELANCE", "Une relance précède tout classement sans suite.", "complement")
        ]
    return blocked_if(
        f.jour < possible,
        "DELAI_EN_COURS",
        f"Le classement sans suite est possible à partir du {possible:%d/%m/%Y}.",
        "complement",
    )


def review_blockers(f: FaitsDemande) -> list[Blocker]:
    """Nobody instructs a request they wrote or transmitted."""
    return blocked_if(
        f.actor_id is not None
        and f.actor_id in (f.created_by_id, f.prescripteur_id, f.transmitted_by_id),
        "AUTEUR",
        "Qui a écrit ou transmis une demande ne l'instruit pas et n'en décide pas.",
        "",
    )


def decision_blockers(f: FaitsDemande) -> list[Blocker]:
    """Mandatory mentions of the grant (R. 5121-74-3 I), and a decider who is nobody's author."""
    found = review_blockers(f)
    if f.mentions_manquantes:
        found.append(
            Blocker(
                "MENTIONS_MANQUANTES",
                "La décision doit porter : " + ", ".join(f.mentions_manquantes) + ".",
                "produit",
            )
        )
    return found


def refusal_blockers(f: FaitsDemande) -> list[Blocker]:
    """No refusal before someone tried to reach the prescriber."""
    return review_blockers(f) + blocked_if(
        f.contacts == 0,
        "SANS_CONTACT",
        "Notez d'abord une tentative de contact avec le prescripteur.",
        "contact",
    )


def start_error(start: date, on: date, parametres: Mapping[str, str]) -> str:
    """An authorisation begins on the day of its decision or soon after."""
    if start < on:
        return "Une autorisation ne commence pas avant sa décision."
    farthest = add_months(on, int(parametres["aac.debut_max_mois"]))
    if start > farthest:
        return f"Une AAC décidée aujourd'hui commence au plus tard le {farthest:%d/%m/%Y}."
    return ""


def dates_errors(start: date, end: date, parametres: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with the dates of a grant, by field (R. 5121-74-3 I)."""
    if end < start:
        return {"date_fin": "La fin précède le début."}
    last = latest_end(start, parametres)
    if end > last:
        return {"date_fin": f"Une AAC dure au plus un an : fin au plus tard le {last:%d/%m/%Y}."}
    return {}


def is_second(debut: date, fin: date, on: date, other: Droit) -> bool:
    """Whether a grant would make two live authorisations of one treatment.

    One is live at a time, and one at most is to come: the same days, or the same side of today.
    """
    to_come = other.state == AacState.A_VENIR
    same_days = debut <= other.fin and other.debut <= fin
    return same_days or (debut > on) == to_come
