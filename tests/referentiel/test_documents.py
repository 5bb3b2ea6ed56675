"""Documents of a product: fingerprint, chain of versions, what is refused."""

import hashlib
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction

from referentiel.models import Changement, Document
from referentiel.services.documents import add_document, add_extraits
from referentiel.states import NatureChangement, RubriqueSecurite, TypeDocument
from tests.factories.medicines import medicament

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\nexemple fictif"


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def med():
    return medicament()


def put(med, **changed):
    values = {
        "type": TypeDocument.PUT_SP,
        "titre": "Protocole d'utilisation (exemple fictif)",
        "version": "1",
        "date_publication": date(2025, 1, 2),
        "date_effet": date(2025, 1, 10),
        "texte": "Surveiller une fois par mois.",
        "cadre": med.cadre,
    }
    return add_document(med.produit, by=None, **(values | changed))


def test_a_text_is_kept_with_its_fingerprint_and_told_in_the_log(med):
    document = put(med)
    assert document.sha256 == hashlib.sha256(document.texte.encode()).hexdigest()
    line = Changement.objects.get(produit=med.produit)
    assert line.nature == NatureChangement.DOCUMENT_PUBLIE
    assert line.cadre == med.cadre
    assert "version 1" in line.titre


def test_a_file_is_kept_under_its_fingerprint_never_under_a_name(med):
    document = put(med, texte="", fichier=ContentFile(PDF, name="M. Dupont.pdf"))
    assert document.sha256 == hashlib.sha256(PDF).hexdigest()
    assert "Dupont" not in document.fichier.name
    with document.fichier.open() as kept:
        assert kept.read() == PDF


def test_a_new_version_names_the_one_it_replaces(med):
    first = put(med)
    second = put(med, version="2", date_effet=date(2026, 1, 1), remplace=first)
    first.refresh_from_db()
    assert first.remplace_par == second
    assert Changement.objects.filter(avant="version 1").count() == 1


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"texte": ""}, "__all__"),
        ({"texte": "", "fichier": ContentFile(b"<html>", name="a.pdf")}, "fichier"),
        ({"date_fin": date(2024, 1, 1)}, "__all__"),
        ({"type": "INCONNU"}, "type"),
        ({"version": ""}, "version"),
        ({"source_url": "javascript:alert(1)"}, "source_url"),
    ],
)
def test_a_wrong_document_is_refused_in_words(med, changed, field):
    with pytest.raises(ValidationError) as refused:
        put(med, **changed)
    assert field in refused.value.message_dict
    assert not Document.objects.exists()


def test_a_version_replaces_one_of_its_own_chain_once(med):
    first = put(med)
    for changed in (
        {"type": TypeDocument.RCP},
        {"date_effet": date(2024, 1, 1)},
    ):
        with pytest.raises(ValidationError):
            put(med, version="2", remplace=first, **changed)
    put(med, version="2", remplace=first)
    with pytest.raises(ValidationError, match="déjà"):
        put(med, version="2 bis", remplace=first)


def test_a_cadre_of_another_product_is_refused(med):
    with pytest.raises(ValidationError, match="autre produit"):
        put(med, cadre=medicament().cadre)


def test_a_published_version_never_changes(med):
    document = put(med)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(texte="réécrit")
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).delete()


def test_passages_are_added_one_after_the_other(med):
    document = put(med)
    add_extraits(document, [(RubriqueSecurite.MISE_EN_GARDE, "Attention.")], by=None)
    add_extraits(document, [(RubriqueSecurite.INTERACTION, "Avec X.")], by=None)
    assert [e.ordre for e in document.extraits.all()] == [1, 2]
