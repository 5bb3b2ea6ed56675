"""The inputs of a step: what is missing is said at its field, by its name."""

import pytest
from django import forms

from access.forms.pharmacie import OrderedForm
from access.forms.steps import MotifForm, StepForm, TransmissionForm


class Essai(StepForm):
    """A form with one field of each kind."""

    fournisseur = forms.CharField(label="Fournisseur")
    jour = forms.DateField(label="Jour")
    motif = forms.CharField(label="Motif", error_messages={"required": "Dites pourquoi."})


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("fournisseur", "Remplissez «\u00a0Fournisseur\u00a0»."),
        ("jour", "Choisissez «\u00a0Jour\u00a0»."),
        ("motif", "Dites pourquoi."),
    ],
)
def test_a_field_left_empty_says_its_name(name, sentence):
    assert Essai(data={}).errors[name] == [sentence]


@pytest.mark.parametrize("form", [OrderedForm, MotifForm, TransmissionForm])
def test_no_step_says_only_that_a_field_is_required(form):
    sentences = [error for errors in form(data={}).errors.values() for error in errors]
    assert sentences
    assert not any("obligatoire" in sentence for sentence in sentences)
