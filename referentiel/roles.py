"""Who a person is when they act: the roles of the people Placet serves."""

from django.db.models import TextChoices


class Role(TextChoices):
    """A role held in one organisation; rights are those of the role picked at sign-in."""

    PRESCRIPTEUR = "PRESCRIPTEUR", "Prescripteur"
    INTERNE = "INTERNE", "Interne"
    PHARMACIEN = "PHARMACIEN", "Pharmacien de PUI"
    EVALUATEUR_ANSM = "EVALUATEUR_ANSM", "Évaluateur ANSM"
    DECIDEUR_ANSM = "DECIDEUR_ANSM", "Décideur ANSM"
    GESTIONNAIRE_ANSM = "GESTIONNAIRE_ANSM", "Gestionnaire ANSM"
    EVALUATEUR_HAS = "EVALUATEUR_HAS", "Évaluateur HAS"
    DECIDEUR_HAS = "DECIDEUR_HAS", "Décideur HAS"
    GESTIONNAIRE_HAS = "GESTIONNAIRE_HAS", "Gestionnaire HAS"
    LABORATOIRE = "LABORATOIRE", "Laboratoire"
    SIGNALANT = "SIGNALANT", "Organisme signalant"
    MINISTERE = "MINISTERE", "Ministère"
    CRPV = "CRPV", "Centre régional de pharmacovigilance"
    FACTURATION = "FACTURATION", "Facturation"
    ADMIN_ETABLISSEMENT = "ADMIN_ETABLISSEMENT", "Administrateur d'établissement"
    ADMIN = "ADMIN", "Administrateur de la plateforme"


# An INTERNE whose place is a pharmacy: what its table of grants adds, which pages it opens.
INTERNE_PUI = "INTERNE_PUI"
PROFILS = {**dict(Role.choices), INTERNE_PUI: "Interne à la PUI"}

HOSPITAL_ROLES = frozenset(
    {Role.PRESCRIPTEUR, Role.INTERNE, Role.PHARMACIEN, Role.FACTURATION, Role.ADMIN_ETABLISSEMENT}
)
ANSM_ROLES = frozenset({Role.EVALUATEUR_ANSM, Role.DECIDEUR_ANSM, Role.GESTIONNAIRE_ANSM})
HAS_ROLES = frozenset({Role.EVALUATEUR_HAS, Role.DECIDEUR_HAS, Role.GESTIONNAIRE_HAS})
# Those whose work begins with a new request: its button is theirs.
DEMANDEURS = frozenset({Role.PRESCRIPTEUR, Role.INTERNE})
SECOND_FACTOR_ROLES = ANSM_ROLES | HAS_ROLES | {Role.ADMIN, Role.ADMIN_ETABLISSEMENT}
