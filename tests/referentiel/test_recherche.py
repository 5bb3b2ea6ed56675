"""The public search page: what it shows, its filters, its address, its fragments, its cost."""

from datetime import date, timedelta
from html import unescape
from uuid import uuid4

import pytest
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.clocks import now
from referentiel.folding import fold
from referentiel.models import (
    AliasProduit,
    Cadre,
    Changement,
    ContactProduit,
    Disponibilite,
    Mitm,
)
from referentiel.rules.next_action import NextAction
from referentiel.rules.search_words import split, typed_words
from referentiel.rules.synonymes import SYNONYMES
from referentiel.selectors.facet_groups import Option
from referentiel.selectors.medicines import search_produits
from referentiel.selectors.result_rows import Ligne
from referentiel.services.imports import import_referentiel
from referentiel.services.search_index import refresh_search_texts, touch
from referentiel.states import NatureChangement, NatureContact, StatutCadre, TypeCadre
from referentiel.templatetags.registre import lignes_registre, options_facette
from tests.factories.medicines import CadreFactory, ProduitFactory, SpecialiteFactory
from tests.referentiel import samples

pytestmark = pytest.mark.django_db
URL = "/referentiel/"


@pytest.fixture
def base(tmp_path):
    import_referentiel("bdpm", samples.bdpm(tmp_path / "bdpm"))
    import_referentiel("atih", samples.atih(tmp_path))


def text(client, query="", **headers):
    answer = client.get(URL + query, headers=headers)
    assert answer.status_code == 200
    return unescape(answer.content.decode()).replace("\u00a0", " ")


def names(client, query):
    rows = client.get(URL + query).context["lignes"]
    return [row.nom.split()[0] for row in rows]


def option(page, name, value):
    found = [o for g in page.context["groupes"] if g.name == name for p in g.parts for o in p]
    return next((o for o in found if o.value == value), None)


# --- What is found ----------------------------------------------------------------------


def test_alias_cip_and_brand_lead_to_the_product(client, base):
    refresh_search_texts()
    assert names(client, "?q=3400930208441") == ["HEPCLUDEX"]
    assert names(client, "?q=3020844") == ["HEPCLUDEX"]
    hepcludex = Cadre.objects.get(code="CBULE02").produit
    AliasProduit.objects.create(produit=hepcludex, nom="Myrcludex B")
    touch()
    assert names(client, "?q=myrcludex") == ["HEPCLUDEX"]


def test_what_is_in_force_comes_and_the_rest_is_one_link_away(client, base):
    Cadre.objects.filter(code="NTHAL01").update(fin=date(2025, 8, 15))
    CadreFactory(produit=ProduitFactory(nom="THALIX"), indication="Aphtose", code="NTHLX01")
    refresh_search_texts()
    page = text(client, "?q=aphtose")
    assert "THALIX" in page
    assert "Thalidomide Accord" not in page
    assert "Voir aussi 2 médicaments sans cadre en vigueur" in page
    assert "Thalidomide Accord" in text(client, "?q=aphtose&statut=tous")


def test_when_nothing_is_in_force_what_is_not_is_shown_and_said(client, base):
    Cadre.objects.filter(code="NTHAL01").update(fin=date(2025, 8, 15))
    touch()
    page = text(client, "?q=thalidomide")
    assert "Thalidomide Accord" in page
    assert "Aucun n'a de cadre en vigueur" in page
    assert "Terminé le 15 août 2025" in page
    assert text(client, "?q=thalidomide&statut=en-vigueur") == page


def test_a_refusal_is_found_with_its_word(client):
    produit = ProduitFactory(nom="QALSODEMO")
    CadreFactory(
        produit=produit,
        framework=TypeCadre.AAP,
        statut=StatutCadre.REFUSEE,
        code="",
        debut=date(2024, 5, 2),
        criteres_publies=False,
    )
    refresh_search_texts()
    page = text(client, "?q=qalsodemo")
    assert "Refusée, le 2 mai 2024" in page
    assert "Accès précoce refusé." in page
    assert names(client, "?statut=refuse") == ["QALSODEMO"]


def test_a_misspelt_word_is_said(client, base):
    page = text(client, "?q=hepcludx")
    assert "Rien ne contient « hepcludx »" in page
    assert "HEPCLUDEX" in page


def test_the_row_shows_the_indication_that_was_searched(client):
    produit = ProduitFactory(nom="DEUXINDIC")
    SpecialiteFactory(produit=produit, ucd7="9000777")
    CadreFactory(produit=produit, indication="Acné", code="NACNE01")
    CadreFactory(produit=produit, indication="Zona de l'enfant", code="NZONA01")
    refresh_search_texts()
    first = client.get(URL + "?q=zona").context["lignes"][0]
    assert (first.indication, first.autres) == ("Zona de l'enfant", "et 1 autre indication")
    assert client.get(URL + "?q=nacne01").context["lignes"][0].indication == "Acné"
    assert "UCD 9000777" in first.sous


def test_an_ended_indication_never_comes_before_one_in_force(client):
    goutte, ended = "Goutte réfractaire", {"fin": date(2020, 1, 1), "debut": None}
    for nom, fields in (("ALPHA", ended), ("BETA", {}), ("GAMMA", {"code": "NGAMM01"} | ended)):
        produit = SpecialiteFactory(produit__nom=nom, libelle=nom).produit
        CadreFactory(produit=produit, indication=goutte, framework=TypeCadre.AAC, **fields)
        CadreFactory(produit=produit, indication="Lupus", framework=TypeCadre.AAC, code="")
    refresh_search_texts()
    assert names(client, "?q=goutte") == ["BETA", "ALPHA", "GAMMA"]
    assert names(client, "?q=goutte&statut=tous") == ["BETA", "ALPHA", "GAMMA"]
    assert names(client, "?q=gouttte") == ["BETA", "ALPHA", "GAMMA"]
    assert names(client, "?q=lupus") == ["ALPHA", "BETA", "GAMMA"]
    assert names(client, "?q=ngamm01") == ["GAMMA"]
    assert names(client, "") == ["ALPHA", "BETA", "GAMMA"]
    assert [p.nom for p in search_produits("goutte")] == ["BETA", "ALPHA", "GAMMA"]


def test_a_row_says_that_what_is_in_force_is_another_indication(client):
    produit = ProduitFactory(nom="DEUXINDIC")
    CadreFactory(produit=produit, indication="Acné", code="NACNE01")
    CadreFactory(produit=produit, indication="Zona", code="NZONA01", fin=date(2025, 1, 31))
    refresh_search_texts()
    row = client.get(URL + "?q=zona").context["lignes"][0]
    assert row.statut == "Terminé le 31\u00a0janv.\u00a02025"
    assert row.autres == "et 1 autre indication en vigueur"
    assert row.action == NextAction("", "Terminé pour cette indication.")


def test_a_disease_is_found_by_what_people_call_it_and_the_page_says_so(client):
    produit = ProduitFactory(nom="SCLERODEMO")
    CadreFactory(produit=produit, indication="Acné", code="NACNE01")
    CadreFactory(produit=produit, indication="Sclérose latérale amyotrophique", code="NSCLE01")
    refresh_search_texts()
    page = text(client, "?q=SLA")
    assert "« sla » est aussi cherché comme « sclérose latérale amyotrophique »" in page
    row = client.get(URL + "?q=SLA").context["lignes"][0]
    assert (row.nom, row.indication) == ("SCLERODEMO", "Sclérose latérale amyotrophique")
    assert "aussi cherché" not in text(client, "?q=acne")


@pytest.mark.parametrize(("word", "phrases"), SYNONYMES.items())
def test_a_synonym_is_one_folded_word_that_its_phrases_do_not_hold(word, phrases):
    assert split(fold(word)) == [word]
    assert all(word not in typed_words(phrase) and typed_words(phrase) for phrase in phrases)


def test_nothing_found_says_what_to_try(client, base):
    page = text(client, "?q=indocin+mucoviscidose+hepcludex")
    assert 'href="/referentiel/?q=indocin"' in page
    assert 'href="/referentiel/?q=hepcludex"' in page
    assert 'href="/referentiel/?q=mucoviscidose"' not in page  # nothing has it in this sample
    assert 'href="/referentiel/quelle-voie/"' in page
    filtered = text(client, "?q=indocin&cadre=CPC")
    assert 'href="/referentiel/?q=indocin">Chercher sans les filtres' in filtered
    alone = text(client, "?q=azertyuiop")
    assert "Essayez une autre écriture" in alone
    assert "Chercher sans les filtres" not in alone


def test_what_the_register_holds_is_escaped_in_the_rows_and_the_filters():
    bad = "<script>alert('x')</script>&\""
    ligne = Ligne(
        pk=uuid4(),
        nom=bad,
        sous=bad,
        badges=[(bad, bad)],
        indication=bad,
        autres=bad,
        statut=bad,
        action=NextAction(bad, bad),
    )
    box = Option(id=bad, value=bad, label=bad, found=3, checked=True)
    for html in (lignes_registre([ligne]), options_facette(bad, [box])):
        assert "<script" not in html
        assert "alert('x')" not in html
        assert '&"' not in html
        assert "&lt;script&gt;" in html


def test_the_platform_of_the_company_is_the_next_action(client):
    cadre = CadreFactory(framework=TypeCadre.AAP, statut=StatutCadre.OCTROYEE, code="CPLAT01")
    ContactProduit.objects.create(
        produit=cadre.produit,
        nature=NatureContact.PLATEFORME,
        nom="Plateforme",
        url="https://plateforme.exemple.invalid/",
    )
    refresh_search_texts()
    row = client.get(URL).context["lignes"][0]
    assert row.action.label == "Plateforme du laboratoire"
    assert row.action.url == "https://plateforme.exemple.invalid/"


def test_a_shortage_is_a_dated_badge(client, base):
    Disponibilite.objects.create(
        cis="65804084", statut="1", libelle="Rupture de stock", debut=date(2026, 3, 2)
    )
    Mitm.objects.create(cis="65804084", denomination="HEPCLUDEX")
    touch()
    badges = client.get(URL + "?q=hepcludex").context["lignes"][0].badges
    assert badges[-2:] == [
        ("alerte", "Rupture de stock depuis le 2\u00a0mars\u00a02026"),
        ("brouillon", "MITM"),
    ]


# --- Filters and address ----------------------------------------------------------------


def test_filters_have_counts_and_choices_add_up(client, base):
    page = client.get(URL, {"statut": "tous"})
    assert option(page, "cadre", "AAC").found == 1
    assert option(page, "cadre", "AAP").found == 1
    assert option(page, "rare", "oui") is None
    both = client.get(URL, {"statut": "tous", "cadre": ["AAC", "AAP"]})
    assert len(both.context["lignes"]) == 2
    assert option(both, "cadre", "CPC").found == option(page, "cadre", "CPC").found


def test_each_choice_can_be_undone_and_all_at_once(client, base):
    page = text(client, "?q=hepcludex&cadre=AAP")
    assert 'href="/referentiel/?q=hepcludex"' in page
    assert 'href="/referentiel/?q=hepcludex&cadre=AAP&statut=tous"' in page
    assert "Tout effacer" in page


def test_recent_changes_are_a_filter(client, base):
    produit = Cadre.objects.get(code="NINDO05").produit
    for days, cadre in ((3, "NINDO05"), (200, "CBULE02")):
        Changement.objects.create(
            produit=Cadre.objects.get(code=cadre).produit,
            nature=NatureChangement.CADRE_MODIFIE,
            titre="Essai",
            origine="Essai",
            le=now() - timedelta(days=days),
        )
    touch()
    page = client.get(URL, {"maj": "30"})
    assert [row.pk for row in page.context["lignes"]] == [produit.pk]
    assert option(page, "maj", "365").found == 2


def test_laboratories_past_the_first_are_behind_a_fold(client):
    for n in range(9):
        CadreFactory(produit=ProduitFactory(laboratoire=f"Labo fictif {n}"), code=f"NLABO0{n}")
    touch()
    page = text(client)
    assert "et 3 autres" in page
    chosen = client.get(URL, {"labo": "labo fictif 8"})
    assert next(g for g in chosen.context["groupes"] if g.name == "labo").parts[0][0].checked
    assert len(chosen.context["lignes"]) == 1


@pytest.mark.parametrize(
    "query",
    [
        "?cadre=XX&statut=%00&atc=ZZ&labo='&rare=peut-etre&maj=-1",
        "?cadre=tous&page=99999999999999999999",
        "?q=%00%FF&page=abc&statut=" + "&statut=x" * 300,
        "?apercu=1&q=%3Cscript%3E",
        "?labo=" + "a" * 5000,
    ],
)
def test_a_wrong_address_filters_nothing_and_breaks_nothing(client, base, query):
    page = client.get(URL + query)
    assert page.status_code == 200
    assert b"<script>" not in page.content.replace(b"<script src=", b"")
    if "apercu" not in query:
        assert page.context["found"].state.query_string() in ("", "?q=%EF%BF%BD")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=80), st.dictionaries(st.sampled_from(["cadre", "labo", "page"]), st.text()))
def test_nothing_typed_breaks_the_page(client, q, values):
    assert client.get(URL, {"q": q, **values}).status_code == 200


# --- Fragments, keyboard, cost ----------------------------------------------------------


def test_typing_brings_the_list_the_filters_and_the_count(client, base):
    answer = client.get(URL + "?q=indocin&page=", headers={"HX-Request": "true"})
    body = answer.content.decode()
    assert "<html" not in body
    assert 'hx-swap-oob="innerHTML:#filtres"' in body
    assert 'hx-swap-oob="innerHTML:#compte"' in body
    assert answer["HX-Push-Url"] == "/referentiel/?q=indocin"
    assert "HX-Request" in answer["Vary"]
    back = {"HX-Request": "true", "HX-History-Restore-Request": "true"}
    assert "<html" in text(client, "?q=indocin", **back)


def test_the_page_is_a_plain_form_the_keyboard_knows(client, base):
    page = text(client)
    for wanted in (
        'role="status"',
        "data-list",
        "data-search",
        'hx-trigger="input changed',
        "early",
    ):
        assert wanted in page
    assert 'method="get"' in page
    assert 'form="recherche"' in page


def test_a_preview_holds_the_first_rows_and_the_way_to_all(client, base):
    page = text(client, "?apercu=1&q=i")
    assert "<html" not in page
    assert "/referentiel/?q=i" in page
    assert "ligne-lien" not in text(client, "?apercu=1")


def test_paging_keeps_the_state(client, tmp_path):
    import_referentiel("atih", samples.atih(tmp_path, samples.filler(60)))
    first = client.get(URL, {"statut": "tous"})
    second = client.get(URL, {"statut": "tous", "page": "2"})
    assert len(first.context["lignes"]) == 25
    assert not {r.pk for r in first.context["lignes"]} & {r.pk for r in second.context["lignes"]}
    assert "statut=tous" in text(client, "?statut=tous").split('rel="next"')[1][:80]


def test_the_cost_does_not_grow_with_what_is_found(client, tmp_path, django_assert_num_queries):
    import_referentiel("atih", samples.atih(tmp_path, [*samples.ATIH_ROWS, *samples.filler(60)]))
    for query in ("?q=indocin", "", "?statut=tous", "?q=introuvable"):
        client.get(URL + query)  # the index is read once
        few = 2 if "introuvable" in query else 4
        with django_assert_num_queries(few + 1):  # and the accounts of the demonstration
            assert client.get(reverse("referentiel:recherche") + query).status_code == 200
