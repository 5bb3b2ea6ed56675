"""What the addresses of the public API accept, and how it is read: said once, told in OpenAPI."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from uuid import UUID

from django.utils.dateparse import parse_datetime
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError
from rest_framework.request import Request

from engine.api import words
from engine.clocks import PARIS, today
from referentiel.selectors.register import Filtre
from referentiel.states import NatureChangement, StatutCadre, TypeCadre, TypeDocument

YEARS = range(1900, 2200)
NONE = "-"  # a value that no row holds


def query(name: str, told: str, kind: Any = OpenApiTypes.STR, **more: Any) -> OpenApiParameter:
    """One parameter of an address."""
    return OpenApiParameter(name, kind, OpenApiParameter.QUERY, description=told, **more)


def tri(*fields: str) -> OpenApiParameter:
    """How the rows are ordered."""
    return query(
        "tri", "Ordre ; « - » devant le nom pour l'ordre inverse.",
        enum=[sign + field for field in fields for sign in ("", "-")],
    )  # fmt: skip


PAGE = [
    query("page", "Numéro de page, à partir de 1.", OpenApiTypes.INT),
    query("par_page", "Lignes par page, 200 au plus.", OpenApiTypes.INT),
]
Q = query("q", "Mots cherchés : nom, DCI, indication, UCD, CIP ou code.")
CADRE = query("cadre", "AAC, AAP, CPC ou DIRECT.", enum=TypeCadre.values)
STATUT = query("statut", "Statut d'un cadre.", enum=StatutCadre.values)
UCD7 = query("ucd7", "UCD sur 7 chiffres.")
UCD = query("ucd", "Comme ucd7.")
CODE = query("code", "Code d'indication.")
DCI = query("dci", "Mots de la DCI.")
EN_COURS = query("en_cours", "oui : seulement ceux en vigueur aujourd'hui.", enum=["oui"])
MODIFIE = query(
    "modifie_depuis",
    "Seulement ce que le journal des changements cite depuis ce jour, ou cet instant "
    "(AAAA-MM-JJ ou AAAA-MM-JJThh:mm:ss+02:00). Partez du fichier entier : la première lecture "
    "d'une liste n'est pas dans ce journal.",
)
DEPUIS = query("depuis", "Lignes écrites après ce jour ou cet instant (comme modifie_depuis).")
PRODUIT = query("produit", "Identifiant d'un produit.", OpenApiTypes.UUID)
NATURE = query("nature", "Nature du changement.", enum=NatureChangement.values)
TYPE = query("type", "Type du document.", enum=TypeDocument.values)


def filtre_of(request: Request) -> Filtre:
    """The filters of an address; an unknown word of a closed list finds nothing."""
    return Filtre(
        q=words(request),
        cadre=_among(request, "cadre", TypeCadre.values),
        statut=_among(request, "statut", StatutCadre.values),
        ucd7=words(request, "ucd7") or words(request, "ucd"),
        code=words(request, "code").upper(),
        dci=words(request, "dci"),
        open_on=today() if words(request, "en_cours") == "oui" else None,
        since=instant_of(request, "modifie_depuis"),
        produit=uuid_of(request, "produit"),
        nature=_among(request, "nature", NatureChangement.values),
        type=_among(request, "type", TypeDocument.values),
    )


def _among(request: Request, name: str, values: list[str]) -> str:
    asked = words(request, name)
    return asked if asked in values or not asked else NONE


def order_of(request: Request, *fields: str) -> str:
    """The order asked for, one of those offered."""
    asked = words(request, "tri")
    if asked and asked.removeprefix("-") not in fields:
        raise ParseError(f"« tri » est l'un de : {', '.join(fields)} (ou précédé de « - »).")
    return asked


def uuid_of(request: Request, name: str) -> UUID | None:
    """An identifier, when one is given."""
    text = words(request, name)
    try:
        return UUID(text) if text else None
    except ValueError as error:
        raise ParseError(f"« {name} » est un identifiant (UUID).") from error


def instant_of(request: Request, name: str) -> datetime | None:
    """A day (from its first minute in Paris) or an instant."""
    text = words(request, name).replace(" ", "+")  # a plus sign that the address lost
    if not text:
        return None
    try:
        found = parse_datetime(text) or datetime.combine(date.fromisoformat(text), time.min)
    except ValueError as error:
        raise ParseError(f"« {name} » est une date AAAA-MM-JJ, ou un instant ISO 8601.") from error
    if found.year not in YEARS:
        raise ParseError(f"« {name} » : l'année va de 1900 à 2199.")
    return found if found.tzinfo else found.replace(tzinfo=PARIS)


def day_of(request: Request, name: str) -> date | None:
    """A day, when one is given."""
    text = words(request, name)
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ParseError(f"« {name} » est une date AAAA-MM-JJ.") from error
