"""One live authorisation for each treatment, unless a decider says why there are two."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from access.forms.decision import AccordForm
from access.models import Aac, DemandeAac
from access.rules.aac import Droit
from access.rules.instruction import is_second
from access.services.jumeaux import add_strength
from access.states import AacState
from access.states import DemandeAacState as S
from engine.clocks import today
from engine.errors import InvalidInput
from tests.factories import people
from tests.factories.dossiers import aac_at, accord, brouillon, do, monde, walk
from tests.factories.jetons import api
from tests.factories.medicines import SpecialiteFactory

JUNE, END_JUNE = date(2026, 6, 1), date(2026, 6, 30)
JULY, END_JULY = date(2026, 7, 1), date(2026, 7, 31)


@pytest.mark.parametrize(
    ("debut", "fin", "on", "other", "second"),
    [
        (JUNE, END_JULY, JUNE, Droit(AacState.ACTIVE, JUNE, END_JUNE), True),
        (END_JUNE, END_JULY, JUNE, Droit(AacState.ACTIVE, JUNE, END_JUNE), True),
        (JULY, END_JULY, JUNE, Droit(AacState.ACTIVE, JUNE, END_JUNE), False),
        (JULY, END_JULY, JULY, Droit(AacState.SUSPENDUE, JUNE, END_JUNE), True),
        (JULY, END_JULY, JUNE, Droit(AacState.A_VENIR, END_JULY, END_JULY), True),
        (JUNE, END_JUNE, JUNE, Droit(AacState.A_VENIR, JULY, END_JULY), False),
    ],
    ids=["same", "last day", "day after", "suspended", "two to come", "one to come"],
)
def test_two_live_authorisations(debut, fin, on, other, second):
    assert is_second(debut, fin, on, other) is second


def second_request(m, aac):
    """Another request of the same patient for the same treatment, under review."""
    draft = brouillon(m)
    DemandeAac.objects.filter(pk=draft.pk).update(patient=aac.patient)
    for move in ("submit", "transmit", "review"):
        draft = walk(draft, m, move)
    return draft


@pytest.mark.django_db
def test_a_second_live_authorisation_asks_for_its_reason(client):
    m = monde()
    first = aac_at(m=m)
    dossier = second_request(m, first)
    people.login(client, m.decideur)
    url = reverse("access:step", args=[dossier.pk, "grant"])
    assert first.numero in client.get(url).content.decode()
    refused = client.post(url, {"version": dossier.version, **accord(), "sans_lien": "on"})
    assert refused.status_code == 422
    assert "pourquoi une seconde autorisation" in refused.content.decode()
    body = {"version": dossier.version, "data": accord() | {"doublon_motif": "Autre lieu."}}
    answer = api(m.decideur).post(f"/api/v1/dossiers/{dossier.pk}/steps/grant/", body)
    assert answer.status_code == 200, answer.json()
    second = Aac.objects.get(parent=dossier)
    assert (second.state, second.doublon_motif) == (AacState.ACTIVE, "Autre lieu.")
    assert Aac.objects.get(pk=first.pk).state == AacState.ACTIVE


@pytest.mark.django_db
def test_a_first_authorisation_is_asked_nothing_more():
    m = monde()
    dossier = second_request(m, brouillon(m))
    assert "doublon_motif" not in AccordForm(subject=dossier, by=m.decideur).fields


@pytest.mark.django_db
def test_the_one_that_follows_needs_no_reason_and_keeps_none():
    m = monde()
    first = aac_at(m=m)
    dossier = second_request(m, first)
    after = accord(first.date_fin + timedelta(days=1)) | {"doublon_motif": "Sans objet."}
    do(dossier, "grant", m.decideur, **after)
    following = Aac.objects.get(parent=dossier)
    assert (following.state, following.doublon_motif) == (AacState.A_VENIR, "")


@pytest.mark.django_db
def test_two_strengths_of_one_product_are_granted_one_after_the_other():
    m = monde()
    first = brouillon(m)
    other = SpecialiteFactory(produit=m.medicament.produit)
    twin = add_strength(
        first,
        by=m.prescripteur,
        version=first.version,
        specialite=other,
        dose=Decimal(5),
        unites_par_jour=Decimal(1),
    )
    for row in (first, twin):
        for critere in row.reponses_criteres.all():
            critere.reponse = critere.critere.attendu
            critere.save()
        for move in ("submit", "transmit", "review"):
            walk(row, m, move)
    do(first, "grant", m.decideur, **accord())
    twin = DemandeAac.objects.get(pk=twin.pk)
    proposed = AccordForm(subject=twin, by=m.decideur).fields["doublon_motif"].initial
    assert proposed == "Autre dosage du même médicament."
    with pytest.raises(InvalidInput):
        do(twin, "grant", m.decideur, **accord())
    granted = do(twin, "grant", m.decideur, **accord(), doublon_motif=proposed)
    assert granted.state == S.ACCORDEE
    assert today() == Aac.objects.get(parent=twin).date_debut
