"""Open data: one table makes the files and the page; streamed, conditional, harmless."""

import csv
import io
import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engine.clocks import today
from referentiel.exporters.donnees import csv_lines, json_lines
from referentiel.formats.csv_francais import harmless
from referentiel.formats.donnees import COLONNES, as_text, header
from referentiel.selectors.donnees import CHUNK, export_rows
from referentiel.services.changes import annonce, announce
from referentiel.services.verifications import mark_verified
from referentiel.states import NatureChangement
from tests.factories import people
from tests.factories.medicines import CadreFactory, ProduitFactory, medicament

pytestmark = pytest.mark.django_db
CSV = reverse("referentiel:donnees_fichier", args=["csv"])
JSONL = reverse("referentiel:donnees_fichier", args=["jsonl"])


def body(answer):
    return b"".join(answer.streaming_content).decode("utf-8")


def test_one_line_per_ucd_and_code_and_nothing_left_out(client):
    drug = medicament()
    uncoded = CadreFactory(produit=drug.produit, code="", indication="Sans code fictif")
    alone = ProduitFactory(nom="SEUL FICTIF")
    answer = client.get(CSV)
    assert answer.streaming
    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    text = body(answer)
    assert text.startswith("\ufeffproduit_id;")
    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff")), delimiter=";"))
    assert list(rows[0]) == header()
    told = {(r["produit"], r["ucd7"], r["cadre_id"], r["code"], r["en_vigueur"]) for r in rows}
    nom = drug.produit.nom
    assert told == {
        (nom, drug.specialite.ucd7, str(drug.cadre.pk), drug.code.code, "oui"),
        (nom, "", str(uncoded.pk), "", "oui"),
        (alone.nom, "", "", "", ""),
    }
    first = next(r for r in rows if r["code"])
    assert (first["cadre_debut"], first["maladie_rare"]) == ("2021-07-01", "")
    assert first["fiche"].endswith(f"/referentiel/produits/{drug.produit.pk}/")


def test_json_lines_hold_the_same_rows(client):
    drug = medicament()
    lines = [json.loads(line) for line in body(client.get(JSONL)).splitlines()]
    assert list(lines[0]) == header()
    assert lines[0]["produit_id"] == str(drug.produit.pk)
    assert (lines[0]["en_vigueur"], lines[0]["maladie_rare"]) == (True, None)
    assert len(lines) == 1


def test_the_page_describes_each_column_of_the_file(client):
    page = client.get(reverse("referentiel:donnees"))
    shown = [row["cells"][0]["text"] for row in page.context["rows"]]
    assert shown == [colonne.nom for colonne in COLONNES]
    text = page.content.decode()
    for words in ("referentiel.csv", "referentiel.jsonl", "ETag", "depuis", "L. 321-1"):
        assert words in text


def test_nothing_is_sent_again_until_something_changes(client):
    drug = medicament()
    first = client.get(CSV)
    body(first)
    assert client.get(CSV, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 304
    assert client.get(CSV, HTTP_IF_MODIFIED_SINCE=first["Last-Modified"]).status_code == 304
    assert client.get(JSONL, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200
    announce([annonce(drug.cadre, NatureChangement.CADRE_MODIFIE, "x")], origine="essai")
    assert client.get(CSV, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_a_verification_is_sent_again_it_is_a_column(client):
    cadre = medicament().cadre
    before = client.get(CSV)["ETag"]
    mark_verified(cadre, by=people.gestionnaire())
    answer = client.get(CSV, HTTP_IF_NONE_MATCH=before)
    assert answer.status_code == 200
    assert f";{today().isoformat()};" in body(answer)


def test_the_whole_file_takes_no_filter(client):
    answer = client.get(CSV, {"cadre": "AAP"})
    assert answer.status_code == 400
    assert "« cadre »" in answer.content.decode()


def test_the_page_says_to_begin_with_the_whole_file(client):
    text = client.get(reverse("referentiel:donnees")).content.decode()
    assert "Partez toujours de ce fichier" in text
    assert "modifie_depuis" in text


def test_an_unknown_format_is_not_found(client):
    assert client.get("/referentiel/donnees/referentiel.xls").status_code == 404


@pytest.mark.parametrize("text", ["=1+1", "+33", "-2", "@x", "\ttab", "\rret"])
def test_no_cell_is_a_formula(text):
    assert harmless(text) == f"'{text}"
    produit = ProduitFactory(nom=text)
    line = list(csv_lines(export_rows(today())))[1]
    assert f"'{text}"[:3] in line
    assert json.loads(next(iter(json_lines(export_rows(today())))))["produit"] == produit.nom


def test_types_are_written_one_way():
    assert [harmless(as_text(v)) for v in (None, True, False, 3, date(2026, 1, 2))] == [
        "", "oui", "non", "3", "2026-01-02",
    ]  # fmt: skip


def test_the_export_reads_the_same_number_of_queries_per_chunk():
    def cost():
        with CaptureQueriesContext(connection) as told:
            rows = sum(1 for _ in export_rows(today()))
        return len(told), rows

    medicament()
    few = cost()[0]
    for _ in range(6):
        medicament()
    many, rows = cost()
    assert (many, rows) == (few, 7)
    assert rows < CHUNK
