"""Legal durations and thresholds as dated values: the table people edit, and its start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from referentiel.models import Parametre


@dataclass(frozen=True)
class ParametreInitial:
    """A value the software ships, with its source; a gestionnaire may date a newer one."""

    code: str
    valeur: str
    libelle: str
    source: str
    debut: date = date(2021, 7, 1)


CHOIX = "Choix de Placet, aucun texte trouvé"
INITIAUX: tuple[ParametreInitial, ...] = (
    ParametreInitial(
        "aac.duree_max_mois", "12", "Durée maximale d'une AAC, en mois", "CSP, R. 5121-74-3 I"
    ),
    ParametreInitial(
        "aac.debut_max_mois", "12", "Début d'une AAC au plus tard, mois après la décision", CHOIX
    ),
    ParametreInitial(
        "aac.brouillon_purge_jours",
        "90",
        "Brouillon effacé après tant de jours sans activité",
        CHOIX,
    ),
    ParametreInitial(
        "aac.complement_delai_jours", "15", "Délai proposé pour répondre à un complément", CHOIX
    ),
    ParametreInitial(
        "aac.complement_relance_jours",
        "7",
        "Délai laissé par la relance avant un classement sans suite",
        CHOIX,
    ),
    ParametreInitial(
        "aac.cible_criteres_jours_ouvres", "2", "Délai visé, voie des critères, jours ouvrés", CHOIX
    ),
    ParametreInitial(
        "aac.cible_justification_jours_ouvres",
        "5",
        "Délai visé, voie de la justification, jours ouvrés",
        CHOIX,
    ),
    ParametreInitial(
        "aac.alerte_rouge_jours",
        "15",
        "Demande marquée en retard dans la liste de l'agence, jours",
        CHOIX,
    ),
    ParametreInitial(
        "aac.alerte_direction_jours", "45", "Rappel unique aux décideurs de l'agence, jours", CHOIX
    ),
    ParametreInitial(
        "aac.rappels_expiration",
        "90,45,15,7,1,0",
        "Rappels avant la fin d'une AAC, jours",
        CHOIX,
    ),
    ParametreInitial(
        "aac.validite_courte_jours",
        "30",
        "Jusqu'à cette durée : rappels à mi-vie, J-1 et J0 seulement",
        CHOIX,
    ),
    ParametreInitial(
        "aac.justification_caracteres_min", "50", "Longueur minimale de chaque justification", CHOIX
    ),
    ParametreInitial(
        "aac.fin_octroi_mois",
        "3",
        "Délai après l'AMM au bout duquel l'ANSM n'octroie plus d'AAC, en mois",
        "CSP, R. 5121-74-9 I",
    ),
    ParametreInitial(
        "aap.duree_max_mois", "12", "Durée maximale d'un AAP, en mois", "CSP, D. 5121-69-3 II"
    ),
    ParametreInitial(
        "aap.instruction_mois", "3", "Instruction d'un AAP par la HAS, en mois", "CSP, R. 5121-69 I"
    ),
    ParametreInitial(
        "aap.continuite_mois",
        "12",
        "Poursuite des traitements commencés après la fin d'un AAP, en mois",
        "CSS, D. 163-3",
    ),
    ParametreInitial(
        "aap.continuite_financee_mois",
        "3",
        "Prise en charge maintenue après la fin d'un AAP, en mois",
        "CSS, D. 163-3",
    ),
    ParametreInitial(
        "cpc.duree_mois",
        "36",
        "Durée d'un CPC, en mois, renouvelable",
        "ANSM, « Encadrer l'accès précoce ou dérogatoire »",
    ),
    ParametreInitial(
        "recours.delai_mois", "2", "Délai du recours contentieux, mois", "CJA, R. 421-1"
    ),
    ParametreInitial("piece.taille_max_mo", "20", "Taille maximale d'une pièce, Mo", CHOIX),
    ParametreInitial("piece.nombre_max", "10", "Nombre maximal de pièces par demande", CHOIX),
    ParametreInitial(
        "import.seuil_rejet",
        "0.005",
        "Part de lignes fautives au-delà de laquelle un fichier officiel est refusé",
        CHOIX,
    ),
    ParametreInitial(
        "import.seuil_fermeture",
        "0.05",
        "Part des lignes fermées d'un coup au-delà de laquelle aucune n'est dite certaine",
        CHOIX,
    ),
    ParametreInitial(
        "liste.age_max_jours", "60", "Âge au-delà duquel une liste publique est signalée", CHOIX
    ),
    ParametreInitial(
        "liste.age_max_jours.sae", "730", "Même âge, pour la SAE, qui paraît chaque année", CHOIX
    ),
    ParametreInitial(
        "liste.age_max_jours.finess", "120", "Même âge, pour l'extraction FINESS", CHOIX
    ),
    ParametreInitial(
        "liste.age_max_jours.cnamts", "400", "Même âge, pour la table UCD de la CNAMTS", CHOIX
    ),
    ParametreInitial(
        "fiche.verification_max_jours",
        "180",
        "Âge au-delà duquel une fiche est à vérifier, jours",
        CHOIX,
    ),
    ParametreInitial(
        "urgence.duree_heures", "4", "Durée d'une ouverture en urgence d'un dossier, heures", CHOIX
    ),
    ParametreInitial(
        "urgence.affichage_jours",
        "30",
        "Ouvertures en urgence montrées au chef de service, jours",
        CHOIX,
    ),
    ParametreInitial(
        "aac.rappel_chef_jours",
        "7",
        "Le chef de service reçoit aussi les rappels des derniers jours d'une AAC, jours",
        CHOIX,
    ),
    ParametreInitial(
        "aac.complement_rappel_jours",
        "3",
        "Rappel avant l'échéance d'un complément demandé, jours",
        CHOIX,
    ),
    ParametreInitial(
        "stock.peremption_proche_jours", "90", "Lot signalé « bientôt périmé », jours avant", CHOIX
    ),
    ParametreInitial(
        "chiffres.seuil", "11", "Nombre en dessous duquel un chiffre n'est pas publié", CHOIX
    ),
)


def en_vigueur(on: date) -> Mapping[str, str]:
    """Every parameter in force on a day, by code (one query)."""
    values = {p.code: p.valeur for p in INITIAUX if p.debut <= on}
    values.update(
        Parametre.objects.filter(debut__lte=on).order_by("debut").values_list("code", "valeur")
    )
    return values


def valeur(code: str, on: date) -> str:
    """The value of one parameter in force on a day; KeyError when there is none."""
    row = Parametre.objects.filter(code=code, debut__lte=on).order_by("-debut").first()
    if row is not None:
        return row.valeur
    return next(p.valeur for p in INITIAUX if p.code == code and p.debut <= on)


def libelle_of(code: str) -> str:
    """What a parameter is, in words."""
    return next((p.libelle for p in INITIAUX if p.code == code), code)
