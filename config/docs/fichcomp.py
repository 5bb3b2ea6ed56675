"""Writes the positions of the FICHCOMP record from its table of columns."""

from __future__ import annotations

from billing.formats.fichcomp_mco import LAYOUT, TYPE_PRESTATION, filename

HEAD = f"""# {LAYOUT.name} : {LAYOUT.length} positions

Écrite depuis le code (`billing/formats/fichcomp_mco.py`) par `make docs` ; ne pas modifier.

Source : ATIH, classeur « formats MCO », feuille FICHCOMP médicaments AP-AC, éditions 2022, 2024
et 2026 ; en vigueur depuis la période M3 2022. Établissements ex-DG (publics et ESPIC).

| champ | positions | largeur | type | obligatoire | contenu |
|---|---|---|---|---|---|
"""
TAIL = f"""
Le type de prestation est toujours `{TYPE_PRESTATION}`. A : lettres capitales et chiffres ;
A\\* : espaces aussi ; Date : JJMMAAAA ; N : chiffres seuls. A et Date sont calés à gauche et
complétés d'espaces, N à droite et complété de zéros, sans signe ni virgule : « 7+3 » veut dire 7
chiffres entiers puis 3 décimales. Le prix est le **total de la ligne**, jamais le prix unitaire.

Aucune source ne dit la fin de ligne, le codage ni l'ordre : Placet écrit de l'ASCII sans accent,
CRLF après chaque ligne, triées par séjour, date, UCD et indication ; un FINESS par fichier. Nom :
`{filename("<FINESS>", 2025, 3).replace("2025.3", "<AAAA>.<M>")}`, précédé de `SIMULATION_` sans
clé d'autorité : les octets du fichier ne sont jamais altérés par cette mention.

Une ligne par séjour × date d'administration × UCD × indication. Un envoi est cumulé depuis le 1er
janvier et remplace le précédent ; un séjour encore ouvert attend le mois de sa sortie. Les
contrôles faits avant l'export, avec le code DRUIDES que chacun évite, sont dans
`billing/rules/controles.py`.

Trois lignes de référence, avec des patients et des prix inventés :
[fichcomp_mco_m3_2025.txt](../../tests/golden/fichcomp_mco_m3_2025.txt).
"""


def page() -> str:
    """The documentation page of the record."""
    rows = []
    for c in LAYOUT.columns:
        kind = c.type.replace("*", "\\*")
        if c.decimals:
            kind += f" {c.width - c.decimals}+{c.decimals}"
        cells = (
            f"`{c.name}`",
            f"{c.start}–{c.end}" if c.end > c.start else str(c.start),
            str(c.width),
            kind,
            "oui" if c.mandatory else "non",
            c.label,
        )
        rows.append("| " + " | ".join(cells) + " |")
    return HEAD + "\n".join(rows) + "\n" + TAIL
