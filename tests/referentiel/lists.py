"""Lists as people upload them: a release and the next one, CSV or workbook, and their reading."""

import io

import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from engine.outbox import relay
from referentiel.models import RevueImport
from referentiel.services import revues
from referentiel.services.revue_application import ask_application
from referentiel.states import StatutRevue
from tests.referentiel import samples

# Three changes from `samples.ATIH_ROWS`: one end, one new code, one pair gone.
FERMEE = "9157329/RITRA01"
NEXT_ROWS = [
    samples.ATIH_ROWS[0],
    samples.ATIH_ROWS[1],
    samples.ATIH_ROWS[2],
    "9000525;3400890005258;HEPCLUDEX 2MG INJ FL;CBULE02;Hépatite delta;2020-09-14;2026-12-31",
    "9000525;3400890005258;HEPCLUDEX 2MG INJ FL;CBULE03;Hépatite delta enfant;2025-01-01;",
    samples.ATIH_ROWS[4],
    samples.ATIH_ROWS[5],
    samples.ATIH_ROWS[6],
    samples.ATIH_ROWS[8],
    samples.ATIH_ROWS[9],
]


def atih_file(rows=None, name="atih_2024-06.csv"):
    text = samples.text(samples.ATIH_HEADER, samples.ATIH_ROWS if rows is None else rows)
    return SimpleUploadedFile(name, text.encode())


def next_file():
    return atih_file(NEXT_ROWS, "atih_2025-03.csv")


def csv_file(text, name="liste.csv", encoding="utf-8"):
    return SimpleUploadedFile(name, text.encode(encoding))


def workbook(rows, name="liste.xlsx", sheets=None):
    """A workbook whose last sheet holds the rows; the sheets before it as given."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        for title, table in {**(sheets or {}), "Liste": rows}.items():
            sheet = book.add_worksheet(title)
            for line, cells in enumerate(table):
                for column, cell in enumerate(cells):
                    if hasattr(cell, "isoformat"):
                        sheet.write_datetime(line, column, cell, day)
                    else:
                        sheet.write(line, column, cell)
    return SimpleUploadedFile(name, out.getvalue())


def read(by, upload, source="atih", correspondance=None):
    """Upload a file, let the relay do the reading, and give the review back."""
    revue = revues.open_revue(by=by, source=source, upload=upload, correspondance=correspondance)
    relay()
    return RevueImport.objects.get(pk=revue.pk)


def apply(by, revue):
    """Ask for what was accepted, let the relay do the writing, and give the review back."""
    ask_application(revue, by=by)
    relay()
    revue.refresh_from_db()
    return revue


def applied(by, revue):
    """Apply a review that nothing prevents from being written; its import."""
    apply(by, revue)
    assert revue.statut == StatutRevue.APPLIQUEE, revue.message
    return revue.import_run


def line(revue, cle):
    return revue.lignes.get(cle=cle)


def url(name, revue=None):
    return reverse(f"referentiel:{name}", args=[revue.pk] if revue else [])


def drop(page, upload, source="atih", **more):
    """Upload by the page; the relay reads; the review is given back."""
    answer = page.post(url("liste_deposer"), {"source": source, "fichier": upload} | more)
    assert answer.status_code == 302, answer.content.decode()
    relay()
    revue = RevueImport.objects.latest("depose_le")
    assert answer.url == url("revue", revue)
    return revue


def text(answer):
    return answer.content.decode()
