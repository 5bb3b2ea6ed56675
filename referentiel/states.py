"""The vocabularies of the référentiel: frameworks, their statuses, sources, imports."""

from django.db.models import TextChoices


class TypeCadre(TextChoices):
    """The legal scheme under which a medicine is reached without the ordinary market."""

    AAC = "AAC", "Accès compassionnel (AAC)"
    AAP = "AAP", "Accès précoce (AAP)"
    CPC = "CPC", "Cadre de prescription compassionnelle (CPC)"
    DIRECT = "DIRECT", "Accès direct"


class StatutCadre(TextChoices):
    """Statuses of a cadre as the ANSM, the HAS and the ministry announce them."""

    # AAP
    DEMANDE_DEPOSEE = "DEMANDE_DEPOSEE", "Demande déposée"
    OCTROYEE = "OCTROYEE", "Octroyée"
    REFUSEE = "REFUSEE", "Refusée"
    RENOUVELEE = "RENOUVELEE", "Renouvelée"
    MODIFIEE = "MODIFIEE", "Modifiée"
    EXPIREE = "EXPIREE", "Expirée"
    PASSEE_DROIT_COMMUN = "PASSEE_DROIT_COMMUN", "Passée au droit commun"
    CONTINUITE = "CONTINUITE", "Continuité de traitement"
    # AAC, at the level of the product
    CRITERES_PUBLIES = "CRITERES_PUBLIES", "Critères publiés"
    SANS_CRITERES = "SANS_CRITERES", "Sans critères publiés"
    ACCES_TRES_PRECOCE = "ACCES_TRES_PRECOCE", "Accès compassionnel très précoce"
    FIN_OCTROI = "FIN_OCTROI", "Fin d'octroi"
    # AAP and AAC
    SUSPENDUE = "SUSPENDUE", "Suspendue"
    RETIREE = "RETIREE", "Retirée"
    # CPC
    SIGNALE = "SIGNALE", "Signalé"
    NON_RETENU = "NON_RETENU", "Non retenu"
    EN_VIGUEUR = "EN_VIGUEUR", "En vigueur"
    MODIFIE = "MODIFIE", "Modifié"
    SUSPENDU = "SUSPENDU", "Suspendu"
    ABROGE = "ABROGE", "Abrogé"
    TERMINE = "TERMINE", "Terminé"


STATUTS_PAR_TYPE: dict[TypeCadre, frozenset[StatutCadre]] = {
    TypeCadre.AAP: frozenset(
        {
            StatutCadre.DEMANDE_DEPOSEE,
            StatutCadre.OCTROYEE,
            StatutCadre.REFUSEE,
            StatutCadre.RENOUVELEE,
            StatutCadre.MODIFIEE,
            StatutCadre.SUSPENDUE,
            StatutCadre.RETIREE,
            StatutCadre.EXPIREE,
            StatutCadre.PASSEE_DROIT_COMMUN,
            StatutCadre.CONTINUITE,
        }
    ),
    TypeCadre.AAC: frozenset(
        {
            StatutCadre.CRITERES_PUBLIES,
            StatutCadre.SANS_CRITERES,
            StatutCadre.ACCES_TRES_PRECOCE,
            StatutCadre.FIN_OCTROI,
            StatutCadre.SUSPENDUE,
            StatutCadre.RETIREE,
        }
    ),
    TypeCadre.CPC: frozenset(
        {
            StatutCadre.SIGNALE,
            StatutCadre.NON_RETENU,
            StatutCadre.EN_VIGUEUR,
            StatutCadre.MODIFIE,
            StatutCadre.SUSPENDU,
            StatutCadre.ABROGE,
            StatutCadre.TERMINE,
        }
    ),
    TypeCadre.DIRECT: frozenset(
        {StatutCadre.EN_VIGUEUR, StatutCadre.SUSPENDU, StatutCadre.TERMINE}
    ),
}

# Statuses that let a treatment be asked for or prescribed, dates permitting.
STATUTS_OUVERTS = frozenset(
    {
        StatutCadre.OCTROYEE,
        StatutCadre.RENOUVELEE,
        StatutCadre.MODIFIEE,
        StatutCadre.CRITERES_PUBLIES,
        StatutCadre.SANS_CRITERES,
        StatutCadre.ACCES_TRES_PRECOCE,
        StatutCadre.EN_VIGUEUR,
        StatutCadre.MODIFIE,
    }
)

# Asked for or refused: no right was ever given.
STATUTS_SANS_DROIT = frozenset(
    {
        StatutCadre.DEMANDE_DEPOSEE,
        StatutCadre.REFUSEE,
        StatutCadre.SIGNALE,
        StatutCadre.NON_RETENU,
    }
)

# What an import writes on a cadre it opens: the dates alone say when it ends.
STATUT_IMPORTE: dict[TypeCadre, StatutCadre] = {
    TypeCadre.AAC: StatutCadre.SANS_CRITERES,
    TypeCadre.AAP: StatutCadre.OCTROYEE,
    TypeCadre.CPC: StatutCadre.EN_VIGUEUR,
    TypeCadre.DIRECT: StatutCadre.EN_VIGUEUR,
}


class CadreSource(TextChoices):
    """How the framework of a code was decided; later entries outweigh earlier ones."""

    LETTRE = "lettre", "Première lettre du code"
    LISTE = "liste", "Liste qui le publie"
    LES = "LES", "Liste en sus"
    DECISION = "décision", "Décision publiée"
    PERSONNE = "personne", "Gestionnaire"


class SourceImport(TextChoices):
    """A public file the référentiel is fed from."""

    ATIH = "atih", "ATIH, liste AP-AC-CPC"
    BDPM = "bdpm", "Base de données publique des médicaments"
    UCD = "ucd", "ATIH, libellés UCD"
    SAE = "sae", "DREES, SAE (établissements)"
    LES = "les", "ATIH, liste en sus (indications et événements)"
    CNAMTS = "cnamts", "CNAMTS, table UCD"
    FINESS = "finess", "FINESS, extraction des établissements"
    LISTE = "liste", "Autre liste (CSV ou classeur)"


class StatutImport(TextChoices):
    APPLIQUE = "APPLIQUE", "Appliqué"
    REFUSE = "REFUSE", "Refusé"


class Continuite(TextChoices):
    """What the holder does once the funded months of continuity have passed (note 2025/13)."""

    OUI = "OUI", "Gratuite ensuite"
    NON = "NON", "Non gratuite"
    INCONNU = "INCONNU", "Non précisé"


class TypeDocument(TextChoices):
    """The documents a sheet gathers (CSP, R. 5121-73, R. 5121-74-10, R. 5121-76-10)."""

    RCP = "RCP", "Résumé des caractéristiques du produit"
    NOTICE = "NOTICE", "Notice"
    ETIQUETAGE = "ETIQUETAGE", "Étiquetage"
    PUT_RD = "PUT_RD", "Protocole d'utilisation thérapeutique et recueil de données"
    PUT_SP = "PUT_SP", "Protocole d'utilisation thérapeutique et suivi des patients"
    AVIS_ANSM = "AVIS_ANSM", "Avis de l'ANSM"
    DECISION_HAS = "DECISION_HAS", "Décision de la HAS"
    AVIS_CT = "AVIS_CT", "Avis de la Commission de la transparence"
    RESUME_RAPPORT = "RESUME_RAPPORT", "Résumé du rapport périodique"
    LETTRE_PS = "LETTRE_PS", "Lettre aux professionnels de santé"
    NOTE_PATIENT = "NOTE_PATIENT", "Note d'information destinée au patient"
    CRITERES = "CRITERES", "Critères d'octroi"
    ARGUMENTAIRE_CPC = "ARGUMENTAIRE_CPC", "Argumentaire du cadre"
    DECISION_CPC = "DECISION_CPC", "Décision établissant le cadre"
    MARR = "MARR", "Mesure additionnelle de réduction du risque"
    FORMULAIRE_SUIVI = "FORMULAIRE_SUIVI", "Formulaire de suivi"


class RubriqueSecurite(TextChoices):
    """The headings of a safety card, in reading order."""

    CONTRE_INDICATION = "CONTRE_INDICATION", "Contre-indications"
    MISE_EN_GARDE = "MISE_EN_GARDE", "Mises en garde"
    INTERACTION = "INTERACTION", "Interactions"
    EFFET_INDESIRABLE = "EFFET_INDESIRABLE", "Effets indésirables"
    SURVEILLANCE = "SURVEILLANCE", "Surveillance"
    GROSSESSE = "GROSSESSE", "Grossesse et allaitement"
    CONSERVATION = "CONSERVATION", "Conservation et manipulation"


class NatureContact(TextChoices):
    """What a holder is reached for."""

    INFORMATION_MEDICALE = "INFORMATION_MEDICALE", "Information médicale"
    COMMANDE = "COMMANDE", "Commandes"
    PHARMACOVIGILANCE = "PHARMACOVIGILANCE", "Pharmacovigilance"
    PLATEFORME = "PLATEFORME", "Plateforme de demande d'accès"


class StatutRevue(TextChoices):
    """Where an uploaded list stands."""

    DEPOSEE = "DEPOSEE", "Déposée"
    EN_LECTURE = "EN_LECTURE", "En lecture"
    A_REVOIR = "A_REVOIR", "À revoir"
    EN_ECRITURE = "EN_ECRITURE", "En écriture"
    APPLIQUEE = "APPLIQUEE", "Appliquée"
    REFUSEE = "REFUSEE", "Refusée"
    ABANDONNEE = "ABANDONNEE", "Abandonnée"


class GenreLigneRevue(TextChoices):
    """What a line of a list does to the référentiel."""

    AJOUT = "AJOUT", "Ajoutée"
    MODIFICATION = "MODIFICATION", "Modifiée"
    FERMETURE = "FERMETURE", "Fermée"
    CONFLIT = "CONFLIT", "En conflit"


class EtatLigneRevue(TextChoices):
    """What a person said of a line."""

    A_REVOIR = "A_REVOIR", "À revoir"
    ACCEPTEE = "ACCEPTEE", "Acceptée"
    ECARTEE = "ECARTEE", "Écartée"


class NaturePublication(TextChoices):
    """What a publication writes once two persons agreed."""

    AJOUT_PRODUIT = "AJOUT_PRODUIT", "Ajout d'un produit"
    PRODUIT = "PRODUIT", "Mentions d'un produit"
    AJOUT_CADRE = "AJOUT_CADRE", "Ajout d'un cadre"
    CADRE = "CADRE", "Correction d'un cadre"
    FERMETURE_CADRE = "FERMETURE_CADRE", "Fermeture d'un cadre"
    AJOUT_CODE = "AJOUT_CODE", "Ajout d'un code"
    CODE = "CODE", "Correction d'un code"
    FERMETURE_CODE = "FERMETURE_CODE", "Fermeture d'un code"
    CRITERES = "CRITERES", "Critères d'octroi"
    DOCUMENT = "DOCUMENT", "Document"
    FICHE = "FICHE", "Contacts et autres noms"
    REGROUPEMENT = "REGROUPEMENT", "Regroupement de spécialités"
    NOUVELLE = "NOUVELLE", "Nouvelle de l'accueil"
    PARAMETRE = "PARAMETRE", "Paramètre"


class StatutPublication(TextChoices):
    """Where a two-person publication stands."""

    PROPOSEE = "PROPOSEE", "À relire"
    VALIDEE = "VALIDEE", "Validée, prendra effet"
    APPLIQUEE = "APPLIQUEE", "Publiée"
    REFUSEE = "REFUSEE", "Refusée"
    ANNULEE = "ANNULEE", "Annulée"


class NatureChangement(TextChoices):
    """What a line of the public log tells."""

    PRODUIT_AJOUTE = "PRODUIT_AJOUTE", "Produit ajouté"
    PRODUIT_MODIFIE = "PRODUIT_MODIFIE", "Produit modifié"
    CADRE_OUVERT = "CADRE_OUVERT", "Cadre ouvert"
    CADRE_MODIFIE = "CADRE_MODIFIE", "Cadre modifié"
    CADRE_FERME = "CADRE_FERME", "Cadre fermé"
    CODE_AJOUTE = "CODE_AJOUTE", "Code ajouté"
    CODE_MODIFIE = "CODE_MODIFIE", "Code modifié"
    CODE_FERME = "CODE_FERME", "Code fermé"
    CRITERES_PUBLIES = "CRITERES_PUBLIES", "Critères publiés"
    DOCUMENT_PUBLIE = "DOCUMENT_PUBLIE", "Document publié"
    DISPONIBILITE = "DISPONIBILITE", "Disponibilité"
