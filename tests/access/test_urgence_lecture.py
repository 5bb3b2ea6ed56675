"""An emergency opening reads and writes messages; every other act asks for a named colleague."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from access.forms.pieces import NATURES
from access.models import DemandeAac, Dossier, OuvertureUrgence
from access.permissions import AccessPermission as P
from access.permissions import can
from access.states import DemandeAacState as S
from engine.clocks import now
from engine.steps import available_steps
from referentiel.roles import Role
from tests.factories import people
from tests.factories.dossiers import ENGAGEMENTS, dossier_at, monde
from tests.factories.jetons import api

pytestmark = pytest.mark.django_db
BASE = "/api/v1/"
STATES = (S.BROUILLON, S.EN_INSTRUCTION, S.COMPLEMENT_DEMANDE, S.RETIREE)


def opened(state):
    """A dossier, and a prescriber of another service who opened it in emergency."""
    m = monde()
    dossier = dossier_at(state, m)
    elsewhere = people.ServiceFactory(etablissement=m.hopital.etablissement)
    doctor = people.acting(
        people.UserFactory(), Role.PRESCRIPTEUR, m.hopital.organisation, [elsewhere]
    )
    OuvertureUrgence.objects.create(
        dossier=dossier,
        par=doctor,
        motif="Urgence fictive",
        le=now(),
        jusqu_a=now() + timedelta(hours=4),
    )
    return dossier, doctor


@pytest.mark.parametrize("state", STATES)
def test_an_opening_permits_reading_and_messages_only(state):
    dossier, doctor = opened(state)
    held = {p for p in P if can(p)(doctor, dossier)}
    assert held == {P.VIEW_DOSSIER, P.WRITE_MESSAGE}
    assert not available_steps(dossier, doctor)
    dossier.coprescripteurs.add(doctor)
    assert {P.WITHDRAW_DEMANDE_AAC, P.ADD_PIECE} <= {p for p in P if can(p)(doctor, dossier)}


def piece():
    upload = SimpleUploadedFile("avis.pdf", b"%PDF-1.4\n%%EOF\n", "application/pdf")
    return {"fichier": upload, "libelle": NATURES[0]}


def acts(doctor, colleague):
    """What the doctor might post on the pages: route, words of its address, values."""
    yield "access:partager", [], {"personne": str(doctor.pk)}
    yield "access:partage_retirer", [], {"personne": str(colleague.pk)}
    yield "access:piece_ajouter", [], piece()
    for name in ("submit", "withdraw", "answer_complement"):
        yield "access:step", [name], {"motif": "Motif fictif", "reponse": "Oui", **ENGAGEMENTS}
    yield "access:demande_modifier", [], {"poids_kg": "3"}
    yield "access:demande_produit", [], {"produit": ""}
    for name in ("relire", "dosage", "supprimer", "reprendre"):
        yield f"access:demande_{name}", [], ENGAGEMENTS


@pytest.mark.parametrize("state", STATES)
def test_no_act_of_a_page_is_open_under_an_opening(client, state):
    dossier, doctor = opened(state)
    colleague = people.acting(people.UserFactory(), Role.PRESCRIPTEUR, dossier.organisation)
    dossier.coprescripteurs.add(colleague)
    people.login(client, doctor)
    before = kept(dossier)
    for route, words, values in acts(doctor, colleague):
        address = reverse(route, args=[dossier.pk, *words])
        answer = client.post(address, {"version": dossier.version, **values})
        assert answer.status_code == 403, address
    assert kept(dossier) == before
    OuvertureUrgence.objects.update(jusqu_a=now())
    assert not Dossier.objects.visible_to(doctor).filter(pk=dossier.pk).exists()


@pytest.mark.parametrize("state", STATES)
def test_no_act_of_the_api_is_open_under_an_opening(state):
    dossier, doctor = opened(state)
    client, before = api(doctor), kept(dossier)
    version = {"version": dossier.version}
    address = f"{BASE}demandes/{dossier.pk}/"
    answers = [
        client.patch(address, version | {"data": {"poids_kg": "3"}}),
        client.delete(address, version),
        client.get(f"{address}formulaire/"),
        client.post(f"{address}dosages/", version),
        client.post(f"{address}reprise/"),
        client.post(f"{BASE}dossiers/{dossier.pk}/pieces/", piece(), format="multipart"),
    ]
    for name in ("submit", "withdraw", "answer_complement"):
        answers.append(client.post(f"{BASE}dossiers/{dossier.pk}/steps/{name}/", version))
    assert {answer.status_code for answer in answers} == {403}
    assert kept(dossier) == before


def kept(dossier):
    """What none of these acts may change."""
    fresh = DemandeAac.objects.get(pk=dossier.pk)
    people_named = sorted(fresh.coprescripteurs.values_list("pk", flat=True))
    return fresh.state, fresh.version, people_named, fresh.pieces.count()


def test_a_message_is_written_under_an_opening(client):
    dossier, doctor = opened(S.EN_INSTRUCTION)
    people.login(client, doctor)
    address = reverse("access:message_ajouter", args=[dossier.pk])
    assert client.post(address, {"texte": "Patient vu.", "audience": "HOPITAL"}).status_code == 302
    assert dossier.messages.filter(auteur=doctor).exists()
