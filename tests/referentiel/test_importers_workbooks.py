"""Workbooks: their rows as text, and those that must not be opened."""

import datetime
import gzip
import io
import secrets
import zipfile

import pytest
import xlsxwriter

from referentiel.importers import archives, reading
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.tableaux import read_table
from referentiel.importers.workbooks import workbook_rows, workbook_sheets


def workbook(path, rows, sheet="Liste"):
    book = xlsxwriter.Workbook(str(path))
    page = book.add_worksheet(sheet)
    day = book.add_format({"num_format": "dd/mm/yyyy"})
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, datetime.date):
                page.write_datetime(i, j, value, day)
            elif value is not None:
                page.write(i, j, value)
    book.add_worksheet("Lisez-moi")
    book.close()
    return path


def rewritten(path, changes):
    """The same workbook with other entries."""
    kept = {}
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            kept[info.filename] = archive.read(info)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in (kept | changes).items():
            archive.writestr(name, data)
    return path


def sheet_of(rows):
    head = b'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return head + rows + b"</sheetData></worksheet>"


@pytest.fixture
def plain(tmp_path):
    return workbook(tmp_path / "liste.xlsx", [["ucd", "debut"], [9000041, 3400890000413]])


def test_cells_read_as_the_text_of_a_csv(tmp_path):
    path = workbook(
        tmp_path / "liste.xlsx",
        [
            ["UCD", "UCD13", "libellé", "début", "prix"],
            [None],
            [9000041, 3400890000413, "n½ud", datetime.date(2025, 3, 1), 12.5],
        ],
    )
    rows = workbook_rows(path)
    assert [row.numero for row in rows] == [1, 3]
    assert rows[1].cellules == ["9000041", "3400890000413", "n½ud", "2025-03-01", "12.5"]
    assert workbook_sheets(path) == ["Liste", "Lisez-moi"]
    assert workbook_rows(path, "Lisez-moi") == []
    with pytest.raises(ImportRefuse, match="pas de feuille « Autre »"):
        workbook_rows(path, "Autre")


def test_any_table_reads_alike_from_text_and_workbook(tmp_path, plain):
    for name, separator in (("a.csv", ";"), ("b.csv", ","), ("c.tsv", "\t")):
        path = tmp_path / name
        path.write_text(f"ucd{separator}debut\n9000041{separator}3400890000413\n")
        assert read_table(path).lignes[0].cellules == read_table(plain).lignes[0].cellules
    assert len(read_table(plain).lu.sha256) == 64


def test_workbook_given_where_a_text_is_due(plain):
    renamed = plain.rename(plain.with_suffix(".csv"))
    with pytest.raises(ImportRefuse, match="enregistrez la feuille en CSV"):
        reading.read(renamed)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"ucd;debut\n", "n'est pas un classeur XLSX"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "ancien classeur"),
        (b"PK\x03\x04" + b"x" * 100, "endommagé ou incomplet"),
    ],
)
def test_not_a_workbook(tmp_path, data, sentence):
    path = tmp_path / "liste.xlsx"
    path.write_bytes(data)
    with pytest.raises(ImportRefuse, match=sentence):
        workbook_rows(path)


def test_truncated_workbook(plain):
    plain.write_bytes(plain.read_bytes()[:-200])
    with pytest.raises(ImportRefuse, match="endommagé ou incomplet"):
        workbook_rows(plain)


def test_another_archive_is_not_a_workbook(tmp_path):
    path = tmp_path / "liste.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("lisez-moi.txt", "rien")
    with pytest.raises(ImportRefuse, match="n'est pas un classeur"):
        workbook_rows(path)


def test_bomb_is_refused_from_its_directory(plain):
    bomb = rewritten(plain, {"xl/media/bombe.bin": b"\0" * (archives.RATIO_FROM * 2)})
    assert bomb.stat().st_size < 100_000
    with pytest.raises(ImportRefuse, match="taille anormale"):
        workbook_rows(bomb)


def test_directory_that_lies_about_a_size_is_refused(plain):
    """The announced size is what the directory check trusts: reading through proves it."""
    honest = rewritten(plain, {"xl/media/x.bin": b"abc" * 50_000}).read_bytes()
    size = (150_000).to_bytes(4, "little")
    assert honest.count(size) >= 1
    plain.write_bytes(honest.replace(size, (10).to_bytes(4, "little")))
    with pytest.raises(ImportRefuse, match="endommagé"):
        workbook_rows(plain)


@pytest.mark.parametrize(
    "rows",
    [
        b'<row r="1"><c r="A1"/></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
        b'<row r="1"><c r="XFD1"><v>1</v></c></row>',
        b"<row><c r='&#88;FD1'><v>1</v></c></row>",
        b"<row><c" + b" " * 500 + b'r="XFD1"><v>1</v></c></row>',
        b"<row>" + b"<c><v>1</v></c>" * 300 + b"</row>",
        b"<row/>" * 100_001,
    ],
    ids=[
        "far row",
        "far column",
        "hidden reference",
        "padded",
        "unnumbered cells",
        "unnumbered rows",
    ],
)
def test_sheet_that_reaches_too_far_is_not_opened(plain, rows):
    path = rewritten(plain, {"xl/worksheets/sheet1.xml": sheet_of(rows)})
    with pytest.raises(ImportRefuse, match="au plus 100000 lignes et 200 colonnes"):
        workbook_rows(path)


def test_sheet_with_too_many_cells_is_not_opened(plain):
    rows = b'<row r="1"><c r="CV1"><v>1</v></c></row><row r="90000"><c r="A90000"/></row>'
    path = rewritten(plain, {"xl/worksheets/sheet1.xml": sheet_of(rows)})
    with pytest.raises(ImportRefuse, match="taille anormale"):
        workbook_rows(path)


def test_long_text_shared_by_many_cells_is_not_opened(plain):
    noise = secrets.token_hex(300_000).encode()
    cells = b"".join(b'<row><c t="s"><v>0</v></c></row>' for _ in range(2000))
    path = rewritten(
        plain,
        {
            "xl/sharedStrings.xml": b"<sst><si><t>" + noise + b"</t></si></sst>",
            "xl/worksheets/sheet1.xml": sheet_of(cells),
        },
    )
    with pytest.raises(ImportRefuse, match="taille anormale"):
        workbook_rows(path)


def test_tags_cut_between_two_pieces_are_counted(monkeypatch, plain):
    monkeypatch.setattr(archives, "CHUNK", 7)
    assert len(workbook_rows(plain)) == 2
    rows = b'<row r="1"><c r="XFD1"><v>1</v></c></row>'
    path = rewritten(plain, {"xl/worksheets/sheet1.xml": sheet_of(rows)})
    with pytest.raises(ImportRefuse, match="la colonne 16384"):
        workbook_rows(path)


def test_gzip_bomb_is_refused(tmp_path):
    path = tmp_path / "liste.csv.gz"
    packed = io.BytesIO()
    with gzip.GzipFile(fileobj=packed, mode="wb") as out:
        out.write(b"9;" * archives.RATIO_FROM)
    path.write_bytes(packed.getvalue())
    with pytest.raises(ImportRefuse, match="taille anormale"):
        reading.read(path)


def test_huge_file_is_refused_without_being_read(tmp_path, monkeypatch):
    path = tmp_path / "enorme.csv"
    with path.open("wb") as out:
        out.truncate(archives.MAX_BYTES + 1)  # a hole: takes no room
    monkeypatch.setattr(type(path), "read_bytes", None)
    with pytest.raises(ImportRefuse, match="dépasse 200 Mo"):
        reading.read(path)
