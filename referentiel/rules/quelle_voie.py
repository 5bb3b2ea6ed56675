"""« Quelle voie ? »: at most four questions, then the route of the law and why.

A table of cases, read from the top: the first whose answers match is the route. It says which
procedure the law opens, never whether the medicine suits the patient.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

AAP, AAC, CPC, AMM, AUCUNE = "AAP", "AAC", "CPC", "AMM", "AUCUNE"
CADRE, AUTORISE, ALTERNATIVE, ESSAI = "cadre", "amm", "alternative", "essai"


@dataclass(frozen=True)
class Choix:
    """One answer to a question."""

    valeur: str
    texte: str
    aide: str = ""


@dataclass(frozen=True)
class QuestionVoie:
    """A question, its answers and why it is asked."""

    nom: str
    texte: str
    pourquoi: str
    article: str
    choix: tuple[Choix, ...]


QUESTIONS: tuple[QuestionVoie, ...] = (
    QuestionVoie(
        CADRE,
        "Quel cadre le référentiel montre-t-il pour l'indication de votre patient ?",
        "Un accès précoce ou un cadre de prescription déjà ouvert passe avant une demande "
        "individuelle.",
        "CSP, L. 5121-12 et L. 5121-12-1",
        (
            Choix("AAP", "Un accès précoce (AAP) en cours"),
            Choix("CPC", "Un cadre de prescription compassionnelle (CPC) en vigueur"),
            Choix("AAC", "Un accès compassionnel (AAC)"),
            Choix("AUCUN", "Aucun, ou le médicament n'y figure pas"),
        ),
    ),
    QuestionVoie(
        AUTORISE,
        "Le médicament a-t-il une autorisation de mise sur le marché (AMM), en France ou en "
        "Europe ?",
        "L'accès compassionnel est fait pour un médicament sans AMM, ou dont la vente a cessé.",
        "CSP, L. 5121-12-1 II",
        (
            Choix("INDICATION", "Oui, dans l'indication de mon patient"),
            Choix("AUTRE", "Oui, mais pour une autre indication", "et il est commercialisé"),
            Choix(
                "ARRET",
                "Oui, pour une autre indication, mais sa commercialisation est arrêtée",
            ),
            Choix("AUCUNE", "Non, dans aucune indication"),
        ),
    ),
    QuestionVoie(
        ALTERNATIVE,
        "Existe-t-il un traitement approprié pour ce patient ?",
        "Tout accès compassionnel suppose qu'il n'y en a pas.",
        "CSP, L. 5121-12-1 I 2°",
        (
            Choix("NON", "Non, ou il a échoué, n'est pas toléré ou est contre-indiqué"),
            Choix("OUI", "Oui"),
        ),
    ),
    QuestionVoie(
        ESSAI,
        "Le médicament fait-il l'objet d'un essai clinique commercial dans cette indication ?",
        "L'essai passe d'abord ; l'exception est un patient qui ne peut y entrer ni attendre.",
        "CSP, L. 5121-12-1 I 1° et II",
        (
            Choix("NON", "Non, pas à ma connaissance"),
            Choix("INCLUSION", "Oui, et mon patient peut y entrer"),
            Choix("EXCLU_URGENT", "Oui, il ne peut y entrer et son traitement ne peut attendre"),
            Choix("EXCLU_DIFFERABLE", "Oui, il ne peut y entrer mais son traitement peut attendre"),
        ),
    ),
)


@dataclass(frozen=True)
class Issue:
    """Where the answers lead: a route, why, the articles, and the answer that explains more."""

    voie: str
    titre: str
    pourquoi: str
    articles: tuple[str, ...]
    suite: str
    ancre: str


@dataclass(frozen=True)
class Cas:
    """One line of the table: the answers it asks for, any answer where it says nothing."""

    si: Mapping[str, str]
    issue: Issue


_AMM = Issue(
    AMM,
    "Le circuit ordinaire : l'AMM couvre l'indication",
    "Un médicament autorisé dans l'indication de votre patient se prescrit selon son AMM : aucun "
    "accès dérogatoire n'est nécessaire.",
    ("CSP, L. 5121-8",),
    "Prescrivez selon l'AMM. S'il est en rupture, l'état des stocks figure sur la fiche.",
    "amm",
)
_ACCES_PRECOCE = Issue(
    AAP,
    "L'accès précoce (AAP) : demandez l'accès au laboratoire",
    "Un accès précoce est ouvert dans cette indication : la HAS l'a autorisé pour tous les "
    "patients qui y entrent.",
    ("CSP, L. 5121-12", "CSP, R. 5121-69"),
    "Remplissez la fiche d'accès sur la plateforme du laboratoire ; la pharmacie la complète.",
    "aap-demander",
)
_CADRE = Issue(
    CPC,
    "Le cadre de prescription compassionnelle (CPC) : prescrivez dans le cadre",
    "Un cadre est en vigueur dans cette indication : il n'y a ni demande ni décision par patient.",
    ("CSP, L. 5121-12-1 III", "CSP, R. 5121-76-5"),
    "Prescrivez selon le cadre, en portant la mention, et informez le patient par écrit.",
    "cpc-prescrire",
)
_AAC = Issue(
    AAC,
    "L'accès compassionnel (AAC) : déposez une demande pour ce patient",
    "Le médicament n'a pas d'AMM utilisable ici, il n'existe pas de traitement approprié et aucun "
    "essai commercial n'est en cours dans l'indication.",
    ("CSP, L. 5121-12-1 II", "CSP, R. 5121-74"),
    "Le médecin prescripteur dépose la demande ; la pharmacie la transmet à l'ANSM.",
    "aac-demander",
)
_AAC_TRES_PRECOCE = Issue(
    AAC,
    "L'accès compassionnel très précoce : une demande, par exception",
    "Un essai est en cours, votre patient ne peut y entrer et son traitement ne peut attendre. "
    "L'ANSM peut autoriser si le laboratoire s'engage à demander un accès précoce.",
    ("CSP, L. 5121-12-1 II", "CSP, D. 5121-74-1-1"),
    "Déposez la demande en disant pourquoi le patient n'entre pas dans l'essai.",
    "aac-tres-precoce",
)
_ALTERNATIVE = Issue(
    AUCUNE,
    "Aucune voie dérogatoire : un traitement approprié existe",
    "La loi réserve l'accès compassionnel aux patients sans traitement approprié.",
    ("CSP, L. 5121-12-1 I 2°",),
    "Si ce traitement échoue ou n'est pas toléré, reprenez les questions.",
    "aac-conditions",
)
_HORS_AMM = Issue(
    AUCUNE,
    "Aucune voie dérogatoire : prescription hors AMM, sous votre responsabilité",
    "Le médicament est autorisé et vendu pour une autre indication : l'AAC ne s'applique pas et "
    "aucun cadre n'est en vigueur. La loi permet une prescription hors AMM, jugée indispensable, "
    "motivée et portée sur l'ordonnance.",
    ("CSP, L. 5121-12-1-2",),
    "Si cette pratique est courante, un centre de référence, l'INCa, un conseil national "
    "professionnel ou une association agréée peut la signaler en vue d'un cadre.",
    "hors-amm",
)
_ESSAI = Issue(
    AUCUNE,
    "Aucune voie dérogatoire : l'essai clinique d'abord",
    "Un essai commercial est en cours dans l'indication et votre patient peut y entrer.",
    ("CSP, L. 5121-12-1 I 1°",),
    "Adressez le patient à un centre investigateur.",
    "aac-essai",
)
_DIFFERABLE = Issue(
    AUCUNE,
    "Aucune voie dérogatoire pour l'instant : le traitement peut attendre",
    "Quand un essai commercial est en cours, l'exception suppose que le traitement ne puisse "
    "être différé.",
    ("CSP, L. 5121-12-1 II",),
    "Si l'état du patient change, reprenez les questions.",
    "aac-tres-precoce",
)

CAS: tuple[Cas, ...] = (
    Cas({CADRE: "AAP"}, _ACCES_PRECOCE),
    Cas({CADRE: "CPC"}, _CADRE),
    Cas({AUTORISE: "INDICATION"}, _AMM),
    Cas({ALTERNATIVE: "OUI"}, _ALTERNATIVE),
    Cas({AUTORISE: "AUTRE", ALTERNATIVE: "NON"}, _HORS_AMM),
    Cas({ESSAI: "INCLUSION"}, _ESSAI),
    Cas({ESSAI: "EXCLU_DIFFERABLE"}, _DIFFERABLE),
    Cas({ESSAI: "EXCLU_URGENT"}, _AAC_TRES_PRECOCE),
    Cas({ESSAI: "NON"}, _AAC),
)


def cleaned(answers: Mapping[str, str]) -> dict[str, str]:
    """The answers that are among those offered, in the order asked; the others are forgotten."""
    kept: dict[str, str] = {}
    for question in QUESTIONS:
        given = answers.get(question.nom, "")
        if given not in {choix.valeur for choix in question.choix}:
            break  # what was answered after a gap would be read out of order
        kept[question.nom] = given
        if issue_of(kept) is not None:
            break
    return kept


def issue_of(answers: Mapping[str, str]) -> Issue | None:
    """The route the answers lead to (CSP, L. 5121-12, L. 5121-12-1), none while one is missing."""
    for cas in CAS:
        if all(answers.get(nom) == valeur for nom, valeur in cas.si.items()):
            return cas.issue
    return None


def next_question(answers: Mapping[str, str]) -> QuestionVoie | None:
    """The first question not answered yet; none once a route is found."""
    if issue_of(answers) is not None:
        return None
    return next((q for q in QUESTIONS if q.nom not in answers), None)
