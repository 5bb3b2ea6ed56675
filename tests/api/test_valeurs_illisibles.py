"""A list or an object is read by no field, but for the lists of a field of several choices."""

from collections import namedtuple
from itertools import product

import pytest

from access.forms.decision import AccordForm
from access.forms.demande import DemandeForm, stored_data
from access.forms.dispensation import DispensationForm
from access.forms.pharmacie import ReceptionForm
from access.forms.steps import StepForm
from access.models import DemandeAac
from access.states import DemandeAacState as S
from engine.errors import InvalidInput
from engine.form_data import posted
from tests.factories.dossiers import brouillon, dossier_at, monde
from tests.factories.jetons import api

pytestmark = pytest.mark.django_db
BASE = "/api/v1/"
Known = namedtuple("Known", "fields")
NESTED = (["a"], [], {"a": "b"}, {}, [["a"]], [{"a": 1}], [1, None])


def test_no_field_of_a_draft_reads_a_list():
    m = monde()
    draft = brouillon(m)
    client = api(m.prescripteur)
    fields = DemandeForm(stored_data(draft), dossier=draft, by=m.prescripteur).fields
    assert "patient_naissance" in fields
    for name in fields:
        for value in (["a"], {"a": "b"}):
            answer = client.patch(
                f"{BASE}demandes/{draft.pk}/", {"version": draft.version, "data": {name: value}}
            )
            assert answer.status_code == 422, (name, value)
            assert name in answer.json()["errors"]
    assert DemandeAac.objects.get(pk=draft.pk).version == draft.version


def test_several_choices_are_a_list():
    m = monde()
    draft = brouillon(m)
    body = {"version": draft.version, "data": {"gravite": ["RARE", "GRAVE"]}}
    assert api(m.prescripteur).patch(f"{BASE}demandes/{draft.pk}/", body).status_code == 200
    draft.detail_aac.refresh_from_db()
    assert set(draft.detail_aac.gravite) == {"RARE", "GRAVE"}


def step_forms():
    """Every form of a step, of a dossier as of an order."""
    found = list(StepForm.__subclasses__())
    for known in found:
        found += known.__subclasses__()
    return sorted(found, key=lambda known: known.__name__)


def test_no_field_of_a_step_reads_a_list():
    forms = step_forms()
    assert {AccordForm, ReceptionForm, DispensationForm} <= set(forms)
    for form_class in forms:
        fields = form_class.base_fields
        for name, value in product(fields, NESTED):
            with pytest.raises(InvalidInput) as error:
                posted({name: value}, Known(fields))
            assert error.value.errors == {name: ["Valeur illisible."]}


@pytest.mark.parametrize(
    ("step", "name"),
    [("ask_complement", "echeance"), ("grant", "date_debut"), ("grant", "conditions")],
)
def test_a_step_says_which_value_it_cannot_read(step, name):
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    answer = api(m.decideur).post(
        f"{BASE}dossiers/{dossier.pk}/steps/{step}/",
        {"version": dossier.version, "data": {name: ["2026-12-01"]}},
    )
    assert answer.status_code == 422
    assert answer.json()["errors"] == {name: ["Valeur illisible."]}
