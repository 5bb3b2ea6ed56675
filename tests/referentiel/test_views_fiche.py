"""The public sheet: what it shows and in which order, its documents, its addresses."""

from datetime import date

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from referentiel.models import AncienneAdresse, ContactProduit, Produit
from referentiel.rules.obtention import MENTION
from referentiel.selectors.fiche_documents import differences
from referentiel.services.changes import annonce, announce
from referentiel.services.documents import add_document, add_extraits
from referentiel.states import (
    NatureChangement,
    NatureContact,
    RubriqueSecurite,
    StatutCadre,
    TypeCadre,
    TypeDocument,
)
from tests.factories.medicines import CadreFactory, medicament

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "name", ["recherche", "quelle_voie", "questions", "changements", "produit", "produit_imprimer"]
)
def test_a_public_page_answers_a_head_as_a_get(client, name):
    args = [medicament().produit.pk] if name.startswith("produit") else []
    answer = client.head(reverse(f"referentiel:{name}", args=args))
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)


@pytest.fixture
def med():
    return medicament()


def sheet(client, produit):
    return client.get(reverse("referentiel:produit", args=[produit.pk])).content.decode()


def put(med, **changed):
    values = {
        "type": TypeDocument.PUT_SP,
        "titre": "Protocole fictif",
        "version": "1",
        "date_publication": date(2025, 1, 2),
        "date_effet": date(2025, 1, 10),
        "texte": "Surveiller une fois par mois.",
        "cadre": med.cadre,
    }
    return add_document(med.produit, by=None, **(values | changed))


def other_cadre(med, framework, **fields):
    values = {"code": "CFICT02", "criteres_publies": False, "version_criteres": 0}
    return CadreFactory(produit=med.produit, framework=framework, **(values | fields))


# --- The page ---------------------------------------------------------------------------


def test_criteria_come_before_how_to_get_it_and_the_code(client, med):
    text = sheet(client, med.produit)
    order = ["Critères d'octroi", "Comment l'obtenir", "Code à reporter"]
    places = [text.index(part) for part in order]
    assert places == sorted(places)
    assert "Question fictive 1" in text
    assert f"UCD {med.specialite.ucd7}  code NFICT01  depuis le 01/07/2021" in text


def test_the_disclaimer_links_to_the_official_page_with_the_day_it_was_checked(client, med):
    Produit.objects.filter(pk=med.produit.pk).update(
        lien_officiel="https://ansm.sante.fr/fictif", verifie_le=date(2026, 3, 2)
    )
    text = sheet(client, med.produit)
    assert "font foi" in text
    assert "https://ansm.sante.fr/fictif" in text
    assert "vérifiée le 2\u00a0mars\u00a02026" in text


def test_a_sheet_nobody_checked_says_so_and_names_a_home_page_as_a_site(client, med):
    text = sheet(client, med.produit).replace("&#x27;", "'")
    assert "Fiche jamais vérifiée" in text
    assert ">Site de l'ANSM</a>" in text
    assert "Page officielle (ANSM)" not in text
    med.cadre.lien_officiel = "https://ansm.sante.fr/fictif"
    med.cadre.verifie_le = date(2026, 3, 2)
    med.cadre.save()
    text = sheet(client, med.produit)
    assert ">Page officielle (ANSM)</a>" in text
    assert "jamais vérifié" not in text


def test_an_aac_begins_from_the_sheet_sign_in_included(client, med):
    address = f"{reverse('access:demande_nouvelle')}?cadre={med.cadre.pk}"
    assert address in sheet(client, med.produit)
    away = client.get(address)
    assert away.status_code == 302
    assert f"cadre%3D{med.cadre.pk}" in away.url


def test_an_early_access_leads_to_the_platform_of_the_company(client, med):
    other_cadre(med, TypeCadre.AAP, statut=StatutCadre.OCTROYEE)
    assert "plateforme n'est pas connue" in sheet(client, med.produit)
    ContactProduit.objects.create(
        produit=med.produit,
        nature=NatureContact.PLATEFORME,
        nom="Plateforme",
        url="https://acces.exemple.invalid/",
    )
    assert "https://acces.exemple.invalid/" in sheet(client, med.produit)


def test_a_framework_gives_the_mention_to_write(client, med):
    other_cadre(med, TypeCadre.CPC, statut=StatutCadre.EN_VIGUEUR)
    text = sheet(client, med.produit)
    assert MENTION.replace("'", "&#x27;") in text


PORTAIL = "signalement.social-sante.gouv.fr"


def test_the_route_of_the_protocol_comes_before_the_portal(client, med):
    document = put(med)
    for nature in (NatureContact.PHARMACOVIGILANCE, NatureContact.COMMANDE):
        ContactProduit.objects.create(
            produit=med.produit, nature=nature, nom=f"Service {nature}", telephone="01 99 00 00 03"
        )
    part = sheet(client, med.produit).split('id="signaler"')[1].split("</section>")[0]
    shown = ("R. 5121-172", f"/{document.pk}/", "Service PHARMACOVIGILANCE", PORTAIL)
    order = [part.index(word) for word in shown]
    assert order == sorted(order)
    assert "Service COMMANDE" not in part
    assert "le patient toujours par le portail" in part
    printed = client.get(reverse("referentiel:produit_imprimer", args=[med.produit.pk]))
    assert "d'abord le circuit du protocole" in printed.content.decode()


@pytest.mark.parametrize(
    ("framework", "statut", "avec_amm", "told"),
    [
        (TypeCadre.AAP, StatutCadre.OCTROYEE, False, "AAP avant AMM"),
        (TypeCadre.AAP, StatutCadre.OCTROYEE, None, "AAP, s&#x27;il précède l&#x27;AMM"),
        (TypeCadre.AAP, StatutCadre.OCTROYEE, True, ""),
        (TypeCadre.CPC, StatutCadre.EN_VIGUEUR, None, ""),
    ],
)
def test_each_framework_has_its_route(client, med, framework, statut, avec_amm, told):
    med.cadre.statut = StatutCadre.RETIREE
    med.cadre.save()
    other_cadre(med, framework, statut=statut, avec_amm=avec_amm)
    part = sheet(client, med.produit).split('id="signaler"')[1].split("</section>")[0]
    assert ("R. 5121-172" in part) == bool(told)
    assert told in part
    assert PORTAIL in part


def test_refusals_are_public_with_their_decision(client, med):
    refused = other_cadre(med, TypeCadre.AAP, statut=StatutCadre.REFUSEE)
    put(
        med,
        cadre=refused,
        type=TypeDocument.DECISION_HAS,
        titre="Refus de l'accès précoce",
        source_url="https://www.has-sante.fr/fictif",
        date_effet=date(2025, 6, 3),
    )
    text = sheet(client, med.produit)
    assert "AAP refusé" in text
    assert "Décision du 3\u00a0juin\u00a02025" in text


def test_a_decision_and_a_list_that_disagree_stand_side_by_side(client, med):
    gone = other_cadre(
        med, TypeCadre.CPC, statut=StatutCadre.ABROGE, fin=date(2025, 5, 18), code="RFICT01"
    )
    put(med, cadre=gone, type=TypeDocument.DECISION_CPC, date_effet=date(2025, 11, 6))
    text = sheet(client, med.produit)
    assert "06/11/2025" in text
    assert "18/05/2025" in text


def test_the_safety_card_cites_document_version_and_day(client, med):
    first = put(med)
    add_extraits(first, [(RubriqueSecurite.MISE_EN_GARDE, "Ancienne phrase.")], by=None)
    second = put(med, version="2", date_effet=date(2025, 7, 1), remplace=first)
    add_extraits(second, [(RubriqueSecurite.MISE_EN_GARDE, "Phrase recopiée.")], by=None)
    third = put(med, version="3", date_effet=date(2099, 1, 1), remplace=second)
    add_extraits(third, [(RubriqueSecurite.MISE_EN_GARDE, "Phrase à venir.")], by=None)
    text = sheet(client, med.produit)
    assert "non calculés" in text
    assert "Phrase à venir." not in text
    assert "Phrase recopiée." in text
    assert "Ancienne phrase." not in text
    assert "version 2, 1er\u00a0juil.\u00a02025" in text


def test_a_patient_reads_the_product_s_words_or_general_ones_said_so(client, med):
    assert "Texte général" in sheet(client, med.produit)
    Produit.objects.filter(pk=med.produit.pk).update(resume_patient="Un sirop pour les reins.")
    text = sheet(client, med.produit)
    assert "Un sirop pour les reins." in text
    assert "Texte général" not in text


def test_the_history_shows_what_was_and_what_is(client, med):
    lines = [
        annonce(
            med.produit,
            NatureChangement.PRODUIT_MODIFIE,
            f"Dosage corrigé {n}",
            avant="20 mg",
            apres="25 mg <b>",
        )
        for n in range(7)
    ]
    announce(lines, origine="gestionnaire")
    text = sheet(client, med.produit)
    assert text.count("Dosage corrigé") == 5
    assert "<del>" in text
    assert "25 mg &lt;b&gt;</ins>" in text
    whole = client.get(reverse("referentiel:produit_historique", args=[med.produit.pk]))
    assert whole.content.decode().count("Dosage corrigé") == 7


def test_the_sheet_asks_as_many_queries_whatever_it_holds(
    client, med, django_assert_max_num_queries
):
    for number in range(6):
        extra = other_cadre(med, TypeCadre.AAP, statut="OCTROYEE", code=f"CFICT1{number}")
        first = put(med, cadre=extra)
        put(med, cadre=extra, version="2", remplace=first)
    add_extraits(first, [(RubriqueSecurite.INTERACTION, "Phrase.")], by=None)
    with django_assert_max_num_queries(15):
        assert client.get(reverse("referentiel:produit", args=[med.produit.pk])).status_code == 200


def test_the_printed_page_holds_criteria_code_and_its_own_address(client, med):
    url = reverse("referentiel:produit_imprimer", args=[med.produit.pk])
    text = client.get(url).content.decode()
    for expected in ("Question fictive 1", "NFICT01", "http://testserver/referentiel/produits/"):
        assert expected in text


# --- Addresses --------------------------------------------------------------------------


def test_a_cadre_has_a_stable_address_that_leads_to_its_place(client, med):
    answer = client.get(reverse("referentiel:cadre", args=[med.cadre.pk]))
    sheet_of = reverse("referentiel:produit", args=[med.produit.pk])
    assert answer.url == f"{sheet_of}#cadre-{med.cadre.pk}"
    assert f'id="cadre-{med.cadre.pk}"' in sheet(client, med.produit)


@pytest.mark.parametrize("path", ["/cpc-en-cours", "/vos-demarches/cpc-en-cours/"])
def test_an_old_address_leads_to_its_page_for_good(client, path):
    AncienneAdresse.objects.create(chemin="cpc-en-cours", destination="/referentiel/?cadre=CPC")
    answer = client.get(path)
    assert (answer.status_code, answer.url) == (301, "/referentiel/?cadre=CPC")


def test_an_old_address_never_leads_outside(client):
    AncienneAdresse.objects.create(chemin="ailleurs", destination="https://exemple.invalid/")
    assert client.get("/ailleurs").status_code == 404
    assert client.get("/jamais-vu").status_code == 404
    assert client.get("/%00").status_code == 404


def test_a_merged_product_leads_to_the_one_that_stays(client, med):
    emptied = Produit.objects.create(nom="ANCIEN NOM")
    address = reverse("referentiel:produit", args=[emptied.pk])
    AncienneAdresse.objects.create(chemin=address, produit=med.produit)
    answer = client.get(address)
    assert answer.status_code == 301
    assert answer.url == reverse("referentiel:produit", args=[med.produit.pk])


# --- Documents --------------------------------------------------------------------------


def test_an_old_version_says_so_and_links_to_the_one_to_read(client, med):
    first = put(med)
    second = put(
        med, version="2", date_effet=date(2025, 7, 1), remplace=first, texte="Deux fois par mois."
    )
    text = client.get(reverse("referentiel:document", args=[first.pk])).content.decode()
    assert "n'est plus à lire depuis le 30\u00a0juin\u00a02025" in text
    assert reverse("referentiel:document", args=[second.pk]) in text
    now = client.get(reverse("referentiel:document", args=[second.pk])).content.decode()
    assert "n'est plus à lire" not in now
    assert "<ins>" in now
    assert second.sha256 in now


def test_a_version_to_come_says_when_it_takes_effect(client, med):
    first = put(med)
    later = put(med, version="2", date_effet=date(2099, 1, 1), remplace=first)
    text = client.get(reverse("referentiel:document", args=[later.pk])).content.decode()
    assert "prend effet le 1er\u00a0janvier\u00a02099" in text
    assert "Version 2</a>, à compter du" in sheet(client, med.produit)


def test_a_document_is_downloaded_as_file_or_as_text(client, med):
    text = client.get(reverse("referentiel:document_fichier", args=[put(med).pk]))
    assert text["Content-Type"].startswith("text/plain")
    assert "attachment" in text["Content-Disposition"]
    pdf = put(
        med, type=TypeDocument.RCP, texte="", fichier=ContentFile(b"%PDF-1.7 x", name="a.pdf")
    )
    answer = client.get(reverse("referentiel:document_fichier", args=[pdf.pk]))
    assert b"".join(answer.streaming_content) == b"%PDF-1.7 x"
    assert answer["Content-Disposition"].startswith('attachment; filename="rcp-20250110-')
    link = put(med, type=TypeDocument.NOTICE, texte="", source_url="https://ansm.sante.fr/x")
    assert client.get(reverse("referentiel:document_fichier", args=[link.pk])).status_code == 404


def test_differences_join_again_into_both_texts():
    before, after = "Une fois par mois.\nPuis rien.", "Deux fois par mois.\nPuis rien."
    parts = differences(before, after)
    assert "".join(p.texte for p in parts if p.genre != "ins") == before
    assert "".join(p.texte for p in parts if p.genre != "del") == after
    assert differences("", after) == []
