"""Going back to the address a client names, when it is a page of this very site."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def go_back(request: HttpRequest, otherwise: str, name: str = "next") -> HttpResponseRedirect:
    """302 to the local path posted under a name, else to `otherwise`; never a route's name."""
    wanted = request.POST.get(name, "")
    safe = (
        wanted.startswith("/")
        and wanted.isprintable()
        and url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure())
    )
    return HttpResponseRedirect(wanted if safe else otherwise)
