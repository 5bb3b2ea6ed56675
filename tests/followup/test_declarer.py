"""Declaring an adverse event: everything to copy, nothing sent, the hospital's people only."""

from datetime import date

import pytest
from django.urls import reverse

from access.states import AacState, DemandeAacState
from engine.errors import Forbidden
from engine.journal import history
from engine.models import AccesLu, Outbox
from followup.models import CoordonneesCrpv
from followup.selectors import centres_of, declaration_of
from followup.services import keep_coordinates
from referentiel.models import ContactProduit, Organisation, TypeOrganisation
from referentiel.selectors.signalement import PORTAIL
from referentiel.services.documents import add_document
from referentiel.states import NatureContact, TypeDocument
from tests.factories import people
from tests.factories.dossiers import do, dossier_at
from tests.factories.pharmacie import dispensing, stocked


@pytest.fixture
def aac(db):
    found = dossier_at(AacState.ACTIVE)
    stocked(found, lot="LOTA", quantite="20")
    do(found, "dispense", found.monde.pharmacien, **dispensing(lot="LOTA", quantite="2"))
    do(found, "dispense", found.monde.pharmacien, **dispensing(lot="LOTA", quantite="1,5"))
    return found


def page_of(client, user, dossier):
    people.login(client, user)
    return client.get(reverse("followup:declarer", args=[dossier.pk]))


def test_declaration_holds_what_the_dossier_knows(aac):
    found = declaration_of(aac, aac.monde.prescripteur)
    facts = {fait.label: fait.value for fait in found.faits}
    assert facts["Initiales du patient"] == "F. D."
    assert facts["Poids"] == "20,5 kg"
    assert facts["Lot dispensé (3,5 UCD)"] == "LOTA"
    assert facts["Posologie"] == "10 mg deux fois par jour"
    assert facts["Code UCD"] == aac.specialite.ucd7
    assert aac.numero in facts["Cadre"]
    assert aac.patient.nom not in found.texte
    assert aac.patient.ipp not in found.texte


def test_page_gives_the_portal_and_sends_nothing(client, aac):
    before = Outbox.objects.count()
    answer = page_of(client, aac.monde.pharmacien, aac)
    content = answer.content.decode()
    assert answer.status_code == 200
    assert PORTAIL in content
    assert 'data-copy="LOTA"' in content
    assert "ne sont pas encore dans Placet" in content
    assert aac.patient.nom not in content
    assert Outbox.objects.count() == before
    assert AccesLu.objects.filter(page="declarer", subject_id=aac.pk).exists()


def test_the_route_of_the_protocol_comes_before_the_portal(client, aac):
    put = add_document(
        aac.produit, by=None, cadre=aac.cadre, type=TypeDocument.PUT_SP, titre="PUT-SP fictif",
        version="2", date_publication=date(2025, 1, 2), date_effet=date(2025, 1, 2),
        texte="Appeler.",
    )  # fmt: skip
    ContactProduit.objects.create(
        produit=aac.produit, nature=NatureContact.PHARMACOVIGILANCE, nom="Vigilance fictive",
        telephone="01 99 00 00 03",
    )  # fmt: skip
    content = page_of(client, aac.monde.prescripteur, aac).content.decode()
    order = [
        content.index(shown)
        for shown in ("R. 5121-172", f"/{put.pk}/", "Vigilance fictive", PORTAIL)
    ]
    assert order == sorted(order)
    assert "infirmier déclarent sans attendre" in content


def test_centres_of_the_region(client, aac):
    centre = Organisation.objects.create(
        type=TypeOrganisation.CRPV, nom="CRPV Imaginaire", region="Île-de-France"
    )
    Organisation.objects.create(type=TypeOrganisation.CRPV, nom="Autre", region="Bretagne")
    assert [c.nom for c in centres_of("Île-de-France")] == ["CRPV Imaginaire"]
    assert centres_of("") == []
    CoordonneesCrpv.objects.create(
        organisation=centre, telephone="01 00 00 00 00", email="crpv@exemple.invalid"
    )
    content = page_of(client, aac.monde.prescripteur, aac).content.decode()
    assert "CRPV Imaginaire" in content
    assert "crpv@exemple.invalid" in content
    assert "Autre" not in content


def test_page_is_the_hospitals(client, aac):
    assert page_of(client, aac.monde.hopital.interne(), aac).status_code == 200
    assert page_of(client, people.hopital().prescripteur(), aac).status_code == 404
    assert page_of(client, aac.monde.evaluateur, aac).status_code == 403
    assert page_of(client, aac.monde.hopital.facturation(), aac).status_code == 403


@pytest.mark.parametrize("state", [DemandeAacState.BROUILLON, DemandeAacState.TRANSMISE_ANSM])
def test_every_dossier_has_its_page(client, db, state):
    dossier = dossier_at(state)
    content = page_of(client, dossier.monde.prescripteur, dossier).content.decode()
    assert dossier.produit_nom in content
    assert "10 mg 2 fois par jour" in content


def test_a_draft_written_in_words_has_its_page(client, db):
    dossier = dossier_at(DemandeAacState.BROUILLON, libre=True, mode="JUSTIFICATION")
    dossier.patient = None
    dossier.save()
    assert page_of(client, dossier.monde.prescripteur, dossier).status_code == 200


def test_administrators_keep_the_table_of_centres(client, db):
    centre = Organisation.objects.create(
        type=TypeOrganisation.CRPV, nom="CRPV Imaginaire", region="Bretagne"
    )
    liste = reverse("followup:crpv")
    url = reverse("followup:crpv_modifier", args=[centre.pk])
    people.login(client, people.admin())
    assert "CRPV Imaginaire" in client.get(liste).content.decode()
    refused = client.post(url, {"email": "pas une adresse", "adresse": "1 rue Fictive"})
    assert refused.status_code == 422
    assert "1 rue Fictive" in refused.content.decode()
    assert client.post(url, {"email": "crpv@exemple.invalid"}).status_code == 302
    assert client.post(url, {"ressort": "35"}).status_code == 302
    known = CoordonneesCrpv.objects.get()
    assert (known.ressort, known.email) == ("35", "")
    assert history(centre).count() == 2
    other = people.hopital()
    assert (
        client.get(reverse("followup:crpv_modifier", args=[other.organisation.pk])).status_code
        == 404
    )
    assert people.login(client, other.prescripteur()).get(liste).status_code == 403
    with pytest.raises(Forbidden):
        keep_coordinates(organisation=centre, by=other.prescripteur(), ressort="29")
