"""Writes the dated parameters that ship with Placet, with their sources."""

from __future__ import annotations

from referentiel.parametres import INITIAUX


def page() -> str:
    """The documentation page of the parameters."""
    lines = [
        "# Paramètres datés",
        "",
        "Écrite depuis le code par `make docs` ; ne pas modifier. Une durée légale ou un seuil "
        "n'est jamais une constante : c'est une valeur qui vaut à partir d'un jour. La valeur en "
        "vigueur un jour donné est la dernière commencée ; une ligne plus récente de la table "
        "`Parametre` remplace celle que le logiciel livre.",
        "",
        "| paramètre | valeur livrée | depuis le | ce que c'est | source |",
        "|---|---|---|---|---|",
    ]
    for p in INITIAUX:
        lines.append(f"| `{p.code}` | {p.valeur} | {p.debut:%d/%m/%Y} | {p.libelle} | {p.source} |")
    return "\n".join([*lines, ""])
