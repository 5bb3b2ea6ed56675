"""The API as a whole: its schema, its local documentation page, its unknown addresses."""

from __future__ import annotations

from typing import Any

from csp.decorators import csp_update
from django.http import Http404
from django.utils.decorators import method_decorator
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.permissions import AllowAny, IsAuthenticated
from rest_framework.renderers import JSONRenderer
from rest_framework.views import APIView


class SchemaView(SpectacularAPIView):
    """OpenAPI; never public: a login or a token is needed."""

    permission_classes = [IsAuthenticated]


# Swagger draws its icons and its layout with inline styles; scripts stay our own files.
SWAGGER_CSP = {"style-src": ["'unsafe-inline'"], "img-src": ["data:"]}


@method_decorator(csp_update(SWAGGER_CSP), name="dispatch")
class DocumentationView(SpectacularSwaggerSplitView):
    """The API's pages, from files shipped with Placet."""

    permission_classes = [IsAuthenticated]
    url_name = "api:schema"
    template_name = "api/documentation.html"


@extend_schema(exclude=True)
class UnknownView(APIView):
    """An address that is none of the API's: 404 in its own format."""

    permission_classes = [AllowAny]
    renderer_classes = [JSONRenderer]

    def initial(self, request: Any, *args: Any, **kwargs: Any) -> None:
        raise Http404
