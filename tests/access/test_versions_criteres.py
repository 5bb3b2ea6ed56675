"""A newer version of the criteria leaves the requests already sent as they answered."""

import pytest

from access.selectors.sections import criteria
from engine.clocks import today
from referentiel.services.publications import propose, publish
from referentiel.states import NaturePublication
from tests.factories.dossiers import brouillon, monde, walk
from tests.factories.medicines import medicament
from tests.referentiel.publishing import gestionnaires

pytestmark = pytest.mark.django_db


def publish_one_question(cadre):
    one, two = gestionnaires()
    held = propose(
        nature=NaturePublication.CRITERES,
        subject=cadre,
        values={"texte_1": "Une seule question ?"} | {f"texte_{n}": "" for n in range(2, 11)},
        effet_le=today(),
        motif="Avis du comité",
        by=one,
    )
    publish(held, by=two)


def test_a_request_sent_before_any_criterion_is_not_said_to_leave_one_unanswered():
    m = monde()
    m.medicament = medicament(criteres=0)
    sent = walk(brouillon(m, mode="JUSTIFICATION"), m, "submit")
    publish_one_question(m.medicament.cadre)
    sent = type(sent).objects.get(pk=sent.pk)
    assert sent.criteres() == []
    assert criteria(sent)["lines"] == []
    returned = walk(sent, m, "return")
    assert [critere.texte for critere in returned.criteres()] == ["Une seule question ?"]


def test_a_request_under_way_keeps_the_version_it_answered():
    m = monde()
    sent, draft = walk(brouillon(m), m, "submit"), brouillon(m)
    before = [critere.pk for critere in sent.criteres()]
    publish_one_question(m.medicament.cadre)
    sent, draft = type(sent).objects.get(pk=sent.pk), type(draft).objects.get(pk=draft.pk)
    assert [critere.pk for critere in sent.criteres()] == before
    assert {critere.version for critere in sent.criteres()} == {1}
    assert [critere.texte for critere in draft.criteres()] == ["Une seule question ?"]
    sent = walk(sent, m, "transmit")
    assert [critere.pk for critere in sent.criteres()] == before
