"""The public page: authentic, over, withdrawn or unknown; nothing on patient or product."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from access.documents import catalogue, storage
from access.models import Aac
from access.selectors import verification
from access.states import AacState
from tests.factories.dossiers import aac_at, dossier_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


def page(client, code):
    return client.get(reverse("access:verifier", args=[code]))


@pytest.fixture
def aac():
    return aac_at()


def test_a_decision_in_force_is_said_authentic_without_login(client, aac):
    answer = page(client, aac.decision_origine.code)
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Authentique et en cours" in text
    assert aac.numero in text
    assert "SIMULATION" in text
    assert answer.headers["X-Robots-Tag"] == "noindex, nofollow"
    assert 'name="robots" content="noindex"' in text


def test_the_page_says_nothing_of_patient_product_or_prescriber(client, aac):
    text = page(client, aac.decision_origine.code).content.decode()
    for secret in (
        aac.initiales,
        aac.produit_nom,
        aac.produit.dci,
        aac.indication,
        aac.specialite.ucd7,
        aac.code_indication.code,
        aac.prescripteur.nom,
        aac.organisation.nom,
        aac.pui.nom,
        aac.parent.numero,
        str(aac.pk),
    ):
        assert secret not in text


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (AacState.RETIREE_ANSM, "Authentique, retirée"),
        (AacState.SUSPENDUE, "Authentique, suspendue"),
        (AacState.ARRETEE, "Authentique, terminée"),
        (AacState.REMPLACEE, "Authentique, terminée"),
        (AacState.EXPIREE, "Authentique, terminée"),
    ],
)
def test_each_end_is_said_and_never_its_reason(client, aac, state, said):
    if state == AacState.EXPIREE:
        aac = aac_at(AacState.EXPIREE)
        Aac.objects.filter(pk=aac.pk).update(date_debut="2025-01-01", date_fin="2025-02-01")
    else:
        Aac.objects.filter(pk=aac.pk).update(state=state)
    text = page(client, aac.decision_origine.code).content.decode()
    assert said in text
    assert "rrêtée" not in text


def test_one_to_come_and_a_refusal(client):
    coming = aac_at("A_VENIR")
    assert "Authentique, à venir" in page(client, coming.decision_origine.code).content.decode()
    refused = dossier_at("REFUSEE").decisions.get()
    text = page(client, refused.code).content.decode()
    assert "Authentique" in text
    assert "Décision de refus" in text


def test_an_unknown_code_is_said_unknown(client):
    answer = page(client, "0" * 32)
    assert answer.status_code == 404
    assert "Code inconnu" in answer.content.decode()
    assert page(client, "n-importe-quoi").status_code == 404


def test_a_code_is_typed_as_printed(client, aac):
    code = aac.decision_origine.code
    typed = " ".join(code[n : n + 4] for n in range(0, 32, 4)).upper()
    answer = client.get(reverse("access:verifier"), {"code": typed})
    assert answer.headers["Location"] == reverse("access:verifier", args=[code])
    wrong = client.get(reverse("access:verifier"), {"code": "1234"})
    assert wrong.status_code == 422
    assert "32 caractères" in wrong.content.decode()


def send(client, content, code=None):
    url = reverse("access:verifier", args=[code] if code else [])
    file = SimpleUploadedFile("decision.pdf", content, "application/pdf")
    return client.post(url, {"fichier": file})


def test_a_file_is_compared_byte_for_byte(client, aac):
    document = catalogue.make("decision_aac", aac.decision_origine)
    content = storage.read(document.sha256)
    for code in (None, document.code):
        assert "Fichier identique" in send(client, content, code).content.decode()
        altered = send(client, content + b"\n", code).content.decode()
        assert "Fichier modifié ou inconnu" in altered


def test_a_true_file_under_another_code_is_not_identical(client, aac):
    other = aac_at()
    document = catalogue.make("decision_aac", aac.decision_origine)
    answer = send(client, storage.read(document.sha256), other.decision_origine.code)
    assert "Fichier modifié ou inconnu" in answer.content.decode()


def test_an_order_form_is_not_found_by_its_file():
    assert verification.code_of_file("0" * 64) == ""


def test_no_file_and_too_large_a_file_are_answered(client, settings):
    url = reverse("access:verifier")
    assert client.post(url).status_code == 422
    settings.PLACET_UPLOAD_MAX_BYTES = 3
    answer = send(client, b"%PDF-1.7")
    assert answer.status_code == 422
    assert "dépasse 20" in answer.content.decode()


def test_ten_checks_a_minute_for_one_address(client, monkeypatch):
    clock = [1_000_000_020.0]
    monkeypatch.setattr("engine.throttle.time.time", lambda: clock[0])
    for _ in range(10):
        assert page(client, "0" * 32).status_code == 404
    limited = page(client, "0" * 32)
    assert limited.status_code == 429
    assert limited.headers["Retry-After"] == "60"
    assert client.get(reverse("access:verifier")).status_code == 200
    elsewhere = client.get(reverse("access:verifier", args=["0" * 32]), REMOTE_ADDR="203.0.113.7")
    assert elsewhere.status_code == 404
    clock[0] += 60
    assert page(client, "0" * 32).status_code == 404


def test_without_a_cache_the_answer_is_no(client, monkeypatch):
    def broken(*args, **kwargs):
        raise ConnectionError

    monkeypatch.setattr("engine.throttle.cache.add", broken)
    assert page(client, "0" * 32).status_code == 429
