"""The legal status of a hospital, as the yearly survey codes it."""

from __future__ import annotations

PUBLIC, PRIVE, ESPIC, NON_LUCRATIF = "public", "prive", "espic", "non-lucratif"
STATUTS = {
    PUBLIC: "Public",
    ESPIC: "Privé d'intérêt collectif (ESPIC)",
    NON_LUCRATIF: "Privé non lucratif, hors ESPIC",
    PRIVE: "Privé à but lucratif",
}
# (statut_juridique, espic) as the survey writes them.
CODES = {PUBLIC: ("1", "1"), PRIVE: ("2", "0"), ESPIC: ("3", "6"), NON_LUCRATIF: ("3", "7")}
_OF_CODES = {codes: statut for statut, codes in CODES.items()}


def statut_label(statut_juridique: str, espic: str) -> str:
    """The status in words, nothing when the survey does not say it."""
    return STATUTS.get(_OF_CODES.get((statut_juridique, espic), ""), "")
