"""Rows and filters of the public search, written at once: the page answers as one types.

A template would look up a thousand names for the same lines; these take a tenth of the time.
Everything that comes from data goes through `escape`.
"""

from collections.abc import Iterable
from html import escape
from uuid import UUID

from django import template
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from referentiel.selectors.facet_groups import Option
from referentiel.selectors.result_rows import Ligne
from referentiel.templatetags.placet import icon_of, typo

register = template.Library()

NOBODY = UUID(int=0)
SANS = '<td class="sans-libelle">'


@register.simple_tag
def lignes_registre(lignes: Iterable[Ligne]) -> SafeString:
    """{% lignes_registre lignes %}: one row of the list per product."""
    address = reverse("referentiel:produit", args=[NOBODY])
    return mark_safe("\n".join(_row(ligne, address) for ligne in lignes))  # noqa: S308


def _row(ligne: Ligne, address: str) -> str:
    url = address.replace(str(NOBODY), str(ligne.pk))
    action = f'<span class="action">{escape(ligne.action.label)}</span>'
    return (
        f'<tr><th scope="row"><a class="ligne-lien" href="{url}">{escape(ligne.nom)}</a>'
        f"{_sous(ligne.sous)}</th>"
        f'<td class="sans-libelle badges">{"".join(_badge(*badge) for badge in ligne.badges)}</td>'
        f"{SANS}{escape(ligne.indication or 'Aucune indication publiée')}"
        f"{_sous(ligne.statut)}{_sous(ligne.autres)}</td>"
        f"{SANS}{action if ligne.action.label else ''}{_sous(typo(ligne.action.reason))}</td></tr>"
    )


def _sous(text: str) -> str:
    return f' <span class="sous">{escape(text)}</span>' if text else ""


def _badge(kind: str, label: str) -> str:
    return f'<span class="etat etat-{escape(kind)}">{icon_of(kind)} {escape(label)}</span> '


@register.simple_tag
def options_facette(name: str, options: Iterable[Option]) -> SafeString:
    """{% options_facette groupe.name part %}: the boxes of a filter, with their counts."""
    return mark_safe("\n".join(_box(name, option) for option in options))  # noqa: S308


def _box(name: str, option: Option) -> str:
    count = "" if option.found is None else f'<span class="option-compte">{option.found}</span>'
    box, value = escape(option.id), escape(option.value)
    return (
        f'<label class="option" for="{box}"><input type="checkbox" form="recherche" '
        f'id="{box}" name="{escape(name)}" value="{value}"'
        f"{' checked' if option.checked else ''}><span>{escape(option.label)}</span>{count}</label>"
    )
