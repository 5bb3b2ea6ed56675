"""Kinds of dossier, and the states of each: one enumeration per state machine."""

from django.db.models import TextChoices


class Kind(TextChoices):
    """What a dossier is; the state of a dossier belongs to its kind."""

    DEMANDE_AAC = "DEMANDE_AAC", "Demande d'AAC"
    AAC = "AAC", "AAC"


class DemandeAacState(TextChoices):
    """Where a request for an AAC stands, from draft to decision (CSP, R. 5121-74)."""

    BROUILLON = "BROUILLON", "Brouillon"
    A_VALIDER_PUI = "A_VALIDER_PUI", "À valider par la PUI"
    RETOURNEE_PRESCRIPTEUR = "RETOURNEE_PRESCRIPTEUR", "Retournée au prescripteur"
    TRANSMISE_ANSM = "TRANSMISE_ANSM", "Transmise à l'ANSM"
    EN_INSTRUCTION = "EN_INSTRUCTION", "En instruction"
    COMPLEMENT_DEMANDE = "COMPLEMENT_DEMANDE", "Complément demandé"
    ACCORDEE = "ACCORDEE", "Accordée"
    REFUSEE = "REFUSEE", "Refusée"
    CLASSEE_SANS_SUITE = "CLASSEE_SANS_SUITE", "Classée sans suite"
    RETIREE = "RETIREE", "Retirée"


class AacState(TextChoices):
    """Where an authorisation stands, from grant to end (CSP, R. 5121-74-3 to -74-9)."""

    A_VENIR = "A_VENIR", "À venir"
    ACTIVE = "ACTIVE", "Active"
    SUSPENDUE = "SUSPENDUE", "Suspendue"
    EXPIREE = "EXPIREE", "Expirée"
    ARRETEE = "ARRETEE", "Arrêtée"
    REMPLACEE = "REMPLACEE", "Remplacée"
    RETIREE_ANSM = "RETIREE_ANSM", "Retirée par l'ANSM"


STATES: dict[str, type[TextChoices]] = {
    Kind.DEMANDE_AAC: DemandeAacState,
    Kind.AAC: AacState,
}
FINAL_DEMANDE = frozenset(
    {
        DemandeAacState.ACCORDEE,
        DemandeAacState.REFUSEE,
        DemandeAacState.CLASSEE_SANS_SUITE,
        DemandeAacState.RETIREE,
    }
)
# Ended without an authorisation: nothing follows, the request may be taken up again as a draft.
SANS_ACCORD = FINAL_DEMANDE - {DemandeAacState.ACCORDEE}
# What a prescriber may still write on.
EDITABLE = frozenset({DemandeAacState.BROUILLON, DemandeAacState.RETOURNEE_PRESCRIPTEUR})
ENDED_AAC = frozenset(
    {AacState.EXPIREE, AacState.ARRETEE, AacState.REMPLACEE, AacState.RETIREE_ANSM}
)
# Decided, closed or ended: nobody's turn any more.
FINAL = FINAL_DEMANDE | ENDED_AAC


class CommandeState(TextChoices):
    """Where an order stands between the PUI and its supplier."""

    PREPAREE = "PREPAREE", "Préparée"
    ENVOYEE = "ENVOYEE", "Envoyée"
    CONFIRMEE = "CONFIRMEE", "Confirmée"
    PARTIELLE = "PARTIELLE", "Reçue en partie"
    RECUE = "RECUE", "Reçue"
    REFUSEE = "REFUSEE", "Refusée par le fournisseur"
    EN_RUPTURE = "EN_RUPTURE", "En rupture"
    ANNULEE = "ANNULEE", "Annulée"


class Sexe(TextChoices):
    M = "M", "Masculin"
    F = "F", "Féminin"
    I = "I", "Indéterminé"  # noqa: E741  (the field's own code)


class TypeDemande(TextChoices):
    INITIALE = "INITIALE", "Initiale"
    RENOUVELLEMENT = "RENOUVELLEMENT", "Renouvellement"
    MODIFICATION = "MODIFICATION", "Modification"


class ModeJustification(TextChoices):
    CRITERES = "CRITERES", "Le patient entre dans les critères publiés"
    JUSTIFICATION = "JUSTIFICATION", "Demande justifiée hors critères"


class Voie(TextChoices):
    """The lane a request takes at the agency; a human signs in both."""

    ACCELEREE = "ACCELEREE", "Accélérée (critères remplis)"
    COMPLETE = "COMPLETE", "Complète (justification)"


class Gravite(TextChoices):
    GRAVE = "GRAVE", "Grave"
    RARE = "RARE", "Rare"
    INVALIDANTE = "INVALIDANTE", "Invalidante"


class IssueTraitement(TextChoices):
    ECHEC = "ECHEC", "Échec"
    INTOLERANCE = "INTOLERANCE", "Intolérance"
    CONTRE_INDICATION = "CONTRE_INDICATION", "Contre-indication"


class UniteAge(TextChoices):
    JOURS = "JOURS", "jours"
    SEMAINES = "SEMAINES", "semaines"
    MOIS = "MOIS", "mois"
    ANS = "ANS", "ans"


class Audience(TextChoices):
    HOPITAL = "HOPITAL", "Dans l'hôpital"
    AGENCE = "AGENCE", "Avec l'agence"


class Proposition(TextChoices):
    FAVORABLE = "FAVORABLE", "Favorable"
    DEFAVORABLE = "DEFAVORABLE", "Défavorable"


class MotifRefus(TextChoices):
    """Grounds of refusal, a closed list (CSP, R. 5121-74-2)."""

    ALTERNATIVE = "ALTERNATIVE", "Un traitement approprié est disponible"
    ESSAI_OUVERT = "ESSAI_OUVERT", "Le patient peut entrer dans une recherche en cours"
    DONNEES = "DONNEES", "Efficacité et sécurité non présumées en l'état des données"
    AUTRE_CADRE = "AUTRE_CADRE", "Une AMM, une AAP ou un CPC couvre l'indication"
    INCOMPLET = "INCOMPLET", "Dossier incomplet : section du code non respectée"
    SANTE_PUBLIQUE = "SANTE_PUBLIQUE", "Autre motif de santé publique"


class TypeDecision(TextChoices):
    ACCORD = "ACCORD", "Autorisation"
    REFUS = "REFUS", "Refus"
    CLASSEMENT = "CLASSEMENT", "Classement sans suite"


class ContexteDispensation(TextChoices):
    SEJOUR = "SEJOUR", "Séjour"
    RETROCESSION = "RETROCESSION", "Rétrocession"
    HAD = "HAD", "Hospitalisation à domicile"


class NatureSortie(TextChoices):
    """Why units of a lot leave the stock without going to a patient."""

    RETOUR = "RETOUR", "Retour au fournisseur"
    DESTRUCTION = "DESTRUCTION", "Destruction"


class NiveauChiffre(TextChoices):
    """What a published figure adds up."""

    TOTAL = "TOTAL", "Ensemble"
    CADRE = "CADRE", "Cadre"
    PRODUIT = "PRODUIT", "Produit"


class MesureChiffre(TextChoices):
    """What a published figure counts or measures."""

    DEMANDES = "DEMANDES", "Demandes envoyées"
    DECISIONS = "DECISIONS", "Décisions"
    PATIENTS = "PATIENTS", "Patients"
    DELAI_TRANSMISSION = "DELAI_TRANSMISSION", "De l'envoi à la transmission"
    DELAI_DECISION = "DELAI_DECISION", "De la transmission à la décision"


DELAIS = (MesureChiffre.DELAI_TRANSMISSION, MesureChiffre.DELAI_DECISION)
