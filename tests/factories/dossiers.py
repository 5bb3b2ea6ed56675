"""Dossiers that walked to their state through `perform`, so that their journal is true."""

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction

from access.models import (
    Aac,
    DemandeAac,
    DetailDemandeAac,
    Dossier,
    Patient,
    ReponseCritere,
    TraitementAnterieur,
)
from access.services.sending import treatment_of
from access.states import AacState, DemandeAacState, Kind
from engine import journal
from engine.actors import CLOCK, ROUTER
from engine.clocks import now, today
from engine.steps import perform
from tests.factories import people
from tests.factories.medicines import medicament

S = DemandeAacState
_sequence = iter(range(1, 10**9))

JUSTIFICATION = "Explication fictive assez longue pour être lue par une agence."


def patient(etablissement, **fields):
    """An invented patient of a hospital."""
    values = {
        "ipp": f"IPP{next(_sequence):07d}",
        "nom": "Fictif",
        "prenom": "Dominique",
        "naissance": date(2019, 3, 14),
        "sexe": "F",
    }
    return Patient.objects.create(etablissement=etablissement, **(values | fields))


class Monde:
    """One hospital, its people, the agency's people and one medicine."""

    def __init__(self, **fields):
        self.hopital = people.hopital(**fields)
        self.prescripteur = self.hopital.prescripteur()
        self.pharmacien = self.hopital.pharmacien()
        self.evaluateur = people.evaluateur()
        self.decideur = people.decideur()
        self.medicament = medicament()


def monde(**fields):
    return Monde(**fields)


def brouillon(m=None, *, mode="CRITERES", libre=False, **detail):
    """A complete draft, ready to be sent."""
    m = m or monde()
    at = now()
    drug = m.medicament
    known = not libre
    dossier = DemandeAac(
        kind=Kind.DEMANDE_AAC,
        state=S.BROUILLON,
        organisation=m.hopital.organisation,
        service=m.hopital.service,
        pui=m.hopital.pui,
        patient=patient(m.hopital.etablissement),
        produit=drug.produit if known else None,
        specialite=drug.specialite if known else None,
        cadre=drug.cadre if known else None,
        code_indication=drug.code if known else None,
        produit_nom=drug.produit.nom if known else "PRODUIT LIBRE FICTIF",
        indication=drug.cadre.indication,
        prescripteur=m.prescripteur,
        created_by=m.prescripteur,
        created_at=at,
        touched_at=at,
        tour="PRESCRIPTEUR",
        tour_nom=m.prescripteur.full_name,
        tour_depuis=at,
    )
    dossier.save()
    values = {
        "indication": drug.cadre.indication,
        "poids_kg": Decimal("20.5"),
        "dose": Decimal("10"),
        "dose_unite": "mg",
        "frequence": "2 fois par jour",
        "voie": "intraveineuse",
        "unites_par_jour": Decimal("1"),
        "duree_jours": 180,
        "date_debut_souhaitee": today(),
        "differable": False,
        "gravite": ["RARE"],
        "mode_justification": mode,
        "essai_en_cours": False,
    }
    if libre:
        values |= {
            "libre_nom": "PRODUIT LIBRE FICTIF",
            "libre_forme": "comprimé",
            "libre_dosage": "5 mg",
        }
    if mode == "JUSTIFICATION":
        values |= {
            "justif_inclusion": JUSTIFICATION,
            "justif_alternative": JUSTIFICATION,
            "justif_efficacite": JUSTIFICATION,
            "references": "Revue imaginaire, 2025.",
        }
    DetailDemandeAac.objects.create(dossier=dossier, **(values | detail))
    TraitementAnterieur.objects.create(dossier=dossier, dci="autrecine", issue="ECHEC")
    if mode == "CRITERES":
        ReponseCritere.objects.bulk_create(
            ReponseCritere(dossier=dossier, critere=c, reponse=c.attendu) for c in drug.criteres
        )
    journal.record(dossier, "create", by=m.prescripteur, label="Brouillon", to_state=S.BROUILLON)
    return dossier


def do(dossier, step, by, **data):
    """One step on the freshest version."""
    fresh = type(dossier)._base_manager.get(pk=dossier.pk)
    return perform(fresh, step, by=by, version=fresh.version, **data)


ENGAGEMENTS = {"engagement_conformite": True, "engagement_information": True}
VOLET = {
    "pharmacie_criteres": True,
    "pharmacie_quantite": "180",
    "pharmacie_fournisseur": "Laboratoire Imaginaire",
    "pharmacie_commentaire": "",
}


def accord(debut=None, jours=180, quantite="180"):
    """The inputs of a grant."""
    start = debut or today()
    return {
        "date_debut": start.isoformat(),
        "date_fin": (start + timedelta(days=jours - 1)).isoformat(),
        "quantite_max": quantite,
        "conditions": "",
        "sans_lien": True,
    }


def take_state(aac, state):
    """An authorisation in a state that no step of Placet leads to yet, with its line of journal."""
    before = aac.state
    with transaction.atomic():
        Aac.objects.filter(pk=aac.pk).update(state=state)
        journal.record(aac, "imposed", by=CLOCK, from_state=before, to_state=state)
    after = Aac.objects.get(pk=aac.pk)
    after.monde = getattr(aac, "monde", None)
    return after


REFUS = {
    "motif": "DONNEES",
    "faits": "Les données fictives ne suffisent pas.",
    "sans_lien": True,
}
PATHS = {
    S.BROUILLON: [],
    S.A_VALIDER_PUI: ["submit"],
    S.RETOURNEE_PRESCRIPTEUR: ["submit", "return"],
    S.TRANSMISE_ANSM: ["submit", "transmit"],
    S.EN_INSTRUCTION: ["submit", "transmit", "review"],
    S.COMPLEMENT_DEMANDE: ["submit", "transmit", "review", "ask"],
    S.ACCORDEE: ["submit", "transmit", "review", "grant"],
    S.REFUSEE: ["submit", "transmit", "review", "contact", "refuse"],
    S.RETIREE: ["submit", "withdraw"],
}


def walk(dossier, m, move):
    """One named move of the usual path, by the person whose turn it is."""
    moves = {
        "submit": ("submit", m.prescripteur, ENGAGEMENTS),
        "return": ("return_to_prescripteur", m.pharmacien, {"motif": "Poids à vérifier."}),
        "transmit": ("transmit", m.pharmacien, VOLET),
        "review": ("start_review", m.evaluateur, {"sans_lien": True}),
        "fast": ("open_fast_lane", ROUTER, {}),
        "ask": (
            "ask_complement",
            m.evaluateur,
            {"questions": "Bilan ?", "echeance": (today() + timedelta(days=15)).isoformat()},
        ),
        "contact": ("record_contact", m.evaluateur, {"moyen": "téléphone", "resultat": "joint"}),
        "grant": ("grant", m.decideur, accord()),
        "refuse": ("refuse", m.decideur, REFUS),
        "withdraw": ("withdraw", m.prescripteur, {"motif": "Patient transféré."}),
    }
    step, by, data = moves[move]
    return do(dossier, step, by, **data)


def dossier_at(state, m=None, **fields):
    """A request (or an AAC) in a state, with its world in `dossier.monde`."""
    m = m or monde()
    if state in AacState.values and state not in S.values:
        return aac_at(state, m, **fields)
    dossier = brouillon(m, **fields)
    for move in PATHS[S(state)]:
        dossier = walk(dossier, m, move)
    dossier.monde = m
    return dossier


OWN = {"id", "patient_id", "traitement_id", "numero"}


def many_at(state, m, count):
    """Requests by the hundred: one walks to its state, the others are put beside it."""
    model = dossier_at(state, m)
    shared = {f.attname for f in Dossier._meta.concrete_fields} - OWN
    detail = {f.attname for f in DetailDemandeAac._meta.concrete_fields} - {"dossier_id"}
    found = [model]
    for rank in range(1, count):
        beside = brouillon(m)
        values = {name: getattr(model, name) for name in shared}
        if model.numero:
            values |= {"numero": f"{model.numero}-{rank}", "traitement": treatment_of(beside)}
        Dossier.objects.filter(pk=beside.pk).update(**values)
        DetailDemandeAac.objects.filter(pk=beside.pk).update(
            **{name: getattr(model.detail_aac, name) for name in detail}
        )
        journal.record(beside, "imposed", by=CLOCK, from_state=beside.state, to_state=state)
        found.append(DemandeAac.objects.get(pk=beside.pk))
    return found


def aac_at(state=AacState.ACTIVE, m=None, *, debut=None, jours=180, quantite="180", **fields):
    """An authorisation, granted by a decider; to come when it starts later."""
    m = m or monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m, **fields)
    start = debut or today() + timedelta(days=30 if state == AacState.A_VENIR else 0)
    do(dossier, "grant", m.decideur, **accord(start, jours, quantite))
    aac = Aac.objects.get(parent=dossier)
    if state == AacState.EXPIREE:
        import time_machine

        with time_machine.travel(now() + timedelta(days=jours + 1), tick=False):
            aac = do(aac, "expire", CLOCK)
    aac.monde = m
    return aac
