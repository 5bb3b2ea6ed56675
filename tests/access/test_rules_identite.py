"""Initials: one letter from A to Z for each name, whatever its spelling."""

import pytest

from access.models import DemandeAac, Patient
from access.rules.identite import initiale
from engine.errors import Blocked
from tests.factories.dossiers import brouillon, monde, walk


@pytest.mark.parametrize(
    ("nom", "letter"),
    [
        ("Fictif", "F"),
        ("d'Arc", "D"),
        ("'t Hooft", "T"),
        ("Éxemple", "E"),
        ("Œuvre", "O"),
        ("ßmith", "S"),
        ("ﬁctif", "F"),
        ("Łukasz", "L"),
        ("İnce", "I"),
        ("2 Fictif", "F"),
        ("12", ""),
        ("山田", ""),
    ],
)
def test_an_initial_is_one_letter_from_a_to_z(nom, letter):
    assert initiale(nom) == letter


@pytest.mark.django_db
def test_a_name_of_rare_letters_is_sent_with_plain_initials():
    m = monde()
    draft = brouillon(m)
    Patient.objects.filter(pk=draft.patient_id).update(nom="ßmith", prenom="Élodie")
    sent = walk(DemandeAac.objects.get(pk=draft.pk), m, "submit")
    assert sent.initiales == "S. E."
    assert (sent.detail_aac.initiale_nom, sent.detail_aac.initiale_prenom) == ("S", "E")


@pytest.mark.django_db
def test_a_name_without_initial_is_not_sent():
    m = monde()
    draft = brouillon(m)
    Patient.objects.filter(pk=draft.patient_id).update(nom="山田")
    with pytest.raises(Blocked) as blocked:
        walk(DemandeAac.objects.get(pk=draft.pk), m, "submit")
    assert [b.code for b in blocked.value.blockers] == ["INITIALES_ILLISIBLES"]
