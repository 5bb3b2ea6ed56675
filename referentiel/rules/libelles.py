"""The wording of an indication: since 2022 the official list cuts it at 200 characters."""

LABEL_LIMIT = 200
# A cut label may lose the spaces and the full stop it happened to end with.
TRIMMED = 5


def is_at_limit(libelle: str) -> bool:
    """Whether a published label was cut before it reached us: it fills its column."""
    return len(libelle) == LABEL_LIMIT


def is_cut(libelle: str, whole: str) -> bool:
    """Whether a label is only the beginning of a longer one."""
    return LABEL_LIMIT - TRIMMED <= len(libelle) < len(whole) and whole.startswith(
        libelle.rstrip(" .")
    )


def whole_of(held: str, told: str) -> str:
    """The label to keep: the one held when the new one is only its beginning."""
    return held if is_cut(told, held) else told
