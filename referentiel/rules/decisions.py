"""What a published decision of the HAS or the ANSM changes on a cadre, event by event."""

from __future__ import annotations

from datetime import date

from referentiel.states import StatutCadre, TypeCadre, TypeDocument

PRIMAIRE = "primaire"
# The status a decision gives its cadre (CSP, R. 5121-73 I for an AAP, R. 5121-76-10 for a CPC).
STATUTS: dict[tuple[str, str], StatutCadre] = {
    (TypeCadre.AAP, "octroi"): StatutCadre.OCTROYEE,
    (TypeCadre.AAP, "renouvellement"): StatutCadre.RENOUVELEE,
    (TypeCadre.AAP, "renouvellement tacite"): StatutCadre.RENOUVELEE,
    (TypeCadre.AAP, "refus"): StatutCadre.REFUSEE,
    (TypeCadre.AAP, "fin de prise en charge"): StatutCadre.EXPIREE,
    (TypeCadre.CPC, "établissement"): StatutCadre.EN_VIGUEUR,
    (TypeCadre.CPC, "renouvellement"): StatutCadre.EN_VIGUEUR,
    (TypeCadre.CPC, "extension"): StatutCadre.MODIFIE,
    (TypeCadre.CPC, "modification"): StatutCadre.MODIFIE,
    (TypeCadre.CPC, "abrogation"): StatutCadre.ABROGE,
}
# Decisions after which nobody enters: the official list may not know it yet.
FERMANTES = frozenset({StatutCadre.EXPIREE, StatutCadre.ABROGE, StatutCadre.RETIREE})
TITRES: dict[tuple[str, str], str] = {
    (TypeCadre.AAP, "octroi"): "Octroi de l'accès précoce",
    (TypeCadre.AAP, "renouvellement"): "Renouvellement de l'accès précoce",
    (TypeCadre.AAP, "renouvellement tacite"): "Renouvellement tacite de l'accès précoce",
    (TypeCadre.AAP, "refus"): "Refus de l'accès précoce",
    (TypeCadre.AAP, "avis ANSM"): "Avis de l'ANSM sur la demande d'accès précoce",
    (TypeCadre.AAP, "fin de prise en charge"): "Fin de la prise en charge",
    (TypeCadre.CPC, "établissement"): "Établissement du cadre de prescription compassionnelle",
    (TypeCadre.CPC, "renouvellement"): "Renouvellement du cadre de prescription compassionnelle",
    (TypeCadre.CPC, "extension"): "Extension du cadre de prescription compassionnelle",
    (TypeCadre.CPC, "modification"): "Modification du cadre de prescription compassionnelle",
    (TypeCadre.CPC, "abrogation"): "Abrogation du cadre de prescription compassionnelle",
    ("RTU", "renouvellement"): "Renouvellement de la recommandation temporaire d'utilisation",
    ("RTU", "avis HAS prise en charge"): "Recommandation de prise en charge de la RTU",
    ("RTU", "protocole version 3"): "Protocole de la RTU, version 3",
}
# Events that are not decisions of the authority of their framework.
TYPES: dict[tuple[str, str], TypeDocument] = {
    (TypeCadre.AAP, "avis ANSM"): TypeDocument.AVIS_ANSM,
    (TypeCadre.AAP, "fin de prise en charge"): TypeDocument.AVIS_ANSM,
    ("RTU", "avis HAS prise en charge"): TypeDocument.DECISION_HAS,
    ("RTU", "protocole version 3"): TypeDocument.PUT_SP,
}


def status_of(cadre: str, evenement: str, nature: str) -> StatutCadre | None:
    """The status an event gives; none when the page read is not that of the authority."""
    return STATUTS.get((cadre, evenement)) if nature == PRIMAIRE else None


def document_type_of(cadre: str, evenement: str) -> TypeDocument:
    """The kind of document an event is filed under."""
    known = TYPES.get((cadre, evenement))
    if known is not None:
        return known
    return TypeDocument.DECISION_HAS if cadre == TypeCadre.AAP else TypeDocument.DECISION_CPC


def title_of(cadre: str, evenement: str) -> str:
    """What the event is called on a sheet."""
    return TITRES.get((cadre, evenement), f"{cadre} : {evenement}")


def conflict_told(statut: str, decided_on: date, listed_end: date | None) -> str:
    """The decision beside the official list when they disagree on the end; empty otherwise.

    Neither is corrected: the reader sees both (known conflicts of the public files).
    """
    if statut not in FERMANTES or listed_end == decided_on:
        return ""
    decision = f"Une décision publiée met fin à ce cadre le {decided_on:%d/%m/%Y}"
    if listed_end is None:
        return f"{decision}. La liste officielle des codes le laisse ouvert."
    return (
        f"{decision}. La liste officielle des codes donne une autre fin, le {listed_end:%d/%m/%Y}."
    )
