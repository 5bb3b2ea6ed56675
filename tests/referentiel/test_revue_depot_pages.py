"""Pages of a list before its review: drop it, wait, recognise its columns; the whole journey."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from engine.outbox import relay
from referentiel.models import (
    Changement,
    CodeIndication,
    CorrespondanceListe,
    ImportRun,
    RevueImport,
)
from referentiel.states import StatutRevue
from referentiel.views import depot
from tests.factories import people
from tests.referentiel import lists
from tests.referentiel.lists import drop, text, url

pytestmark = pytest.mark.django_db


# --- The journey ------------------------------------------------------------------------


def test_a_release_then_the_next_one_from_the_browser_to_the_register_and_its_log(page):
    first = drop(page, lists.atih_file())
    assert "9 différences" not in text(page.get(url("revue", first)))
    for genre in ("AJOUT", "CONFLIT"):
        for line in first.lignes.filter(genre=genre):
            page.post(url("revue_lignes", first), {"une": f"{line.pk}:accepter"})
    assert page.post(url("revue_appliquer", first)).url == url("revue", first)
    relay()
    assert CodeIndication.objects.count() == 10
    assert not Changement.objects.exists()  # a register being filled is no news

    second = drop(page, lists.next_file())
    shown = text(page.get(url("revue", second)))
    assert "3</strong> différences" in shown
    assert "<del>" in shown
    assert "31/12/2026" in shown
    chosen = second.lignes.exclude(genre="FERMETURE").values_list("pk", flat=True)
    page.post(url("revue_lignes", second), {"ligne": list(chosen), "action": "accepter"})
    page.post(url("revue_appliquer", second))
    relay()
    assert "La liste est appliquée" in text(page.get(url("revue", second)))
    assert CodeIndication.objects.filter(code="CBULE03").exists()
    assert CodeIndication.objects.get(code="RITRA01").absente_version == ""
    natures = set(Changement.objects.values_list("nature", flat=True))
    assert natures >= {"CADRE_OUVERT", "CODE_AJOUTE"}
    assert "CODE_FERME" not in set(
        Changement.objects.filter(titre__contains="RITRA01").values_list("nature", flat=True)
    )
    again = page.post(url("revue_appliquer", second))
    assert (again.status_code, "déjà été appliquée" in text(again)) == (409, True)
    assert ImportRun.objects.filter(version="2025-03").count() == 1


# --- Dropping a file --------------------------------------------------------------------


def test_the_page_waits_without_script_and_with_it(page, base):
    page.post(url("liste_deposer"), {"source": "atih", "fichier": lists.next_file()})
    revue = RevueImport.objects.get()
    waiting = text(page.get(url("revue", revue)))
    assert "Actualiser la page" in waiting
    assert f'hx-get="{url("revue_avancement", revue)}"' in waiting
    assert "hx-get" in text(page.get(url("revue_avancement", revue)))
    relay()
    done = page.get(url("revue_avancement", revue))
    assert done["HX-Redirect"] == url("revue", revue)
    assert "hx-get" not in text(done)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ({"source": "atih"}, "Choisissez le fichier"),
        ({"source": "inconnue"}, "fichier"),
        ({"source": "liste", "correspondance": "pas-un-uuid"}, "plus"),
        ({}, "fichier"),
    ],
)
def test_what_is_missing_is_said_at_the_field(page, data, expected):
    answer = page.post(url("liste_deposer"), data)
    assert (answer.status_code, expected in text(answer)) == (422, True)


def test_a_file_too_large_is_stopped_while_it_arrives(page, monkeypatch):
    monkeypatch.setattr(depot, "MAX_BYTES", 100)
    upload = SimpleUploadedFile("gros.csv", b"x" * 500_000)
    answer = page.post(url("liste_deposer"), {"source": "atih", "fichier": upload})
    assert (answer.status_code, "dépasse" in text(answer)) == (422, True)
    assert not RevueImport.objects.exists()


def test_the_upload_is_guarded_against_forgery(base):
    from django.test import Client

    client = people.login(Client(enforce_csrf_checks=True), people.gestionnaire())
    answer = client.post(url("liste_deposer"), {"source": "atih", "fichier": lists.next_file()})
    assert answer.status_code == 403


def test_a_wrong_file_shows_its_sentence_and_leads_on(page, base):
    revue = drop(page, lists.csv_file("<html>404</html>"))
    shown = text(page.get(url("revue", revue)))
    assert "page web" in shown
    assert "Rien n'a changé" in shown.replace("&#x27;", "'")


# --- Recognising columns ----------------------------------------------------------------

ROWS = [
    ["UCD", "Nom", "Indication", "Début", "Fin"],
    ["9000525", "HEPCLUDEX", "CBULE07", "01/02/2025", ""],
]


def test_columns_are_recognised_on_a_page_and_kept(page, base):
    revue = drop(page, lists.workbook(ROWS), source="liste")
    assert page.get(url("revue", revue)).url == url("revue_colonnes", revue)
    shown = text(page.get(url("revue_colonnes", revue)))
    assert '<option value="UCD" selected>' in shown
    assert "CBULE07" in shown
    data = {"col_ucd": "UCD", "col_code": "Indication", "col_debut": "Début", "col_fin": "Fin"}
    data |= {"format_date": "JJ/MM/AAAA"}
    assert page.post(url("revue_colonnes", revue), data).status_code == 422
    wrong = data | {"nom": "Ma liste", "col_fin": "Début"}
    assert "deux fois" in text(page.post(url("revue_colonnes", revue), wrong))
    assert page.post(url("revue_colonnes", revue), data | {"nom": "Ma liste"}).status_code == 302
    relay()
    revue.refresh_from_db()
    assert (revue.statut, revue.lignes.count()) == (StatutRevue.A_REVOIR, 1)
    kept = CorrespondanceListe.objects.get()
    again = drop(page, lists.workbook(ROWS, "b.xlsx"), "liste", correspondance=kept.pk)
    assert again.statut == StatutRevue.A_REVOIR
    assert "Ma liste" in text(page.get(url("liste_deposer")))


def test_the_sheet_that_looks_like_the_list_is_proposed_first(page, base):
    upload = lists.workbook(ROWS, sheets={"Lisez-moi": [["Source", "Date"], ["x", "y"]]})
    revue = drop(page, upload, source="liste")
    shown = text(page.get(url("revue_colonnes", revue)))
    assert 'href="?feuille=Lisez-moi"' in shown
    assert "CBULE07" in shown
    other = text(page.get(url("revue_colonnes", revue), {"feuille": "Lisez-moi"}))
    assert "CBULE07" not in other
    assert page.get(url("revue_colonnes", revue), {"feuille": "\0"}).status_code == 200
