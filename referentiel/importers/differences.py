"""Compare a release with what is stored, by key, and write only what differs, in bulk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, TypeVar

from django.db import models

from referentiel.models import ImportRun, ValeurRemplacee
from referentiel.models.imports import LigneDeListe
from referentiel.states import GenreLigneRevue

BATCH = 400
PRESENCE, PRESENT = "présence", "présente"
# What any release may close: a share of a short list would be a handful of its rows.
FEW_CLOSURES = 5

M = TypeVar("M", bound=models.Model)
L = TypeVar("L", bound=LigneDeListe)


@dataclass(slots=True)
class Ecart:
    """One row that differs: added, changed or closed, with its old and new values."""

    genre: GenreLigneRevue
    objet: str
    cle: str
    sujet: Any  # the row itself, as it will stand
    avant: Mapping[str, Any]
    apres: Mapping[str, Any]

    def texts(self) -> tuple[dict[str, str], dict[str, str]]:
        """Old and new values as a review or a log shows them."""
        before = {name: as_text(value) for name, value in self.avant.items()}
        return before, {name: as_text(value) for name, value in self.apres.items()}


@dataclass(frozen=True, slots=True)
class Fermetures:
    """How many of the rows of one kind that stood a file would close."""

    objet: str
    fermees: int
    presentes: int


@dataclass
class Bilan:
    """Counts of a difference, and the rows that differ."""

    ajoutees: int = 0
    modifiees: int = 0
    fermees: int = 0
    inchangees: int = 0
    ecarts: list[Ecart] = field(default_factory=list, repr=False)
    retenues: int = 0  # absent rows left standing: a row set aside may be about them
    fermetures: list[Fermetures] = field(default_factory=list, repr=False)

    def __add__(self, other: Bilan) -> Bilan:
        return Bilan(
            self.ajoutees + other.ajoutees,
            self.modifiees + other.modifiees,
            self.fermees + other.fermees,
            self.inchangees + other.inchangees,
            self.ecarts + other.ecarts,
            self.retenues + other.retenues,
            self.fermetures + other.fermetures,
        )


Held = Callable[[str], bool]


def absent_from(version: str) -> str:
    """How an absence reads."""
    return f"absente de la version du {version}" if version else "absente de la liste"


def nothing_held(identity: str) -> bool:
    """No row was set aside: what the release does not name is gone."""
    return False


def as_text(value: Any) -> str:
    """A value as history keeps it: ISO day, or plain text."""
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def canonical(value: Any) -> Any:
    """An item without the order of its keys, which PostgreSQL does not keep."""
    return sorted(value.items()) if isinstance(value, dict) else value


def is_dry(run: ImportRun) -> bool:
    """A run that is not stored only looks: nothing is written under it."""
    return run._state.adding


class Difference(Generic[M]):
    """Compare wanted values with stored rows, by key, and write only what differs."""

    def __init__(
        self,
        model: type[M],
        *,
        run: ImportRun,
        label: str = "",
        frozen: str = "",
    ) -> None:
        self.model, self.run = model, run
        self.label = label or model.__name__
        self.frozen = frozen  # field listing what a person typed: left alone
        self.new: list[M] = []
        self.changed: list[M] = []
        self.changed_keys: set[str] = set()
        self.fields: set[str] = set()
        self.history: list[ValeurRemplacee] = []
        self.bilan = Bilan()

    def put(self, stored: M | None, identity: str, values: Mapping[str, Any], **created: Any) -> M:
        """Add a row, or change the stored one; returns the object as it will stand."""
        if stored is None:
            fresh = self.model(**values, **created)
            self.new.append(fresh)
            self.bilan.ajoutees += 1
            self._differs(GenreLigneRevue.AJOUT, identity, fresh, {}, values)
            return fresh
        kept = getattr(stored, self.frozen) if self.frozen else ()
        differing = [
            name
            for name, value in values.items()
            if getattr(stored, name) != value and name not in kept
        ]
        if not differing:
            self.bilan.inchangees += 1
            return stored
        before = {name: getattr(stored, name) for name in differing}
        after = {name: values[name] for name in differing}
        self._change(stored, identity, before, after)
        self.changed_keys.add(identity)
        self.bilan.modifiees += 1
        self._differs(GenreLigneRevue.MODIFICATION, identity, stored, before, after)
        return stored

    def _change(
        self, stored: M, identity: str, before: Mapping[str, Any], after: Mapping[str, Any]
    ) -> None:
        for name, value in after.items():
            self.remember(identity, name, before[name], value)
            setattr(stored, name, value)
        self.fields.update(after)
        self.changed.append(stored)

    def close(self, stored: M, identity: str, values: Mapping[str, Any], version: str) -> None:
        """Keep a row the newer release no longer holds, and mark it."""
        before = {name: getattr(stored, name) for name in values}
        for name, value in values.items():
            setattr(stored, name, value)
        self.fields.update(values)
        self.changed.append(stored)
        self.remember_absence(identity, version)
        self._differs(GenreLigneRevue.FERMETURE, identity, stored, before, values)

    def gone(self, absent: Iterable[str], *, standing: int, held: Held) -> list[str]:
        """The rows to close among those a release does not name, of all those that stood."""
        missing = list(absent)
        closed = [identity for identity in missing if not held(identity)]
        self.bilan.retenues += len(missing) - len(closed)
        self.bilan.fermetures.append(Fermetures(self.label, len(closed), standing))
        return closed

    def note_absence(self, stored: M, identity: str, version: str) -> None:
        """Tell that the newer release no longer holds a row, which is left as it is."""
        self.remember_absence(identity, version)
        absent = {PRESENCE: absent_from(version)}
        self._differs(GenreLigneRevue.FERMETURE, identity, stored, {PRESENCE: PRESENT}, absent)

    def remember_absence(self, identity: str, version: str) -> None:
        self.remember(identity, PRESENCE, PRESENT, absent_from(version))
        self.bilan.fermees += 1

    def remember(self, identity: str, name: str, old: Any, new: Any) -> None:
        self.history.append(
            ValeurRemplacee(
                import_run=self.run,
                objet=self.label,
                cle=identity[:40],
                champ=name,
                ancienne=as_text(old),
                nouvelle=as_text(new),
            )
        )

    def _differs(
        self,
        genre: GenreLigneRevue,
        identity: str,
        subject: M,
        before: Mapping[str, Any],
        after: Mapping[str, Any],
    ) -> None:
        self.bilan.ecarts.append(Ecart(genre, self.label, identity, subject, before, after))

    def write(self) -> Bilan:
        """Write the difference with bulk statements, unless the run only looks."""
        if is_dry(self.run):
            return self.bilan
        manager = self.model._default_manager
        manager.bulk_create(self.new, batch_size=BATCH)
        if self.changed:
            names = {self.model._meta.get_field(name).name for name in self.fields}
            manager.bulk_create(
                self.changed,
                batch_size=BATCH,
                update_conflicts=True,
                unique_fields=["pk"],
                update_fields=sorted(names),
            )
        ValeurRemplacee.objects.bulk_create(self.history, batch_size=BATCH)
        return self.bilan


class ListDifference(Difference[L]):
    """The difference of a whole list, its stored rows given by what they are known by."""

    def __init__(
        self, model: type[L], known: Mapping[str, L], *, run: ImportRun, label: str = ""
    ) -> None:
        super().__init__(model, run=run, label=label)
        self.known = dict(known)
        self.standing = sum(not row.absente_version for row in self.known.values())

    def put_row(self, identity: str, values: Mapping[str, Any], **created: Any) -> None:
        """One row of the release."""
        values = {**values, "absente_version": ""}
        self.put(self.known.pop(identity, None), identity, values, **created)

    def finish(self, version: str, held: Held = nothing_held) -> Bilan:
        """Mark every stored row the release did not name, once, then write."""
        absent = [name for name, stored in self.known.items() if not stored.absente_version]
        for identity in self.gone(absent, standing=self.standing, held=held):
            absence = {"absente_version": version[:10]}
            self.close(self.known[identity], identity, absence, version)
        return self.write()


class TableDifference(Difference[M]):
    """The difference of a whole table with one key: rows that are the same are never built."""

    def __init__(
        self, model: type[M], *, run: ImportRun, key: str, names: Sequence[str], label: str = ""
    ) -> None:
        super().__init__(model, run=run, label=label)
        self.key, self.names = key, (*names, "absente_version")
        rows = model._default_manager.order_by().values_list(key, "pk", *self.names)
        self.known: dict[str, tuple[Any, ...]] = {row[0]: row for row in rows}
        self.standing = sum(not row[-1] for row in self.known.values())
        self.differing: dict[Any, tuple[str, dict[str, Any]]] = {}

    def in_order(self, identity: str, name: str, wanted: list[Any]) -> list[Any]:
        """The stored list when it says the same in another order: an order of lines is no news."""
        row = self.known.get(identity)
        held = row[2 + self.names.index(name)] if row else wanted
        if held == wanted or len(held) != len(wanted):
            return wanted
        return held if sorted(map(canonical, held)) == sorted(map(canonical, wanted)) else wanted

    def put_row(self, identity: str, *values: Any) -> None:
        """One row of the release, its values in the order of the names."""
        row = self.known.pop(identity, None)
        if row is None:
            self.put(None, identity, self._named(values), **{self.key: identity})
        elif row[2:-1] == values and not row[-1]:
            self.bilan.inchangees += 1
        else:
            self.differing[row[1]] = (identity, self._named(values))

    def _named(self, values: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(self.names, (*values, ""), strict=True))

    def finish(self, version: str, held: Held = nothing_held) -> Bilan:
        """Build the rows that differ and those that are gone, then write."""
        absent = [identity for identity, row in self.known.items() if not row[-1]]
        closed = self.gone(absent, standing=self.standing, held=held)
        gone = {self.known[identity][1]: identity for identity in closed}
        rows = self.model._default_manager.in_bulk([*self.differing, *gone])
        for pk, (identity, values) in self.differing.items():
            self.put(rows[pk], identity, values)
        for pk, identity in gone.items():
            self.close(rows[pk], identity, {"absente_version": version[:10]}, version)
        return self.write()
