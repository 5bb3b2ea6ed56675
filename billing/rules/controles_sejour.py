"""Controls on the establishment, the stay, the days and the right."""

from collections.abc import Iterator

from billing.rules import finess
from billing.rules.faits import Blocage, Faits, PorteeControle, french_date


def finess_controls(faits: Faits) -> Iterator[Blocage]:
    """The FINESS e-PMSI has nine characters and, as far as is known, Luhn's key."""
    if not faits.finess:
        yield Blocage(
            "finess_absent",
            "MEDATU 999",
            "Le numéro FINESS e-PMSI de l'établissement n'est pas renseigné",
            "finess",
        )
    elif not finess.has_finess_shape(faits.finess):
        yield Blocage(
            "finess_invalide",
            "MEDATU 999",
            f"Le numéro FINESS e-PMSI «\u00a0{faits.finess}\u00a0» n'a pas neuf caractères valides",
            "finess",
        )
    elif not finess.has_valid_key(faits.finess):
        yield Blocage(
            "finess_cle",
            "",
            f"La clé du numéro FINESS {faits.finess} paraît fausse",
            "finess",
            PorteeControle.AVERTISSEMENT,
        )


def stay_controls(faits: Faits) -> Iterator[Blocage]:
    """997: the line belongs to a stay discharged in the cumulative period."""
    if not faits.sejour:
        yield Blocage(
            "sejour_absent",
            "MEDATU 997",
            "L'administration n'est rattachée à aucun séjour",
            "sejour",
        )
    if faits.sortie is None:
        yield Blocage(
            "sejour_ouvert",
            "MEDATU 997",
            "Séjour sans date de sortie\u00a0: la ligne attend le mois de la sortie",
            "sortie",
            PorteeControle.ATTENTE,
        )
    elif faits.sortie > faits.periode.dernier_jour:
        yield Blocage(
            "sejour_posterieur",
            "MEDATU 997",
            "Séjour sorti après la fin de la période\u00a0: la ligne attend le mois de la sortie",
            "sortie",
            PorteeControle.ATTENTE,
        )
    elif faits.sortie < faits.periode.premier_jour:
        yield Blocage(
            "sejour_anterieur",
            "MEDATU 997",
            "Séjour sorti avant le 1er janvier\u00a0: il relève de l'envoi d'une autre année",
            "sortie",
        )


def date_controls(faits: Faits) -> Iterator[Blocage]:
    """008: the administration is within the stay, and within the period."""
    if faits.jour < faits.entree:
        yield Blocage(
            "avant_entree", "MEDATU 008", "Administration datée d'avant l'entrée du séjour", "jour"
        )
    if faits.sortie is not None and faits.jour > faits.sortie:
        yield Blocage(
            "apres_sortie", "MEDATU 008", "Administration datée d'après la sortie du séjour", "jour"
        )
    if faits.jour > faits.periode.dernier_jour:
        yield Blocage(
            "apres_periode",
            "MEDATU 008",
            f"Administration datée d'après le {french_date(faits.periode.dernier_jour)}, "
            "fin de la période",
            "jour",
        )
    if faits.jour.year < faits.periode.annee - 1:
        yield Blocage(
            "avant_n_1",
            "",
            f"Administration antérieure à {faits.periode.annee - 1}\u00a0: les analyses nationales "
            "l'écarteront",
            "jour",
            PorteeControle.AVERTISSEMENT,
        )


def duplicate_controls(faits: Faits) -> Iterator[Blocage]:
    """Twice the same administration deserves a look."""
    if faits.doublon:
        yield Blocage(
            "doublon",
            "",
            "Deux administrations identiques le même jour\u00a0: leurs quantités sont additionnées",
            "nombre",
            PorteeControle.AVERTISSEMENT,
        )


def right_controls(faits: Faits) -> Iterator[Blocage]:
    """The right is judged on the dispensing day (CSP, R. 5121-74-3)."""
    for titre in faits.droits_non_couverts:
        yield Blocage(
            "droit_non_couvert",
            "",
            f"L'autorisation {titre} ne couvre pas le jour de la dispensation",
            "titre",
        )
