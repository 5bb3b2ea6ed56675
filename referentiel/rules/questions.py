"""The questions people ask about AAC, AAP and CPC, one answer each, with its article.

`{code}` in an answer is the value in force of that parameter: a changed duration changes the page.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from referentiel.states import TypeCadre

COMMUNES = ""
_CODE = re.compile(r"{([a-z_.]+)}")


@dataclass(frozen=True)
class QuestionReponse:
    """One question as people put it; `ancre` never changes, other pages lead there."""

    ancre: str
    theme: str
    question: str
    reponse: str
    articles: tuple[str, ...] = ()

    @property
    def parametres(self) -> tuple[str, ...]:
        """The parameters the answer quotes."""
        return tuple(_CODE.findall(self.reponse))

    def told(self, values: Mapping[str, str]) -> str:
        """The answer with the values in force."""
        return _CODE.sub(lambda found: values[found.group(1)], self.reponse)


_AAC, _AAP, _CPC = TypeCadre.AAC, TypeCadre.AAP, TypeCadre.CPC
QUESTIONS: tuple[QuestionReponse, ...] = (
    # --- Common -------------------------------------------------------------------------
    QuestionReponse(
        "differences",
        COMMUNES,
        "Quelle différence entre AAC, AAP et CPC ?",
        "L'AAC est une autorisation pour un patient, demandée par son médecin à l'ANSM. L'AAP "
        "ouvre un médicament innovant à tous les patients d'une indication, sur décision de la "
        "HAS demandée par le laboratoire. Le CPC encadre un usage hors AMM déjà pratiqué : le "
        "médecin prescrit sans demande.",
        ("CSP, L. 5121-12", "CSP, L. 5121-12-1"),
    ),
    QuestionReponse(
        "amm",
        COMMUNES,
        "Mon médicament a une AMM : ai-je besoin d'un accès dérogatoire ?",
        "Non, si l'AMM couvre l'indication de votre patient et que le médicament est pris en "
        "charge : prescrivez selon l'AMM. Un AAP peut exister après l'AMM, tant que le "
        "remboursement n'est pas décidé.",
        ("CSP, L. 5121-8", "CSP, L. 5121-12 II"),
    ),
    QuestionReponse(
        "hors-amm",
        COMMUNES,
        "Le médicament est vendu pour une autre indication et aucun cadre n'existe : que faire ?",
        "L'AAC ne s'applique pas. Une prescription hors AMM reste possible si aucune alternative "
        "autorisée n'est appropriée et si le prescripteur la juge indispensable : il la motive, "
        "en informe le patient et écrit « Prescription hors autorisation de mise sur le marché ».",
        ("CSP, L. 5121-12-1-2",),
    ),
    QuestionReponse(
        "atu",
        COMMUNES,
        "Que sont devenues les ATU et les RTU ?",
        "Depuis le 1er juillet 2021, l'ATU nominative est devenue l'AAC, l'ATU de cohorte l'AAP, "
        "et la RTU le CPC. D'anciens codes circulent encore ; la fiche du médicament donne ceux "
        "qui valent aujourd'hui.",
        ("LFSS 2021, article 78", "Décret n° 2021-869"),
    ),
    QuestionReponse(
        "code-indication",
        COMMUNES,
        "À quoi sert le code d'indication ?",
        "À l'hôpital, c'est la paire UCD et code d'indication qui déclenche la prise en charge. "
        "Le code doit valoir le jour de l'administration. NXXXX00 est refusé depuis le "
        "1er janvier 2023.",
        ("Note DGOS/PF2/DSS/1C/2022/30",),
    ),
    QuestionReponse(
        "effet-indesirable",
        COMMUNES,
        "Comment déclarer un effet indésirable ?",
        "Pour un AAC, ou un AAP avant AMM, un professionnel suit d'abord le circuit du protocole "
        "(PUT). Dans les autres cas, CPC compris, ou si le protocole n'en dit rien : au centre "
        "régional de pharmacovigilance, par le portail national de signalement. Médecin, "
        "chirurgien-dentiste, sage-femme, pharmacien et infirmier déclarent sans attendre ; tout "
        "autre professionnel et le patient le peuvent, le patient toujours par le portail.",
        ("CSP, R. 5121-161", "CSP, R. 5121-172"),
    ),
    QuestionReponse(
        "information-patient",
        COMMUNES,
        "Que dois-je dire au patient, et faut-il l'écrire ?",
        "Que le médicament est utilisé sans AMM ou hors AMM, l'absence d'alternative, les risques, "
        "les contraintes, le bénéfice attendu et la prise en charge. L'information est orale et, "
        "pour un CPC, écrite aussi ; elle est notée au dossier.",
        ("CSP, L. 5121-12-1 VI",),
    ),
    # --- AAC ----------------------------------------------------------------------------
    QuestionReponse(
        "aac-conditions",
        _AAC,
        "À quelles conditions une AAC est-elle possible ?",
        "Quatre ensemble : maladie grave, rare ou invalidante ; pas de traitement approprié ; "
        "efficacité et sécurité présumées ; pas de recherche à finalité commerciale dans "
        "l'indication. Le médicament n'a d'AMM pour aucune indication, ou sa vente a cessé et son "
        "AMM ne couvre pas l'indication.",
        ("CSP, L. 5121-12-1 I et II",),
    ),
    QuestionReponse(
        "aac-demander",
        _AAC,
        "Qui demande une AAC, et comment ?",
        "Le médecin prescripteur remplit la demande ; le pharmacien gérant de la PUI la vérifie "
        "et la transmet à l'ANSM, qui décide. Un interne la prépare, un médecin l'envoie.",
        ("CSP, R. 5121-74 I",),
    ),
    QuestionReponse(
        "criteres",
        _AAC,
        "Mon patient ne remplit pas un critère publié : est-ce fini ?",
        "Non. Un critère non rempli mène à la justification : dites pourquoi le patient n'entre "
        "pas dans un essai, pourquoi aucun traitement ne convient et ce qui fait présumer "
        "l'efficacité et la sécurité (au moins {aac.justification_caracteres_min} caractères "
        "chacun). L'ANSM lit la demande en entier.",
        ("CSP, R. 5121-74 I 6°",),
    ),
    QuestionReponse(
        "differable",
        _AAC,
        "Que veut dire « traitement différable » ?",
        "La demande doit dire si le traitement peut attendre. C'est le prescripteur qui "
        "l'apprécie, pour son patient. Un accès très précoce suppose qu'il ne peut pas attendre.",
        ("CSP, R. 5121-74 I 6°", "CSP, L. 5121-12-1 II"),
    ),
    QuestionReponse(
        "aac-essai",
        _AAC,
        "Un essai clinique est en cours : puis-je quand même demander ?",
        "Si le patient peut y entrer, l'essai passe d'abord. Donnez le numéro de la recherche et "
        "dites pourquoi il n'y entre pas ; l'ANSM vérifie avec le laboratoire.",
        ("CSP, L. 5121-12-1 I 1°", "CSP, R. 5121-74 I 5°"),
    ),
    QuestionReponse(
        "aac-tres-precoce",
        _AAC,
        "Qu'est-ce que l'accès compassionnel très précoce ?",
        "Une exception : un essai est en cours, le patient ne peut y entrer, le traitement ne peut "
        "attendre, et le laboratoire s'engage à demander un accès précoce.",
        ("CSP, L. 5121-12-1 II", "CSP, D. 5121-74-1-1"),
    ),
    QuestionReponse(
        "aac-delai",
        _AAC,
        "En combien de temps l'ANSM répond-elle ?",
        "Aucun délai n'est fixé par les textes lus. Placet vise "
        "{aac.cible_criteres_jours_ouvres} jours ouvrés quand tous les critères sont remplis, "
        "{aac.cible_justification_jours_ouvres} sinon. Une demande gardée {aac.alerte_rouge_jours} "
        "jours est marquée en retard dans la liste de l'agence\u00a0; à "
        "{aac.alerte_direction_jours} jours, ses décideurs sont prévenus. Le silence ne vaut "
        "jamais décision ici.",
        ("Choix de Placet, aucun texte trouvé",),
    ),
    QuestionReponse(
        "aac-urgence",
        _AAC,
        "Que faire la nuit ou le week-end, en urgence ?",
        "Si le prescripteur et le pharmacien jugent la demande conforme aux critères, le "
        "traitement peut commencer, puis se régularise au plus tôt. L'astreinte de l'ANSM reste "
        "pour l'urgence vitale.",
        ("ANSM, « Demande d'autorisation d'accès compassionnel »",),
    ),
    QuestionReponse(
        "aac-complement",
        _AAC,
        "L'ANSM me demande un complément : combien de temps ai-je ?",
        "La demande de complément donne son délai, {aac.complement_delai_jours} jours en général. "
        "Une relance laisse {aac.complement_relance_jours} jours de plus ; ensuite la demande est "
        "classée et peut être reprise en brouillon.",
        ("CRPA, L. 114-5",),
    ),
    QuestionReponse(
        "aac-duree",
        _AAC,
        "Combien de temps dure une AAC, et comment la renouveler ?",
        "La durée du traitement, {aac.duree_max_mois} mois au plus. Le renouvellement se demande "
        "avant la fin, avec les données cliniques connues : rien ne prolonge l'ancienne pendant "
        "l'examen.",
        ("CSP, R. 5121-74-3 I", "CSP, R. 5121-74-4"),
    ),
    QuestionReponse(
        "aac-refus",
        _AAC,
        "Ma demande est refusée : quels recours ?",
        "La décision est écrite et dit ses raisons. Vous pouvez déposer une nouvelle demande avec "
        "des éléments nouveaux, demander à l'ANSM de revoir sa décision, ou saisir le tribunal "
        "administratif dans les {recours.delai_mois} mois.",
        ("CSP, R. 5121-74-2", "CRPA, L. 211-5", "CJA, R. 421-1"),
    ),
    QuestionReponse(
        "aac-amm-obtenue",
        _AAC,
        "Le médicament vient d'obtenir son AMM : que deviennent les AAC ?",
        "L'ANSM fixe la date où elle n'en octroie plus, {aac.fin_octroi_mois} mois au plus après "
        "l'AMM sauf exception. Les AAC en cours vont à leur terme.",
        ("CSP, R. 5121-74-9 I",),
    ),
    # --- AAP ----------------------------------------------------------------------------
    QuestionReponse(
        "aap-demander",
        _AAP,
        "Un accès précoce est ouvert : comment l'obtenir pour mon patient ?",
        "Remplissez la fiche d'accès sur la plateforme du laboratoire ; le pharmacien la complète. "
        "Le laboratoire vérifie les critères du protocole et envoie le numéro d'accès à la "
        "pharmacie. Ni la HAS ni l'ANSM n'interviennent pour chaque patient.",
        ("CSP, L. 5121-12", "CSP, R. 5121-70"),
    ),
    QuestionReponse(
        "aap-duree",
        _AAP,
        "Qui décide d'un accès précoce, et pour combien de temps ?",
        "La HAS, en {aap.instruction_mois} mois, après avis de l'ANSM quand l'indication n'a ni "
        "AMM ni avis européen favorable. L'accès dure {aap.duree_max_mois} mois au plus, "
        "renouvelables.",
        ("CSP, R. 5121-69 I", "CSP, D. 5121-69-3 II"),
    ),
    QuestionReponse(
        "aap-fin",
        _AAP,
        "L'accès précoce s'arrête : mon patient garde-t-il son traitement ?",
        "Oui : le laboratoire doit fournir les patients déjà traités pendant au moins "
        "{aap.continuite_mois} mois, dont {aap.continuite_financee_mois} aux conditions de prise "
        "en charge antérieures. Aucun nouveau patient n'entre.",
        ("CSS, D. 163-3",),
    ),
    # --- CPC ----------------------------------------------------------------------------
    QuestionReponse(
        "cpc-prescrire",
        _CPC,
        "Que dois-je écrire sur l'ordonnance dans un CPC ?",
        "« Prescription au titre d'un accès compassionnel en dehors du cadre d'une autorisation "
        "de mise sur le marché ». Il n'y a ni demande ni numéro : suivez le cadre et son "
        "protocole.",
        ("CSP, L. 5121-12-1", "CSP, R. 5121-76-5"),
    ),
    QuestionReponse(
        "cpc-duree",
        _CPC,
        "Combien de temps dure un CPC ?",
        "{cpc.duree_mois} mois, renouvelables. Il cesse pour une indication quand une AMM ou un "
        "AAP la couvre, à la date fixée par l'ANSM.",
        ("CSP, L. 5121-12-1 III", "CSP, R. 5121-76-9"),
    ),
    QuestionReponse(
        "cpc-signaler",
        _CPC,
        "Qui peut signaler une pratique hors AMM à encadrer ?",
        "L'INCa, les centres de référence ou de compétence des filières de maladies rares, les "
        "conseils nationaux professionnels et les associations agréées de patients. Les OMEDIT "
        "leur transmettent ce qu'ils observent.",
        ("CSP, R. 5121-76-2",),
    ),
)
