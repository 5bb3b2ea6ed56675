"""The one door to a change of state: what a step is, what it needs, and how it is done."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.module_loading import import_string
from django_fsm import transition

from engine import journal, outbox
from engine.clocks import now
from engine.errors import Blocked, Conflict, Forbidden, InvalidInput
from engine.form_data import checked


@dataclass(frozen=True)
class Blocker:
    """A reason why a step cannot be done yet, and the field or place that cures it."""

    code: str
    message: str
    field: str = ""


def blocked_if(condition: bool, code: str, message: str, anchor: str = "") -> list[Blocker]:
    """One blocker when the condition holds, none otherwise: rules add such lists up."""
    return [Blocker(code, message, anchor)] if condition else []


Rule = Callable[[Any], Sequence[Blocker]]
Permission = Callable[[Any, Any], bool]
Service = Callable[..., Any]


@dataclass(frozen=True)
class StepSpec:
    """All that is known of a step before it is done; pages, API, diagrams and tests read it."""

    name: str
    sources: tuple[str, ...]
    target: str | None
    label: str
    permission: Permission
    blockers: tuple[Rule, ...]
    form: str
    then: tuple[str, ...]
    effects: tuple[outbox.Effect, ...]
    danger: bool
    confirmed: bool
    consequence: str
    doc: str

    @property
    def form_class(self) -> Any:
        return import_string(self.form) if self.form else None


@dataclass(frozen=True)
class Offer:
    """A step shown to a person on a subject: ready when nothing blocks it."""

    spec: StepSpec
    blockers: list[Blocker]

    @property
    def name(self) -> str:
        return self.spec.name

    @property
    def label(self) -> str:
        return self.spec.label

    @property
    def ready(self) -> bool:
        return not self.blockers


_services: dict[str, Service] = {}


def after_step(name: str) -> Callable[[Service], Service]:
    """Name a service that steps may ask for in `then`: it runs in the same transaction."""

    def register(function: Service) -> Service:
        _services[name] = function
        return function

    return register


def step(
    *,
    source: str | Iterable[str],
    target: str | None,
    label: str,
    permission: Permission,
    blockers: Iterable[Rule] = (),
    form: str = "",
    then: Iterable[str] = (),
    effects: Iterable[outbox.Effect] = (),
    danger: bool = False,
    confirmed: bool = False,
    consequence: str = "",
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Declare a step of a state machine; the decorated body only sets the subject's own fields.

    `target=None` is an act that leaves the state as it is. `form` is the dotted path of the
    form that checks the inputs of pages and API alike. `consequence` says, before a step that
    hurts, what will happen and to whom. `confirmed`: who acts from a browser shows again, a little
    before, who they are.
    """
    sources = (source,) if isinstance(source, str) else tuple(source)

    def decorate(body: Callable[..., None]) -> Callable[..., None]:
        wrapped = transition(field="state", source=list(sources), target=target)(body)
        wrapped.placet_step = StepSpec(
            name=body.__name__,
            sources=tuple(str(s) for s in sources),
            target=str(target) if target is not None else None,
            label=label,
            permission=permission,
            blockers=tuple(blockers),
            form=form,
            then=tuple(then),
            effects=tuple(effects),
            danger=danger,
            confirmed=confirmed,
            consequence=consequence,
            doc=(body.__doc__ or "").strip(),
        )
        return wrapped

    return decorate


@cache
def steps_of(model: Any) -> dict[str, StepSpec]:
    """The steps of a workflow by name, in the order they are written."""
    found: dict[str, StepSpec] = {}
    for klass in reversed(model.__mro__):
        for name, member in vars(klass).items():
            spec = getattr(member, "placet_step", None)
            if spec is not None:
                found[name] = spec
    return found


def _steps(subject: Any) -> dict[str, StepSpec]:
    model: Any = type(subject)
    return steps_of(model)


def available_steps(subject: Any, user: Any) -> list[Offer]:
    """The steps a person may do on a subject in its state, each with what blocks it."""
    offers: list[Offer] = []
    facts: Any = None
    for spec in _steps(subject).values():
        if subject.state not in spec.sources or not spec.permission(user, subject):
            continue
        if facts is None:
            facts = subject.facts(now(), user)
        offers.append(Offer(spec, [b for rule in spec.blockers for b in rule(facts)]))
    return offers


def perform(
    subject: Any,
    step_name: str,
    *,
    by: Any,
    version: int,
    raw: Mapping[str, Any] | None = None,
    files: Mapping[str, Any] | None = None,
    **data: Any,
) -> Any:
    """Do one step on one subject, whole or not at all, and return the subject as it now is.

    `version` is the one the actor saw. Inputs come as keywords, or as `raw` (a submitted form).
    Raises Forbidden (403), Conflict (409), InvalidInput or Blocked (422); then nothing changed.
    """
    spec = _steps(subject).get(step_name)
    if spec is None:
        raise Forbidden("Cette étape n'existe pas pour ce dossier.")
    try:
        with transaction.atomic():
            return _perform(subject, spec, by=by, version=version, raw=raw, files=files, data=data)
    except IntegrityError as error:
        raise Conflict(_sentence_of(error, subject), state=subject.state) from error


def _perform(
    subject: Any,
    spec: StepSpec,
    *,
    by: Any,
    version: int,
    raw: Mapping[str, Any] | None,
    files: Mapping[str, Any] | None,
    data: dict[str, Any],
) -> Any:
    at = now()
    locked = type(subject)._base_manager.select_for_update().get(pk=subject.pk)
    if not spec.permission(by, locked):
        raise Forbidden("Votre rôle ne permet pas cette étape sur ce dossier.")
    _check_moment(locked, spec, version)
    if spec.form_class is not None:
        inputs = raw if raw is not None else data
        data = checked(spec.form_class(data=inputs, files=files, subject=locked, by=by))
    if spec.blockers:
        facts = locked.facts(at, by)
        if blockers := [b for rule in spec.blockers for b in rule(facts)]:
            raise Blocked(blockers)
    origin = locked.state
    getattr(locked, spec.name)(by=by, at=at, **data)
    locked.version += 1
    _save(locked)
    for name in spec.then:
        _services[name](locked, by=by, at=at, **data)
    entry = journal.record(
        locked,
        spec.name,
        by=by,
        label=spec.label,
        from_state=origin,
        to_state=locked.state,
        locked=True,
        inputs=sorted(data),
    )
    outbox.emit(locked, spec.effects, entry)
    return locked


def _check_moment(locked: Any, spec: StepSpec, version: int) -> None:
    if locked.state not in spec.sources:
        raise Conflict(
            f"Le dossier est maintenant « {locked.get_state_display()} » : "
            "cette étape n'est plus possible.",
            state=locked.state,
            version=locked.version,
        )
    if locked.version != version:
        raise Conflict(
            "Le dossier a changé depuis que vous l'avez ouvert. Relisez-le, puis recommencez.",
            state=locked.state,
            version=locked.version,
        )


def _save(locked: Any) -> None:
    """Check the subject and its own details against the model's rules, then save them.

    The database judges links and constraints; a constraint is asked again only to say which
    one refused.
    """
    parts = (locked, *locked.parts())
    with _refusals_told():
        for part in parts:
            part.clean_fields(exclude={"state", *_linked(part)})
            part.clean()
    try:
        with transaction.atomic():
            for part in parts:
                part.save()
    except IntegrityError:
        with _refusals_told():
            for part in parts:
                part.validate_constraints()
        raise


def _linked(part: Any) -> set[str]:
    """The links that are filled: forms chose them, the database knows whether they exist."""
    fields = part._meta.concrete_fields
    return {f.name for f in fields if f.is_relation and getattr(part, f.attname) is not None}


@contextmanager
def _refusals_told() -> Iterator[None]:
    """What a model refuses becomes 422, with its sentences by field."""
    try:
        yield
    except ValidationError as error:
        errors = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        raise InvalidInput(" ".join(error.messages), errors=errors) from error


def _sentence_of(error: IntegrityError, subject: Any) -> str:
    """The French sentence of the constraint the database refused, or a plain one."""
    text = str(error)
    for constraint in subject._meta.concrete_model._meta.constraints:
        if constraint.name in text:
            return str(constraint.violation_error_message)
    return "Une autre personne vient d'enregistrer une étape incompatible. Relisez le dossier."
