"""The invented texts of the demonstration sheets: documents, words for the patient, conditions."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from referentiel.states import RubriqueSecurite, TypeDocument

R = RubriqueSecurite


@dataclass(frozen=True)
class VersionDemo:
    """One invented version of a document."""

    version: str
    effet: date
    texte: str
    extraits: tuple[tuple[RubriqueSecurite, str], ...] = ()


@dataclass(frozen=True)
class FicheDemo:
    """What one demonstration product shows besides its criteria."""

    ucd7: str
    code: str
    resume: str
    documents: dict[TypeDocument, tuple[VersionDemo, ...]] = field(default_factory=dict)
    conditions: str = ""


_PUT_INDOCIN = (
    VersionDemo(
        "1",
        date(2024, 3, 1),
        "Protocole de suivi inventé pour la démonstration.\n\n"
        "Visite d'initiation : taille, poids, créatininémie, ionogramme.\n"
        "Visites de suivi : tous les trois mois, créatininémie et pression artérielle.\n"
        "Arrêt : fiche d'arrêt dans les sept jours.",
        ((R.SURVEILLANCE, "Créatininémie et pression artérielle tous les trois mois."),),
    ),
    VersionDemo(
        "2",
        date(2025, 9, 15),
        "Protocole de suivi inventé pour la démonstration.\n\n"
        "Visite d'initiation : taille, poids, créatininémie, ionogramme.\n"
        "Visites de suivi : chaque mois pendant trois mois, puis tous les trois mois, "
        "créatininémie et pression artérielle.\n"
        "Arrêt : fiche d'arrêt dans les sept jours.",
        (
            (R.SURVEILLANCE, "Créatininémie et pression artérielle chaque mois pendant trois mois, "
                             "puis tous les trois mois."),
            (R.MISE_EN_GARDE, "Arrêter en cas de saignement digestif."),
        ),
    ),
)  # fmt: skip
FICHES: tuple[FicheDemo, ...] = (
    FicheDemo(
        "9321007",
        "NINDO05",
        "Ce sirop diminue la perte de protéines dans les urines, chez des enfants dont les reins "
        "laissent passer trop de protéines depuis la naissance. Il n'est pas vendu en France : "
        "le médecin de votre enfant demande une autorisation pour lui. Il faudra des prises de "
        "sang régulières. Prévenez le médecin en cas de mal de ventre ou de selles noires. "
        "(Texte inventé pour la démonstration.)",
        {
            TypeDocument.PUT_SP: _PUT_INDOCIN,
            TypeDocument.RCP: (
                VersionDemo(
                    "1",
                    date(2023, 6, 1),
                    "Résumé inventé pour la démonstration : il ne décrit aucun médicament réel.",
                    (
                        (R.CONTRE_INDICATION, "Hémorragie digestive en cours."),
                        (R.INTERACTION, "Autres anti-inflammatoires : association déconseillée."),
                        (R.CONSERVATION, "À conserver entre 2 et 8 °C, flacon ouvert 28 jours."),
                    ),
                ),
            ),
            TypeDocument.NOTE_PATIENT: (
                VersionDemo(
                    "1",
                    date(2024, 3, 1),
                    "Note d'information inventée pour la démonstration, à remettre aux parents.",
                ),
            ),
        },
        "Initiation et suivi par un néphrologue pédiatre (exemple fictif).",
    ),
    FicheDemo(
        "9094468",
        "NETHI01",
        "Ce médicament aide à soigner une tuberculose que les traitements habituels ne guérissent "
        "pas. Il se prend avec d'autres médicaments, plusieurs mois. (Texte inventé pour la "
        "démonstration.)",
        {
            TypeDocument.PUT_SP: (
                VersionDemo(
                    "1",
                    date(2024, 1, 15),
                    "Protocole de suivi inventé : bilan hépatique chaque mois.",
                    ((R.SURVEILLANCE, "Bilan hépatique chaque mois."),),
                ),
            ),
        },
    ),
)
TITRES = {
    TypeDocument.PUT_SP: "Protocole d'utilisation et de suivi",
    TypeDocument.RCP: "Résumé des caractéristiques",
    TypeDocument.NOTE_PATIENT: "Note d'information pour le patient",
    TypeDocument.DECISION_HAS: "Refus de l'accès précoce",
    TypeDocument.DECISION_CPC: "Décision de ne pas établir de cadre",
    TypeDocument.PUT_RD: "Protocole d'utilisation et recueil de données",
}
