"""Pages of the lists, over HTTP: review, decide, apply, download what was refused."""

import csv
import io
from datetime import date
from html import unescape

import pytest
from django.test import Client

from engine.outbox import relay
from referentiel.models import (
    CodeIndication,
    ImportRun,
    RevueImport,
)
from referentiel.selectors import touches
from referentiel.services import medicines
from referentiel.services.imports import import_referentiel
from tests.factories import people
from tests.referentiel import lists, samples
from tests.referentiel.lists import drop, text, url

pytestmark = pytest.mark.django_db


def plain(answer):
    return unescape(text(answer)).replace("'", "’").replace("\u00a0", " ")


# --- Reviewing --------------------------------------------------------------------------


@pytest.fixture
def revue(page, base):
    return drop(page, lists.next_file())


def test_tabs_filters_and_decisions_keep_the_view(page, revue):
    shown = text(page.get(url("revue", revue), {"genre": "FERMETURE"}))
    assert "RITRA01" in shown
    assert "CBULE03" not in shown
    assert "CBULE03" in text(page.get(url("revue", revue), {"q": "cbule03", "certaine": "oui"}))
    data = {"action": "genre_ecarter", "genre": "FERMETURE"}
    assert page.post(url("revue_lignes", revue), data).url.endswith("?genre=FERMETURE")
    page.post(url("revue_lignes", revue), {"action": "certaines"})
    shown = text(page.get(url("revue", revue)))
    assert "Annuler la dernière décision (2" in shown
    page.post(url("revue_lignes", revue), {"action": "annuler"})
    assert revue.lignes.filter(etat="A_REVOIR").count() == 2


@pytest.mark.parametrize(
    "data",
    [
        {"action": "n'importe"},
        {"action": "annuler"},
        {"action": "genre_accepter"},
        {"action": "genre_accepter", "genre": "CONFLIT"},
        {},
    ],
)
def test_an_act_that_makes_no_sense_is_a_conflict(page, revue, data):
    assert page.post(url("revue_lignes", revue), data).status_code == 409


@pytest.mark.parametrize(
    "query",
    [{"page": "99999"}, {"page": "x"}, {"q": "\0'%"}, {"genre": "X", "etat": "Y", "certaine": "Z"}],
)
def test_the_review_survives_any_address(page, revue, query):
    assert page.get(url("revue", revue), query).status_code == 200


def test_identifiers_that_are_none_count_for_nothing(page, revue):
    page.post(url("revue_lignes", revue), {"ligne": ["x", "\0"], "action": "accepter"})
    assert not revue.lignes.filter(etat="ACCEPTEE").exists()


def test_nothing_accepted_is_said_on_the_page(page, revue):
    answer = page.post(url("revue_appliquer", revue), follow=True)
    assert "Aucune ligne n" in text(answer)


def test_a_list_given_up_is_listed_no_more(page, revue):
    assert revue.nom_fichier in text(page.get(url("imports")))
    page.post(url("revue_abandonner", revue))
    assert revue.nom_fichier not in text(page.get(url("imports")))
    assert page.post(url("revue_appliquer", revue)).status_code == 409


def test_two_gestionnaires_or_two_clicks_apply_once(page, revue):
    page.post(url("revue_lignes", revue), {"action": "certaines"})
    other = people.login(Client(), people.gestionnaire())
    for one in (other, page, page):
        assert one.post(url("revue_appliquer", revue)).url == url("revue", revue)
    relay()
    assert ImportRun.objects.filter(version="2025-03").count() == 1
    late = page.post(url("revue_appliquer", revue))
    assert (late.status_code, "rien n’a été écrit deux fois" in plain(late)) == (409, True)


def test_the_page_waits_for_the_writing_then_tells_its_end(page, revue):
    page.post(url("revue_lignes", revue), {"action": "certaines"})
    page.post(url("revue_appliquer", revue))
    waiting = text(page.get(url("revue", revue)))
    assert "Écriture en cours" in waiting
    assert "Abandonner" not in waiting
    assert "En écriture" not in text(page.get(url("imports")))  # its step is said there
    polled = page.get(url("revue_avancement", revue))
    assert ("hx-get" in text(polled), "HX-Redirect" in polled) == (True, False)
    for name in ("revue_lignes", "revue_abandonner", "revue_relire"):
        assert page.post(url(name, revue), {"action": "certaines"}).status_code == 409
    relay()
    polled = page.get(url("revue_avancement", revue))
    assert polled["HX-Redirect"] == url("revue", revue)
    assert "La liste est appliquée." in text(page.get(url("revue", revue)))


def test_what_prevents_the_writing_is_told_on_the_page(page, revue):
    page.post(url("revue_lignes", revue), {"action": "certaines"})
    medicines.update_code(
        CodeIndication.objects.get(code="CBULE02"), by=people.gestionnaire(), fin=date(2025, 5, 5)
    )
    page.post(url("revue_appliquer", revue))
    relay()
    shown = plain(page.get(url("revue", revue)))
    assert "Rien n’a été écrit. Le référentiel a changé depuis la lecture" in shown
    assert "Relire le fichier" in shown


def test_a_review_asks_a_constant_number_of_queries(
    page, base, django_assert_max_num_queries, monkeypatch
):
    monkeypatch.setattr(touches, "_counters", [])
    touches.register_counter(lambda produits: {pk: touches.Compte(1, 1) for pk in produits})
    revue = drop(page, lists.atih_file([*samples.ATIH_ROWS, *samples.filler(300)], "a_2025-03.csv"))
    with django_assert_max_num_queries(14):
        shown = text(page.get(url("revue", revue)))
    assert shown.count('class="feuille revue-ligne"') == 50
    with django_assert_max_num_queries(14):
        page.get(url("imports"))


def test_what_is_touched_is_shown_when_somebody_counts(page, revue, monkeypatch):
    monkeypatch.setattr(touches, "_counters", [])
    assert "dossiers en cours" not in text(page.get(url("revue", revue)))
    touches.register_counter(lambda produits: {pk: touches.Compte(2, 1) for pk in produits})
    assert "4 dossiers en cours et 2 autorisations" in text(page.get(url("revue", revue)))


# --- Refused lines, ages ----------------------------------------------------------------


def test_refused_lines_are_a_csv_harmless_to_a_spreadsheet(page, base):
    bad = "=9000525;3400890005258;HEPCLUDEX;CBULE03;x;2025-01-01;"
    rows = [*samples.ATIH_ROWS, *samples.filler(220), bad]
    revue = drop(page, lists.atih_file(rows, "a_2025-03.csv"))
    assert "Lignes refusées" in text(page.get(url("revue", revue)))
    for address in (url("revue_refusees", revue),):
        content = b"".join(page.get(address).streaming_content)
        assert content.startswith(b"\xef\xbb\xbf")
        read = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
        assert read[0] == ["fichier", "ligne", "colonne", "raison", "contenu"]
        assert read[1][4].startswith("'=9000525")
    page.post(url("revue_lignes", revue), {"action": "genre_ecarter", "genre": "AJOUT"})
    line = revue.lignes.filter(genre="AJOUT").first()
    page.post(url("revue_lignes", revue), {"une": f"{line.pk}:accepter"})
    page.post(url("revue_appliquer", revue))
    relay()
    run = ImportRun.objects.get(version="2025-03")
    assert b"=9000525" in b"".join(page.get(url("import_refusees", run)).streaming_content)


def test_each_list_shows_its_age_and_an_old_one_is_marked(page, tmp_path):
    import_referentiel("atih", samples.atih(tmp_path))
    import_referentiel("ucd", samples.ucd(tmp_path, name="ucd.csv"))
    shown = text(page.get(url("imports")))
    assert "plus de 60 jours" in shown  # the release of June 2024
    assert "aujourd" in shown
    assert "Absente" in shown
    assert f"{url('liste_deposer')}?source=atih" in shown
    assert 'value="ucd" selected' in text(page.get(url("liste_deposer"), {"source": "ucd"}))


# --- Who --------------------------------------------------------------------------------


def test_the_pages_are_closed_to_others(client, revue):
    others = people.login(client, people.evaluateur())
    for name in ("revue", "revue_avancement", "revue_colonnes", "revue_refusees"):
        assert others.get(url(name, revue)).status_code == 403
    for name in ("revue_lignes", "revue_appliquer", "revue_relire", "revue_abandonner"):
        assert others.post(url(name, revue)).status_code == 403
    assert others.get(url("liste_deposer")).status_code == 403


def test_an_unknown_review_is_not_found(page):
    unknown = RevueImport()
    assert page.get(url("revue", unknown)).status_code == 404
    assert page.post(url("revue_appliquer", unknown)).status_code == 404
