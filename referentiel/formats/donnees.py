"""The open export of the register: one table of columns, from which file and page are made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

LIGNE = (
    "Une ligne par UCD et code d'indication. Un cadre sans code, une UCD sans code ou un produit "
    "sans UCD a sa ligne aussi, les colonnes qui ne le concernent pas restant vides."
)
NOM = "referentiel"


@dataclass(frozen=True)
class Colonne:
    """One column: its name, what it holds, its type, and where it is read in a row."""

    nom: str
    contenu: str
    type: str
    objet: str
    attribut: str

    def read(self, row: Mapping[str, Any]) -> Any:
        """The value in one row, None when the row has no such object."""
        held = row.get(self.objet)
        if held is None:
            return None
        value = held[self.attribut] if isinstance(held, Mapping) else getattr(held, self.attribut)
        return None if value == "" else value


TEXTE, DATE, BOOLEEN, NOMBRE, UUID = "texte", "date AAAA-MM-JJ", "oui / non", "nombre", "UUID"
COLONNES: tuple[Colonne, ...] = (
    Colonne("produit_id", "identifiant stable du produit", UUID, "produit", "pk"),
    Colonne("produit", "nom, ou nom de code", TEXTE, "produit", "nom"),
    Colonne("dci", "dénomination commune internationale", TEXTE, "produit", "dci"),
    Colonne("forme", "forme pharmaceutique", TEXTE, "produit", "forme"),
    Colonne("dosage", "dosage", TEXTE, "produit", "dosage"),
    Colonne("voie", "voie d'administration", TEXTE, "produit", "voie"),
    Colonne("laboratoire", "titulaire ou exploitant", TEXTE, "produit", "laboratoire"),
    Colonne("atc", "code ATC", TEXTE, "produit", "atc"),
    Colonne(
        "prescription", "conditions de prescription et de délivrance", TEXTE, "produit",
        "condition_prescription",
    ),
    Colonne("ucd7", "code UCD, 7 chiffres", TEXTE, "specialite", "ucd7"),
    Colonne("ucd13", "code UCD, 13 chiffres", TEXTE, "specialite", "ucd13"),
    Colonne("ucd_libelle", "libellé de l'UCD", TEXTE, "specialite", "libelle"),
    Colonne("cis", "code CIS de la base publique des médicaments", TEXTE, "specialite", "cis"),
    Colonne("cadre_id", "identifiant stable du cadre", UUID, "cadre", "pk"),
    Colonne("cadre", "AAC, AAP, CPC ou DIRECT (accès direct)", TEXTE, "cadre", "framework"),
    Colonne("indication", "indication du cadre", TEXTE, "cadre", "indication"),
    Colonne("statut", "statut du cadre", TEXTE, "cadre", "statut"),
    Colonne("cadre_debut", "premier jour du cadre", DATE, "cadre", "debut"),
    Colonne("cadre_fin", "dernier jour du cadre", DATE, "cadre", "fin"),
    Colonne(
        "absent_depuis", "jour où le cadre a quitté les listes officielles", DATE, "cadre",
        "absente_depuis",
    ),
    Colonne("en_vigueur", "le cadre est en vigueur le jour de l'export", BOOLEEN, "jour", "ouvert"),
    Colonne("continuite", "poursuite d'un traitement commencé", BOOLEEN, "cadre", "continuite"),
    Colonne(
        "continuite_gratuite", "après les mois financés\u00a0: OUI, NON ou INCONNU", TEXTE, "cadre",
        "continuite_gratuite",
    ),
    Colonne("aap_apres_amm", "accès précoce après AMM", BOOLEEN, "cadre", "avec_amm"),
    Colonne("maladie_rare", "maladie rare", BOOLEEN, "cadre", "maladie_rare"),
    Colonne("pediatrie", "concerne des enfants", BOOLEEN, "cadre", "pediatrie"),
    Colonne("suivi_obligatoire", "suivi des patients obligatoire", BOOLEEN, "cadre",
            "suivi_obligatoire"),
    Colonne("criteres_publies", "des critères d'octroi sont publiés", BOOLEEN, "cadre",
            "criteres_publies"),
    Colonne("version_criteres", "version de ces critères", NOMBRE, "cadre", "version_criteres"),
    Colonne("code", "code d'indication à facturer avec l'UCD", TEXTE, "code", "code"),
    Colonne("code_libelle", "libellé du code, coupé à 200 caractères par la liste", TEXTE, "code",
            "libelle"),
    Colonne("code_generique", "code commun à beaucoup de produits", BOOLEEN, "code", "generique"),
    Colonne("code_debut", "premier jour de validité du code pour cette UCD", DATE, "code", "debut"),
    Colonne("code_fin", "dernier jour de validité", DATE, "code", "fin"),
    Colonne("page_officielle", "page officielle du cadre", TEXTE, "cadre", "lien_officiel"),
    Colonne("verifie_le", "jour de la dernière vérification", DATE, "cadre", "verifie_le"),
    Colonne("fiche", "adresse de la fiche", TEXTE, "jour", "fiche"),
    Colonne("exemple_fictif", "ligne inventée pour la démonstration", BOOLEEN, "jour", "fictif"),
)  # fmt: skip


def header() -> list[str]:
    """The names of the columns, in order."""
    return [colonne.nom for colonne in COLONNES]


def cells(row: Mapping[str, Any], write: Callable[[Any], Any]) -> Iterable[Any]:
    """The values of one row, each written by `write`."""
    return (write(colonne.read(row)) for colonne in COLONNES)


def as_text(value: Any) -> str:
    """As a CSV file writes it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    return value.isoformat() if isinstance(value, date) else str(value)


def as_json(value: Any) -> Any:
    """As a JSON line writes it."""
    if value is None or isinstance(value, bool | int | str):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)
