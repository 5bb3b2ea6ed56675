"""Orders: drafted at transmission, opened later on an authorisation or for stock, received."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction

from access.models import Commande, DemandeAac, Dossier, Reception
from access.permissions import AccessPermission, has
from access.rules.commande import stock_blocker
from access.states import CommandeState, Kind
from engine import journal
from engine.actors import ROUTER
from engine.clocks import local, now
from engine.errors import Blocked, Forbidden
from engine.numbering import next_number
from engine.steps import after_step, perform
from referentiel.models import Pui, Specialite
from referentiel.roles import Role


@after_step("access.draft_order")
def draft_order(dossier: DemandeAac, *, by: Any, at: datetime, **data: Any) -> None:
    """Prepare the order with the quantity and supplier checked; it leaves after the grant."""
    if dossier.specialite is None:
        return  # the agency identifies the product later: « Commander » is offered then
    _open(
        by,
        at,
        titre=dossier,
        pui=dossier.pui,
        specialite=dossier.specialite,
        quantite=data["pharmacie_quantite"],
        fournisseur=data["pharmacie_fournisseur"],
    )


@after_step("access.open_order")
def open_order(
    dossier: Dossier,
    *,
    by: Any,
    at: datetime,
    quantite: Decimal,
    fournisseur: str,
    importateur: str = "",
    **_: Any,
) -> Commande:
    """Prepare an order on an authorisation."""
    return _open(
        by,
        at,
        titre=dossier,
        pui=dossier.pui,
        specialite=dossier.specialite,
        quantite=quantite,
        fournisseur=fournisseur,
        importateur=importateur,
    )


@transaction.atomic
def open_stock_order(
    *,
    by: Any,
    specialite: Specialite,
    quantite: Decimal,
    fournisseur: str,
    importateur: str = "",
) -> Commande:
    """Prepare an order ahead of a patient, where product and PUI permit it."""
    if not has(by, AccessPermission.ORDER) or by.affectation.pui_id is None:
        raise Forbidden("Seule une pharmacie à usage intérieur commande.")
    pui = Pui.objects.get(pk=by.affectation.pui_id)
    if not (pui.stock_autorise and specialite.produit.stock_autorise):
        raise Blocked([stock_blocker()])
    return _open(
        by,
        now(),
        pour_stock=True,
        pui=pui,
        specialite=specialite,
        quantite=quantite,
        fournisseur=fournisseur,
        importateur=importateur,
    )


def _open(by: Any, at: datetime, **fields: Any) -> Commande:
    commande = Commande(
        numero=next_number("CDE", local(at).year), creee_par=by, creee_le=at, **fields
    )
    commande.full_clean(exclude={"state"})
    commande.save(force_insert=True)
    journal.record(
        commande, "create", by=by, label="Commande préparée", to_state=commande.state, locked=True
    )
    return commande


@after_step("access.drop_orders")
def drop_orders(dossier: Dossier, *, by: Any, at: datetime, **_: Any) -> None:
    """The orders drafted for a request that failed are given up with it."""
    for commande in Commande.objects.filter(titre_id=dossier.pk, state=CommandeState.PREPAREE):
        perform(commande, "drop", by=ROUTER, version=commande.version)


@after_step("access.turn_to_supplier")
def turn_to_supplier(commande: Commande, *, by: Any, at: datetime, **_: Any) -> None:
    """The dossier waits for the supplier, who has no account."""
    _turn(commande, at, tour="", tour_nom=commande.fournisseur)


@after_step("access.turn_to_pharmacy")
def turn_to_pharmacy(commande: Commande, *, by: Any, at: datetime, **_: Any) -> None:
    """The pharmacy acts again: order elsewhere, or dispense."""
    _turn(commande, at, tour=Role.PHARMACIEN, tour_nom=commande.pui.nom)


def _turn(commande: Commande, at: datetime, **fields: Any) -> None:
    """Write whose turn it is on the authorisation, without touching its version."""
    if commande.titre_id is not None:
        rows = Dossier.objects.filter(pk=commande.titre_id, kind=Kind.AAC)
        rows.update(tour_depuis=at, **fields)


@after_step("access.record_reception")
def record_reception(
    commande: Commande,
    *,
    by: Any,
    at: datetime,
    lot: str,
    peremption: date,
    quantite: Decimal,
    certificat: bool = False,
    commentaire: str = "",
    **_: Any,
) -> Reception:
    """A lot enters the stock of the PUI; the patient waiting for it can now be served."""
    reception = Reception(
        commande=commande,
        pui=commande.pui,
        specialite=commande.specialite,
        lot=lot,
        peremption=peremption,
        quantite=quantite,
        certificat=certificat,
        commentaire=commentaire,
        recue_par=by,
        recue_le=at,
    )
    reception.full_clean()
    reception.save(force_insert=True)
    turn_to_pharmacy(commande, by=by, at=at)
    return reception
