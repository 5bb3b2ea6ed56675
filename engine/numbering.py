"""Numbers people read: `DEM-2026-000412`, unique and given once, at the act that earns them."""

from django.db import transaction

from engine.models import Sequence


def next_number(prefix: str, year: int) -> str:
    """The next number of a yearly series, taken under lock in the caller's transaction."""
    name = f"{prefix}-{year}"
    with transaction.atomic():
        Sequence.objects.bulk_create([Sequence(name=name)], ignore_conflicts=True)
        sequence = Sequence.objects.select_for_update().get(name=name)
        sequence.value += 1
        sequence.save(update_fields=["value"])
    return f"{name}-{sequence.value:06d}"
