"""What the law asks of a request, case by case; the id of each case names its source."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from access.rules import aac, dispensation, envoi, instruction
from access.rules.cadre import Fermeture
from access.rules.faits_demande import CritereFait, FaitsDemande
from referentiel.parametres import INITIAUX

JOUR = date(2026, 3, 2)
PARAMETRES = {p.code: p.valeur for p in INITIAUX}
TEXTE = "Explication fictive assez longue pour être lue par une agence."
COMPLETE = FaitsDemande(
    jour=JOUR,
    parametres=PARAMETRES,
    has_patient=True,
    naissance=date(2019, 3, 14),
    sexe="F",
    poids_kg=Decimal("20.5"),
    has_produit=True,
    pui_active=True,
    prescripteur_nomme=True,
    indication="Maladie fictive",
    dose=Decimal(10),
    dose_unite="mg",
    frequence="2 fois par jour",
    voie="orale",
    unites_par_jour=Decimal(1),
    duree_jours=180,
    date_debut=JOUR,
    differable=False,
    gravite=("RARE",),
    mode="CRITERES",
    cadre_publie_des_criteres=True,
    criteres=(CritereFait("Question ?", True, True),),
    traitements_anterieurs=1,
    essai_en_cours=False,
)
JUSTIFIEE = replace(
    COMPLETE,
    mode="JUSTIFICATION",
    justifications=dict.fromkeys(
        ("justif_inclusion", "justif_alternative", "justif_efficacite"), TEXTE
    ),
    references="Revue imaginaire, 2025.",
)


def codes(facts):
    return [blocker.code for blocker in envoi.submission_blockers(facts)]


@pytest.mark.parametrize("facts", [COMPLETE, JUSTIFIEE], ids=["critères", "justification"])
def test_a_complete_request_has_no_obstacle(facts):
    assert codes(facts) == []


@pytest.mark.parametrize(
    ("change", "code"),
    [
        pytest.param({"prescripteur_nomme": False}, "SANS_PRESCRIPTEUR", id="R.5121-74 I 1°"),
        pytest.param({"has_patient": False}, "SANS_PATIENT", id="R.5121-74 I 2° initiales, âge"),
        pytest.param({"poids_kg": None}, "SANS_POIDS", id="R.5121-74 I 2° poids"),
        pytest.param(
            {"has_produit": False, "libre": {"libre_forme": "gélule", "libre_dosage": "5 mg"}},
            "SANS_LIBRE_NOM",
            id="R.5121-74 I 3° nom",
        ),
        pytest.param(
            {"has_produit": False, "libre": {"libre_nom": "Fictif", "libre_dosage": "5 mg"}},
            "SANS_LIBRE_FORME",
            id="R.5121-74 I 3° forme",
        ),
        pytest.param(
            {"has_produit": False, "libre": {"libre_nom": "Fictif", "libre_forme": "gélule"}},
            "SANS_LIBRE_DOSAGE",
            id="R.5121-74 I 3° dosage",
        ),
        pytest.param({"indication": ""}, "SANS_INDICATION", id="R.5121-74 I 4° indication"),
        pytest.param({"dose": None}, "SANS_DOSE", id="R.5121-74 I 4° posologie"),
        pytest.param({"dose_unite": ""}, "SANS_DOSE", id="R.5121-74 I 4° unité"),
        pytest.param({"frequence": ""}, "SANS_FREQUENCE", id="R.5121-74 I 4° fréquence"),
        pytest.param({"voie": ""}, "SANS_VOIE", id="R.5121-74 I 4° voie"),
        pytest.param({"unites_par_jour": None}, "SANS_UNITES", id="unités par jour"),
        pytest.param({"duree_jours": None}, "SANS_DUREE", id="R.5121-74 I 4° durée"),
        pytest.param({"date_debut": None}, "SANS_DEBUT", id="R.5121-74 I 4° début"),
        pytest.param({"essai_en_cours": None}, "SANS_ESSAI", id="R.5121-74 I 5°"),
        pytest.param(
            {"essai_en_cours": True, "essai_numero": "2026-000001"},
            "ESSAI_INCOMPLET",
            id="R.5121-74 I 5° pourquoi non incluable",
        ),
        pytest.param(
            {"essai_en_cours": True, "essai_motif": "Trop jeune."},
            "ESSAI_INCOMPLET",
            id="R.5121-74 I 5° numéro",
        ),
        pytest.param({"differable": None}, "SANS_DIFFERABLE", id="R.5121-74 I 6° différable"),
        pytest.param({"mode": ""}, "SANS_VOIE_DEMANDE", id="R.5121-74 I 6° voie"),
        pytest.param({"gravite": ()}, "SANS_GRAVITE", id="L.5121-12-1 II"),
        pytest.param(
            {"acces_tres_precoce": True, "differable": True},
            "TRES_PRECOCE_DIFFERABLE",
            id="L.5121-12-1 II exception",
        ),
        pytest.param({"traitements_anterieurs": 0}, "SANS_ANTERIEURS", id="antérieurs non dits"),
        pytest.param(
            {"traitements_anterieurs": 0, "aucun_traitement": True},
            "SANS_ANTERIEURS",
            id="aucun sans motif",
        ),
        pytest.param({"pui_active": False}, "SANS_PUI", id="R.5121-74 PUI"),
        pytest.param(
            {"cadre_ferme": Fermeture(date(2026, 3, 1), "a pris fin le")},
            "CADRE_FERME",
            id="cadre fermé hier",
        ),
        pytest.param({"autre_route": "Une AMM existe."}, "AUTRE_ROUTE", id="autre voie ouverte"),
        pytest.param({"schema_par_surface": True}, "SANS_SURFACE", id="dose par m² sans surface"),
        pytest.param(
            {"demande_age_gestationnel": True}, "SANS_AGE_GESTATIONNEL", id="âge gestationnel"
        ),
        pytest.param({"pieces_non_controlees": 1}, "PIECES_NON_CONTROLEES", id="pièce en attente"),
        pytest.param(
            {"criteres": (CritereFait("?", True, None),)},
            "CRITERES_SANS_REPONSE",
            id="critère sans réponse",
        ),
        pytest.param(
            {"criteres": (CritereFait("?", True, False),)},
            "CRITERES_NON_REMPLIS",
            id="critère non rempli",
        ),
        pytest.param(
            {"criteres": (), "cadre_publie_des_criteres": False},
            "SANS_CRITERES_PUBLIES",
            id="aucun critère publié",
        ),
    ],
)
def test_what_is_missing_is_said(change, code):
    assert codes(replace(COMPLETE, **change)) == [code]


@pytest.mark.parametrize(
    "change",
    [
        {"has_produit": False, "libre": dict.fromkeys(envoi.LIBRE_OBLIGATOIRE, "Fictif")},
        {"essai_en_cours": True, "essai_numero": "2026-000001", "essai_motif": "Trop jeune."},
        {
            "traitements_anterieurs": 0,
            "aucun_traitement": True,
            "aucun_traitement_motif": "Première intention.",
        },
        {"autre_route": "Une AMM existe.", "poursuite_motif": "Rupture de stock."},
        {"acces_tres_precoce": True, "differable": False},
        {"schema_par_surface": True, "surface_m2": Decimal("0.8")},
        {"demande_age_gestationnel": True, "age_gestationnel_sa": 32},
    ],
    ids=lambda change: next(iter(change)),
)
def test_what_is_answered_is_no_obstacle(change):
    assert codes(replace(COMPLETE, **change)) == []


@pytest.mark.parametrize("part", ["justif_inclusion", "justif_alternative", "justif_efficacite"])
def test_each_part_of_a_justification_is_asked(part):
    short = {**JUSTIFIEE.justifications, part: "Trop court."}
    assert codes(replace(JUSTIFIEE, justifications=short)) == [f"SANS_{part.upper()}"]


def test_a_justification_has_its_length_and_a_reference():
    least = int(PARAMETRES["aac.justification_caracteres_min"])
    for length, expected in ((least - 1, ["SANS_JUSTIF_INCLUSION"]), (least, [])):
        texts = {**JUSTIFIEE.justifications, "justif_inclusion": f" {'x' * length} "}
        assert codes(replace(JUSTIFIEE, justifications=texts)) == expected
    assert codes(replace(JUSTIFIEE, references=" ")) == ["SANS_REFERENCES"]


@pytest.mark.parametrize(
    ("start", "days", "refused"),
    [
        pytest.param(date(2026, 3, 2), 365, False, id="un an moins un jour"),
        pytest.param(date(2026, 3, 2), 366, True, id="un an et un jour"),
        pytest.param(date(2027, 3, 1), 366, False, id="année bissextile 2028"),
        pytest.param(date(2027, 3, 1), 367, True, id="année bissextile, un jour de trop"),
        pytest.param(date(2028, 2, 29), 365, False, id="né un 29 février"),
    ],
)
def test_an_aac_lasts_one_year_at_most(start, days, refused):
    facts = replace(COMPLETE, jour=start, date_debut=start, duree_jours=days)
    assert ("DUREE_EXCESSIVE" in codes(facts)) is refused


def test_a_start_in_the_past_is_refused_and_today_is_not():
    assert "DEBUT_PASSE" in codes(replace(COMPLETE, date_debut=date(2026, 3, 1)))
    assert "DEBUT_PASSE" not in codes(replace(COMPLETE, date_debut=JOUR))


def test_a_closing_waits_for_deadline_and_reminder():
    asked = replace(COMPLETE, complement_echeance=date(2026, 3, 10))
    assert [b.code for b in instruction.closing_blockers(asked)] == ["SANS_RELANCE"]
    reminded = replace(asked, complement_relance=date(2026, 3, 11))
    last_waiting = replace(reminded, jour=date(2026, 3, 18))
    assert [b.code for b in instruction.closing_blockers(last_waiting)] == ["DELAI_EN_COURS"]
    assert instruction.closing_blockers(replace(reminded, jour=date(2026, 3, 19))) == []


def codes_of(blockers):
    return [blocker.code for blocker in blockers]


@pytest.mark.parametrize("part", ["created_by_id", "prescripteur_id", "transmitted_by_id"])
def test_nobody_reviews_what_they_wrote_or_transmitted(part):
    """Reviewing, granting and refusing ask the same (decision by an independent person)."""
    facts = replace(COMPLETE, contacts=1, actor_id=7)
    author = replace(facts, **{part: 7})
    judges = instruction.review_blockers, instruction.decision_blockers
    for rule in (*judges, instruction.refusal_blockers):
        assert rule(facts) == []
        assert codes_of(rule(author)) == ["AUTEUR"]


def test_the_clock_is_nobody_s_author():
    assert instruction.review_blockers(replace(COMPLETE, actor_id=None)) == []


def test_no_refusal_without_a_contact_attempt():
    assert codes_of(instruction.refusal_blockers(COMPLETE)) == ["SANS_CONTACT"]


def test_a_grant_bears_every_mention():
    lacking = replace(COMPLETE, mentions_manquantes=("le dosage",))
    assert codes_of(instruction.decision_blockers(lacking)) == ["MENTIONS_MANQUANTES"]


def test_only_the_gerant_or_a_deputy_under_delegation_transmits():
    """CSP, R. 5121-74."""
    assert codes_of(instruction.transmission_blockers(COMPLETE)) == ["SANS_DELEGATION"]
    gerant = replace(COMPLETE, may_transmit=True)
    assert instruction.transmission_blockers(gerant) == []
    closed = replace(gerant, cadre_ferme=Fermeture(date(2026, 3, 1), "a pris fin le"))
    assert codes_of(instruction.transmission_blockers(closed)) == ["CADRE_FERME"]


def test_a_complement_is_answered_in_full():
    assert instruction.complement_blockers(COMPLETE) == []
    waiting = replace(COMPLETE, elements_sans_reponse=1)
    assert codes_of(instruction.complement_blockers(waiting)) == ["COMPLEMENT_SANS_REPONSE"]


@pytest.mark.parametrize(
    ("end", "field"),
    [
        pytest.param(date(2026, 3, 1), "date_fin", id="la veille du début"),
        pytest.param(date(2026, 3, 2), None, id="un seul jour"),
        pytest.param(date(2027, 3, 1), None, id="un an moins un jour"),
        pytest.param(date(2027, 3, 2), "date_fin", id="un an"),
    ],
)
def test_the_dates_of_a_grant(end, field):
    """CSP, R. 5121-74-3 I."""
    assert list(instruction.dates_errors(JOUR, end, PARAMETRES)) == ([field] if field else [])


def test_an_authorisation_lives_its_last_day():
    """To 23:59, Paris: it is not yet over that day, and is the next."""
    droit = aac.Droit("ACTIVE", date(2026, 3, 1), JOUR)
    assert codes_of(aac.expiry_blockers(aac.FaitsAac(JOUR, droit))) == ["PAS_FINIE"]
    assert aac.expiry_blockers(aac.FaitsAac(date(2026, 3, 3), droit)) == []


def test_a_lot_is_good_on_its_expiry_day():
    left, asked = Decimal(3), Decimal(3)
    assert dispensation.lot_error("L1", JOUR, left, asked, JOUR) == ""
    assert "périmé" in dispensation.lot_error("L1", JOUR, left, asked, date(2026, 3, 3))
