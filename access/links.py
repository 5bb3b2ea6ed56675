"""Addresses of pages that another part of Placet may hold: empty when it is not there."""

from __future__ import annotations

from typing import Any

from django.urls import NoReverseMatch, reverse


def link(name: str, *args: Any, anchor: str = "") -> str:
    """The address of a page, or nothing when no such page exists in this installation."""
    try:
        return reverse(name, args=args) + (f"#{anchor}" if anchor else "")
    except NoReverseMatch:
        return ""
