"""Template tags of the look: French dates and sums, state tags, icons, spelled abbreviations."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

from engine import clocks
from referentiel.formats import french
from referentiel.formats.sigles import SIGLES

register = template.Library()

ICON_OF_KIND = {
    "moi": "dot",
    "autre": "clock",
    "accorde": "check",
    "termine": "cross",
    "alerte": "bell",
    "brouillon": "ring",
}


@register.filter
def date_fr(value: date | datetime | None) -> str:
    """{{ day|date_fr }}: 21 nov. 2026, in Paris."""
    return french.write_day(_day(value), french.SHORT_MONTHS) if value else ""


@register.filter
def date_longue(value: date | datetime | None) -> str:
    """{{ day|date_longue }}: 21 novembre 2026, in Paris."""
    return french.write_day(_day(value), french.MONTHS) if value else ""


@register.filter
def heure(value: datetime | None) -> str:
    """{{ moment|heure }}: 14:02, in Paris."""
    return french.write_time(_local(value)) if value else ""


@register.filter
def date_heure(value: datetime | None) -> str:
    """{{ moment|date_heure }}: 21 nov. 2026 à 14:02, in Paris."""
    return f"{date_fr(value)} à {heure(value)}" if value else ""


@register.filter
def montant(value: Decimal | int | str | None) -> str:
    """{{ sum|montant }}: 1 234,50 €."""
    number = _decimal(value)
    return "" if number is None else french.write_amount(number)


@register.filter
def pluriel(value: Decimal | int | str | None) -> str:
    """prête{{ count|pluriel }}: « s » from two on (0 is singular in French)."""
    number = _decimal(value)
    return "s" if number is not None and abs(number) >= 2 else ""


@register.filter
def prix(value: Decimal | int | str | None) -> str:
    """{{ price|prix }}: 58,90 € or 0,4375 €."""
    number = _decimal(value)
    return "" if number is None else french.write_price(number)


@register.filter
def nombre(value: Decimal | int | str | None) -> str:
    """{{ count|nombre }}: 1 234 or 20,5."""
    number = _decimal(value)
    return "" if number is None else french.write_number(number)


@register.filter
def taille(octets: int | None) -> str:
    """{{ piece.size|taille }}: 245 ko, 1,2 Mo."""
    return "" if octets is None else french.write_size(octets)


@register.filter
def depuis(value: date | datetime | None) -> str:
    """{{ moment|depuis }}: depuis 2 h; a bare day counts in days."""
    if not value:
        return ""
    if isinstance(value, datetime):
        return french.write_elapsed(clocks.now() - value)
    elapsed = clocks.today() - value
    return french.write_elapsed(elapsed) if elapsed.days > 0 else "depuis aujourd'hui"


@register.filter
def jours(value: date | datetime | None) -> str:
    """{{ day|jours }}: J-3, aujourd'hui, retard de 2 j."""
    return french.write_days_left((_day(value) - clocks.today()).days) if value else ""


@register.filter
def typo(value: object) -> str:
    """{{ text|typo }}: the no-break spaces of French punctuation."""
    return french.write_typography(str(value)) if value else ""


@register.filter
def abbr(value: str) -> str | SafeString:
    """{{ "PUI"|abbr }}: the abbreviation, its meaning on hover and on focus."""
    meaning = SIGLES.get(str(value))
    if meaning is None:
        return str(value)
    return format_html(
        '<abbr class="sigle" tabindex="0" title="{}" data-sens="{}">{}</abbr>',
        meaning,
        meaning,
        value,
    )


@register.filter
def item(sequence: object, index: int | str) -> object:
    """{{ columns|item:forloop.counter }}: one element of a list or mapping, or nothing."""
    try:
        return sequence[index]  # type: ignore[index]
    except (KeyError, IndexError, TypeError):
        return ""


@register.filter
def optional(field: BoundField) -> bool:
    """Whether a form field may stay empty and is not a lone box to tick."""
    return not field.field.required and field.widget_type != "checkbox"


@register.inclusion_tag("components/tag.html")
def tag_etat(kind: str, label: str) -> dict[str, str]:
    """{% tag_etat "moi" "À valider" %}: a state as a word and a shape."""
    return {"kind": kind, "label": label}


@register.simple_tag
def icon(name: str) -> SafeString:
    """{% icon "bell" %}: a shape from the sprite, hidden from screen readers: a word stands by."""
    return _svg(name)


@lru_cache(maxsize=64)
def _svg(name: str) -> SafeString:
    return format_html(
        '<svg class="icone icone-{}" aria-hidden="true" focusable="false">'
        '<use href="{}#{}"/></svg>',
        name,
        static("placet/icons.svg"),
        name,
    )


@register.simple_tag
def icon_of(kind: str) -> SafeString:
    """The shape of a kind of state."""
    return icon(ICON_OF_KIND.get(kind, "ring"))


def _local(value: datetime) -> datetime:
    return value.astimezone(clocks.PARIS)


def _day(value: date | datetime) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


def _decimal(value: Decimal | int | str | None) -> Decimal | None:
    try:
        return None if value in (None, "") else Decimal(str(value))
    except InvalidOperation:
        return None
