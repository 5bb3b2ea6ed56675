"""The text that travels beside a file: what it is worth and how to know it again."""

from billing.formats.columns import french
from billing.models import Envoi
from engine import clocks

SIMULATION = (
    "SIMULATION - sans valeur.\n"
    "Ce fichier a été produit par une installation de Placet qui n'a pas la clé d'une autorité.\n"
    "Son nom commence par SIMULATION_ ; ses octets, eux, suivent exactement le format.\n"
    "Ne le transmettez pas à e-PMSI.\n"
)
PRODUCTION = "Fichier produit par Placet, à sélectionner dans DRUIDES.\n"


def lisezmoi(envoi: Envoi) -> str:
    """The sidecar of a file, the same each time it is asked for."""
    imported = envoi.referentiel_au
    referentiel = f"{clocks.local(imported):%d/%m/%Y}" if imported else "date inconnue"
    zero = "incluses" if envoi.inclure_zero else "exclues"
    return (
        (SIMULATION if envoi.simulation else PRODUCTION)
        + "\n"
        + f"Fichier : {envoi.nom}\n"
        + f"Format : {envoi.get_format_display()}, 105 positions, fins de ligne CRLF\n"
        + f"Période : M{envoi.mois} {envoi.annee}, cumulée depuis le 1er janvier {envoi.annee}\n"
        + f"Lignes : {envoi.lignes}\n"
        + f"Total : {french(envoi.total)} euros TTC\n"
        + f"Lignes à 0 euro : {zero}\n"
        + f"Codes indication : liste importée le {referentiel}\n"
        + f"Créé le : {clocks.local(envoi.cree_le):%d/%m/%Y à %H:%M}\n"
        + f"SHA-256 : {envoi.sha256}\n"
    )
