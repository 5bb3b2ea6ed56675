"""Classes of restricted prescription, read from the conditions a source writes (pure)."""

from referentiel.folding import fold

# Value of the filter: label, what the folded conditions hold (CSP, R. 5121-77).
CLASSES: dict[str, tuple[str, str]] = {
    "reserve-hospitalier": ("Réservé à l'usage hospitalier", "reserve a l'usage hospitalier"),
    "hospitaliere": ("Prescription hospitalière", "prescription hospitaliere"),
    "initiale-hospitaliere": (
        "Prescription initiale hospitalière",
        "prescription initiale hospitaliere",
    ),
    "specialistes": ("Réservée à certains spécialistes", "specialistes"),
    "surveillance": ("Surveillance particulière", "surveillance particuliere"),
}


def classes_of(conditions: str) -> list[str]:
    """The classes of prescription that a text of conditions names (CSP, R. 5121-77)."""
    folded = fold(conditions)
    return [value for value, (_, words) in CLASSES.items() if words in folded]
