"""Drafts: opened prefilled, saved at each change, copied, thrown away, purged."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import time_machine

from access.models import DemandeAac, Patient
from access.services import drafts
from access.services.jumeaux import add_strength, companions_told, perform_together
from access.states import DemandeAacState, ModeJustification
from engine.clocks import now, today
from engine.errors import Blocked, Conflict, Forbidden, InvalidInput
from engine.models import Entry
from tests.factories import people
from tests.factories.dossiers import ENGAGEMENTS, VOLET, brouillon, dossier_at, monde
from tests.factories.medicines import CadreFactory, SpecialiteFactory, medicament

pytestmark = pytest.mark.django_db
S = DemandeAacState
IDENTITE = {
    "ipp": "IPP-42",
    "nom": "Fictive",
    "prenom": "Ada",
    "naissance": date(2019, 5, 2),
    "sexe": "F",
}


def save(dossier, by, **data):
    fresh = DemandeAac.objects.get(pk=dossier.pk)
    return drafts.save_draft(fresh, by=by, version=fresh.version, data=data)


def test_draft_opens_with_what_the_account_and_the_product_say():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur, produit=m.medicament.produit)
    draft = DemandeAac.objects.get(pk=draft.pk)
    assert (draft.state, draft.numero, draft.version) == (S.BROUILLON, None, 1)
    assert (draft.service, draft.pui) == (m.hopital.service, m.hopital.pui)
    assert draft.prescripteur == m.prescripteur
    assert (draft.cadre, draft.specialite) == (m.medicament.cadre, m.medicament.specialite)
    assert draft.code_indication == m.medicament.code
    assert draft.indication == m.medicament.cadre.indication
    detail = draft.detail_aac
    assert (detail.voie, detail.dose_unite) == ("intraveineuse", "mg")
    assert (detail.date_debut_souhaitee, detail.duree_jours) == (today(), 365)
    assert detail.mode_justification == ModeJustification.CRITERES
    assert Entry.objects.get(subject_id=draft.pk).action == "create"


def test_interne_prepares_for_a_senior_to_be_named():
    m = monde()
    draft = drafts.open_draft(by=m.hopital.interne())
    assert draft.prescripteur is None
    assert draft.created_by == m.hopital.interne()


def test_pharmacist_opens_no_draft():
    m = monde()
    with pytest.raises(Forbidden):
        drafts.open_draft(by=m.pharmacien)


def test_save_bumps_the_version_and_writes_no_journal_line():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    saved = drafts.save_draft(draft, by=m.prescripteur, version=1, data={"poids_kg": "20.5"})
    assert (saved.version, saved.detail_aac.poids_kg) == (2, Decimal("20.5"))
    assert Entry.objects.filter(subject_id=draft.pk).count() == 1


def test_stale_version_conflicts_and_changes_nothing():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    save(draft, m.prescripteur, poids_kg="20")
    with pytest.raises(Conflict):
        drafts.save_draft(draft, by=m.prescripteur, version=1, data={"poids_kg": "99"})
    assert DemandeAac.objects.get(pk=draft.pk).detail_aac.poids_kg == Decimal("20")


@pytest.mark.parametrize("state", [S.A_VALIDER_PUI, S.TRANSMISE_ANSM, S.REFUSEE])
def test_sent_request_is_no_longer_written(state):
    sent = dossier_at(state)
    with pytest.raises(Conflict):
        save(sent, sent.monde.prescripteur, poids_kg="20")


def test_returned_request_is_written_again():
    returned = dossier_at(S.RETOURNEE_PRESCRIPTEUR)
    assert save(returned, returned.monde.prescripteur, poids_kg="21").detail_aac.poids_kg == 21


def test_prescriber_of_another_service_writes_nothing():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    stranger = people.hopital().prescripteur()
    with pytest.raises(Forbidden):
        save(draft, stranger, poids_kg="20")


def test_invalid_value_is_refused_with_its_field():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    with pytest.raises(InvalidInput) as refused:
        save(draft, m.prescripteur, poids_kg="4000")
    assert set(refused.value.errors) == {"poids_kg"}


def test_unknown_key_is_refused():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    with pytest.raises(InvalidInput):
        save(draft, m.prescripteur, pharmacie_criteres=True)


def test_identity_makes_a_patient_then_corrects_it():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    saved = save(draft, m.prescripteur, identite=IDENTITE)
    assert saved.initiales == "F. A."
    save(draft, m.prescripteur, identite=IDENTITE | {"nom": "Fictivelle"})
    assert Patient.objects.get().nom == "Fictivelle"


def test_number_of_another_patient_is_refused():
    m = monde()
    known = brouillon(m).patient
    draft = drafts.open_draft(by=m.prescripteur)
    with pytest.raises(InvalidInput):
        save(draft, m.prescripteur, identite=IDENTITE | {"ipp": known.ipp})


def test_another_product_forgets_the_former_cadre_and_answers():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur, produit=m.medicament.produit)
    save(draft, m.prescripteur, reponses={c.pk: True for c in m.medicament.criteres})
    other = medicament(criteres=0, produit__dosage="5 g")
    saved = save(draft, m.prescripteur, produit=other.produit)
    assert (saved.cadre, saved.specialite) == (other.cadre, other.specialite)
    assert saved.reponses_criteres.count() == 0
    assert saved.detail_aac.mode_justification == ModeJustification.JUSTIFICATION
    assert saved.detail_aac.dose_unite == "g"


def test_one_no_switches_to_the_justification_path_and_back():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur, produit=m.medicament.produit)
    first, second = m.medicament.criteres
    saved = save(draft, m.prescripteur, reponses={first.pk: False, second.pk: True})
    assert saved.detail_aac.mode_justification == ModeJustification.JUSTIFICATION
    saved = save(draft, m.prescripteur, reponses={first.pk: True}, mode_justification="CRITERES")
    assert saved.detail_aac.mode_justification == ModeJustification.CRITERES


def test_other_indication_takes_the_generic_code_of_the_ucd():
    m = monde()
    generic = m.medicament.specialite.codes.create(
        code="NXXXX01", generique=True, cadre_type="AAC", source="liste"
    )
    draft = drafts.open_draft(by=m.prescripteur, produit=m.medicament.produit)
    saved = save(draft, m.prescripteur, cadre=None, indication="Autre maladie fictive")
    assert (saved.indication, saved.code_indication) == ("Autre maladie fictive", generic)


def test_cadre_of_another_product_is_refused():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur, produit=m.medicament.produit)
    with pytest.raises(InvalidInput):
        save(draft, m.prescripteur, cadre=medicament(criteres=0).cadre)


def test_several_cadres_wait_for_a_choice():
    m = monde()
    CadreFactory(produit=m.medicament.produit, code="NFICT02", indication="Autre indication")
    draft = drafts.open_draft(by=m.prescripteur, produit=m.medicament.produit)
    assert draft.cadre is None


def test_discarded_draft_takes_its_patient_along():
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    saved = save(draft, m.prescripteur, identite=IDENTITE)
    drafts.discard_draft(saved, by=m.prescripteur, version=saved.version)
    assert not DemandeAac.objects.exists()
    assert not Patient.objects.exists()


def test_returned_request_is_never_discarded():
    returned = dossier_at(S.RETOURNEE_PRESCRIPTEUR)
    with pytest.raises(Conflict):
        drafts.discard_draft(returned, by=returned.monde.prescripteur, version=returned.version)


def test_refused_request_is_taken_up_as_a_new_draft():
    refused = dossier_at(S.REFUSEE)
    draft = drafts.duplicate_as_draft(refused, refused.monde.prescripteur)
    draft = DemandeAac.objects.get(pk=draft.pk)
    assert (draft.state, draft.numero, draft.parent) == (S.BROUILLON, None, None)
    assert draft.patient == refused.patient
    assert draft.detail_aac.poids_kg == refused.detail_aac.poids_kg
    assert draft.detail_aac.engagement_conformite_le is None
    assert draft.reponses_criteres.filter(reponse=True).count() == 2
    assert draft.traitements_anterieurs.count() == 1


def test_live_request_is_not_taken_up():
    sent = dossier_at(S.A_VALIDER_PUI)
    with pytest.raises(Conflict):
        drafts.duplicate_as_draft(sent, sent.monde.prescripteur)


@pytest.mark.parametrize(("days", "left"), [(90, 1), (91, 0)])
def test_idle_draft_is_purged_after_ninety_days(days, left):
    m = monde()
    draft = drafts.open_draft(by=m.prescripteur)
    save(draft, m.prescripteur, identite=IDENTITE)
    with time_machine.travel(now() + timedelta(days=days), tick=False):
        drafts.purge_idle_drafts(today())
    assert DemandeAac.objects.count() == left
    assert Patient.objects.count() == left


def test_returned_request_is_never_purged():
    dossier_at(S.RETOURNEE_PRESCRIPTEUR)
    assert drafts.purge_idle_drafts(today() + timedelta(days=400)) == 0


# --- Another strength --------------------------------------------------------------------


def autre_dosage(m):
    other = SpecialiteFactory(produit__dosage="50 mg/5 ml").produit
    CadreFactory(
        produit=other,
        indication=m.medicament.cadre.indication,
        criteres_publies=False,
        version_criteres=0,
        statut="SANS_CRITERES",
    )
    return other


def jumeaux(mode="JUSTIFICATION"):
    m = monde()
    first = brouillon(m, mode=mode)
    second = add_strength(
        first,
        by=m.prescripteur,
        version=first.version,
        produit=autre_dosage(m),
        dose=Decimal(20),
        unites_par_jour=Decimal(2),
    )
    return m, DemandeAac.objects.get(pk=first.pk), DemandeAac.objects.get(pk=second.pk)


def test_another_strength_asks_three_things_and_copies_the_rest():
    _, first, second = jumeaux()
    assert second.jumeau == first
    assert (second.patient, second.indication) == (first.patient, first.indication)
    assert second.produit != first.produit
    assert second.detail_aac.dose == 20
    assert second.detail_aac.justif_efficacite == first.detail_aac.justif_efficacite
    assert second.traitements_anterieurs.count() == 1


def test_both_strengths_are_sent_then_transmitted_together():
    m, first, second = jumeaux()
    sent = perform_together(
        second, "submit", by=m.prescripteur, version=second.version, raw=ENGAGEMENTS
    )
    assert [d.pk for d in sent] == [second.pk, first.pk]
    assert {d.state for d in sent} == {S.A_VALIDER_PUI}
    done = perform_together(
        sent[1], "transmit", by=m.pharmacien, version=sent[1].version, raw=VOLET
    )
    assert {d.state for d in done} == {S.TRANSMISE_ANSM}
    assert [d.detail_aac.pharmacie_quantite for d in done] == [180, 360]


def test_what_one_strength_lacks_stops_both():
    m, first, second = jumeaux()
    save(second, m.prescripteur, dose=None)
    with pytest.raises(Blocked) as blocked:
        perform_together(first, "submit", by=m.prescripteur, version=first.version, raw=ENGAGEMENTS)
    assert second.produit_nom in blocked.value.blockers[0].message
    assert set(DemandeAac.objects.values_list("state", flat=True)) == {S.BROUILLON}


def test_a_strength_of_another_pharmacy_does_not_hold_the_first_one_back():
    m, first, second = jumeaux()
    other = people.PuiFactory(etablissement=m.hopital.etablissement)
    save(second, m.prescripteur, pui=other)
    second = DemandeAac.objects.get(pk=second.pk)
    perform_together(first, "submit", by=m.prescripteur, version=first.version, raw=ENGAGEMENTS)
    sent = DemandeAac.objects.get(pk=first.pk)
    assert companions_told(sent, "transmit", m.pharmacien) == []
    done = perform_together(sent, "transmit", by=m.pharmacien, version=sent.version, raw=VOLET)
    assert [d.state for d in done] == [S.TRANSMISE_ANSM]
    assert DemandeAac.objects.get(pk=second.pk).state == S.A_VALIDER_PUI


def test_discarding_one_strength_leaves_the_other_alone():
    m, first, _ = jumeaux()
    drafts.discard_draft(first, by=m.prescripteur, version=first.version)
    assert DemandeAac.objects.get().jumeau is None


def test_discarding_the_first_of_three_strengths_leaves_the_two_others_together():
    m, first, second = jumeaux()
    third = add_strength(
        first,
        by=m.prescripteur,
        version=first.version,
        produit=autre_dosage(m),
        dose=Decimal(30),
        unites_par_jour=Decimal(3),
    )
    first = DemandeAac.objects.get(pk=first.pk)
    drafts.discard_draft(first, by=m.prescripteur, version=first.version)
    kept = {d.pk: d.jumeau_id for d in DemandeAac.objects.all()}
    assert kept == {second.pk: None, third.pk: second.pk}


def test_same_strength_is_refused():
    m = monde()
    first = brouillon(m)
    with pytest.raises(InvalidInput):
        add_strength(first, by=m.prescripteur, version=first.version, produit=m.medicament.produit)
