"""The order form of a PUI, and the same as text to copy. Nothing on it is the patient's."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from access.documents import parts
from access.models import Commande
from access.states import Kind
from referentiel.formats.french import write_number


@dataclass(frozen=True, kw_only=True)
class BonDeCommande(parts.Entete):
    """Who orders what from whom, and on the strength of which authorisation."""

    pharmacie: parts.Pharmacie
    pharmacien: str
    fournisseur: str
    importateur: str
    medicament: parts.Medicament
    libelle: str
    quantite: Decimal
    autorisation: str
    pour_stock: bool


def build(commande: Commande) -> BonDeCommande:
    """Read an order when it leaves; nobody's patient is named."""
    titre, specialite = commande.titre, commande.specialite
    granted = titre is not None and titre.kind == Kind.AAC
    return BonDeCommande(
        titre="Bon de commande",
        numero=commande.numero,
        emis_le=commande.envoyee_le or commande.creee_le,
        emetteur=commande.pui.nom,
        simulation=parts.simulated(),
        pharmacie=parts.pharmacie(commande.pui),
        pharmacien=commande.creee_par.full_name,
        fournisseur=commande.fournisseur,
        importateur=commande.importateur,
        medicament=parts.medicament_of(specialite.produit, specialite),
        libelle=specialite.libelle,
        quantite=commande.quantite,
        autorisation=(titre.numero or "") if titre is not None and granted else "",
        pour_stock=commande.pour_stock,
    )


def text(bon: BonDeCommande) -> str:
    """The order as lines to paste in a supplier's portal or a message."""
    drug, pharmacy = bon.medicament, bon.pharmacie
    lines = [
        "SIMULATION – sans valeur" if bon.simulation else "",
        f"Bon de commande {bon.numero}",
        f"Fournisseur : {bon.fournisseur}",
        f"Importateur : {bon.importateur}" if bon.importateur else "",
        f"Produit : {bon.libelle} ({drug.dci}, {drug.forme}, {drug.dosage})",
        f"UCD : {drug.ucd7 or 'en attente'}" + (f" / {drug.ucd13}" if drug.ucd13 else ""),
        f"Quantité : {write_number(bon.quantite)} unités UCD",
        f"Autorisation : {bon.autorisation}" if bon.autorisation else "",
        "Commande pour stock" if bon.pour_stock else "",
        f"Livraison : {pharmacy.nom}, {pharmacy.etablissement}, {pharmacy.ville}".rstrip(", "),
        f"Contact : {' – '.join(c for c in (pharmacy.telephone, pharmacy.email) if c)}",
    ]
    return "\n".join(line for line in lines if line)
