"""What the law asks of an AAC request before it is sent (CSP, R. 5121-74 I).

Each function is pure: it reads frozen facts and answers the obstacles, with the sentence people
read and the field that cures it.
"""

from __future__ import annotations

from access.rules.cadre import closed_blockers
from access.rules.delais import end_of, latest_end
from access.rules.faits_demande import FaitsDemande
from access.states import ModeJustification
from engine.steps import Blocker, blocked_if

LIBRE_OBLIGATOIRE = {
    "libre_nom": "le nom",
    "libre_forme": "la forme",
    "libre_dosage": "le dosage",
}


def submission_blockers(f: FaitsDemande) -> list[Blocker]:
    """What a request lacks before it goes to the PUI (CSP, R. 5121-74 I)."""
    return [
        *_product_blockers(f),
        *_patient_blockers(f),
        *_dosage_blockers(f),
        *_disease_blockers(f),
        *_path_blockers(f),
        *_circuit_blockers(f),
    ]


def _product_blockers(f: FaitsDemande) -> list[Blocker]:
    """3° product, form, strength; 4° indication; decision routes that are open instead."""
    found: list[Blocker] = []
    if not f.has_produit:
        for key, label in LIBRE_OBLIGATOIRE.items():
            found += blocked_if(
                not f.libre.get(key), f"SANS_{key.upper()}", f"Il manque {label} du produit.", key
            )
    found += blocked_if(not f.indication, "SANS_INDICATION", "L'indication manque.", "indication")
    found += closed_blockers(f.cadre_ferme, f.autre_route)
    found += blocked_if(
        bool(f.autre_route) and not f.poursuite_motif,
        "AUTRE_ROUTE",
        f"{f.autre_route} Dites pourquoi un accès compassionnel reste nécessaire.",
        "poursuite_motif",
    )
    return found


def _patient_blockers(f: FaitsDemande) -> list[Blocker]:
    """2° initials, age, sex, weight."""
    found = blocked_if(not f.has_patient, "SANS_PATIENT", "Le patient manque.", "patient_nom")
    found += blocked_if(
        f.sans_initiales,
        "INITIALES_ILLISIBLES",
        "Le nom et le prénom du patient n'ont pas d'initiale entre A et Z.",
        "patient_nom",
    )
    found += blocked_if(
        f.poids_kg is None,
        "SANS_POIDS",
        "Le poids manque : l'ANSM en a besoin pour vérifier la posologie.",
        "poids_kg",
    )
    found += blocked_if(
        f.schema_par_surface and f.surface_m2 is None,
        "SANS_SURFACE",
        "La dose est exprimée par m² : la surface corporelle manque.",
        "surface_m2",
    )
    found += blocked_if(
        f.demande_age_gestationnel and f.age_gestationnel_sa is None,
        "SANS_AGE_GESTATIONNEL",
        "Ce produit demande l'âge gestationnel.",
        "age_gestationnel_sa",
    )
    return found


def _dosage_blockers(f: FaitsDemande) -> list[Blocker]:
    """4° dosage; length of treatment, one year at most (R. 5121-74-3 I)."""
    found = blocked_if(
        f.dose is None or not f.dose_unite, "SANS_DOSE", "La dose et son unité manquent.", "dose"
    )
    found += blocked_if(
        not f.frequence, "SANS_FREQUENCE", "La fréquence des prises manque.", "frequence"
    )
    found += blocked_if(not f.voie, "SANS_VOIE", "La voie d'administration manque.", "voie")
    found += blocked_if(
        f.unites_par_jour is None,
        "SANS_UNITES",
        "Le nombre d'unités par jour manque : la quantité à commander en dépend.",
        "unites_par_jour",
    )
    found += blocked_if(f.duree_jours is None, "SANS_DUREE", "La durée manque.", "duree_jours")
    found += blocked_if(
        f.date_debut is None, "SANS_DEBUT", "La date de début manque.", "date_debut_souhaitee"
    )
    if f.date_debut is not None and f.date_debut < f.jour:
        found.append(Blocker("DEBUT_PASSE", "Le début souhaité est passé.", "date_debut_souhaitee"))
    if f.date_debut is not None and f.duree_jours is not None:
        last = latest_end(f.date_debut, f.parametres)
        if end_of(f.date_debut, f.duree_jours) > last:
            found.append(
                Blocker(
                    "DUREE_EXCESSIVE",
                    "Une AAC dure au plus un an : la fin ne peut dépasser le "
                    f"{last:%d/%m/%Y} (CSP, R. 5121-74-3).",
                    "duree_jours",
                )
            )
    return found


def _disease_blockers(f: FaitsDemande) -> list[Blocker]:
    """L. 5121-12-1 II (serious, rare or disabling), 6° deferrable, 5° ongoing research."""
    found = blocked_if(
        not f.gravite,
        "SANS_GRAVITE",
        "Dites si la maladie est grave, rare ou invalidante.",
        "gravite",
    )
    found += blocked_if(
        f.differable is None,
        "SANS_DIFFERABLE",
        "Dites si le traitement peut être différé (CSP, R. 5121-74 I 6°).",
        "differable",
    )
    found += blocked_if(
        f.acces_tres_precoce and f.differable is True,
        "TRES_PRECOCE_DIFFERABLE",
        "Un accès très précoce suppose un traitement qui ne peut être différé "
        "(CSP, L. 5121-12-1 II).",
        "differable",
    )
    without = f.traitements_anterieurs == 0 and not (
        f.aucun_traitement and f.aucun_traitement_motif
    )
    found += blocked_if(
        without,
        "SANS_ANTERIEURS",
        "Indiquez un traitement antérieur, ou « aucun » et pourquoi.",
        "traitements_anterieurs",
    )
    found += blocked_if(
        f.essai_en_cours is None,
        "SANS_ESSAI",
        "Dites si une recherche est en cours dans l'indication (CSP, R. 5121-74 I 5°).",
        "essai_en_cours",
    )
    found += blocked_if(
        f.essai_en_cours is True and not (f.essai_numero and f.essai_motif),
        "ESSAI_INCOMPLET",
        "Donnez le numéro de la recherche et dites pourquoi le patient ne peut y entrer.",
        "essai_numero",
    )
    return found


def _path_blockers(f: FaitsDemande) -> list[Blocker]:
    """6°: the criteria are met, or each part of the justification is written."""
    if f.mode == ModeJustification.CRITERES:
        return _criteria_blockers(f)
    if f.mode == ModeJustification.JUSTIFICATION:
        return _justification_blockers(f)
    return [
        Blocker(
            "SANS_VOIE_DEMANDE",
            "Dites si le patient entre dans les critères.",
            "mode_justification",
        )
    ]


def _criteria_blockers(f: FaitsDemande) -> list[Blocker]:
    if not f.cadre_publie_des_criteres:
        return [
            Blocker(
                "SANS_CRITERES_PUBLIES",
                "Aucun critère n'est publié pour cette indication : justifiez la demande.",
                "mode_justification",
            )
        ]
    silent = sum(c.reponse is None for c in f.criteres)
    if silent:
        word = "critère attend" if silent == 1 else "critères attendent"
        return [Blocker("CRITERES_SANS_REPONSE", f"{silent} {word} une réponse.", "criteres")]
    if not f.criteria_met:
        return [
            Blocker(
                "CRITERES_NON_REMPLIS",
                "Un critère n'est pas rempli : la demande reste possible, en la justifiant.",
                "mode_justification",
            )
        ]
    return []


def _justification_blockers(f: FaitsDemande) -> list[Blocker]:
    """a not includable, b no appropriate treatment, c presumed efficacy; and a reference."""
    least = int(f.parametres["aac.justification_caracteres_min"])
    found: list[Blocker] = []
    for key, label in (
        ("justif_inclusion", "pourquoi le patient ne peut entrer dans une recherche"),
        ("justif_alternative", "pourquoi aucun traitement n'est approprié"),
        ("justif_efficacite", "ce qui fait présumer l'efficacité et la sécurité"),
    ):
        if len(f.justifications.get(key, "").strip()) < least:
            found.append(
                Blocker(
                    f"SANS_{key.upper()}", f"Expliquez {label} ({least} caractères au moins).", key
                )
            )
    return found + blocked_if(
        not f.references.strip(), "SANS_REFERENCES", "Citez au moins une référence.", "references"
    )


def _circuit_blockers(f: FaitsDemande) -> list[Blocker]:
    """1° a named prescriber; a PUI in service to transmit; pieces whose content is checked."""
    return [
        *blocked_if(
            not f.prescripteur_nomme,
            "SANS_PRESCRIPTEUR",
            "Nommez le médecin prescripteur qui enverra la demande.",
            "prescripteur",
        ),
        *blocked_if(
            not f.pui_active, "SANS_PUI", "Choisissez une pharmacie (PUI) en service.", "pui"
        ),
        *blocked_if(
            f.pieces_non_controlees > 0,
            "PIECES_NON_CONTROLEES",
            "Une pièce n'est pas encore contrôlée.",
            "pieces",
        ),
    ]
