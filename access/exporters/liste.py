"""A work list as CSV or XLSX: the same lines, every cell harmless to a spreadsheet."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from io import BytesIO
from typing import Any

import xlsxwriter

from access.selectors.rows import lane_label
from access.selectors.wording import is_hospital, patient_short, turn_short
from engine.clocks import local
from referentiel.formats.csv_francais import csv_lines, harmless

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def columns(user: Any) -> list[str]:
    """The headings: the agency reads lane and establishment, the hospital its service."""
    place = ["Service"] if is_hospital(user) else ["Établissement", "Voie"]
    return [
        "Dossier", "Type", "Produit", "Indication", "Patient", *place, "Non différable",
        "État", "À qui", "Depuis", "Échéance", "Ce qui arrive à l'échéance",
    ]  # fmt: skip


def values(dossier: Any, user: Any) -> list[Any]:
    """One line, days and instants typed."""
    place = (
        [dossier.service.nom if dossier.service else ""]
        if is_hospital(user)
        else [dossier.organisation.nom, lane_label(dossier)]
    )
    return [
        dossier.nom_affiche,
        dossier.get_kind_display(),
        dossier.produit_nom,
        dossier.indication,
        patient_short(dossier, user),
        *place,
        "oui" if dossier.urgent else "non",
        dossier.get_state_display(),
        turn_short(dossier, user),
        local(dossier.tour_depuis) if dossier.tour_depuis else None,
        dossier.echeance,
        dossier.echeance_libelle if dossier.echeance else "",
    ]


def write_csv(dossiers: Iterable[Any], user: Any) -> bytes:
    """What the page shows, as text."""
    rows = (map(_text, values(dossier, user)) for dossier in dossiers)
    return "".join(csv_lines(columns(user), rows)).encode()


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%d/%m/%Y %H:%M}"
    return value if isinstance(value, str) else f"{value:%d/%m/%Y}"


def write_xlsx(dossiers: Iterable[Any], user: Any) -> bytes:
    """One sheet, written line by line."""
    out = BytesIO()
    options = {
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "in_memory": True,
        "remove_timezone": True,
    }
    with xlsxwriter.Workbook(out, options) as book:
        sheet = book.add_worksheet("Dossiers")
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        instant = book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        sheet.write_row(0, 0, columns(user), bold)
        sheet.freeze_panes(1, 1)
        for line, dossier in enumerate(dossiers, start=1):
            for column, value in enumerate(values(dossier, user)):
                if value is None:
                    continue
                if isinstance(value, str):
                    sheet.write_string(line, column, str(harmless(value)))
                else:
                    form = instant if isinstance(value, datetime) else day
                    sheet.write_datetime(line, column, value, form)
    return out.getvalue()


WRITERS: dict[str, tuple[Callable[[Iterable[Any], Any], bytes], str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, XLSX),
}
