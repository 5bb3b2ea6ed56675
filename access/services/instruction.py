"""What the agency's steps write beside the request: complements, answers, contacts, product."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from access.models import DemandeComplement, ElementComplement, TentativeContact
from access.services.draft_content import settle_code
from access.services.sending import refresh_search, treatment_of
from access.services.turns import hand
from engine.clocks import local
from engine.steps import after_step
from referentiel.roles import Role


@after_step("access.record_contact")
def record_contact(
    dossier: Any, *, by: Any, at: datetime, moyen: str, resultat: str, **_: Any
) -> None:
    """Keep who tried to reach the prescriber, how, and what came of it."""
    TentativeContact.objects.create(dossier=dossier, par=by, le=at, moyen=moyen, resultat=resultat)


@after_step("access.open_complement")
def open_complement(
    dossier: Any, *, by: Any, at: datetime, questions: list[str], echeance: date, **_: Any
) -> None:
    """One row per missing item, so that nothing is answered by halves."""
    asked = DemandeComplement.objects.create(
        dossier=dossier, demandee_par=by, demandee_le=at, echeance=echeance
    )
    ElementComplement.objects.bulk_create(
        ElementComplement(complement=asked, ordre=n, question=question)
        for n, question in enumerate(questions, start=1)
    )


@after_step("access.record_answers")
def record_answers(
    dossier: Any, *, by: Any, at: datetime, reponses: dict[str, str], **_: Any
) -> None:
    """Keep each answer; once all are there, the pharmacist's turn comes."""
    asked = dossier.complements.get(cloturee_le=None)
    for element in asked.elements.all():
        answer = reponses.get(str(element.pk), "").strip()
        if answer and answer != element.reponse:
            element.reponse, element.repondu_par, element.repondu_le = answer, by, at
            element.save()
    if not asked.elements.filter(reponse="").exists():
        hand(
            dossier,
            Role.PHARMACIEN,
            dossier.pui.nom,
            at,
            echeance=asked.echeance,
            libelle="réponse à transmettre à l'ANSM",
        )


@after_step("access.close_complement")
def close_complement(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """The answer is transmitted: the clock runs again."""
    dossier.complements.filter(cloturee_le=None).update(cloturee_le=at)


@after_step("access.mark_reminded")
def mark_reminded(dossier: Any, *, by: Any, at: datetime, **_: Any) -> None:
    """The reminder is dated: a closing needs it."""
    dossier.complements.filter(cloturee_le=None, relancee_le=None).update(relancee_le=at)


@after_step("access.identify_product")
def identify_product(dossier: Any, *, by: Any, at: datetime, specialite: Any, **_: Any) -> None:
    """Tie the request to a product of the référentiel: its mentions go on the decision."""
    dossier.specialite, dossier.produit = specialite, specialite.produit
    dossier.produit_nom = specialite.produit.nom
    dossier.traitement = treatment_of(dossier)
    settle_code(dossier, local(at).date())
    dossier.touched_at = at
    refresh_search(dossier)
    dossier.save()
