"""Controls on the number, the price, the amount and the validation."""

from collections.abc import Iterator
from decimal import Decimal

from billing.rules import amounts
from billing.rules.faits import Blocage, Faits, PorteeControle


def number_controls(faits: Faits) -> Iterator[Blocage]:
    """004: the number fits the column; 0 is left out and reported."""
    if faits.nombre == 0:
        yield Blocage("nombre_nul", "", "Nombre administré nul", "nombre", PorteeControle.EXCLUSION)
    elif faits.nombre < 0:
        yield Blocage(
            "nombre_negatif",
            "MEDATU 004",
            "Nombre administré négatif\u00a0: corrigez l'administration, le format est sans signe",
            "nombre",
        )
    elif amounts.overflows(faits.nombre):
        yield Blocage(
            "nombre_trop_grand",
            "MEDATU 004",
            "Nombre administré supérieur à 9\u00a0999\u00a0999,999, maximum du format",
            "nombre",
        )


def price_controls(faits: Faits) -> Iterator[Blocage]:
    """005: there is a price, and the amount is its product by the number."""
    if faits.prix_unitaire is None:
        yield Blocage(
            "prix_manquant",
            "MEDATU 005",
            f"Aucun prix d'achat de l'UCD {faits.ucd7} le jour de l'administration",
            "prix",
        )
        return
    if faits.prix_unitaire < 0:
        yield Blocage("prix_negatif", "MEDATU 005", "Prix d'achat négatif", "prix")
        return
    if faits.prix_unitaire == 0:
        said = "Prix d'achat à 0\u00a0€ (fourni gracieusement)"
        yield _at_zero(faits, "prix_nul", said, "prix")
    if not amounts.overflows(faits.nombre):  # said of the number: no amount is made of it
        yield from _amount_controls(faits, faits.prix_unitaire)


def _at_zero(faits: Faits, code: str, message: str, field: str) -> Blocage:
    """A line at 0 € leaves only when the person asks for it."""
    gravite = PorteeControle.AVERTISSEMENT if faits.inclure_zero else PorteeControle.EXCLUSION
    return Blocage(code, "", message, field, gravite)


def _amount_controls(faits: Faits, price: Decimal) -> Iterator[Blocage]:
    computed = amounts.line_amount(price, faits.nombre)
    if computed == 0 < price * faits.nombre:
        yield _at_zero(faits, "montant_nul", "Montant arrondi à 0\u00a0€", "montant")
    if faits.montant != computed:
        yield Blocage(
            "montant_faux",
            "MEDATU 005",
            "Le montant n'est pas le prix d'achat unitaire multiplié par le nombre",
            "montant",
        )
    if amounts.overflows(computed):
        yield Blocage(
            "montant_trop_grand",
            "MEDATU 005",
            "Montant supérieur à 9\u00a0999\u00a0999,999\u00a0€, maximum du format",
            "montant",
        )


def validation_controls(faits: Faits) -> Iterator[Blocage]:
    """006: 1, 2 or blank, the same for all the administrations of the line."""
    if faits.validations_contraires:
        yield Blocage(
            "validation_contraire",
            "MEDATU 006",
            "Des administrations de ce jour disent oui, d'autres non à la validation par un centre "
            "de référence\u00a0: la ligne n'en porte qu'une",
            "validation",
        )
    if faits.validation not in {"", "1", "2"}:
        yield Blocage(
            "validation",
            "MEDATU 006",
            "La validation par un centre de référence vaut 1 (oui) ou 2 (non)",
            "validation",
        )
