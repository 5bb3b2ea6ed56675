"""What an address accepts: a parameter nobody reads is refused, with the names that are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def unknown_told(given: Iterable[str], known: Sequence[str]) -> str:
    """The sentence of the refusal; empty when every name is known."""
    wrong = [name for name in given if name not in known]
    if not wrong:
        return ""
    named = ", ".join(f"« {name[:40]} »" for name in sorted(wrong)[:5])
    offered = f"acceptés : {', '.join(known)}" if known else "cette adresse n'en prend aucun"
    return f"Paramètre inconnu : {named} ; {offered}."
