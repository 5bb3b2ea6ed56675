"""Any list of UCD, codes and dates: mapped once, then read like the official one."""

from datetime import date

import pytest

from engine.errors import Blocked
from engine.outbox import relay
from referentiel.importers import archives, liste
from referentiel.models import Cadre, Changement, CodeIndication, CorrespondanceListe, RevueImport
from referentiel.rules import colonnes
from referentiel.services import medicines, revue_decisions, revues
from referentiel.states import GenreLigneRevue as G
from referentiel.states import StatutRevue
from tests.referentiel import lists

pytestmark = pytest.mark.django_db


HEADER = ["Code UCD", "Spécialité", "Code indication", "Libellé indication", "Début", "Fin"]
ROWS = [
    ["3400890005258", "HEPCLUDEX 2 mg", "CBULE02", "Hépatite delta", "14/09/2020", "31/12/2026"],
    ["9000525", "HEPCLUDEX 2 mg", "CBULE09", "Autre indication", "01/02/2025", ""],
]
MAPPING = {
    "ucd": "Code UCD",
    "code": "Code indication",
    "debut": "Début",
    "fin": "Fin",
    "libelle": "Libellé indication",
    "libelle_ucd": "Spécialité",
}


def as_csv(rows, header=HEADER, separator=","):
    return "".join(separator.join(cells) + "\n" for cells in [header, *rows])


def mapped(by, upload, *, complete=False, **changes):
    """Upload another list, recognise its columns, read it."""
    revue = lists.read(by, upload, source="liste")
    revues.map_columns(
        revue, by=by, nom="Liste régionale", colonnes_choisies=MAPPING | changes,
        format_date="JJ/MM/AAAA", complete=complete,
    )  # fmt: skip
    relay()
    revue.refresh_from_db()
    return revue


def test_an_unknown_list_shows_its_columns_and_guesses(base, by):
    revue = lists.read(by, lists.csv_file(as_csv(ROWS * 4)), source="liste")
    assert revues.needs_mapping(revue)
    table = revue.resume["tables"][0]
    assert (table["devine"], len(table["exemples"])) == (MAPPING, 5)
    assert table["format_date"] == "JJ/MM/AAAA"


def test_a_mapped_csv_is_compared_without_closing_anything(base, by):
    revue = mapped(by, lists.csv_file(as_csv(ROWS)))
    found = {(line.genre, line.cle): line for line in revue.lignes.all()}
    assert set(found) == {(G.MODIFICATION, "9000525/CBULE02"), (G.AJOUT, "9000525/CBULE09")}
    assert found[G.MODIFICATION, "9000525/CBULE02"].apres == {"fin": "2026-12-31"}


def test_a_complete_list_closes_what_it_lacks(base, by):
    revue = mapped(by, lists.csv_file(as_csv(ROWS)), complete=True)
    assert revue.lignes.filter(genre=G.FERMETURE).count() == 9


def test_a_workbook_whose_last_row_is_bad_is_not_told_cut(base, by):
    good = [["9000525", "HEPCLUDEX", f"CBU{n:02d}01", "Autre", "01/02/2025", ""] for n in range(99)]
    good += [["9321007", "INDOCIN", f"NIN{n:02d}01", "Autre", "01/02/2025", ""] for n in range(99)]
    good += [["9321007", "INDOCIN", f"NIO{n:02d}01", "Autre", "01/02/2025", ""] for n in range(9)]
    revue = mapped(by, lists.workbook([HEADER, *good, ["Source", "le ministère", "", "", "", ""]]))
    assert (revue.statut, revue.message) == (StatutRevue.A_REVOIR, "")
    assert [rejet["ligne"] for rejet in revue.rejets] == [209]


def test_a_mapped_workbook_is_applied_under_the_name_of_its_list(base, by):
    rows = [
        HEADER,
        [3400890005258, "HEPCLUDEX", "CBULE02", "Hépatite delta",
         date(2020, 9, 14), date(2026, 12, 31)],
        ["9000525", "HEPCLUDEX", "CBULE09", "Autre", date(2025, 2, 1), ""],
    ]  # fmt: skip
    revue = mapped(by, lists.workbook(rows))
    assert revue.statut == StatutRevue.A_REVOIR, revue.message
    revue_decisions.accept_certain(revue, by=by)
    lists.applied(by, revue)
    assert CodeIndication.objects.get(code="CBULE09").debut == date(2025, 2, 1)
    assert CodeIndication.objects.get(code="CBULE02").libelle == "Hépatite delta"
    assert Changement.objects.filter(origine__startswith="Liste « Liste régionale »").exists()


def test_a_column_left_out_keeps_what_the_register_says(base, by):
    revue = mapped(by, lists.csv_file(as_csv(ROWS)), libelle="", fin="")
    assert {line.cle for line in revue.lignes.all()} == {"9000525/CBULE09"}


def test_a_list_that_says_nothing_of_the_framework_contradicts_no_person(base, by):
    cadre = CodeIndication.objects.get(code="CBULE02").cadre
    medicines.update_cadre(cadre, by=by, framework="CPC", statut="EN_VIGUEUR")
    revue = mapped(by, lists.csv_file(as_csv(ROWS[:1])))
    assert lists.line(revue, "9000525/CBULE02").apres == {"fin": "2026-12-31"}


def test_a_list_that_changes_the_framework_of_a_status_a_person_gave_is_a_conflict(base, by):
    cadre = Cadre.objects.get(code="CBULE02")
    medicines.update_cadre(cadre, by=by, statut="SUSPENDUE")
    rows = [[*ROWS[0], "AAC"]]
    upload = lists.csv_file(as_csv(rows, [*HEADER, "Cadre"]))
    revue = mapped(by, upload, cadre="Cadre")
    line = lists.line(revue, "9000525/CBULE02")
    assert line.genre == G.CONFLIT
    revue_decisions.decide(revue, by=by, etat="ACCEPTEE", lignes=[line.pk])
    lists.applied(by, revue)
    cadre.refresh_from_db()
    assert (cadre.framework, cadre.statut, cadre.ferme_depuis) == ("AAC", "SANS_CRITERES", None)


def test_the_framework_a_list_tells_is_set_beside_the_letter(base, by):
    header = [*HEADER, "Cadre"]
    rows = [["9000525", "HEPCLUDEX", "NBULE07", "Essai", "01/02/2025", "", "Accès précoce"]]
    revue = mapped(by, lists.csv_file(as_csv(rows, header)), cadre="Cadre")
    row = lists.line(revue, "9000525/NBULE07")
    assert (row.genre, row.apres["cadre"]) == (G.CONFLIT, "AAP")


def test_a_kept_mapping_serves_the_next_file_and_says_what_is_missing(base, by):
    mapped(by, lists.csv_file(as_csv(ROWS)))
    kept = CorrespondanceListe.objects.get()
    again = lists.read(by, lists.csv_file(as_csv(ROWS[:1])), "liste", kept)
    assert again.lignes.count() == 1
    header = ["UCD", *HEADER[1:]]
    wrong = lists.read(by, lists.csv_file(as_csv(ROWS, header)), "liste", kept)
    assert "attend la colonne « Code UCD »" in wrong.message


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        pytest.param("liste_2025-02.csv", True, id="the month before"),
        pytest.param("liste_2025-03_v2.csv", False, id="the same month"),
        pytest.param("liste_2025-04.csv", False, id="the month after"),
        pytest.param("liste.csv", False, id="no month, no order"),
    ],
)
def test_a_list_older_than_the_last_of_its_mapping_is_refused(base, by, name, refused):
    revue = mapped(by, lists.csv_file(as_csv(ROWS), name="liste_2025-03.csv"))
    revue_decisions.accept_certain(revue, by=by)
    lists.applied(by, revue)
    kept = revue.correspondance
    text = as_csv([*ROWS, ["9000525", "HEPCLUDEX 2 mg", "CBULE10", "Encore", "01/02/2025", ""]])
    again = lists.read(by, lists.csv_file(text, name=name), "liste", kept)
    assert ("plus ancienne que celle déjà importée (2025-03)" in again.message) is refused
    assert again.statut == (StatutRevue.REFUSEE if refused else StatutRevue.A_REVOIR)


def test_a_list_of_another_mapping_has_an_order_of_its_own(base, by):
    revue = mapped(by, lists.csv_file(as_csv(ROWS), name="liste_2025-03.csv"))
    revue_decisions.accept_certain(revue, by=by)
    lists.applied(by, revue)
    other = CorrespondanceListe.objects.create(
        nom="Autre liste", colonnes=MAPPING, format_date="JJ/MM/AAAA", cree_le=revue.depose_le
    )
    upload = lists.csv_file(as_csv(ROWS[1:]), name="liste_2024-01.csv")
    assert lists.read(by, upload, "liste", other).statut == StatutRevue.A_REVOIR


def test_two_lists_read_together_are_not_applied_backwards(base, by):
    newer = mapped(by, lists.csv_file(as_csv(ROWS), name="liste_2025-03.csv"))
    row = ["9000525", "HEPCLUDEX 2 mg", "CBULE08", "Autre", "01/02/2025", ""]
    upload = lists.csv_file(as_csv([row]), name="liste_2025-01.csv")
    older = lists.read(by, upload, "liste", newer.correspondance)
    for revue in (newer, older):
        revue_decisions.accept_certain(revue, by=by)
    lists.applied(by, newer)
    assert "plus ancienne" in lists.apply(by, older).message


@pytest.mark.parametrize(
    ("cell", "expected"),
    [("3,40089E+12", "a arrondi les codes"), ("321007", "ont perdu des chiffres")],
)
def test_a_spreadsheet_that_damaged_the_codes_is_told(base, by, cell, expected):
    rows = [[cell, *row[1:]] for row in ROWS]
    revue = mapped(by, lists.csv_file(as_csv(rows, separator=";")))
    assert revue.statut == StatutRevue.REFUSEE
    assert expected in revue.message


def test_bad_rows_of_a_mapped_list_refuse_it_beyond_the_threshold(base, by):
    rows = [["9000525", "H", "CBULE02", "x", "2020-13-45", ""], *ROWS]
    assert "JJ/MM/AAAA" in mapped(by, lists.csv_file(as_csv(rows))).message


def test_a_mapping_names_what_it_lacks_and_uses_a_column_once(base, by):
    revue = lists.read(by, lists.csv_file(as_csv(ROWS)), source="liste")
    for wrong in ({"ucd": ""}, {"fin": "Début"}):
        with pytest.raises(Blocked):
            revues.map_columns(
                revue, by=by, nom="x", colonnes_choisies=MAPPING | wrong, format_date="JJ/MM/AAAA"
            )
    assert not CorrespondanceListe.objects.exists()
    assert RevueImport.objects.get(pk=revue.pk).statut == StatutRevue.DEPOSEE


def test_a_list_without_end_is_refused_before_it_fills_the_memory(base, by, monkeypatch):
    monkeypatch.setattr(archives, "MAX_ROWS", 10)
    revue = lists.read(by, lists.csv_file(as_csv(ROWS * 20)), source="liste")
    assert "plus de 10 lignes" in revue.message


@pytest.mark.parametrize(
    ("headings", "code", "libelle"),
    [
        (["UCD", "Code", "Indication", "Début"], "Code", "Indication"),
        (["ucd_7", "indication", "indication_libelle"], "indication", "indication_libelle"),
    ],
)
def test_the_column_of_codes_is_told_from_that_of_words(headings, code, libelle):
    found = colonnes.guess(headings)
    assert (found["code"], found["libelle"]) == (code, libelle)


@pytest.mark.parametrize(
    "above",
    [
        pytest.param("Liste des codes, au 1er juin 2025\n\n", id="a title"),
        pytest.param("sep=;\n", id="the mark of Excel"),
    ],
)
def test_what_stands_above_the_headings_is_passed_over(base, by, above):
    revue = mapped(by, lists.csv_file(above + as_csv(ROWS, separator=";")))
    assert revue.lignes.count() == 2, revue.message


def test_a_separator_inside_a_heading_misleads_nobody(base, by):
    header = [name.replace("Libellé indication", "Libellé, indication, texte") for name in HEADER]
    text = as_csv(ROWS, header, separator=";")
    revue = mapped(by, lists.csv_file(text), libelle="Libellé, indication, texte")
    assert revue.lignes.count() == 2, revue.message


def test_the_sheet_of_the_list_is_found_behind_another(base, by, page):
    upload = lists.workbook([HEADER, *ROWS], sheets={"Lisez-moi": [["Ce classeur est fictif"]]})
    revue = lists.drop(page, upload, source="liste")
    answer = page.post(
        lists.url("revue_colonnes", revue),
        {"nom": "Liste régionale", "format_date": "JJ/MM/AAAA"}
        | {f"col_{champ}": name for champ, name in MAPPING.items()},
    )
    assert answer.status_code == 302, lists.text(answer)
    relay()
    revue.refresh_from_db()
    assert (revue.statut, revue.lignes.count()) == (StatutRevue.A_REVOIR, 2), revue.message


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("01.07.2021", date(2021, 7, 1)),
        ("2021/07/01", date(2021, 7, 1)),
        ("01/07/21", date(2021, 7, 1)),
    ],
)
def test_the_usual_ways_to_write_a_day(text, expected):
    assert liste.day_of("Début", text, liste.format_of([text])) == expected
