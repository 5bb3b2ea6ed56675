"""How the API reads and answers (apart from `engine.api`: the framework loads these first)."""

from __future__ import annotations

import json
from typing import Any

from rest_framework import exceptions, negotiation, parsers


class StrictJSONParser(parsers.JSONParser):
    """JSON whose text can be stored: no lone surrogate, no null character, no endless nesting."""

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        try:
            data = super().parse(stream, media_type, parser_context)
            text = json.dumps(data, ensure_ascii=False)
            text.encode()
        except (RecursionError, UnicodeError, ValueError) as error:
            raise exceptions.ParseError("Le corps de la demande n'est pas du JSON.") from error
        if not isinstance(data, dict):
            raise exceptions.ParseError("Le corps de la demande est un objet JSON.")
        if "\\u0000" in json.dumps(data):
            raise exceptions.ParseError("Le caractère nul n'est pas permis.")
        return data


class OneFormat(negotiation.BaseContentNegotiation):
    """JSON, or the file asked for, whatever Accept says: an address has one format."""

    def select_parser(self, request: Any, parsers: Any) -> Any:
        return negotiation.DefaultContentNegotiation().select_parser(request, parsers)

    def select_renderer(self, request: Any, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
