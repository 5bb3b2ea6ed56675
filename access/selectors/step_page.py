"""The page of one step: what it does, to whom, what blocks it, what is said once it is done."""

from __future__ import annotations

from typing import Any

from access.selectors.actions import blocker_lines
from access.selectors.wording import is_hospital, patient_short
from engine.steps import StepSpec, available_steps
from referentiel.roles import Role

SUCCESS = {
    "submit": (
        "La demande est partie à la pharmacie. Elle la vérifie puis la transmet à l'agence ; "
        "nous vous préviendrons."
    ),
    "transmit": (
        "La demande est transmise à l'ANSM. L'accusé de réception se prépare, la commande aussi ; "
        "elle partira après l'accord."
    ),
    "return_to_prescripteur": (
        "La demande est retournée avec votre motif. Le prescripteur la corrige et vous la renvoie."
    ),
    "start_review": "La demande est à vous. Évaluez-la, puis proposez une décision au décideur.",
    "take_over": "La demande est à vous. Évaluez-la, puis proposez une décision au décideur.",
    "propose": "Votre proposition est enregistrée. Le décideur la lit et signe.",
    "identify_product": "Le produit est rattaché : la décision en portera les mentions.",
    "record_contact": "Le contact est noté au dossier.",
    "ask_complement": (
        "Le complément est demandé. L'horloge s'arrête ; prescripteur et pharmacie sont prévenus."
    ),
    "answer_complement": (
        "Vos réponses sont enregistrées. Quand toutes y sont, la pharmacie les transmet à l'agence."
    ),
    "retransmit": "La réponse est transmise à l'ANSM. L'horloge repart.",
    "close_without_action": "La demande est classée sans suite. L'hôpital est prévenu.",
    "grant": (
        "L'autorisation est accordée. La décision se prépare en PDF ; prescripteur et pharmacie "
        "sont prévenus."
    ),
    "refuse": "La demande est refusée. La décision motivée se prépare ; l'hôpital est prévenu.",
    "cancel_dispensing": "La dispensation est annulée ; les unités sont de nouveau en stock.",
    "withdraw": "La demande est retirée. Les autres acteurs sont prévenus.",
}


def step_page(dossier: Any, spec: StepSpec, user: Any) -> dict[str, Any]:
    """What the page restates before the step is done, and what blocks it now."""
    offers = {offer.name: offer for offer in available_steps(dossier, user)}
    offer, names = offers.get(spec.name), set(offers)
    return {
        "title": spec.label,
        "dossier": dossier,
        "consequences": [spec.consequence] if spec.consequence else [],
        "danger": spec.danger,
        "blockers": blocker_lines(dossier, offer.blockers, names) if offer else [],
        "submit_label": spec.label,
    }


def summary_of(dossier: Any, user: Any) -> list[dict[str, str]]:
    """The few facts that tell which dossier the step is about."""
    items = [
        {"label": "Produit", "value": dossier.produit_nom},
        {"label": "Indication", "value": dossier.indication},
        {"label": "Patient", "value": patient_short(dossier, user)},
    ]
    if not is_hospital(user):
        items.append({"label": "Établissement", "value": dossier.organisation.nom})
    return items


def recipients(dossier: Any, spec: StepSpec) -> str:
    """Those the step warns, by name."""
    names = {
        Role.PRESCRIPTEUR: dossier.prescripteur.full_name if dossier.prescripteur else "",
        Role.PHARMACIEN: dossier.pui.nom if dossier.pui else "",
        Role.EVALUATEUR_ANSM: "l'ANSM" if dossier.transmitted_at else "",
        Role.DECIDEUR_ANSM: "l'ANSM" if dossier.transmitted_at else "",
    }
    told = [
        names.get(Role(role), "")
        for effect in spec.effects
        if effect.kind == "email"
        for role in effect.to
    ]
    return ", ".join(dict.fromkeys(name for name in told if name))
