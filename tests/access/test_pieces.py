"""Files: by content and by name, counted, scanned, stored under a UUID, served in a sandbox."""

import struct
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from access.models import DemandeAac, Piece
from access.rules.fichiers import content_error, mime_of, pixels_of
from access.services import drafts
from access.services.jumeaux import add_strength
from access.services.pieces import add_piece, sweep_orphans
from access.states import DemandeAacState
from engine.errors import Conflict, Forbidden, InvalidInput
from engine.models import Entry
from tests.factories import people
from tests.factories.dossiers import ENGAGEMENTS, brouillon, do, dossier_at, monde
from tests.factories.people import login

S = DemandeAacState
PDF = b"%PDF-1.7\n1 0 obj <<>> endobj\n%%EOF\n"


def png(width=10, height=10):
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunk = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    return b"\x89PNG\r\n\x1a\n" + chunk


def jpeg(width=10, height=10):
    app = b"\xff\xe0" + struct.pack(">H", 16) + b"JFIF\0" + b"\0" * 9
    frame = b"\xff\xc0" + struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\1\x11\0"
    return b"\xff\xd8" + app + frame + b"\xff\xda"


# --- What a file may be ------------------------------------------------------------------

GOOD = [("a.pdf", PDF), ("a.PNG", png()), ("a.jpg", jpeg()), ("photo.jpeg", jpeg(5000, 9000))]
BAD = [
    ("a.exe", b"MZ", "Seuls les fichiers PDF, PNG et JPEG"),
    ("a", PDF, "Seuls les fichiers PDF, PNG et JPEG"),
    ("a.svg", b"<svg/>", "Seuls les fichiers PDF, PNG et JPEG"),
    ("a.pdf", b"", "vide"),
    ("a.pdf", png(), "ne correspond pas à son extension"),
    ("a.png", b"<html>", "ne correspond pas à son extension"),
    ("a.jpg", PDF, "ne correspond pas à son extension"),
    ("a.png", png(10_000, 5_001), "50 millions de pixels"),
    ("a.jpg", jpeg(60_000, 60_000), "50 millions de pixels"),
    ("a.png", png()[:20], "illisible"),
    ("a.jpg", b"\xff\xd8\xff\xe0", "illisible"),
    ("a.png", png(0, 10), "illisible"),
]


@pytest.mark.parametrize(("name", "head"), GOOD)
def test_pdf_png_and_jpeg_are_kept(name, head):
    assert content_error(name, head) == ""


@pytest.mark.parametrize(("name", "head", "sentence"), BAD)
def test_anything_else_is_refused_in_one_sentence(name, head, sentence):
    assert sentence in content_error(name, head)


def test_pixels_are_read_without_decompressing():
    assert pixels_of("image/png", png(7071, 7071)) == 7071 * 7071
    assert pixels_of("image/jpeg", jpeg(300, 200)) == 60_000
    assert mime_of(b"GIF89a") == ""


# --- Keeping it ----------------------------------------------------------------------------


@pytest.fixture
def files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return tmp_path


def upload(name="examen.pdf", content=PDF):
    return SimpleUploadedFile(name, content)


def stored(files):
    return [path for path in (files / "pieces").rglob("*") if path.is_file()]


def join(dossier, by, **fields):
    return add_piece(dossier, by=by, upload=upload(**fields), libelle="Imagerie")


@pytest.mark.django_db
def test_file_is_stored_under_its_uuid_and_journalled(files):
    m = monde()
    draft = brouillon(m)
    piece = join(draft, m.prescripteur, name="Mme Fictive Ada.pdf")
    assert [path.name for path in stored(files)] == [str(piece.pk)]
    assert stored(files)[0].read_bytes() == PDF
    assert (piece.saine, piece.type_mime, piece.taille) == (True, "application/pdf", len(PDF))
    assert "Fictive" not in piece.libelle + piece.fichier.name
    entry = Entry.objects.filter(subject_id=draft.pk).latest("seq")
    assert (entry.action, entry.payload) == ("add_piece", {"sha256": piece.sha256})


REFUSED = [
    ({"name": "a.exe"}, "Seuls les fichiers"),
    ({"content": b"x" * (20 * 1024 * 1024 + 1)}, "dépasse 20 Mo"),
    ({"content": b"pas un pdf"}, "ne correspond pas"),
]


@pytest.mark.django_db
@pytest.mark.parametrize(("fields", "sentence"), REFUSED, ids=["type", "taille", "contenu"])
def test_refused_file_leaves_nothing(files, fields, sentence):
    m = monde()
    with pytest.raises(InvalidInput, match=sentence):
        join(brouillon(m), m.prescripteur, **fields)
    assert stored(files) == []
    assert not Piece.objects.exists()


@pytest.mark.django_db
def test_eleventh_file_is_refused(files):
    m = monde()
    draft = brouillon(m)
    for n in range(10):
        join(draft, m.prescripteur, content=PDF + bytes([n]))
    with pytest.raises(InvalidInput, match="au plus 10 pièces"):
        join(draft, m.prescripteur)
    assert len(stored(files)) == 10


@pytest.mark.django_db
def test_same_file_twice_is_refused(files):
    m = monde()
    draft = brouillon(m)
    join(draft, m.prescripteur)
    with pytest.raises(InvalidInput, match="déjà joint"):
        join(draft, m.prescripteur)


@pytest.mark.django_db
def test_closed_request_receives_no_file(files):
    refused = dossier_at(S.REFUSEE)
    with pytest.raises(Conflict):
        join(refused, refused.monde.prescripteur)
    assert stored(files) == []


@pytest.mark.django_db
def test_stranger_joins_nothing(files):
    with pytest.raises(Forbidden):
        join(brouillon(), people.hopital().prescripteur())


SCANS = [("exit 0", ""), ("exit 1", "antivirus refuse"), ("exit 2", "ne répond pas")]


@pytest.mark.django_db
@pytest.mark.parametrize(("body", "sentence"), SCANS)
def test_optional_scanner_has_its_say(files, settings, tmp_path, body, sentence):
    script = tmp_path / "scan.sh"
    script.write_text(f'#!/bin/sh\ntest -f "$1" || exit 3\n{body}\n')
    script.chmod(0o755)
    settings.PLACET_SCAN_COMMAND = str(script)
    m = monde()
    draft = brouillon(m)
    if not sentence:
        assert join(draft, m.prescripteur).saine
        return
    with pytest.raises(InvalidInput, match=sentence):
        join(draft, m.prescripteur)
    assert stored(files) == []


@pytest.mark.django_db
def test_missing_scanner_keeps_nothing(files, settings):
    settings.PLACET_SCAN_COMMAND = "/introuvable/antivirus"
    m = monde()
    with pytest.raises(InvalidInput, match="ne répond pas"):
        join(brouillon(m), m.prescripteur)


@pytest.mark.django_db
def test_file_shared_by_two_strengths_outlives_one_of_them(
    files, django_capture_on_commit_callbacks
):
    m = monde()
    draft = brouillon(m)
    join(draft, m.prescripteur)
    twin = add_strength(
        draft,
        by=m.prescripteur,
        version=draft.version,
        produit=people_product(),
    )
    assert twin.pieces.get().sha256 == draft.pieces.get().sha256
    with django_capture_on_commit_callbacks(execute=True):
        drafts.discard_draft(twin, by=m.prescripteur, version=twin.version)
    assert len(stored(files)) == 1
    source = DemandeAac.objects.get(pk=draft.pk)
    with django_capture_on_commit_callbacks(execute=True):
        drafts.discard_draft(source, by=m.prescripteur, version=source.version)
    assert stored(files) == []


def people_product():
    from tests.factories.medicines import SpecialiteFactory

    return SpecialiteFactory().produit


@pytest.mark.django_db
def test_orphan_bytes_are_swept_and_the_others_stay(files):
    import os

    from engine.clocks import real_now

    m = monde()
    join(brouillon(m), m.prescripteur)
    orphan = files / "pieces" / "recu-perdu"
    orphan.write_bytes(b"x")
    assert sweep_orphans() == 0
    old = (real_now() - timedelta(days=2)).timestamp()
    for path in stored(files):
        os.utime(path, (old, old))
    assert sweep_orphans() == 1
    assert not orphan.exists()
    assert len(stored(files)) == 1


# --- Pages ----------------------------------------------------------------------------------


def form_page(draft):
    return reverse("access:demande_modifier", args=[draft.pk])


@pytest.mark.django_db
def test_file_is_joined_from_the_form_without_losing_what_is_typed(files, client):
    m = monde()
    draft = brouillon(m)
    login(client, m.prescripteur)
    data = {"version": draft.version, "action": "joindre", "voie": "orale"}
    data |= {"libelle": "Imagerie", "fichier": upload()}
    answer = client.post(form_page(draft), data)
    assert answer.status_code == 302
    assert DemandeAac.objects.get(pk=draft.pk).detail_aac.voie == "orale"
    assert "Imagerie" in client.get(answer.url).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Choisissez d&#x27;abord un fichier"),
        ({"fichier": "mauvais"}, "ne correspond pas à son extension"),
        ({"libelle": "Nom du patient", "fichier": "bon"}, "une des natures proposées"),
    ],
)
def test_refusal_stands_beside_the_file_and_the_text_stays(files, client, fields, sentence):
    m = monde()
    draft = brouillon(m)
    login(client, m.prescripteur)
    data = {"version": draft.version, "action": "joindre", "voie": "orale", "libelle": "Imagerie"}
    data |= fields
    if "fichier" in fields:
        data["fichier"] = upload(content=PDF if fields["fichier"] == "bon" else b"<html>")
    answer = client.post(form_page(draft), data)
    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert 'value="orale"' in answer.content.decode()


@pytest.mark.django_db
def test_file_is_taken_out_of_a_draft(files, client, django_capture_on_commit_callbacks):
    m = monde()
    draft = brouillon(m)
    piece = join(draft, m.prescripteur)
    login(client, m.prescripteur)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(form_page(draft), {"version": draft.version, "action": f"retirer:{piece.pk}"})
    assert not Piece.objects.exists()
    assert stored(files) == []


@pytest.mark.django_db
def test_file_of_a_request_just_sent_by_another_stays(files, client, monkeypatch):
    m = monde()
    draft = brouillon(m)
    piece = join(draft, m.prescripteur)

    def sent_meanwhile(found, **_):
        do(found, "submit", m.prescripteur, **ENGAGEMENTS)
        return found

    monkeypatch.setattr(drafts, "save_draft", sent_meanwhile)
    login(client, m.prescripteur)
    answer = client.post(
        form_page(draft), {"version": draft.version, "action": f"retirer:{piece.pk}"}
    )
    assert answer.status_code == 409
    assert Piece.objects.count() == 1


@pytest.mark.django_db
def test_file_is_served_apart_under_a_neutral_name(files, client):
    m = monde()
    draft = brouillon(m)
    piece = join(draft, m.prescripteur)
    login(client, m.prescripteur)
    answer = client.get(reverse("access:piece", args=[piece.pk]))
    assert b"".join(answer.streaming_content) == PDF
    assert answer.headers["Content-Disposition"] == 'attachment; filename="imagerie.pdf"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_unchecked_lost_or_foreign_file_is_absent(files, client):
    m = monde()
    draft = brouillon(m)
    piece = join(draft, m.prescripteur)
    address = reverse("access:piece", args=[piece.pk])
    login(client, people.hopital().prescripteur())
    assert client.get(address).status_code == 404
    login(client, m.prescripteur)
    Piece.objects.update(saine=False)
    assert client.get(address).status_code == 404
    Piece.objects.update(saine=True)
    Path(files / piece.fichier.name).unlink()
    assert client.get(address).status_code == 404


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["pharmacien", "interne_pui"])
def test_the_pharmacy_joins_a_file_to_a_request_received(files, client, who):
    m = monde()
    sent = dossier_at(S.A_VALIDER_PUI, m)
    login(client, getattr(m.hopital, who)())
    answer = client.post(
        reverse("access:piece_ajouter", args=[sent.pk]),
        {"libelle": "Ordonnance", "fichier": upload()},
    )
    assert answer.status_code == 302
    assert sent.pieces.get().libelle == "Ordonnance"
