"""A database that another record keeps busy: the same act succeeds a few seconds later."""

from django.db import OperationalError

BUSY_SECONDS = "5"
# Lock not available, statement timed out, deadlock, serialisation failure (PostgreSQL).
BUSY_CODES = frozenset({"55P03", "57014", "40P01", "40001"})


def is_busy(error: BaseException) -> bool:
    """True when the database refused only because of a lock or a delay."""
    if not isinstance(error, OperationalError):
        return False
    code = getattr(error.__cause__, "pgcode", None)
    return code in BUSY_CODES if code else "locked" in str(error).lower()
