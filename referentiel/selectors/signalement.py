"""Where an adverse event of a product goes: its protocol's own route first, when it has one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from referentiel.models import Cadre, ContactProduit, Document, Produit
from referentiel.rules.signalement import DECLARANTS, protocol_first
from referentiel.selectors.versions import Suite, suites_by_cadre
from referentiel.states import NatureContact, TypeCadre, TypeDocument

# The national portal for health events, open to professionals and patients.
PORTAIL = "https://signalement.social-sante.gouv.fr/"
PROTOCOLES = frozenset({TypeDocument.PUT_RD, TypeDocument.PUT_SP})


@dataclass(frozen=True)
class Signalement:
    """The frameworks whose protocol comes first, the protocols, whom to reach at the holder."""

    cadres: list[str]
    protocoles: list[Document]
    contacts: list[ContactProduit]
    portail: str = PORTAIL
    declarants: str = DECLARANTS


def signalement(
    cadres: Iterable[Cadre],
    documents: Mapping[UUID | None, list[Suite]],
    contacts: Iterable[ContactProduit],
) -> Signalement:
    """From what a page has already read; no query."""
    named = {c.pk: protocol_first(c.framework, avec_amm=c.avec_amm) for c in cadres}
    keys = [pk for pk, words in named.items() if words]
    suites = [suite for key in (*keys, None) for suite in documents.get(key, [])] if keys else []
    return Signalement(
        cadres=list(dict.fromkeys(words for words in named.values() if words)),
        protocoles=[
            suite.courante.document
            for suite in suites
            if suite.en_vigueur and suite.courante.document.type in PROTOCOLES
        ],
        contacts=[c for c in contacts if keys and c.nature == NatureContact.PHARMACOVIGILANCE],
    )


def signalement_aac(produit: Produit | None, cadre: Cadre | None, on: date) -> Signalement:
    """For a patient treated under an AAC, whether or not its cadre is still in force."""
    if produit is None:
        return Signalement([TypeCadre.AAC], [], [])
    cadres = [cadre] if cadre else produit.cadres.filter(framework=TypeCadre.AAC)
    found = signalement(cadres, suites_by_cadre(produit, on), produit.contacts.order_by("nom"))
    return found if found.cadres else Signalement([TypeCadre.AAC], [], [])
