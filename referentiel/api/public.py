"""The base of the public views: no account, and an answer that did not change is not sent again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django.http import HttpResponseNotModified
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from drf_spectacular.utils import OpenApiParameter
from rest_framework.exceptions import ParseError
from rest_framework.permissions import AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from engine.api_parsers import OneFormat
from referentiel.rules.adresses import unknown_told
from referentiel.selectors.register import marque


class PublicView(APIView):
    """Open without an account, as the public pages are; ETag and Last-Modified on each answer."""

    permission_classes = [AllowAny]
    content_negotiation_class = OneFormat
    roles = frozenset({"*"})
    parametres: ClassVar[Sequence[OpenApiParameter]] = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """400 on a parameter nobody reads: a filter misspelt would give everything."""
        super().initial(request, *args, **kwargs)
        known = [parameter.name for parameter in self.parametres]
        if told := unknown_told(request.query_params, known):
            raise ParseError(told)

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        """304 when the register is as it was for the same address."""
        answer = super().finalize_response(request, response, *args, **kwargs)
        if answer.status_code != 200 or not isinstance(request, Request):
            return answer
        mark = marque()
        etag = mark.etag(request.get_full_path())
        at = int(mark.change_le.timestamp())
        early = get_conditional_response(request._request, etag=etag, last_modified=at)
        if isinstance(early, HttpResponseNotModified):
            answer = Response(status=304)
            super().finalize_response(request, answer, *args, **kwargs)
        answer["ETag"] = etag
        answer["Last-Modified"] = http_date(at)
        return answer
