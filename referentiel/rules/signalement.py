"""Where a professional first declares an adverse event, by framework (CSP, R. 5121-161, -172)."""

from __future__ import annotations

from referentiel.states import TypeCadre

# Who must, at once; any other professional and the patient may (CSP, R. 5121-161).
DECLARANTS = "médecin, chirurgien-dentiste, sage-femme, pharmacien et infirmier"


def protocol_first(framework: str, *, avec_amm: bool | None) -> str:
    """The framework whose PUT gives the route to follow first, in words; empty for the portal.

    Under an AAC, or an AAP before AMM, vigilance is done as the PUT says (CSP, R. 5121-172);
    when nobody knows whether the AAP comes before its AMM, the words say on what it depends.
    """
    if framework == TypeCadre.AAC:
        return "AAC"
    if framework == TypeCadre.AAP and not avec_amm:
        return "AAP avant AMM" if avec_amm is False else "AAP, s'il précède l'AMM"
    return ""
