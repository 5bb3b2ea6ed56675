"""Draws each state machine from its code: a Mermaid picture and the table of its steps."""

from __future__ import annotations

from typing import Any

from access.models import Aac, Commande, DemandeAac
from access.permissions import GRANTS, system_only
from access.states import AacState, CommandeState, DemandeAacState
from engine.steps import StepSpec, steps_of
from referentiel.roles import PROFILS

MACHINES: dict[str, tuple[Any, Any]] = {
    "demande_aac": (DemandeAac, DemandeAacState),
    "aac": (Aac, AacState),
    "commande": (Commande, CommandeState),
}


def roles_of(spec: StepSpec) -> list[str]:
    """The roles that hold a step's permission, as people read them."""
    if spec.permission is system_only:
        return ["Placet (horloge, aiguillage)"]
    permission = spec.permission.permission  # type: ignore[attr-defined]
    return [str(PROFILS[role]) for role in GRANTS if permission in GRANTS[role]]


def page(name: str) -> str:
    """The documentation page of one machine."""
    model, states = MACHINES[name]
    specs = steps_of(model).values()
    lines = [
        f"# {model._meta.verbose_name}",
        "",
        (model.__doc__ or "").strip(),
        "",
        "Drawn from the code by `make docs`; do not edit.",
        "",
        "```mermaid",
        "stateDiagram-v2",
        *(f'    state "{state.label}" as {state.value}' for state in states),
        *(edge for spec in specs for edge in _edges(spec)),
        "```",
        "",
        "| step | from | to | who | what |",
        "|---|---|---|---|---|",
        *(_row(spec) for spec in specs),
        "",
    ]
    return "\n".join(lines)


def _edges(spec: StepSpec) -> list[str]:
    return [f"    {source} --> {spec.target or source}: {spec.label}" for source in spec.sources]


def _row(spec: StepSpec) -> str:
    sources = ", ".join(spec.sources)
    doc = spec.doc.replace("\n", " ")
    return (
        f"| `{spec.name}` {spec.label} | {sources} | {spec.target or '(same)'} "
        f"| {', '.join(roles_of(spec))} | {doc} |"
    )
