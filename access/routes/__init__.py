"""Addresses of the access pages: one module per subject, each with its `patterns`."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.urls import URLPattern


def all_patterns() -> list[URLPattern]:
    """Those of every subject, in alphabetical order of the modules."""
    found: list[URLPattern] = []
    for module in sorted(iter_modules(__path__), key=lambda m: m.name):
        found += import_module(f"{__name__}.{module.name}").patterns
    return found
