"""Templates hold no inline code, all compile, and none of the fragments is dead."""

import re
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import engines
from django.template.loader import get_template, render_to_string

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static" / "placet"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))
APPS = ("config", "billing", "followup", "access", "referentiel")
COMPONENTS = sorted(path.name for path in (TEMPLATES / "components").glob("*.html"))
# A PDF is drawn from its template alone: its style sheet may stand inside it.
PAGES = [name for name in NAMES if not name.startswith("pdf/")]

INLINE = {
    "script": re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE),
    "style element": re.compile(r"<style\b", re.IGNORECASE),
    "style attribute": re.compile(r"<[a-z][^>]*\sstyle\s*=", re.IGNORECASE),
    "on* handler": re.compile(r"<[a-z][^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript link": re.compile(r"javascript:", re.IGNORECASE),
    "htmx code": re.compile(r"\shx-(on|vals=.js:|on:)", re.IGNORECASE),
}


def source(name: str) -> str:
    return (TEMPLATES / name).read_text()


@pytest.mark.parametrize("name", PAGES)
def test_a_template_holds_no_inline_script_or_style(name):
    found = [what for what, pattern in INLINE.items() if pattern.search(source(name))]
    assert not found, f"{name}: {', '.join(found)}"


@pytest.mark.parametrize("name", NAMES)
def test_a_template_compiles(name):
    get_template(name)


def test_every_component_is_included_somewhere():
    roots = [TEMPLATES, *(Path(settings.BASE_DIR) / app for app in APPS)]
    texts = [
        path.read_text()
        for root in roots
        for path in root.rglob("*")
        if path.suffix in {".html", ".py"}
    ]
    unused = {
        name for name in COMPONENTS if not any(f"components/{name}" in text for text in texts)
    }
    assert not unused, f"included nowhere: {', '.join(sorted(unused))}"


def test_every_icon_asked_for_is_drawn():
    drawn = set(re.findall(r'<symbol id="([a-z]+)"', (STATIC / "icons.svg").read_text()))
    asked = {icon for name in NAMES for icon in re.findall(r'{% icon "([a-z]+)" %}', source(name))}
    assert asked <= drawn


def test_french_double_punctuation_has_a_no_break_space():
    loose = re.compile(r"[\wÀ-ÿ»] [:;!?](?=[\s<]|$)")
    wrong = []
    for name in PAGES:
        text = re.sub(r"{% comment %}.*?{% endcomment %}", "", source(name), flags=re.DOTALL)
        text = re.sub(r"{[{%].*?[%}]}|<[^>]*>", "", text)
        wrong += [f"{name}: {match.group()}" for match in loose.finditer(text)]
    assert not wrong


class Essai(forms.Form):
    poids = forms.DecimalField(label="Poids (kg)", help_text="Entre 0,3 et 400.")
    accord = forms.ChoiceField(
        label="Accord ?", choices=[("o", "Oui"), ("n", "Non")], widget=forms.RadioSelect
    )
    note = forms.CharField(label="Note", required=False)


def test_a_field_ties_its_help_and_its_error_to_the_control():
    html = str(Essai({"poids": "abc"})["poids"].as_field_group())
    assert 'aria-describedby="id_poids_helptext id_poids_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_poids_error"' in html
    assert 'id="id_poids_helptext"' in html


def test_only_an_optional_field_says_so():
    form = Essai()
    assert "(facultatif)" in form["note"].as_field_group()
    assert "(facultatif)" not in form["poids"].as_field_group()


def test_choices_are_grouped_under_their_question():
    html = str(Essai({})["accord"].as_field_group())
    assert "<legend>Accord\u00a0?" in html
    assert 'aria-describedby="id_accord_error"' in html


def test_the_error_summary_links_each_fault_to_its_field():
    html = render_to_string("components/error_summary.html", {"form": Essai({"poids": "abc"})})
    assert 'role="alert"' in html
    assert 'href="#id_poids"' in html
    assert 'href="#id_accord_0"' in html


def test_a_blocked_action_stays_visible_with_what_it_lacks():
    action = {
        "label": "Transmettre",
        "name": "transmit",
        "url": "/x",
        "blockers": [{"message": "le poids", "url": "#id_poids"}],
    }
    html = render_to_string("components/action_button.html", {"action": action})
    assert "disabled" in html
    assert "Il manque&nbsp;:" in html
    assert '<a href="#id_poids">le poids</a>' in html


def test_a_row_of_a_work_list_has_one_link():
    row = {
        "url": "/d/1",
        "title": "DEM-2026-000412",
        "sub": "D. M.",
        "cells": [{"text": "RADICUT"}],
    }
    html = render_to_string(
        "components/work_list.html", {"columns": ["Dossier", "Produit"], "rows": [row]}
    )
    assert html.count('href="/d/1"') == 1
    assert 'data-libelle="Produit"' in html


def test_an_empty_list_says_what_would_fill_it():
    html = render_to_string(
        "components/work_list.html",
        {
            "rows": [],
            "empty_title": "Rien à valider",
            "empty_text": "Une demande envoyée vient ici.",
        },
    )
    assert "Une demande envoyée vient ici." in html
    assert "<table" not in html


def test_what_people_type_is_escaped_everywhere():
    page = engines["django"].from_string('{% include "components/timeline.html" %}')
    html = page.render({"entries": [{"text": "<script>alert(1)</script>", "who": "<b>"}]})
    assert "<script>" not in html
    assert "<b>" not in html


@pytest.mark.parametrize("name", ["400.html", "403.html", "404.html", "409.html", "500.html"])
def test_an_error_page_renders_without_any_context(name):
    assert "<h1>" in render_to_string(name)
