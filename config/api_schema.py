"""What every operation of the API declares in its schema."""

from __future__ import annotations

from typing import Any

from drf_spectacular.openapi import AutoSchema

READS = ("400", "401", "403", "404", "422", "429")
WRITES = (*READS, "409", "415", "503")


class PlacetSchema(AutoSchema):
    """Every operation declares its refusals, all of one shape."""

    def _get_response_bodies(self, direction: Any = "response") -> Any:
        from engine.api import ErreurSerializer  # the framework loads this module first

        bodies = super()._get_response_bodies(direction)
        for code in READS if self.method == "GET" else WRITES:
            if code not in bodies:
                bodies[code] = self._get_response_for_code(
                    ErreurSerializer, code, direction=direction
                )
        return bodies
