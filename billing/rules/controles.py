"""What the DRUIDES would refuse, checked before the file leaves.

Pure functions over the frozen facts of one line: one stay × administration day × UCD × indication.
Source of the codes: ATIH, DRUIDES guide 2023, §6.4.2.5, FICHCOMP.MEDATU.MCO.DGF.
"""

from billing.rules import controles_code, controles_montant, controles_sejour
from billing.rules.faits import Blocage, Faits

CONTROLS = (
    controles_sejour.finess_controls,
    controles_sejour.stay_controls,
    controles_sejour.date_controls,
    controles_code.ucd_controls,
    controles_sejour.duplicate_controls,
    controles_montant.number_controls,
    controles_montant.price_controls,
    controles_montant.validation_controls,
    controles_code.indication_controls,
    controles_sejour.right_controls,
)


def controls(faits: Faits) -> list[Blocage]:
    """Every blocking reason and every warning of one line, in the order of the record."""
    return [blocage for control in CONTROLS for blocage in control(faits)]
