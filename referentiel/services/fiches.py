"""What a sheet says besides its cadres: other names, contacts, words for the patient."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from referentiel.models import AliasProduit, ContactProduit, Produit
from referentiel.services.search_index import refresh_search_texts


@transaction.atomic
def set_aliases(produit: Produit, noms: Iterable[str], *, by: Any) -> list[str]:
    """Make these the other names of a product; returns them in order."""
    wanted = list(dict.fromkeys(nom.strip() for nom in noms if nom.strip()))
    held = {alias.nom: alias for alias in produit.alias.all()}
    for nom, alias in held.items():
        if nom not in wanted:
            alias.delete()
    for nom in wanted:
        if nom not in held:
            alias = AliasProduit(produit=produit, nom=nom)
            alias.full_clean()
            alias.save()
    refresh_search_texts([produit.pk])
    return wanted


@transaction.atomic
def set_contact(
    produit: Produit, nature: str, values: Mapping[str, str], *, by: Any
) -> ContactProduit | None:
    """Write whom to reach for one matter; without a name, nobody."""
    contact = produit.contacts.filter(nature=nature).first()
    if not values.get("nom"):
        if contact is not None:
            contact.delete()
        return None
    contact = contact or ContactProduit(produit=produit, nature=nature)
    for name, value in values.items():
        setattr(contact, name, value)
    contact.full_clean()
    contact.save()
    return contact
