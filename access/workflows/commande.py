"""An order of the PUI: sent by its pharmacist, then what the supplier answers."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from access.permissions import AccessPermission, own_pui, system_only
from access.rules import commande as rules
from access.states import CommandeState as S
from engine.outbox import document
from engine.steps import step

ORDERING = own_pui(AccessPermission.ORDER)
PREPARING = own_pui(AccessPermission.PREPARE_ORDER)
OPEN = [S.ENVOYEE, S.CONFIRMEE, S.PARTIELLE, S.EN_RUPTURE]


class CommandeWorkflow:
    """The steps of an order; the supplier itself is never written to by Placet."""

    quantite: Any
    fournisseur: str
    importateur: str
    envoyee_le: datetime | None
    repondue_le: datetime | None
    livraison_prevue: date | None
    quantite_confirmee: Any
    reponse_texte: str

    @step(
        source=S.PREPAREE,
        target=S.ENVOYEE,
        label="Envoyer la commande",
        permission=ORDERING,
        blockers=[rules.sending_blockers],
        then=["access.turn_to_supplier"],
        effects=[document("commande")],
        consequence=(
            "Placet établit le bon de commande (PDF et texte à copier) ; "
            "c'est vous qui l'adressez au fournisseur."
        ),
    )
    def send(self, *, by: Any, at: datetime) -> None:
        """The pharmacist sends the order form to the supplier."""
        self.envoyee_le = at

    @step(
        source=S.PREPAREE,
        target=None,
        label="Modifier la commande",
        permission=PREPARING,
        form="access.forms.pharmacie.RevisionForm",
    )
    def revise(
        self, *, by: Any, at: datetime, quantite: Decimal, fournisseur: str, importateur: str
    ) -> None:
        """The pharmacy changes what is ordered, or from whom, before it leaves."""
        self.quantite, self.fournisseur, self.importateur = quantite, fournisseur, importateur

    @step(
        source=[S.ENVOYEE, S.EN_RUPTURE, S.CONFIRMEE],
        target=S.CONFIRMEE,
        label="Noter la confirmation",
        permission=ORDERING,
        form="access.forms.pharmacie.ConfirmationForm",
    )
    def confirm(
        self, *, by: Any, at: datetime, livraison_prevue: date, quantite_confirmee: Any
    ) -> None:
        """The supplier gives a date, and a quantity that may be lower."""
        self.repondue_le, self.livraison_prevue = at, livraison_prevue
        self.quantite_confirmee = quantite_confirmee or self.quantite

    @step(
        source=[S.ENVOYEE, S.CONFIRMEE, S.PARTIELLE],
        target=S.EN_RUPTURE,
        label="Noter une rupture",
        permission=ORDERING,
        form="access.forms.pharmacie.ReponseFournisseurForm",
    )
    def mark_out_of_stock(self, *, by: Any, at: datetime, reponse_texte: str) -> None:
        """The supplier has none for now."""
        self.repondue_le, self.reponse_texte = at, reponse_texte

    @step(
        source=[S.ENVOYEE, S.CONFIRMEE, S.EN_RUPTURE],
        target=S.REFUSEE,
        label="Noter un refus",
        permission=ORDERING,
        form="access.forms.pharmacie.ReponseFournisseurForm",
        then=["access.turn_to_pharmacy"],
        danger=True,
        consequence="La commande s'arrête ; une autre reste possible.",
    )
    def mark_refused(self, *, by: Any, at: datetime, reponse_texte: str) -> None:
        """The supplier refuses the order."""
        self.repondue_le, self.reponse_texte = at, reponse_texte

    @step(
        source=OPEN,
        target=S.RECUE,
        label="Réceptionner",
        permission=ORDERING,
        form="access.forms.pharmacie.ReceptionForm",
        then=["access.record_reception"],
    )
    def receive(self, *, by: Any, at: datetime, **data: Any) -> None:
        """The last lot has come; nothing more is expected."""

    @step(
        source=OPEN,
        target=S.PARTIELLE,
        label="Réceptionner une partie",
        permission=ORDERING,
        form="access.forms.pharmacie.ReceptionForm",
        then=["access.record_reception"],
    )
    def receive_part(self, *, by: Any, at: datetime, **data: Any) -> None:
        """A lot has come; more is expected."""

    @step(
        source=S.PARTIELLE,
        target=S.RECUE,
        label="Solder sans autre livraison",
        permission=ORDERING,
        danger=True,
        consequence="Plus rien n'est attendu de cette commande ; une autre reste possible.",
    )
    def close_partial(self, *, by: Any, at: datetime) -> None:
        """What has come is all that will come."""

    @step(
        source=S.PREPAREE,
        target=S.ANNULEE,
        label="Annuler",
        permission=ORDERING,
        danger=True,
        consequence="La commande préparée est abandonnée.",
    )
    def cancel(self, *, by: Any, at: datetime) -> None:
        """The order is given up before it is sent."""

    @step(
        source=S.PREPAREE,
        target=S.ANNULEE,
        label="Abandonner avec la demande",
        permission=system_only,
    )
    def drop(self, *, by: Any, at: datetime) -> None:
        """The request ended without authorisation: the order drafted for it falls."""
