"""Every date field of every form refuses the years nobody means, at its place."""

import importlib
import pkgutil
from datetime import date, timedelta

import pytest
from django import forms
from django.urls import reverse

import access.forms
import billing.forms
import referentiel.forms
from access.rules.delais import add_months, end_of
from access.rules.instruction import start_error
from access.states import DemandeAacState as S
from engine.clocks import today
from engine.fields import Jour
from tests.factories import people
from tests.factories.dossiers import accord, brouillon, dossier_at, monde
from tests.factories.jetons import api

FAR = ("9999-12-31", "0001-01-01", "31/12/9999", "2400-01-01", "1066-10-14")


def forms_written():
    """Every form class of the apps."""
    for package in (access.forms, referentiel.forms):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    assert billing.forms.PrixForm  # imported above
    waiting, found = [forms.BaseForm], set()
    while waiting:
        for known in waiting.pop().__subclasses__():
            waiting.append(known)
            if known.__module__.split(".")[0] in ("access", "billing", "referentiel", "followup"):
                found.add(known)
    return found


DATES = {
    f"{form.__module__}.{form.__name__}.{name}": field
    for form in forms_written()
    for name, field in form.base_fields.items()
    if isinstance(field, forms.DateField | forms.DateTimeField)
}


def test_the_forms_were_found():
    assert len(DATES) > 20
    assert any("AdministrationForm.entree" in name for name in DATES)


@pytest.mark.parametrize("name", sorted(DATES))
def test_a_date_field_refuses_an_implausible_year(name):
    field = DATES[name]
    assert isinstance(field, Jour)
    for text in FAR:
        with pytest.raises(forms.ValidationError, match="Relisez l'année"):
            field.clean(text)
    assert field.clean(today().isoformat()) == today()
    assert field.clean((today() + timedelta(days=9 * 365)).isoformat())
    assert field.clean((today() - timedelta(days=129 * 365)).isoformat())


@pytest.mark.parametrize("day", FAR)
@pytest.mark.django_db
def test_a_draft_never_keeps_an_implausible_day(client, day):
    m = monde()
    draft = brouillon(m)
    people.login(client, m.prescripteur)
    address = reverse("access:demande_modifier", args=[draft.pk])
    data = {"version": draft.version, "date_debut_souhaitee": day, "duree_jours": "90"}
    answer = client.post(address, data, follow=True)
    assert "Relisez l&#x27;année" in answer.content.decode()
    draft.detail_aac.refresh_from_db()
    assert draft.detail_aac.date_debut_souhaitee == today()
    for page in ("modifier", "relire"):
        assert client.get(reverse(f"access:demande_{page}", args=[draft.pk])).status_code == 200


@pytest.mark.django_db
def test_a_draft_kept_before_the_bound_still_opens(client):
    m = monde()
    draft = brouillon(m, date_debut_souhaitee=date.max)
    people.login(client, m.prescripteur)
    for page in ("modifier", "relire"):
        assert client.get(reverse(f"access:demande_{page}", args=[draft.pk])).status_code == 200


@pytest.mark.parametrize("start", [date(9999, 6, 1), date(2400, 1, 1), None])
@pytest.mark.django_db
def test_a_grant_begins_at_most_a_year_after_its_decision(start):
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    start = start or add_months(today(), 12) + timedelta(days=1)
    answer = api(m.decideur).post(
        f"/api/v1/dossiers/{dossier.pk}/steps/grant/",
        {"version": dossier.version, "data": accord(start, jours=90)},
    )
    assert answer.status_code == 422
    assert "date_debut" in answer.json()["errors"]


def test_the_last_day_a_grant_may_begin():
    values = {"aac.debut_max_mois": "12"}
    on = date(2026, 11, 22)
    assert start_error(date(2027, 11, 22), on, values) == ""
    assert start_error(date(2027, 11, 23), on, values)
    assert start_error(date(2026, 11, 21), on, values)


def test_days_stop_at_the_end_of_the_calendar():
    assert add_months(date(9999, 12, 31), 12) == date.max
    assert end_of(date.max, 90) == date.max
    assert add_months(date(2024, 1, 31), 1) == date(2024, 2, 29)
    assert add_months(date(2023, 12, 31), 2) == date(2024, 2, 29)
