"""FICHCOMP médicaments AP-AC, MCO ex-DG (and HAD ex-DG): 105 positions.

Source: ATIH, workbook « formats MCO », sheet FICHCOMP médicaments AP-AC, identical in the 2022,
2024 and 2026 editions; valid from M3 2022. The end of line, the encoding and the order of the
records are in no source: ASCII, CRLF after every record, ordered by stay, date, UCD, indication.
"""

from billing.formats.columns import Column, ColumnType, Layout

TYPE_PRESTATION = "09"

LAYOUT = Layout(
    name="FICHCOMP médicaments AP-AC MCO",
    length=105,
    columns=(
        Column("finess", 1, 9, ColumnType.ALPHANUM, "N° FINESS e-PMSI"),
        Column("type_prestation", 10, 11, ColumnType.ALPHANUM, "Type de prestation"),
        Column("sejour", 12, 31, ColumnType.TEXT, "N° administratif local de séjour"),
        Column("jour", 32, 39, ColumnType.DATE, "Date d'administration"),
        Column("ucd", 40, 54, ColumnType.TEXT, "Code UCD"),
        Column("nombre", 55, 64, ColumnType.NUMBER, "Nombre administré", decimals=3),
        Column("montant", 65, 74, ColumnType.NUMBER, "Prix d'achat × nombre", decimals=3),
        Column(
            "validation",
            75,
            75,
            ColumnType.TEXT,
            "Validation initiale par un centre de référence",
            mandatory=False,
        ),
        Column("indication", 76, 82, ColumnType.ALPHANUM, "Code indication"),
        Column("filler", 83, 105, ColumnType.TEXT, "Réserve", mandatory=False),
    ),
)

ORDER = ("sejour", "jour", "ucd", "indication")


def filename(finess: str, annee: int, mois: int) -> str:
    """`<FINESS>.<AAAA>.<période>.medatu.txt`, the period unpadded (DRUIDES guide 2023)."""
    return f"{finess}.{annee}.{mois}.medatu.txt"
