"""A newer version of the criteria leaves the requests already sent as they answered."""

import pytest

from engine.clocks import today
from referentiel.services.publications import propose, publish
from referentiel.states import NaturePublication
from tests.factories.dossiers import brouillon, monde, walk
from tests.referentiel.publishing import gestionnaires

pytestmark = pytest.mark.django_db


def test_a_request_under_way_keeps_the_version_it_answered():
    m = monde()
    sent, draft = walk(brouillon(m), m, "submit"), brouillon(m)
    before = [critere.pk for critere in sent.criteres()]
    one, two = gestionnaires()
    held = propose(
        nature=NaturePublication.CRITERES,
        subject=m.medicament.cadre,
        values={"texte_1": "Une seule question ?"} | {f"texte_{n}": "" for n in range(2, 11)},
        effet_le=today(),
        motif="Avis du comité",
        by=one,
    )
    publish(held, by=two)
    sent, draft = type(sent).objects.get(pk=sent.pk), type(draft).objects.get(pk=draft.pk)
    assert [critere.pk for critere in sent.criteres()] == before
    assert {critere.version for critere in sent.criteres()} == {1}
    assert [critere.texte for critere in draft.criteres()] == ["Une seule question ?"]
    sent = walk(sent, m, "transmit")
    assert [critere.pk for critere in sent.criteres()] == before
