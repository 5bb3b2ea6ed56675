"""The request form through the browser's eyes: search, autosave, both paths, what is refused."""

import re
from datetime import timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.urls import reverse

from access.forms.demande import page_form
from access.models import DemandeAac, Patient
from access.services import drafts
from access.services.jumeaux import add_strength
from access.states import DemandeAacState
from engine.clocks import now, today
from engine.models import AccesLu
from referentiel.services.search_index import refresh_search_texts
from tests.factories import people
from tests.factories.dossiers import brouillon, dossier_at, monde, patient
from tests.factories.medicines import CadreFactory, SpecialiteFactory
from tests.factories.people import login

pytestmark = pytest.mark.django_db
S = DemandeAacState
TEXTE = "Explication fictive assez longue pour être lue par une agence."
IDENTITE = {
    "patient_ipp": "IPP-77",
    "patient_nom": "Fictive",
    "patient_prenom": "Ada",
    "patient_naissance": "2019-05-02",
    "patient_sexe": "F",
}
POSOLOGIE = {"dose": "10", "frequence": "2 fois par jour", "unites_par_jour": "0,5"}
MALADIE = {"gravite": ["RARE"], "differable": "False", "essai_en_cours": "False"}
ANTERIEUR = {"ant_1_dci": "autrecine", "ant_1_issue": "ECHEC"}
PAGE_BUDGET = 45


@pytest.fixture
def m():
    return monde()


@pytest.fixture
def page(client, m):
    """A browser signed in as the prescriber."""
    login(client, m.prescripteur)
    return client


def opened(m, by=None, produit="connu"):
    draft = drafts.open_draft(
        by=by or m.prescripteur, produit=m.medicament.produit if produit == "connu" else None
    )
    return DemandeAac.objects.get(pk=draft.pk)


def url(name, draft):
    return reverse(f"access:{name}", args=[draft.pk])


def fresh(draft):
    return DemandeAac.objects.get(pk=draft.pk)


def posted(draft, **changes):
    """What the browser would post: the form as displayed, with what the person changed."""
    held = fresh(draft)
    held.prescripteur_id  # noqa: B018
    by = held.created_by.acting(held.created_by.affectations.prefetch_related("services").get())
    form = page_form(held, by, {})
    data = {"version": held.version, "action": "enregistrer"}
    for bound in form:
        value = bound.value()
        if value not in (None, "", False, []):
            data[bound.html_name] = value
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


def send(page, draft, **changes):
    return page.post(url("demande_modifier", draft), posted(draft, **changes))


def criteria(m, *answers):
    return {f"critere_{c.pk}": str(a) for c, a in zip(m.medicament.criteres, answers, strict=True)}


def text(response):
    """The page as read, entities and no-break spaces made plain."""
    return unescape(response.content.decode()).replace("\u00a0", " ")


def test_search_then_one_click_opens_a_draft_on_its_only_cadre(page, m):
    name = m.medicament.produit.nom
    m.medicament.produit.texte_recherche = name.lower()
    m.medicament.produit.save()
    found = page.get(reverse("access:demande_nouvelle"), {"q": name[:8]})
    assert name in text(found)
    assert m.medicament.cadre.indication in text(found)
    assert not DemandeAac.objects.exists()
    answer = page.post(reverse("access:demande_nouvelle"), {"produit": m.medicament.produit.pk})
    draft = DemandeAac.objects.get()
    assert answer.url == url("demande_modifier", draft)
    assert draft.cadre == m.medicament.cadre


def test_search_as_one_types_answers_only_the_results(page):
    found = page.get(
        reverse("access:demande_nouvelle"), {"q": "zzz"}, headers={"HX-Request": "true"}
    )
    assert "<html" not in text(found)
    assert "Aucun produit ne contient" in text(found)


def test_product_of_no_list_is_described_in_words(page):
    page.post(reverse("access:demande_nouvelle"), {"produit": ""})
    draft = DemandeAac.objects.get()
    body = text(page.get(url("demande_modifier", draft)))
    assert "Nom ou nom de code du produit" in body
    assert "id_justif_efficacite" in body


@pytest.mark.parametrize("picked", ["pas-un-uuid", "00000000-0000-4000-8000-000000000000"])
def test_unknown_product_is_absent(page, picked):
    answer = page.post(reverse("access:demande_nouvelle"), {"produit": picked})
    assert answer.status_code == 404


def test_several_indications_ask_first_which_then_what_it_needs(page, m):
    CadreFactory(produit=m.medicament.produit, indication="Autre maladie", code="NFICT02")
    draft = opened(m)
    body = text(page.get(url("demande_modifier", draft)))
    assert "Selon l'indication" in body
    assert "id_justif_efficacite" not in body
    assert "textes" not in body
    send(page, draft, cadre="AUTRE", indication="Une maladie écrite en clair")
    body = text(page.get(url("demande_modifier", draft)))
    assert "id_justif_efficacite" in body
    assert "4 textes" in body


def test_the_service_of_the_last_request_is_proposed(m):
    other = people.ServiceFactory(etablissement=m.hopital.etablissement, nom="Un autre service")
    m.prescripteur.affectation.services.add(other)
    first = opened(m)
    DemandeAac.objects.filter(pk=first.pk).update(service=other)
    assert opened(m).service == other


def test_form_states_its_length_and_what_is_missing(page, m):
    body = text(page.get(url("demande_modifier", opened(m))))
    assert re.search(r"environ \d minutes, \d+ champs", body)
    assert 'href="#id_poids_kg">poids</a>' in body
    assert "0 rempli, 2 à dire" in body
    assert "exemple fictif" in body.lower()


def test_every_missing_thing_has_its_place_on_the_page(page, m):
    for draft in (opened(m), opened(m, produit="libre")):
        body = text(page.get(url("demande_modifier", draft)))
        anchors = set(re.findall(r'href="#(id_[a-z0-9_]+)"', body))
        assert len(anchors) > 3
        for anchor in anchors:
            assert f'id="{anchor}"' in body, anchor


def test_plain_save_keeps_everything_and_says_so(page, m):
    draft = opened(m)
    answer = send(page, draft, poids_kg="20,5", **IDENTITE, **POSOLOGIE, **MALADIE, **ANTERIEUR)
    assert answer.status_code == 302
    saved = fresh(draft)
    assert saved.detail_aac.poids_kg == Decimal("20.5")
    assert saved.detail_aac.unites_par_jour == Decimal("0.5")
    assert (saved.patient.ipp, saved.initiales) == ("IPP-77", "F. A.")
    assert saved.traitements_anterieurs.get().dci == "autrecine"
    body = text(page.get(answer.url))
    assert 'value="20,5"' in body
    assert "183" in body  # units of the whole treatment, counted


WRONG = [
    ("poids_kg", "4000", "Le poids se situe entre 0,3 et 400 kg"),
    ("poids_kg", "vingt", "Le poids se situe entre 0,3 et 400 kg"),
    ("dose", "-1", "Écrivez un nombre entre 0,001 et 999999"),
    ("duree_jours", "900", "Une AAC dure au plus un an"),
    ("date_debut_souhaitee", "31/31/2026", "Cette date n'existe pas"),
    ("patient_naissance", f"{today().year + 1}-12-31", "Cette date de naissance est à venir"),
    ("patient_nom", "山田", "Écrivez ce nom en lettres latines"),
    ("patient_sexe", "X", "Choisissez un des trois codes"),
    ("differable", "peut-être", "Répondez par oui ou par non"),
    ("gravite", "BENIGNE", "Choisissez parmi grave, rare et invalidante"),
    ("frequence", "x" * 61, "Ce texte dépasse 60 caractères"),
    ("ant_1_dci", "x" * 121, "Ce texte dépasse 120 caractères"),
    ("pui", "00000000-0000-4000-8000-000000000000", "Choisissez une pharmacie en service"),
    ("prescripteur", "rien", "Choisissez un prescripteur"),
    ("cadre", "rien", "Choisissez une des indications proposées"),
    ("indication_code", "x" * 21, "Ce texte dépasse 20 caractères"),
]


@pytest.mark.parametrize(("field", "value", "sentence"), WRONG)
def test_wrong_value_is_said_at_its_place_and_the_rest_is_kept(page, m, field, value, sentence):
    draft = opened(m)
    answer = send(page, draft, **({"taille_cm": None, "voie": "orale", field: value}))
    body = text(answer)
    assert answer.status_code == 422
    assert sentence in body
    assert "Rien n" in body
    assert 'aria-invalid="true"' in body
    if field not in ("patient_sexe", "differable", "gravite", "pui", "prescripteur", "cadre"):
        assert value in body
    assert fresh(draft).detail_aac.voie == "orale"
    again = text(page.get(url("demande_modifier", draft)))
    assert sentence in again  # kept in the session until corrected


def test_corrected_value_is_kept_and_the_sentence_goes(page, m):
    draft = opened(m)
    send(page, draft, poids_kg="4000")
    assert send(page, draft, poids_kg="40").status_code == 302
    assert "se situe entre" not in text(page.get(url("demande_modifier", draft)))


def test_half_an_identity_is_not_lost(page, m):
    draft = opened(m)
    assert send(page, draft, patient_nom="Fictive", patient_prenom="Ada").status_code == 302
    assert not Patient.objects.exists()
    body = text(page.get(url("demande_modifier", draft)))
    assert 'value="Fictive"' in body


def test_treatment_without_its_outcome_is_said_and_shown_again(page, m):
    draft = opened(m)
    answer = send(page, draft, ant_2_dci="autrecine")
    assert answer.status_code == 422
    assert "Dites comment ce traitement s'est terminé" in text(answer)
    assert 'value="autrecine"' in text(answer)


# --- Autosave ---------------------------------------------------------------------------


def autosave(page, draft, **changes):
    return page.post(
        url("demande_modifier", draft), posted(draft, **changes), headers={"HX-Request": "true"}
    )


def test_autosave_answers_version_time_and_summary(page, m):
    draft = opened(m)
    answer = autosave(page, draft, poids_kg="20")
    assert answer.status_code == 200
    assert '"version": 2' in answer.headers["HX-Trigger"]
    assert 'id="resume"' in text(answer)
    assert "poids</a>" not in text(answer)
    assert "<html" not in text(answer)


def test_autosave_with_a_stale_version_is_refused(page, m):
    draft = opened(m)
    old = posted(draft, poids_kg="99")
    autosave(page, draft, poids_kg="20")
    answer = page.post(url("demande_modifier", draft), old, headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert fresh(draft).detail_aac.poids_kg == 20


def test_plain_stale_save_shows_what_was_typed_over_the_new_version(page, m):
    draft = opened(m)
    old = posted(draft, poids_kg="99")
    autosave(page, draft, poids_kg="20")
    answer = page.post(url("demande_modifier", draft), old)
    assert answer.status_code == 409
    assert 'value="99"' in text(answer)
    assert "a été modifiée ailleurs" in text(answer)
    assert fresh(draft).detail_aac.poids_kg == 20


def test_autosave_keeps_the_valid_and_names_the_wrong(page, m):
    draft = opened(m)
    answer = autosave(page, draft, poids_kg="4000", voie="orale")
    assert answer.status_code == 200
    assert "poids" in answer.headers["HX-Trigger"]
    assert 'id="c-poids_kg" hx-swap-oob="true"' in text(answer)
    assert fresh(draft).detail_aac.voie == "orale"


def test_other_indication_swaps_the_criteria(page, m):
    CadreFactory(produit=m.medicament.produit, code="NFICT02", indication="Autre maladie fictive")
    draft = opened(m)
    answer = autosave(page, draft, cadre=str(m.medicament.cadre.pk))
    assert 'id="zone-criteres" hx-swap-oob' in text(answer)
    assert "Question fictive 1" in text(answer)


def test_surface_is_asked_when_the_dose_is_by_square_metre(page, m):
    draft = opened(m)
    assert "surface_m2" not in text(page.get(url("demande_modifier", draft)))
    answer = autosave(page, draft, dose_unite="mg/m²")
    assert 'name="surface_m2"' in text(answer)


def test_gestational_age_is_asked_when_the_product_asks(page, m):
    m.medicament.produit.age_gestationnel_requis = True
    m.medicament.produit.save()
    draft = opened(m)
    assert 'name="age_gestationnel_sa"' in text(page.get(url("demande_modifier", draft)))


# --- Patient ----------------------------------------------------------------------------


def test_known_number_brings_the_patient_and_other_requests(page, m):
    first = brouillon(m)
    draft = opened(m)
    answer = autosave(page, draft, patient_ipp=first.patient.ipp)
    body = text(answer)
    assert "FICTIF Dominique" in body
    assert url("dossier", first) in body
    assert "existe déjà pour ce patient et ce produit" in body
    assert AccesLu.objects.filter(subject_id=first.patient_id).exists()


def test_request_of_another_service_is_told_without_its_address(page, m):
    from access.models import Dossier
    from tests.factories.people import ServiceFactory

    first = brouillon(m)
    autre = people.acting(people.UserFactory(), "PRESCRIPTEUR", m.hopital.organisation, [])
    Dossier.objects.filter(pk=first.pk).update(
        service=ServiceFactory(etablissement=m.hopital.etablissement),
        prescripteur=autre,
        created_by=autre,
    )
    draft = opened(m)
    body = text(autosave(page, draft, patient_ipp=first.patient.ipp))
    assert "autre service de votre établissement" in body
    assert str(first.pk) not in body


def test_number_of_another_person_is_refused_without_showing_them(page, m):
    known = patient(m.hopital.etablissement, nom="Secrette")
    draft = opened(m)
    answer = send(page, draft, **IDENTITE | {"patient_ipp": known.ipp})
    assert answer.status_code == 422
    assert "déjà celui d'un autre patient" in text(answer)
    assert "Secrette" not in text(answer)
    assert 'value="Ada"' in text(answer)


def test_patient_of_another_hospital_is_never_found(page, m):
    stranger = patient(people.hopital().etablissement, nom="Secrette")
    body = text(autosave(page, opened(m), patient_ipp=stranger.ipp))
    assert "Secrette" not in body.upper().title()


def test_patient_can_be_changed(page, m):
    first = brouillon(m)
    draft = opened(m)
    autosave(page, draft, patient_ipp=first.patient.ipp)
    send(page, draft, action="changer-patient")
    assert fresh(draft).patient is None
    assert Patient.objects.filter(pk=first.patient_id).exists()


# --- Both paths, to the pharmacy ----------------------------------------------------------


BOXES = {"engagement_conformite": "on", "engagement_information": "on"}


def send_off(page, draft, **boxes):
    return page.post(url("demande_relire", draft), {"version": fresh(draft).version, **boxes})


def test_request_by_criteria_goes_from_search_to_the_pharmacy(page, m):
    page.post(reverse("access:demande_nouvelle"), {"produit": m.medicament.produit.pk})
    draft = DemandeAac.objects.get()
    typed = {"poids_kg": "20", **IDENTITE, **POSOLOGIE, **MALADIE, **ANTERIEUR}
    answer = send(page, draft, action="relire", **typed, **criteria(m, True, True))
    assert answer.url == url("demande_relire", draft)
    body = text(page.get(answer.url))
    assert "ne peut pas encore partir" not in body
    assert "Critères 2/2" in body
    assert page.post(answer.url, {"version": fresh(draft).version}).status_code == 422
    answer = send_off(page, draft, **BOXES)
    assert answer.url == url("dossier", draft)
    sent = fresh(draft)
    assert sent.state == S.A_VALIDER_PUI
    assert sent.numero.startswith("DEM-")
    assert sent.code_indication == m.medicament.code
    assert "est partie à la pharmacie" in text(page.get(reverse("access:demande_nouvelle")))


def test_a_value_said_beside_an_answer_is_read_by_all(client, page, m):
    draft = opened(m)
    first = m.medicament.criteres[0]
    assert '<details class="precisions"><summary>Préciser une réponse' in text(
        page.get(url("demande_modifier", draft))
    )
    assert send(page, draft, **{f"precision_{first.pk}": "x" * 301}).status_code == 422
    value = {f"precision_{first.pk}": "12,4 g/L le 3 novembre"}
    typed = {"poids_kg": "20", **IDENTITE, **POSOLOGIE, **MALADIE, **ANTERIEUR}
    send(page, draft, **typed, **criteria(m, True, True), **value)
    assert "12,4 g/L le 3 novembre" in text(page.get(url("demande_relire", draft)))
    send_off(page, draft, **BOXES)
    login(client, m.pharmacien)
    assert "12,4 g/L le 3 novembre" in text(client.get(url("dossier", draft)))


def test_justified_request_of_an_unlisted_product_goes_to_the_pharmacy(page, m):
    page.post(reverse("access:demande_nouvelle"), {"produit": ""})
    draft = DemandeAac.objects.get()
    libre = {"libre_nom": "LIBRE FICTIF", "libre_forme": "gélule", "libre_dosage": "5 mg"}
    why = {"justif_inclusion": TEXTE, "justif_alternative": TEXTE, "justif_efficacite": TEXTE}
    send(
        page,
        draft,
        poids_kg="20",
        indication="Maladie fictive rare",
        references="Revue imaginaire, 2025.",
        voie="orale",
        dose_unite="mg",
        **libre,
        **why,
        **IDENTITE,
        **POSOLOGIE,
        **MALADIE,
        **ANTERIEUR,
    )
    answer = send_off(page, draft, **BOXES)
    assert answer.status_code == 302, re.findall(r"<li>(.*?)</li>", text(answer))
    sent = fresh(draft)
    assert (sent.state, sent.produit_nom) == (S.A_VALIDER_PUI, "LIBRE FICTIF")


def test_one_no_opens_the_justification_without_a_reproach(page, m):
    draft = opened(m)
    send(page, draft, **criteria(m, False, True))
    assert fresh(draft).detail_aac.mode_justification == "JUSTIFICATION"
    body = text(page.get(url("demande_modifier", draft)))
    assert "la demande reste possible" in body
    assert "Revenir aux critères" in body


def test_justifying_is_one_click_from_the_summary(page, m):
    draft = opened(m)
    assert send(page, draft, action="voie:JUSTIFICATION").status_code == 302
    assert fresh(draft).detail_aac.mode_justification == "JUSTIFICATION"


def test_incomplete_request_says_what_is_missing_with_links(page, m):
    draft = opened(m)
    body = text(page.get(url("demande_relire", draft)))
    assert f"{url('demande_modifier', draft)}#id_poids_kg" in body
    assert "disabled" in body
    answer = send_off(page, draft, **BOXES)
    assert answer.status_code == 422
    assert fresh(draft).state == S.BROUILLON


def test_stale_sending_is_refused(page, m):
    draft = brouillon(m)
    answer = page.post(url("demande_relire", draft), {"version": 99, **BOXES})
    assert answer.status_code == 409


def test_interne_prepares_and_cannot_send(client, m):
    draft = brouillon(m)
    login(client, m.hopital.interne())
    body = text(client.get(url("demande_relire", draft)))
    assert "Envoyer à la pharmacie" not in body
    assert m.prescripteur.full_name in body
    assert send_off(client, draft, **BOXES).status_code == 403
    assert fresh(draft).state == S.BROUILLON


# --- Scope --------------------------------------------------------------------------------


PAGES = ["demande_modifier", "demande_relire", "demande_produit", "demande_dosage"]


@pytest.mark.parametrize("name", [*PAGES, "demande_supprimer"])
def test_prescriber_of_another_service_finds_nothing(client, m, name):
    draft = opened(m)
    other = people.acting(
        people.UserFactory(),
        "PRESCRIPTEUR",
        m.hopital.organisation,
        [people.ServiceFactory(etablissement=m.hopital.etablissement)],
    )
    login(client, other)
    assert client.get(url(name, draft)).status_code == 404
    assert client.post(url(name, draft), {"version": 1}).status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_pharmacist_does_not_write_requests(client, m, name):
    draft = dossier_at(S.A_VALIDER_PUI, m)
    login(client, m.pharmacien)
    assert client.get(url(name, draft)).status_code == 403
    assert client.post(url(name, draft), {"version": 1}).status_code == 403


def test_sent_request_opens_as_a_dossier(page, m):
    sent = dossier_at(S.A_VALIDER_PUI, m)
    assert page.get(url("demande_modifier", sent)).url == url("dossier", sent)
    answer = page.post(url("demande_modifier", sent), {"version": sent.version, "poids_kg": "3"})
    assert answer.status_code == 409
    assert "À valider par la PUI" in text(answer)


def test_page_reads_are_journalled(page, m):
    draft = opened(m)
    page.get(url("demande_modifier", draft))
    assert AccesLu.objects.filter(subject_id=draft.pk, page="demande").exists()


def test_identity_never_travels_in_an_address(page, m):
    draft = opened(m)
    answer = send(page, draft, action="chercher-patient", **IDENTITE)
    assert "IPP" not in answer.url
    assert "Fictive" not in answer.url


# --- Other acts on a draft -------------------------------------------------------------------


def test_another_strength_is_added_from_its_page(page, m):
    draft = brouillon(m)
    other = SpecialiteFactory(produit__dci=m.medicament.produit.dci, produit__dosage="50 mg/5 ml")
    body = text(page.get(url("demande_dosage", draft)))
    assert other.libelle in body
    data = {"version": draft.version, "specialite": other.pk, "dose": "", "unites_par_jour": "x"}
    assert page.post(url("demande_dosage", draft), data).status_code == 422
    data |= {"dose": "20", "unites_par_jour": "1,5"}
    answer = page.post(url("demande_dosage", draft), data)
    twin = DemandeAac.objects.exclude(pk=draft.pk).get()
    assert answer.url == url("demande_modifier", twin)
    assert (twin.jumeau, twin.detail_aac.unites_par_jour) == (draft, Decimal("1.5"))
    assert "Les deux partent ensemble" in text(page.get(answer.url))


def test_draft_is_discarded_after_its_own_page(page, m):
    draft = opened(m)
    assert "sont effacés" in text(page.get(url("demande_supprimer", draft)))
    page.post(url("demande_supprimer", draft), {"version": draft.version})
    assert not DemandeAac.objects.exists()


def test_closed_request_is_taken_up_again(page, m):
    refused = dossier_at(S.REFUSEE, m)
    answer = page.post(url("demande_reprendre", refused))
    assert answer.status_code == 302
    assert DemandeAac.objects.filter(state=S.BROUILLON).count() == 1


def test_other_product_is_chosen_later(page, m):
    draft = opened(m)
    other = SpecialiteFactory().produit
    page.post(url("demande_produit", draft), {"version": 1, "produit": other.pk})
    assert fresh(draft).produit == other


def test_product_change_on_a_stale_version_is_refused(page, m):
    draft = opened(m)
    answer = page.post(url("demande_produit", draft), {"version": 7, "produit": ""})
    assert answer.status_code == 409


# --- Cost -------------------------------------------------------------------------------------


def test_form_asks_the_database_a_constant_number_of_times(page, m, django_assert_max_num_queries):
    draft = opened(m)
    page.get(url("demande_modifier", draft))
    with django_assert_max_num_queries(PAGE_BUDGET):
        page.get(url("demande_modifier", draft))
    for n in range(8):
        brouillon(m)
        CadreFactory(produit=m.medicament.produit, code=f"NFICT1{n}", indication=f"Maladie {n}")
    with django_assert_max_num_queries(PAGE_BUDGET):
        page.get(url("demande_modifier", draft))


def test_search_asks_the_database_a_constant_number_of_times(page, django_assert_max_num_queries):
    for n in range(12):
        CadreFactory(code=f"NFICT{n:02d}")
    refresh_search_texts()
    page.get(reverse("access:demande_nouvelle"), {"q": "fictivax"})
    with django_assert_max_num_queries(14):
        page.get(reverse("access:demande_nouvelle"), {"q": "fictivax"})


def test_start_in_the_past_is_said(page, m):
    draft = opened(m)
    send(page, draft, date_debut_souhaitee=(today() - timedelta(days=2)).isoformat())
    assert "Le début souhaité est passé" in text(page.get(url("demande_relire", draft)))
    assert now()


# --- Two strengths on the pages of the steps --------------------------------------------------


def test_pharmacist_transmits_both_strengths_from_one_page(client, m):
    first = brouillon(m, mode="JUSTIFICATION")
    other = SpecialiteFactory(produit__nom="FICTIVAX 50 mg").produit
    second = add_strength(
        first,
        by=m.prescripteur,
        version=first.version,
        produit=other,
        dose=Decimal(20),
        unites_par_jour=Decimal(2),
    )
    login(client, m.prescripteur)
    answer = send_off(client, first, **BOXES)
    assert "Les 2 dosages sont partis ensemble" in text(client.get(answer.url))
    login(client, m.pharmacien)
    address = reverse("access:step", args=[first.pk, "transmit"])
    assert "L'autre dosage, FICTIVAX 50 mg, part en même temps" in text(client.get(address))
    data = {"version": fresh(first).version, "pharmacie_criteres": "on"}
    answer = client.post(address, data | {"pharmacie_quantite": "180"})
    assert answer.status_code == 302
    assert {fresh(d).state for d in (first, second)} == {S.TRANSMISE_ANSM}
    assert fresh(second).detail_aac.pharmacie_quantite == 360
