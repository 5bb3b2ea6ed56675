"""A bound on how often one address may ask a public page; counted in real time."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache

WINDOW = 60


def allowed(scope: str, who: str, limit: int) -> bool:
    """True while `who` has asked less than `limit` times in this minute.

    The key holds a digest, not the address. Without a cache the answer is no.
    """
    minute = int(time.time() // WINDOW)
    mark = hashlib.sha256(f"{scope}|{who}".encode()).hexdigest()[:32]
    key = f"throttle:{scope}:{mark}:{minute}"
    try:
        cache.add(key, 0, WINDOW * 2)
        return bool(cache.incr(key) <= limit)
    except (ValueError, OSError, ConnectionError):
        return False
