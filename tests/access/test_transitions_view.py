"""One view for every step: its page, the step, and each way of refusing it in words."""

import pytest
from django.urls import reverse

from access.models import Dossier
from access.states import DemandeAacState as S
from engine.models import AccesLu
from tests.factories import people
from tests.factories.dossiers import ENGAGEMENTS, VOLET, dossier_at, monde, walk

pytestmark = pytest.mark.django_db


def step_url(dossier, name):
    return reverse("access:step", args=[dossier.pk, name])


def post(client, dossier, name, data=None, version=None):
    version = dossier.version if version is None else version
    return client.post(step_url(dossier, name), {"version": version, **(data or {})})


def state_of(dossier):
    return Dossier.objects.get(pk=dossier.pk).state


def test_page_restates_what_will_happen_and_to_whom(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.pharmacien)
    page = client.get(step_url(dossier, "return_to_prescripteur")).content.decode()
    assert "redevient modifiable" in page
    assert dossier.monde.prescripteur.full_name in page
    assert f'name="version" value="{dossier.version}"' in page


def test_prefilled_form_needs_one_tick_to_transmit(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.pharmacien)
    form = client.get(step_url(dossier, "transmit")).context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value()}
    assert filled["pharmacie_quantite"] == "180"
    answer = post(client, dossier, "transmit", {**filled, "pharmacie_criteres": "on"})
    assert answer.status_code == 302
    assert Dossier.objects.get(pk=dossier.pk).transmitted_at is not None


def test_conforming_request_is_decided_with_one_tick(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    m = dossier.monde
    dossier = walk(dossier, m, "transmit")
    if dossier.as_kind().state == S.TRANSMISE_ANSM:
        dossier = walk(dossier, m, "fast")
    people.login(client, m.decideur)
    home = client.get("/").content.decode()
    assert reverse("access:dossier", args=[dossier.pk]) in home
    page = client.get(reverse("access:dossier", args=[dossier.pk])).content.decode()
    assert step_url(dossier, "grant") in page
    form = client.get(step_url(dossier, "grant")).context["form"]
    filled = {name: form[name].value() for name in form.fields if form[name].value()}
    answer = post(client, dossier, "grant", {**filled, "sans_lien": "on"})
    assert answer.status_code == 302
    assert state_of(dossier) == S.ACCORDEE


def test_success_says_what_happens_next(client):
    dossier = dossier_at(S.BROUILLON)
    people.login(client, dossier.monde.prescripteur)
    url = step_url(dossier, "submit")
    data = {"version": dossier.version} | dict.fromkeys(ENGAGEMENTS, "on")
    page = client.post(url, data, follow=True).content.decode()
    assert "La demande est partie à la pharmacie" in page


def test_invalid_input_is_422_and_keeps_what_was_typed(client):
    dossier = dossier_at(S.EN_INSTRUCTION)
    people.login(client, dossier.monde.evaluateur)
    answer = post(client, dossier, "record_contact", {"moyen": "Appel du matin", "resultat": ""})
    assert answer.status_code == 422
    assert "Appel du matin" in answer.content.decode()
    assert state_of(dossier) == S.EN_INSTRUCTION


def test_blocked_is_422_with_the_reason(client):
    dossier = dossier_at(S.EN_INSTRUCTION)
    people.login(client, dossier.monde.decideur)
    facts = "Des faits assez longs pour compter."
    data = {"motif": "DONNEES", "faits": facts, "sans_lien": "on"}
    answer = post(client, dossier, "refuse", data)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "tentative de contact" in page
    assert facts in page


def test_stale_version_is_409_with_the_state_and_the_text(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.pharmacien)
    reason = "Un motif rédigé avec soin, à ne pas perdre."
    stale = dossier.version - 1
    answer = post(client, dossier, "return_to_prescripteur", {"motif": reason}, version=stale)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "À valider par la PUI" in page
    assert reason in page
    assert reverse("access:dossier", args=[dossier.pk]) in page


@pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 30])
def test_unreadable_version_is_409_not_500(client, version):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.pharmacien)
    assert post(client, dossier, "transmit", VOLET, version=version).status_code == 409


def test_step_of_another_state_is_409(client):
    dossier = dossier_at(S.ACCORDEE)
    people.login(client, dossier.monde.decideur)
    assert client.get(step_url(dossier, "grant")).status_code == 409
    assert post(client, dossier, "refuse", {"motif": "DONNEES", "faits": "x"}).status_code == 409


def test_visible_but_not_permitted_is_403(client):
    dossier = dossier_at(S.EN_INSTRUCTION)
    people.login(client, dossier.monde.prescripteur)
    assert client.get(step_url(dossier, "grant")).status_code == 403
    assert post(client, dossier, "grant").status_code == 403


def test_foreign_dossier_is_404(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, monde().pharmacien)
    assert client.get(step_url(dossier, "transmit")).status_code == 404
    assert post(client, dossier, "transmit", VOLET).status_code == 404


def test_unknown_step_is_404(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.pharmacien)
    assert client.get(step_url(dossier, "inventee")).status_code == 404


def test_system_steps_are_not_offered_to_people(client):
    dossier = dossier_at(S.COMPLEMENT_DEMANDE)
    people.login(client, dossier.monde.evaluateur)
    assert post(client, dossier, "remind").status_code == 403


def test_reading_the_page_of_a_step_is_recorded(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.pharmacien)
    client.get(step_url(dossier, "transmit"))
    read = AccesLu.objects.get(subject_id=dossier.pk)
    assert (read.actor_id, read.page) == (dossier.monde.pharmacien.pk, "etape:transmit")


def test_one_click_step_leaves_from_the_dossier_page(client):
    m = monde()
    dossier = dossier_at(S.COMPLEMENT_DEMANDE, m)
    element = dossier.complements.get().elements.get()
    people.login(client, m.prescripteur)
    answer = post(client, dossier, "answer_complement", {f"reponse_{element.pk}": "Bilan joint."})
    assert answer.status_code == 302
    people.login(client, m.pharmacien)
    fresh = Dossier.objects.get(pk=dossier.pk)
    page = client.get(reverse("access:dossier", args=[dossier.pk])).content.decode()
    assert f'action="{step_url(dossier, "retransmit")}"' in page
    assert post(client, fresh, "retransmit").status_code == 302
    assert state_of(dossier) == S.EN_INSTRUCTION
