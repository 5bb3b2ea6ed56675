"""The summary beside the request form: what is said, what sending still needs, how long it is."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

from access.models import DemandeAac
from access.rules.envoi import submission_blockers
from access.rules.posologie import total_quantity
from access.selectors.demande import cadres_for
from access.states import ModeJustification
from engine.clocks import now
from engine.steps import Blocker
from referentiel.formats.french import write_number

# How the summary names what is missing, and where it is written when that is not one field.
NAMES = {
    "produit": "produit",
    "libre_nom": "nom du produit",
    "libre_forme": "forme du produit",
    "libre_dosage": "dosage du produit",
    "indication": "indication",
    "poursuite_motif": "pourquoi un accès compassionnel malgré tout",
    "patient_nom": "identité du patient",
    "poids_kg": "poids",
    "surface_m2": "surface corporelle",
    "age_gestationnel_sa": "âge gestationnel",
    "dose": "dose et unité",
    "frequence": "fréquence",
    "voie": "voie d'administration",
    "unites_par_jour": "unités par jour",
    "duree_jours": "durée",
    "date_debut_souhaitee": "date de début",
    "gravite": "gravité",
    "differable": "traitement différable ou non",
    "traitements_anterieurs": "traitements antérieurs",
    "essai_en_cours": "recherche en cours",
    "essai_numero": "numéro et motif de la recherche",
    "mode_justification": "voie de la demande",
    "criteres": "critères",
    "justif_inclusion": "non-inclusion dans une recherche",
    "justif_alternative": "absence de traitement approprié",
    "justif_efficacite": "efficacité et sécurité présumées",
    "references": "référence",
    "prescripteur": "prescripteur",
    "pui": "pharmacie",
    "pieces": "pièces",
}
SHORT = frozenset({"AUTRE_ROUTE", "ESSAI_INCOMPLET", "CRITERES_SANS_REPONSE"})
# What justifies a request outside the criteria.
REASONS = frozenset({"justif_inclusion", "justif_alternative", "justif_efficacite", "references"})
SECONDS = {"typed": 10, "ticked": 5, "text": 90}


@dataclass(frozen=True)
class Progress:
    """What stands beside the form."""

    items: list[dict[str, Any]]
    missing: list[dict[str, str]]
    blockers: list[Blocker]
    criteres: str
    quantite: str

    @property
    def ready(self) -> bool:
        return not self.blockers


def undecided(demande: DemandeAac) -> bool:
    """True while the indication, which says what will be asked, is not told."""
    told = demande.cadre_id is not None or bool(demande.indication)
    return demande.produit_id is not None and not told and bool(cadres_for(demande.produit))


def progress(demande: DemandeAac, user: Any) -> Progress:
    """What the request says so far and what sending it still needs."""
    facts = demande.facts(now(), user)
    blockers = submission_blockers(facts)
    told = criteria_told([c.met if c.reponse is not None else None for c in facts.criteres])
    detail = demande.detail_aac
    quantity = total_quantity(detail.unites_par_jour, detail.duree_jours)
    told_quantity = f"{write_number(quantity)}\u00a0unités" if quantity is not None else ""
    who = ", ".join(part for part in (demande.initiales, demande.age) if part)
    later = REASONS if undecided(demande) else frozenset()
    items = [
        {"label": "Produit", "value": demande.produit_nom or "À choisir"},
        {"label": "Patient", "value": who or "À nommer"},
        {"label": "Critères", "value": "Selon l'indication" if later else told},
        {"label": "Quantité", "value": told_quantity or "À venir"},
    ]
    missing = [
        {"message": _name_of(b), "url": f"#{anchor(b.field)}" if b.field else ""}
        for b in blockers
        if b.field not in later
    ]
    return Progress(items, _once(missing), blockers, told, told_quantity)


def criteria_told(outcomes: list[bool | None]) -> str:
    """« 4 remplis, 1 à dire »: met, not met, not said yet."""
    if not outcomes:
        return "Aucun publié"
    met, unmet = outcomes.count(True), outcomes.count(False)
    parts = [f"{met} {'rempli' if met < 2 else 'remplis'}"]
    if unmet:
        parts.append(f"{unmet} non {'rempli' if unmet < 2 else 'remplis'}")
    if None in outcomes:
        parts.append(f"{outcomes.count(None)} à dire")
    return ", ".join(parts)


def _name_of(blocker: Blocker) -> str:
    """A short name for what is empty, the whole sentence for what is wrong."""
    if blocker.code.startswith("SANS_") or blocker.code in SHORT:
        return NAMES.get(blocker.field, blocker.message)
    return blocker.message


def _once(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    return list({line["message"]: line for line in lines}.values())


def anchor(field: str) -> str:
    """The id of the place where a missing thing is written."""
    return f"id_{field}"


def length_told(demande: DemandeAac, criteres: int) -> str:
    """« environ 3 minutes, 9 champs »: what the path of this request asks to type and tick."""
    mode = demande.detail_aac.mode_justification
    justified = mode == ModeJustification.JUSTIFICATION and not undecided(demande)
    typed, ticked, texts = 9, 4 + (0 if justified else criteres), 4 if justified else 0
    if demande.produit_id is None:
        typed += 4
    elif demande.cadre_id is None:
        typed, ticked = typed + 1, ticked + 1
    seconds = typed * SECONDS["typed"] + ticked * SECONDS["ticked"] + texts * SECONDS["text"]
    told = f"environ {max(1, ceil(seconds / 60))} minutes, {typed} champs"
    return told + (f" et {texts} textes" if texts else "")
