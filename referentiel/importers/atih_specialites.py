"""Writing of an ATIH release: one speciality per UCD, in a product of its own when it is new."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from referentiel.importers.atih import LigneAtih
from referentiel.importers.differences import Bilan, Difference
from referentiel.importers.shipped import Complement, load_complements
from referentiel.models import CodeUcd, ImportRun, Produit, Specialite
from referentiel.rules import codes


def stable_id(kind: str, *parts: str) -> UUID:
    """The same official row gets the same identifier each time the référentiel is built."""
    return uuid5(NAMESPACE_URL, ":".join(("placet", kind, *parts)))


def label_of(labels: Iterable[str]) -> str:
    """One label per UCD: the most frequent of the release, the shortest when they tie."""
    counted = Counter(labels)
    return min(counted, key=lambda label: (-counted[label], len(label), label))


def labels_of(rows: Iterable[LigneAtih], listed: Iterable[LigneAtih]) -> dict[str, str]:
    """The label of each UCD written, counted over the whole list; empty when it gives none."""
    labels: dict[str, list[str]] = {row.ucd7: [] for row in rows}
    for row in listed:
        if row.libelle_ucd and row.ucd7 in labels:
            labels[row.ucd7].append(row.libelle_ucd)
    return {ucd7: label_of(names) if names else "" for ucd7, names in labels.items()}


def write_specialites(
    rows: Iterable[LigneAtih],
    listed: Iterable[LigneAtih],
    register: Iterable[Specialite],
    run: ImportRun,
) -> tuple[dict[str, Specialite], Bilan]:
    """One speciality per UCD, in a product of its own when it is new."""
    labels = labels_of(rows, listed)
    stored = {row.ucd7: row for row in register if row.ucd7}
    official = official_labels(ucd7 for ucd7, name in labels.items() if not name)
    complements = load_complements()
    products = Difference(Produit, run=run, frozen="champs_saisis")
    specialites = Difference(Specialite, run=run, frozen="champs_saisis")
    found: dict[str, Specialite] = {}
    for ucd7, name in labels.items():
        known = stored.get(ucd7)
        extra = complements.get(ucd7, Complement())
        label = name or (known.libelle if known else official.get(ucd7, f"UCD {ucd7}"))
        if known is None:
            produit = products.put(
                None, ucd7, product_values(label, extra), id=stable_id("produit", ucd7)
            )
        else:
            produit = products.put(known.produit, ucd7, blanks_filled(known.produit, extra))
        values = {"libelle": label, "ucd13": codes.ucd13_of(ucd7)}
        values |= {
            name: value
            for name, value in (
                ("dci", extra.dci),
                ("laboratoire", extra.laboratoire),
                ("cis", extra.cis),
            )
            if value and not (known and getattr(known, name))
        }
        created = {"id": stable_id("specialite", ucd7), "ucd7": ucd7, "produit": produit}
        found[ucd7] = specialites.put(known, ucd7, values, **created)
    return found, products.write() + specialites.write()


def official_labels(ucds: Iterable[str]) -> dict[str, str]:
    """What the table of UCD labels calls those that a list does not name."""
    wanted = list(ucds)
    if not wanted:
        return {}
    return dict(CodeUcd.objects.filter(ucd7__in=wanted).values_list("ucd7", "libelle"))


def product_values(label: str, extra: Complement) -> dict[str, Any]:
    """What the list and its complement say of one product."""
    return {
        "nom": label,
        "dci": extra.dci,
        "laboratoire": extra.laboratoire,
        "atc": extra.atc,
        "provenance": extra.provenance,
    }


def blanks_filled(produit: Produit, extra: Complement) -> dict[str, Any]:
    """Complements fill what is empty in a known product, and nothing else."""
    filled = {
        name: getattr(extra, name)
        for name in ("dci", "laboratoire", "atc")
        if getattr(extra, name) and not getattr(produit, name)
    }
    if filled:
        sources = {name: extra.provenance[name] for name in filled if name in extra.provenance}
        return filled | {"provenance": produit.provenance | sources}
    return {}
