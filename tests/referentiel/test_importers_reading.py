"""What is not a public file is refused with one clear sentence, and nothing is written."""

import gzip

import pytest

from referentiel.importers import reading
from referentiel.importers.refusals import ImportRefuse


def write(tmp_path, data, name="liste.csv"):
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "est vide"),
        (b" \r\n\n", "est vide"),
        ("a;b\n".encode("utf-16"), "UTF-16"),
        (b"<!DOCTYPE html><html><body>404</body></html>", "page web"),
        (b"\xef\xbb\xbf  <html><head></head></html>", "page web"),
        (b"a;b\n1;\x002\n", "octets nuls"),
        (b"PK\x03\x04xl/workbook.xml", "classeur"),
        (b"%PDF-1.7", "PDF"),
        (b"a;b\n\x81\x8d;\x9d\n", "ni UTF-8 ni windows-1252"),
    ],
)
def test_file_that_is_not_one(tmp_path, data, sentence):
    with pytest.raises(ImportRefuse, match=sentence):
        reading.read(write(tmp_path, data))


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(ImportRefuse, match="n'existe pas"):
        reading.read(tmp_path / "absent.csv")
    with pytest.raises(ImportRefuse, match="est un dossier"):
        reading.read(tmp_path)


def test_damaged_gzip(tmp_path):
    with pytest.raises(ImportRefuse, match="ne peut pas être lu"):
        reading.read(write(tmp_path, gzip.compress(b"a;b\n1;2\n")[:-9], "liste.csv.gz"))


def test_compressed_copy_is_the_same_file(tmp_path):
    plain = reading.read(write(tmp_path, b"a;b\n1;2\n"))
    packed = reading.read(write(tmp_path, gzip.compress(b"a;b\n1;2\n"), "liste.csv.gz"))
    assert (packed.nom, packed.sha256) == (plain.nom, plain.sha256)


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("é’".encode(), "é’", "utf-8"),
        ("\ufeffé".encode(), "é", "utf-8"),
        ("d’été…".encode("windows-1252"), "d’été…", "windows-1252"),
    ],
)
def test_encoding_is_detected(tmp_path, data, text, encoding):
    lu = reading.read(write(tmp_path, data))
    assert (lu.texte, lu.encodage) == (text, encoding)


def test_only_real_line_ends_end_a_line(tmp_path):
    lu = reading.read(write(tmp_path, "a\tb\u0085c\u2028d\r\n\r\r\n\ne\tf".encode()))
    rows = list(reading.tab_rows(lu))
    assert [row.cellules for row in rows] == [["a", "b\u0085c\u2028d"], ["e", "f"]]
    assert [row.numero for row in rows] == [1, 4]


def test_quoted_label_may_hold_line_breaks(tmp_path):
    lu = reading.read(write(tmp_path, b'a;b\n1;"x\ny; ""z"""\n2;w\n'))
    rows = list(reading.csv_rows(lu))
    assert [row.cellules for row in rows] == [["a", "b"], ["1", 'x\ny; "z"'], ["2", "w"]]
    assert [row.numero for row in rows] == [1, 2, 4]


def test_quote_never_closed_is_a_truncated_file(tmp_path):
    lu = reading.read(write(tmp_path, b'a;b\n1;"x\n2;w\n'))
    with pytest.raises(ImportRefuse, match="tronqué"):
        list(reading.csv_rows(lu))


def test_utf16_without_its_mark_is_named(tmp_path):
    with pytest.raises(ImportRefuse, match="UTF-16"):
        reading.read(write(tmp_path, "ucd_7;libelle\n1;2\n".encode("utf-16-le")))


def test_accents_broken_by_a_conversion_are_named(tmp_path):
    broken = ("ucd_7;libelle\n" + "1;Syndrome néphrotique\n" * 6).encode()
    twice = broken.decode("windows-1252").encode()
    with pytest.raises(ImportRefuse, match="accents"):
        reading.read(write(tmp_path, twice))
