"""An interne at a pharmacy: reads what is sent there, prepares its orders, sends nothing."""

import pytest
from django.urls import reverse

from access.models import Commande, SortieLot
from access.selectors.dossier_page import dossier_page, visible
from access.selectors.partage import colleagues
from access.services.commandes import open_stock_order
from access.services.stock import send_away
from access.states import DemandeAacState as S
from engine.errors import Forbidden
from tests.factories import people
from tests.factories.dossiers import VOLET, aac_at, dossier_at, monde
from tests.factories.pharmacie import order_of, step, stocked

pytestmark = pytest.mark.django_db


@pytest.fixture
def aac():
    return aac_at()


@pytest.fixture
def interne(aac):
    return aac.monde.hopital.interne_pui()


@pytest.fixture
def page(client, interne):
    return people.login(client, interne)


def labels(actions):
    return [action["label"] for action in actions]


def strangers(m):
    """Internes of the service, of another pharmacy of the hospital, of another hospital."""
    second = people.PuiFactory(etablissement=m.hopital.etablissement)
    return [
        m.hopital.interne(), m.hopital.interne_pui(pui=second), people.hopital().interne_pui(),
    ]  # fmt: skip


def test_dossier_page_shows_the_pharmacy_and_what_they_prepare(aac, interne):
    shown = dossier_page(visible(interne).get(pk=aac.pk), interne)
    numero = order_of(aac).numero
    assert labels(shown.actions) == [f"Relire la commande {numero}", "Commander"]
    assert shown.more_actions == []
    (line,) = shown.parts["pharmacie"]["orders"]
    assert line["cells"][0]["url"] == reverse("access:commande", args=[order_of(aac).pk])
    assert (shown.parts["may_write"], shown.parts["may_join"]) == (True, False)
    assert shown.header["turn"].startswith("C'est à la pharmacie")


def test_an_order_sent_leaves_them_no_button_but_a_link(aac, interne):
    step(order_of(aac), "send", aac.monde.pharmacien)
    shown = dossier_page(visible(interne).get(pk=aac.pk), interne)
    assert labels(shown.actions) == ["Commander"]
    assert shown.parts["pharmacie"]["orders"][0]["cells"][0]["url"]


def test_an_interne_of_the_service_reads_the_order_without_its_page(aac):
    interne = aac.monde.hopital.interne()
    shown = dossier_page(visible(interne).get(pk=aac.pk), interne)
    assert labels(shown.actions) == []
    assert not shown.parts["pharmacie"]["orders"][0]["cells"][0]["url"]


def test_a_returned_request_is_not_theirs_to_correct(client):
    m = monde()
    dossier = dossier_at(S.RETOURNEE_PRESCRIPTEUR, m)
    interne = m.hopital.interne_pui()
    shown = dossier_page(visible(interne).get(pk=dossier.pk), interne)
    assert (shown.actions, shown.more_actions) == ([], [])
    assert shown.header["tag_kind"] == "autre"
    assert shown.header["turn"].startswith("C'est au prescripteur")
    people.login(client, interne)
    for name in ("demande_modifier", "demande_relire", "demande_supprimer"):
        assert client.get(reverse(f"access:{name}", args=[dossier.pk])).status_code == 403, name


def test_only_those_who_prescribe_are_named_coprescribers():
    m = monde()
    service, pharmacy = m.hopital.interne(), m.hopital.interne_pui()
    found = colleagues(dossier_at(S.A_VALIDER_PUI, m))
    assert service in found
    assert pharmacy not in found


def test_what_they_verified_is_told_by_a_message_and_transmitted_by_the_pharmacist(client):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    people.login(client, m.hopital.interne_pui())
    said = {"audience": "HOPITAL", "texte": "Quantité vérifiée."}
    url = reverse("access:message_ajouter", args=[dossier.pk])
    assert client.post(url, said).status_code == 302
    assert dossier.messages.get().texte == "Quantité vérifiée."
    for name, typed in (("transmit", VOLET), ("return_to_prescripteur", {"motif": "Poids ?"})):
        url = reverse("access:step", args=[dossier.pk, name])
        assert client.post(url, typed | {"version": dossier.version}).status_code == 403, name


def test_orders_are_read_and_revised_never_sent(page, aac):
    order = order_of(aac)
    assert order.numero in page.get(reverse("access:commandes")).content.decode()
    url = reverse("access:commande", args=[order.pk])
    answer = page.get(url)
    assert labels(answer.context["actions"]) == ["Modifier la commande"]
    assert answer.context["header"]["turn"].startswith("C'est au pharmacien")
    typed = {"version": order.version, "quantite": "12", "fournisseur": "Autre Imaginaire"}
    assert page.post(url + "etapes/revise/", typed).status_code == 302
    order.refresh_from_db(fields=["quantite", "version"])
    assert order.quantite == 12
    for name in ("send", "cancel"):
        assert page.post(f"{url}etapes/{name}/", {"version": order.version}).status_code == 403


def test_an_order_is_prepared_on_an_authorisation(page, aac, interne):
    url = reverse("access:commander", args=[aac.pk])
    assert page.get(url).status_code == 200
    typed = {"version": aac.version, "quantite": "3", "fournisseur": "Labo Z"}
    assert page.post(url, typed).status_code == 302
    assert aac.commandes.get(fournisseur="Labo Z").creee_par == interne
    assert page.get(reverse("access:dispenser", args=[aac.pk])).status_code == 403


def test_stock_is_read_only(page, aac, interne):
    stocked(aac)
    assert "LOT1" in page.get(reverse("access:stock")).content.decode()
    url = reverse("access:lot", args=[aac.specialite_id]) + "?lot=LOT1"
    assert "Sortir des unités" not in page.get(url).content.decode()
    out = {"nature": "RETOUR", "quantite": "1", "motif": "essai"}
    assert page.post(url, out).status_code == 403
    with pytest.raises(Forbidden):
        send_away(by=interne, specialite_id=aac.specialite_id, lot="LOT1", **out | {"quantite": 1})
    assert not SortieLot.objects.exists()


def test_nothing_is_ordered_for_the_stock(page, aac, interne):
    pui, produit = aac.monde.hopital.pui, aac.monde.medicament.produit
    pui.stock_autorise = produit.stock_autorise = True
    pui.save()
    produit.save()
    assert "Commander pour le stock" not in page.get(reverse("access:commandes")).content.decode()
    assert page.get(reverse("access:commande_stock")).status_code == 403
    with pytest.raises(Forbidden):
        open_stock_order(
            by=interne, specialite=aac.specialite, quantite=5, fournisseur="Labo Imaginaire"
        )
    assert not Commande.objects.filter(pour_stock=True).exists()


def test_the_others_open_no_order_no_lot_and_no_dossier(client, aac):
    stocked(aac)
    order, lot = order_of(aac), reverse("access:lot", args=[aac.specialite_id]) + "?lot=LOT1"
    service, *elsewhere = strangers(aac.monde)
    people.login(client, service)
    for name in ("commandes", "stock", "commandes_export", "stock_export"):
        assert client.get(reverse(f"access:{name}")).status_code == 403, name
    for url in (reverse("access:commande", args=[order.pk]), lot):
        assert client.get(url).status_code == 403, url
    assert client.get(reverse("access:commander", args=[aac.pk])).status_code == 403
    for user in elsewhere:
        people.login(client, user)
        assert order.numero not in client.get(reverse("access:commandes")).content.decode()
        for name in ("commande", "commander", "dossier"):
            pk = order.pk if name == "commande" else aac.pk
            assert client.get(reverse(f"access:{name}", args=[pk])).status_code == 404, name
        assert client.get(lot).status_code == 404


def test_a_new_request_is_not_proposed_to_them(page, aac):
    address = reverse("access:demande_nouvelle")
    sheet = reverse("referentiel:produit", args=[aac.produit_id])
    for url in ("/", reverse("access:dossiers"), sheet, reverse("referentiel:quelle_voie")):
        assert address not in page.get(url).content.decode(), url
    people.login(page, aac.monde.hopital.interne())
    assert address in page.get(reverse("access:dossiers")).content.decode()
