"""How a product is obtained under a cadre: what the prescriber does, what the pharmacist does.

One entry per framework and situation, each sentence with its article; nothing here recommends.
"""

from __future__ import annotations

from dataclasses import dataclass

from referentiel.states import StatutCadre, TypeCadre

# Written on the ordonnance of an AAC as of a CPC (CSP, L. 5121-12-1).
MENTION = (
    "Prescription au titre d'un accès compassionnel en dehors du cadre d'une autorisation "
    "de mise sur le marché"
)


@dataclass(frozen=True)
class Etape:
    """One thing to do, and the article that asks it."""

    texte: str
    article: str = ""


@dataclass(frozen=True)
class Obtention:
    """The two columns of a sheet, and what the main button does."""

    prescripteur: tuple[Etape, ...]
    pharmacien: tuple[Etape, ...]
    action: str  # "demande_aac", "plateforme", "mention" or nothing
    remarque: str = ""


_CODE = Etape(
    "Codez l'indication : sans code, le médicament n'est pas pris en charge à l'hôpital.",
)

AAC = Obtention(
    prescripteur=(
        Etape("Vérifiez que votre patient remplit chaque critère publié.", "CSP, R. 5121-74-3 II"),
        Etape(
            "Déposez la demande, nominative ; si un critère n'est pas rempli, dites pourquoi.",
            "CSP, R. 5121-74 I",
        ),
        Etape(
            "Informez le patient : pas d'AMM, risques, contraintes, bénéfice attendu.",
            "CSP, L. 5121-12-1 VI",
        ),
        Etape("Suivez le patient selon le protocole (PUT-SP).", "CSP, R. 5121-74-5"),
    ),
    pharmacien=(
        Etape("Vérifiez la demande et transmettez-la à l'ANSM.", "CSP, R. 5121-74 I"),
        Etape("Commandez une fois l'autorisation accordée.", "CSP, R. 5121-74-3"),
        Etape("Dispensez à ce patient seulement, jusqu'à la fin de l'AAC.", "CSP, R. 5121-74-3"),
        _CODE,
    ),
    action="demande_aac",
)
AAC_SANS_CRITERES = Obtention(
    prescripteur=(
        Etape(
            "Déposez la demande, nominative, en la justifiant : pas d'essai ouvert au patient, "
            "pas de traitement approprié, efficacité et sécurité présumées.",
            "CSP, R. 5121-74 I 6°",
        ),
        *AAC.prescripteur[2:],
    ),
    pharmacien=AAC.pharmacien,
    action="demande_aac",
    remarque="Aucun critère d'octroi n'est publié : la demande se justifie en quelques lignes.",
)
AAC_TRES_PRECOCE = Obtention(
    prescripteur=(
        Etape(
            "Montrez que le patient ne peut entrer dans l'essai en cours et que le traitement "
            "ne peut attendre.",
            "CSP, L. 5121-12-1 II",
        ),
        *AAC.prescripteur[1:],
    ),
    pharmacien=AAC.pharmacien,
    action="demande_aac",
    remarque="Accès compassionnel très précoce : le laboratoire s'est engagé à demander un accès "
    "précoce.",
)
AAC_CONTINUITE = Obtention(
    prescripteur=(
        Etape(
            "Demandez le renouvellement, avec les données cliniques connues et l'intérêt de "
            "poursuivre.",
            "CSP, R. 5121-74-4",
        ),
        *AAC.prescripteur[2:],
    ),
    pharmacien=AAC.pharmacien,
    action="demande_aac",
    remarque="Pour poursuivre un traitement déjà commencé : aucun nouveau patient.",
)
AAP = Obtention(
    prescripteur=(
        Etape(
            "Vérifiez que le patient entre dans l'indication et les critères du protocole "
            "(PUT-RD).",
            "CSP, R. 5121-70",
        ),
        Etape("Remplissez la fiche d'accès sur la plateforme du laboratoire."),
        Etape("Informez le patient et remettez-lui la note prévue.", "CSP, L. 5121-12"),
        Etape("Remplissez les fiches de suivi du protocole.", "CSP, R. 5121-70"),
    ),
    pharmacien=(
        Etape("Complétez la fiche d'accès ; le laboratoire vous envoie le numéro d'accès."),
        Etape("Commandez au laboratoire avec ce numéro."),
        Etape("Dispensez : seule une pharmacie à usage intérieur le peut.", "CSP, R. 5121-69-2 II"),
        _CODE,
    ),
    action="plateforme",
)
CPC = Obtention(
    prescripteur=(
        Etape("Lisez le cadre : indication, posologie, surveillance.", "CSP, R. 5121-76-5"),
        Etape(
            "Informez le patient, oralement et par écrit, que la prescription s'écarte de l'AMM.",
            "CSP, L. 5121-12-1 VI",
        ),
        Etape("Prescrivez : aucune demande à l'ANSM. Portez la mention ci-dessous."),
        Etape("Suivez le protocole (PUT-SP), sauf dispense.", "CSP, R. 5121-76-6"),
    ),
    pharmacien=(
        Etape("Vérifiez la mention et la catégorie de prescription."),
        Etape("Dispensez selon le cadre, en ville ou à l'hôpital.", "CSP, R. 5121-77"),
        Etape("À l'hôpital, codez l'indication."),
    ),
    action="mention",
)
DIRECT = Obtention(
    prescripteur=(
        Etape("Prescrivez dans l'indication : ce médicament est en accès direct, hors AAC et AAP."),
    ),
    pharmacien=(_CODE,),
    action="",
)


def how_to_obtain(
    framework: str, statut: str, *, criteres: bool, continuite: bool = False
) -> Obtention:
    """What each one does under a cadre in force, by framework and status."""
    if framework == TypeCadre.AAP:
        return AAP
    if framework == TypeCadre.CPC:
        return CPC
    if framework == TypeCadre.DIRECT:
        return DIRECT
    if continuite:
        return AAC_CONTINUITE
    if statut == StatutCadre.ACCES_TRES_PRECOCE:
        return AAC_TRES_PRECOCE
    return AAC if criteres else AAC_SANS_CRITERES


# For a reader who is not a professional, when the product has no text of its own.
EN_MOTS_SIMPLES: dict[str, str] = {
    TypeCadre.AAC: "Ce médicament n'a pas d'autorisation de vente en France pour cette maladie. "
    "Votre médecin peut demander à l'Agence du médicament (ANSM) une autorisation pour vous seul, "
    "quand aucun autre traitement ne convient. Elle dure un an au plus et peut être renouvelée. "
    "Votre médecin vous explique ce que l'on sait du médicament, ses risques et votre suivi. "
    "C'est la pharmacie de l'hôpital qui vous le remet.",
    TypeCadre.AAP: "Ce médicament est disponible plus tôt que d'habitude, parce qu'il répond à un "
    "besoin urgent. La Haute Autorité de santé (HAS) l'a permis pour cette maladie précise. Votre "
    "médecin hospitalier en fait la demande au laboratoire. Votre médecin recueille des "
    "informations sur votre traitement : elles servent à mieux connaître le médicament. "
    "C'est la pharmacie de l'hôpital qui vous le remet.",
    TypeCadre.CPC: "Ce médicament est déjà vendu en France, mais pour autre chose. L'Agence du "
    "médicament (ANSM) en encadre l'usage dans votre maladie, parce qu'aucun traitement autorisé "
    "ne convient. Votre médecin vous le prescrit sans demande particulière et doit vous en "
    "informer, oralement et par écrit.",
    TypeCadre.DIRECT: "Ce médicament a une autorisation et il est remboursé pour un temps limité, "
    "avant la décision définitive. Votre médecin vous le prescrit comme un autre.",
}
