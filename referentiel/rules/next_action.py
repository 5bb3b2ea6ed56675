"""What a reader may do next with a medicine in one indication, and why (pure)."""

from __future__ import annotations

from typing import NamedTuple

from referentiel.rules import facettes as f
from referentiel.states import StatutCadre, TypeCadre


class NextAction(NamedTuple):
    """One action in words, its reason, and an address outside Placet when there is one."""

    label: str
    reason: str
    url: str = ""


class Situation(NamedTuple):
    """What the next action depends on."""

    framework: str = ""
    standing: str = f.SANS_CADRE
    statut: str = ""
    continuite: bool = False
    criteres_publies: bool = False
    plateforme: str = ""
    amm: str = ""


ORDINARY = "Voie ordinaire"
_CLOSED = {
    f.SUSPENDU: "Suspendu : aucun nouveau traitement.",
    f.EN_EXAMEN: "La demande est en cours d'examen.",
    f.A_VENIR: "Le cadre n'est pas encore ouvert.",
    f.TERMINE: "Terminé pour cette indication.",
}


def next_action(case: Situation) -> NextAction:
    """The route open today for a cadre (CSP, L. 5121-12, L. 5121-12-1, R. 5121-74), or none."""
    if case.standing == f.EN_VIGUEUR:
        return _open(case)
    if case.statut == StatutCadre.PASSEE_DROIT_COMMUN:
        return NextAction(ORDINARY, "Passé au droit commun : la prescription suit l'AMM.")
    if case.statut == StatutCadre.CONTINUITE:
        return NextAction("", "Les traitements commencés se poursuivent ; aucun nouveau patient.")
    if case.amm:
        return NextAction(ORDINARY, f"{case.amm} a une AMM : voyez ses indications.")
    if case.standing == f.SANS_CADRE:
        reason = "Aucune indication publiée : la demande se justifie."
        return NextAction("Demander une AAC", reason)
    if case.standing == f.REFUSE:
        refused = "Accès précoce refusé." if case.framework == TypeCadre.AAP else "Non retenu."
        return NextAction("", refused)
    return NextAction("", _CLOSED[case.standing])


def _open(case: Situation) -> NextAction:
    if case.framework == TypeCadre.AAP:
        if case.plateforme:
            reason = "L'accès se demande au laboratoire."
            return NextAction("Plateforme du laboratoire", reason, case.plateforme)
        return NextAction("S'adresser au laboratoire", "Sa plateforme ne figure pas ici.")
    if case.framework == TypeCadre.CPC:
        return NextAction("Prescrire dans le cadre", "L'ordonnance porte la mention du cadre.")
    if case.framework == TypeCadre.DIRECT:
        return NextAction("Prescrire", "Pris en charge en accès direct, sans demande.")
    if case.continuite:
        return NextAction("Poursuivre une AAC", "Réservé aux traitements déjà commencés.")
    if case.criteres_publies:
        return NextAction("Demander une AAC", "Critères publiés : y répondre suffit souvent.")
    return NextAction("Demander une AAC", "Sans critères publiés : la demande se justifie.")
