"""The request for an AAC: prescriber, hospital pharmacist, agency (CSP, R. 5121-74)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from access.permissions import AccessPermission, can, system_only
from access.rules import envoi, instruction
from access.states import DemandeAacState as S
from engine.outbox import document, email, job
from engine.steps import step
from referentiel.roles import Role

P = AccessPermission
HOSPITAL = (Role.PRESCRIPTEUR, Role.PHARMACIEN)


class DemandeAacWorkflow:
    """The steps of a request; each body sets its own fields and nothing else."""

    detail_aac: Any
    sent_at: datetime | None
    transmitted_by: Any
    transmitted_at: datetime | None
    decided_at: datetime | None

    @step(
        source=[S.BROUILLON, S.RETOURNEE_PRESCRIPTEUR],
        target=S.A_VALIDER_PUI,
        label="Envoyer à la pharmacie",
        permission=can(P.SUBMIT_DEMANDE_AAC),
        blockers=[envoi.submission_blockers],
        form="access.forms.steps.EnvoiForm",
        then=["access.freeze_patient", "access.number_demande", "access.hand_to_pui"],
        effects=[email("demande_a_valider", to=Role.PHARMACIEN)],
    )
    def submit(self, *, by: Any, at: datetime, **data: Any) -> None:
        """The prescriber signs both undertakings and sends to the PUI (R. 5121-74 I 6°, 7°)."""
        self.sent_at = at
        self.detail_aac.engagement_conformite_le = at
        self.detail_aac.engagement_information_le = at

    @step(
        source=S.A_VALIDER_PUI,
        target=S.TRANSMISE_ANSM,
        label="Transmettre à l'ANSM",
        permission=can(P.TRANSMIT_DEMANDE_AAC),
        blockers=[instruction.transmission_blockers],
        form="access.forms.steps.TransmissionForm",
        then=["access.start_clock", "access.draft_order"],
        effects=[
            document("accuse_reception"),
            email("demande_transmise", to=Role.PRESCRIPTEUR),
            job("access.open_fast_lane"),
        ],
    )
    def transmit(
        self,
        *,
        by: Any,
        at: datetime,
        pharmacie_criteres: bool,
        pharmacie_quantite: Any,
        pharmacie_fournisseur: str,
        pharmacie_commentaire: str,
    ) -> None:
        """The PUI pharmacist verifies and sends the request to the ANSM (R. 5121-74)."""
        self.transmitted_by, self.transmitted_at = by, at
        detail = self.detail_aac
        detail.pharmacie_criteres = pharmacie_criteres
        detail.pharmacie_quantite = pharmacie_quantite
        detail.pharmacie_fournisseur = pharmacie_fournisseur
        detail.pharmacie_commentaire = pharmacie_commentaire

    @step(
        source=S.A_VALIDER_PUI,
        target=S.RETOURNEE_PRESCRIPTEUR,
        label="Retourner au prescripteur",
        permission=can(P.RETURN_DEMANDE_AAC),
        form="access.forms.steps.MotifForm",
        then=["access.post_reason", "access.hand_to_prescripteur"],
        effects=[email("demande_retournee", to=Role.PRESCRIPTEUR)],
        consequence="La demande redevient modifiable ; le prescripteur reçoit votre motif.",
    )
    def return_to_prescripteur(self, *, by: Any, at: datetime, motif: str) -> None:
        """The pharmacist sends the request back with a reason."""

    @step(
        source=S.TRANSMISE_ANSM,
        target=S.EN_INSTRUCTION,
        label="Instruction accélérée",
        permission=system_only,
        then=["access.propose_by_criteria", "access.hand_to_decideur"],
    )
    def open_fast_lane(self, *, by: Any, at: datetime) -> None:
        """All criteria met: a favourable proposal is prepared, a human decider signs."""

    @step(
        source=S.TRANSMISE_ANSM,
        target=S.EN_INSTRUCTION,
        label="Prendre en instruction",
        permission=can(P.REVIEW_DEMANDE_AAC),
        blockers=[instruction.review_blockers],
        form="access.forms.steps.SansLienForm",
        then=["access.hand_to_evaluateur"],
    )
    def start_review(self, *, by: Any, at: datetime, sans_lien: bool) -> None:
        """An evaluator takes the request and confirms that no link of interest exists."""
        self.detail_aac.evaluateur, self.detail_aac.sans_lien_le = by, at

    @step(
        source=S.EN_INSTRUCTION,
        target=None,
        label="Reprendre l'instruction",
        permission=can(P.REVIEW_DEMANDE_AAC),
        blockers=[instruction.review_blockers],
        form="access.forms.steps.SansLienForm",
        then=["access.hand_to_evaluateur"],
    )
    def take_over(self, *, by: Any, at: datetime, sans_lien: bool) -> None:
        """Another evaluator takes a request already under review."""
        self.detail_aac.evaluateur, self.detail_aac.sans_lien_le = by, at

    @step(
        source=S.EN_INSTRUCTION,
        target=None,
        label="Proposer",
        permission=can(P.REVIEW_DEMANDE_AAC),
        blockers=[instruction.review_blockers],
        form="access.forms.steps.PropositionForm",
        then=["access.hand_to_decideur"],
    )
    def propose(
        self, *, by: Any, at: datetime, proposition: str, proposition_texte: str, **_: Any
    ) -> None:
        """The evaluator proposes; only a decider decides."""
        detail = self.detail_aac
        detail.proposition, detail.proposition_texte = proposition, proposition_texte
        detail.propose_par, detail.propose_le = by, at

    @step(
        source=S.EN_INSTRUCTION,
        target=None,
        label="Identifier le produit",
        permission=can(P.REVIEW_DEMANDE_AAC),
        blockers=[instruction.review_blockers],
        form="access.forms.steps.IdentificationForm",
        then=["access.identify_product"],
    )
    def identify_product(self, *, by: Any, at: datetime, specialite: Any, **_: Any) -> None:
        """The agency ties a request written in words to the product of the référentiel."""

    @step(
        source=[S.EN_INSTRUCTION, S.COMPLEMENT_DEMANDE],
        target=None,
        label="Noter un contact",
        permission=can(P.REVIEW_DEMANDE_AAC),
        form="access.forms.steps.ContactForm",
        then=["access.record_contact"],
    )
    def record_contact(self, *, by: Any, at: datetime, moyen: str, resultat: str) -> None:
        """The agency notes an attempt to reach the prescriber."""

    @step(
        source=S.EN_INSTRUCTION,
        target=S.COMPLEMENT_DEMANDE,
        label="Demander un complément",
        permission=can(P.REVIEW_DEMANDE_AAC),
        blockers=[instruction.review_blockers],
        form="access.forms.steps.ComplementForm",
        then=["access.open_complement", "access.hand_to_prescripteur"],
        effects=[email("complement_demande", to=HOSPITAL)],
        consequence=(
            "L'horloge s'arrête jusqu'à la réponse ; prescripteur et pharmacie sont prévenus."
        ),
    )
    def ask_complement(
        self, *, by: Any, at: datetime, questions: list[str], echeance: date, **_: Any
    ) -> None:
        """The agency lists what is missing and sets a deadline (CRPA, L. 114-5)."""

    @step(
        source=S.COMPLEMENT_DEMANDE,
        target=None,
        label="Répondre au complément",
        permission=can(P.ANSWER_COMPLEMENT),
        form="access.forms.steps.ReponseComplementForm",
        then=["access.record_answers"],
        effects=[email("complement_repondu", to=Role.PHARMACIEN)],
    )
    def answer_complement(self, *, by: Any, at: datetime, reponses: dict[str, str]) -> None:
        """The prescriber answers each item asked."""

    @step(
        source=S.COMPLEMENT_DEMANDE,
        target=S.EN_INSTRUCTION,
        label="Transmettre la réponse à l'ANSM",
        permission=can(P.TRANSMIT_DEMANDE_AAC),
        blockers=[instruction.complement_blockers, instruction.delegation_blockers],
        then=["access.close_complement", "access.hand_to_evaluateur"],
    )
    def retransmit(self, *, by: Any, at: datetime) -> None:
        """The pharmacist transmits the completed request; the clock runs again."""

    @step(
        source=S.COMPLEMENT_DEMANDE,
        target=None,
        label="Relancer",
        permission=system_only,
        then=["access.mark_reminded"],
        effects=[email("complement_relance", to=HOSPITAL)],
    )
    def remind(self, *, by: Any, at: datetime) -> None:
        """The clock recalls a complement whose deadline is near or past."""

    @step(
        source=S.COMPLEMENT_DEMANDE,
        target=S.CLASSEE_SANS_SUITE,
        label="Classer sans suite",
        permission=can(P.CLOSE_DEMANDE_AAC),
        confirmed=True,
        blockers=[instruction.review_blockers, instruction.closing_blockers],
        then=["access.decide_closing", "access.close_turn", "access.drop_orders"],
        effects=[document("classement"), email("demande_classee", to=HOSPITAL)],
        danger=True,
        consequence="La demande est close sans décision sur le fond ; elle peut être redéposée.",
    )
    def close_without_action(self, *, by: Any, at: datetime) -> None:
        """No answer after the deadline and a reminder: the request is closed."""
        self.decided_at = at

    @step(
        source=S.EN_INSTRUCTION,
        target=S.ACCORDEE,
        label="Accorder",
        permission=can(P.DECIDE_DEMANDE_AAC),
        confirmed=True,
        blockers=[instruction.decision_blockers],
        form="access.forms.decision.AccordForm",
        then=["access.decide_grant", "access.close_turn"],
        effects=[document("decision_aac"), email("demande_decidee", to=HOSPITAL)],
    )
    def grant(self, *, by: Any, at: datetime, **data: Any) -> None:
        """The director general's delegate grants the authorisation (R. 5121-74-3)."""
        self.decided_at = at

    @step(
        source=S.EN_INSTRUCTION,
        target=S.REFUSEE,
        label="Refuser",
        permission=can(P.DECIDE_DEMANDE_AAC),
        confirmed=True,
        blockers=[instruction.refusal_blockers],
        form="access.forms.decision.RefusForm",
        then=["access.decide_refusal", "access.close_turn", "access.drop_orders"],
        effects=[document("refus_aac"), email("demande_decidee", to=HOSPITAL)],
        danger=True,
        consequence=(
            "Le prescripteur et la pharmacie reçoivent une décision motivée, "
            "avec les voies de recours."
        ),
    )
    def refuse(self, *, by: Any, at: datetime, motif: str, faits: str, **_: Any) -> None:
        """The director general's delegate refuses, with law and facts (R. 5121-74-2)."""
        self.decided_at = at

    @step(
        source=[
            S.A_VALIDER_PUI,
            S.RETOURNEE_PRESCRIPTEUR,
            S.TRANSMISE_ANSM,
            S.EN_INSTRUCTION,
            S.COMPLEMENT_DEMANDE,
        ],
        target=S.RETIREE,
        label="Retirer la demande",
        permission=can(P.WITHDRAW_DEMANDE_AAC),
        form="access.forms.steps.MotifForm",
        then=["access.post_reason", "access.close_turn", "access.drop_orders"],
        effects=[
            email("demande_retiree", to=(*HOSPITAL, Role.EVALUATEUR_ANSM)),
        ],
        danger=True,
        consequence="La demande s'arrête ici, sans décision ; les autres acteurs sont prévenus.",
    )
    def withdraw(self, *, by: Any, at: datetime, motif: str) -> None:
        """The prescriber, or the pharmacist on record, withdraws the request with a reason."""
