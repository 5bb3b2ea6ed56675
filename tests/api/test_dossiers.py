"""The same acts through the API: same steps, same forms, same scope."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from access.models import Aac, DemandeAac, Dossier, Message, Piece
from access.states import DemandeAacState as S
from engine.clocks import today
from engine.models import AccesLu, Entry, IdempotencyKey
from tests.factories.dossiers import (
    ENGAGEMENTS,
    VOLET,
    aac_at,
    accord,
    brouillon,
    dossier_at,
    monde,
)
from tests.factories.jetons import api

pytestmark = pytest.mark.django_db
BASE = "/api/v1/"


def step(client, dossier, name, data=None, version=None, **headers):
    version = Dossier.objects.get(pk=dossier.pk).version if version is None else version
    return client.post(
        f"{BASE}dossiers/{dossier.pk}/steps/{name}/",
        {"version": version, "data": data or {}},
        **headers,
    )


def test_lists_hold_what_the_role_may_see():
    m = monde()
    draft, sent = brouillon(m), dossier_at(S.A_VALIDER_PUI, m)
    foreign = dossier_at(S.A_VALIDER_PUI)
    seen = {row["id"] for row in api(m.prescripteur).get(f"{BASE}dossiers/").json()["resultats"]}
    assert seen == {str(draft.pk), str(sent.pk)}
    seen = {row["id"] for row in api(m.pharmacien).get(f"{BASE}dossiers/").json()["resultats"]}
    assert seen == {str(sent.pk)}
    assert api(m.evaluateur).get(f"{BASE}dossiers/").json()["total"] == 0
    assert api(m.prescripteur).get(f"{BASE}dossiers/{foreign.pk}/").status_code == 404


def test_filters_are_those_of_the_pages():
    m = monde()
    brouillon(m)
    dossier_at(S.A_VALIDER_PUI, m)
    client = api(m.prescripteur)
    address = f"{BASE}demandes/"
    assert client.get(address, {"etat": "A_VALIDER_PUI"}).json()["total"] == 1
    assert client.get(address, {"etat": "N'IMPORTE"}).json()["total"] == 0
    assert client.get(address, {"q": m.medicament.produit.nom}).json()["total"] == 1
    assert client.get(address, {"produit": str(m.medicament.produit.pk)}).json()["total"] == 2
    assert client.get(address, {"produit": "x"}).status_code == 422
    assert client.get(address, {"page": "9"}).status_code == 404
    assert client.get(address, {"page": "abc"}).status_code == 400
    assert client.get(address, {"par_page": "1"}).json()["pages"] == 2
    assert client.get(f"{BASE}dossiers/", {"type": "AAC"}).json()["total"] == 0


def test_the_agency_never_sees_the_identity():
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    body = api(m.evaluateur).get(f"{BASE}dossiers/{dossier.pk}/").content.decode()
    patient = dossier.patient
    assert json.loads(body)["patient"] is None
    for secret in (patient.nom, patient.prenom, patient.ipp, patient.naissance.isoformat()):
        assert secret not in body
    hospital = api(m.prescripteur).get(f"{BASE}dossiers/{dossier.pk}/").json()
    assert hospital["patient"]["ipp"] == patient.ipp
    assert "proposition" not in hospital["demande"]
    assert AccesLu.objects.filter(page="api:dossier").count() == 2


def test_a_whole_request_from_draft_to_grant():
    m = monde()
    client = api(m.prescripteur)
    opened = client.post(f"{BASE}demandes/", {"produit": str(m.medicament.produit.pk)})
    assert opened.status_code == 201, opened.json()
    address = f"{BASE}demandes/{opened.json()['id']}/"
    form = client.get(f"{address}formulaire/").json()
    criteria = [c["nom"] for c in form["champs"] if c["nom"].startswith("critere_")]
    assert len(criteria) == 2
    assert form["blocages"]
    written = client.patch(
        address,
        {
            "version": form["version"],
            "data": {
                "patient_ipp": "IPP-1",
                "patient_nom": "Fictif",
                "patient_prenom": "Dominique",
                "patient_naissance": "2019-03-14",
                "patient_sexe": "F",
                "poids_kg": "20.5",
                "dose": 10,
                "dose_unite": "mg",
                "frequence": "2 fois par jour",
                "unites_par_jour": "1",
                "duree_jours": 180,
                "differable": False,
                "gravite": ["RARE"],
                "essai_en_cours": False,
                "ant_1_dci": "autrecine",
                "ant_1_issue": "ECHEC",
                **dict.fromkeys(criteria, True),
            },
        },
    )
    assert written.status_code == 200, written.json()
    assert client.get(f"{address}formulaire/").json()["blocages"] == []
    dossier = DemandeAac.objects.get(pk=opened.json()["id"])
    assert dossier.canal == "API"
    sent = step(client, dossier, "submit", ENGAGEMENTS)
    assert (sent.status_code, sent.json()["etat"]) == (200, "A_VALIDER_PUI"), sent.json()
    assert sent.json()["numero"].startswith("DEM-")
    assert step(api(m.pharmacien), dossier, "transmit", VOLET).status_code == 200
    done = step(api(m.evaluateur), dossier, "start_review", {"sans_lien": True})
    assert done.json()["etat"] == "EN_INSTRUCTION"
    granted = step(api(m.decideur), dossier, "grant", accord())
    assert granted.status_code == 200, granted.json()
    assert granted.json()["autorisation_id"] == str(Aac.objects.get().pk)
    assert [d["decision"] for d in granted.json()["decisions"]] == ["ACCORD"]


def test_refusals_tell_what_is_missing_and_where():
    m = monde()
    draft = brouillon(m, poids_kg=None)
    blocked = step(api(m.prescripteur), draft, "submit", ENGAGEMENTS)
    assert blocked.status_code == 422
    assert [b["field"] for b in blocked.json()["blockers"]] == ["poids_kg"]
    empty = step(api(m.prescripteur), draft, "submit")
    assert empty.status_code == 422
    assert set(empty.json()["errors"]) == set(ENGAGEMENTS)


def test_stale_version_and_wrong_state_conflict():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    stale = step(api(m.pharmacien), dossier, "transmit", VOLET, version=1)
    assert (stale.status_code, stale.json()["state"]) == (409, "A_VALIDER_PUI")
    assert stale.json()["version"] == dossier.version
    again = step(api(m.prescripteur), dossier, "submit", ENGAGEMENTS)
    assert (again.status_code, again.json()["code"]) == (409, "conflit")


def test_seen_but_not_permitted_is_403_and_unknown_step_404():
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    assert step(api(m.evaluateur), dossier, "grant", accord()).status_code == 403
    assert step(api(m.evaluateur), dossier, "fly").status_code == 404
    assert step(api(m.hopital.facturation()), dossier, "grant").status_code == 403


def test_mass_assignment_is_refused():
    m = monde()
    draft = brouillon(m)
    client = api(m.prescripteur)
    address = f"{BASE}demandes/{draft.pk}/"
    tries = [
        {"version": 1, "state": "ACCORDEE"},
        {"version": 1, "data": {"state": "ACCORDEE"}},
        {"version": 1, "data": {"numero": "DEM-2026-000001"}},
        {"version": 1, "data": {"organisation": str(uuid4())}},
        {"version": 1, "data": {"pharmacie_quantite": "5"}},
        {"version": 1, "data": {"proposition": "FAVORABLE"}},
        {"version": 1, "organisation_id": str(uuid4())},
    ]
    for body in tries:
        answer = client.patch(address, body)
        assert (answer.status_code, answer.json()["code"]) == (400, "champ_inconnu"), body
    assert step(client, draft, "submit", {**ENGAGEMENTS, "state": "ACCORDEE"}).status_code == 400
    assert client.post(f"{BASE}demandes/", {"state": "ACCORDEE"}).status_code == 400
    assert client.post(f"{BASE}dossiers/{draft.pk}/messages/", {"x": 1}).status_code == 400
    draft.refresh_from_db()
    assert (draft.state, draft.numero, draft.version) == (S.BROUILLON, None, 1)


def test_links_of_another_hospital_cannot_be_written():
    m, other = monde(), monde()
    draft = brouillon(m)
    for name, foreign in (
        ("service", other.hopital.service.pk),
        ("pui", other.hopital.pui.pk),
        ("prescripteur", other.prescripteur.pk),
    ):
        body = {"version": 1, "data": {name: str(foreign)}}
        answer = api(m.prescripteur).patch(f"{BASE}demandes/{draft.pk}/", body)
        assert answer.status_code == 422, name
        assert name in answer.json()["errors"]


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        ("{", 400),
        ("[]", 400),
        ("null", 400),
        ('"x"', 400),
        ('{"version": "\\ud800"}', 400),
        ('{"version": NaN}', 400),
        ('{"version": 1, "data": {"poids_kg": "\\u0000"}}', 400),
        ("[" * 100000, 400),
        ('{"version": 1e400}', 422),
        ('{"version": -1}', 422),
        ('{"version": 99999999999999999999}', 422),
        ('{"version": 1, "data": {"poids_kg": {"a": 1}}}', 422),
        ('{"version": 1, "data": {"poids_kg": "beaucoup"}}', 422),
        ('{"version": 1, "data": {"gravite": "RARE"}}', 422),
        ('{"version": 1, "data": {"gravite": ["x"]}}', 422),
        ('{"version": 1, "data": []}', 422),
        ('{"data": {}}', 422),
    ],
)
def test_bad_bodies_are_said_in_french_and_change_nothing(raw, status):
    m = monde()
    draft = brouillon(m)
    answer = api(m.prescripteur).patch(
        f"{BASE}demandes/{draft.pk}/", raw, content_type="application/json"
    )
    assert answer.status_code == status, answer.content
    assert answer.json()["message"]
    draft.refresh_from_db()
    assert draft.version == 1


def test_unknown_addresses_and_ids_answer_json():
    client = api(monde().prescripteur)
    for path in ("dossiers/abc/", "dossiers/../x/", "rien", f"demandes/{uuid4()}/", "dossiers"):
        answer = client.get(BASE + path)
        assert answer.status_code == 404, path
        assert answer.json()["code"] == "introuvable"
    assert client.put(f"{BASE}dossiers/", {}).json()["code"] == "methode_refusee"
    text = client.post(f"{BASE}demandes/", "x", content_type="text/plain")
    assert text.status_code == 415


def test_without_login_every_private_address_is_401():
    from rest_framework.test import APIClient

    for path in (
        "dossiers/",
        "moi/",
        "commandes/",
        "facturation/mois/",
        "schema/",
        "documentation/",
    ):
        assert APIClient().get(BASE + path).status_code == 401, path


def test_messages_follow_their_audience():
    m = monde()
    dossier = dossier_at(S.TRANSMISE_ANSM, m)
    address = f"{BASE}dossiers/{dossier.pk}/messages/"
    assert api(m.prescripteur).post(address, {"texte": "Entre nous."}).status_code == 201
    body = {"texte": "Pour l'agence.", "audience": "AGENCE"}
    assert api(m.pharmacien).post(address, body).status_code == 201
    assert [row["texte"] for row in api(m.evaluateur).get(address).json()] == ["Pour l'agence."]
    assert len(api(m.prescripteur).get(address).json()) == 2
    wrong = api(m.evaluateur).post(address, {"texte": "x", "audience": "HOPITAL"})
    assert wrong.status_code == 422
    assert Message.objects.count() == 2


def test_pieces_go_up_and_down(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}
    }
    m, other = monde(), monde()
    draft = brouillon(m)
    client = api(m.prescripteur)
    address = f"{BASE}dossiers/{draft.pk}/pieces/"
    file = SimpleUploadedFile("nom secret.pdf", b"%PDF-1.7 contenu", "application/pdf")
    body = {"libelle": "Imagerie", "fichier": file}
    joined = client.post(address, body, format="multipart")
    assert joined.status_code == 201, joined.json()
    piece = f"{BASE}pieces/{joined.json()['id']}/"
    down = client.get(piece)
    assert b"".join(down) == b"%PDF-1.7 contenu"
    assert down["Content-Disposition"].startswith("attachment")
    assert api(other.prescripteur).get(piece).status_code == 404
    bad = SimpleUploadedFile("x.pdf", b"MZ", "application/pdf")
    refused = client.post(address, {"libelle": "Imagerie", "fichier": bad}, format="multipart")
    assert refused.status_code == 422
    assert [row["nature"] for row in client.get(address).json()] == ["Imagerie"]


def test_no_piece_is_lost_on_an_authorisation(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    aac = aac_at()
    file = SimpleUploadedFile("a.pdf", b"%PDF-1.7 contenu", "application/pdf")
    body = {"libelle": "Imagerie", "fichier": file}
    address = f"{BASE}dossiers/{aac.pk}/pieces/"
    refused = api(aac.monde.prescripteur).post(address, body, format="multipart")
    assert (refused.status_code, refused.json()["state"]) == (409, "ACCORDEE")
    assert not Piece.objects.exists()


def test_idempotency_replay():
    m = monde()
    client = api(m.prescripteur)
    first = client.post(f"{BASE}demandes/", {}, headers={"Idempotency-Key": "k1"})
    again = client.post(f"{BASE}demandes/", {}, headers={"Idempotency-Key": "k1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert again["Idempotency-Replayed"] == "true"
    assert Dossier.objects.count() == 1
    body = {"produit": str(m.medicament.produit.pk)}
    other = client.post(f"{BASE}demandes/", body, headers={"Idempotency-Key": "k1"})
    assert (other.status_code, other.json()["code"]) == (422, "invalide")
    colleague = api(m.hopital.interne()).post(
        f"{BASE}demandes/", {}, headers={"Idempotency-Key": "k1"}
    )
    assert colleague.status_code == 201
    assert Dossier.objects.count() == 2


def test_idempotency_replays_a_step_once_decided():
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    client, data = api(m.decideur), accord()
    key = {"HTTP_IDEMPOTENCY_KEY": "decision"}
    first = step(client, dossier, "grant", data, version=dossier.version, **key)
    again = step(client, dossier, "grant", data, version=dossier.version, **key)
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert Entry.objects.filter(action="grant").count() == 1
    without = step(client, dossier, "grant", data, version=dossier.version)
    assert without.status_code == 409


def test_a_refused_post_keeps_no_answer():
    m = monde()
    draft = brouillon(m, poids_kg=None)
    key = {"HTTP_IDEMPOTENCY_KEY": "envoi"}
    client = api(m.prescripteur)
    assert step(client, draft, "submit", ENGAGEMENTS, version=1, **key).status_code == 422
    assert IdempotencyKey.objects.count() == 0


def test_a_key_too_long_or_strange_is_refused():
    client = api(monde().prescripteur)
    for key in ("x" * 81, "é"):
        answer = client.post(f"{BASE}demandes/", {}, HTTP_IDEMPOTENCY_KEY=key)
        assert answer.status_code == 400


def test_draft_is_thrown_away_with_its_version():
    m = monde()
    draft = brouillon(m)
    client = api(m.prescripteur)
    address = f"{BASE}demandes/{draft.pk}/"
    assert client.delete(address, {"version": 7}).status_code == 409
    assert client.delete(address, {"version": 1}).status_code == 204
    assert client.get(address).status_code == 404


def test_half_an_identity_is_not_silently_dropped():
    m = monde()
    client = api(m.prescripteur)
    opened = client.post(f"{BASE}demandes/", {}).json()
    body = {"version": opened["version"], "data": {"patient_nom": "Fictif"}}
    answer = client.patch(f"{BASE}demandes/{opened['id']}/", body)
    assert answer.status_code == 422
    assert "patient_nom" in answer.json()["errors"]


def test_the_list_asks_a_constant_number_of_queries(django_assert_max_num_queries):
    m = monde()
    client = api(m.prescripteur)
    for _ in range(5):
        brouillon(m)
    with django_assert_max_num_queries(16):
        assert client.get(f"{BASE}dossiers/").json()["total"] == 5


def test_ending_soon_is_a_tab():
    m = monde()
    from tests.factories.dossiers import aac_at

    aac_at(m=m, jours=20)
    rows = api(m.prescripteur).get(f"{BASE}dossiers/", {"onglet": "bientot"}).json()
    assert rows["total"] == 1
    assert rows["resultats"][0]["date_fin"] == (today() + timedelta(days=19)).isoformat()
