"""Following the register: list of changes, Atom feeds, e-mail without an account, last visit."""

import re
from datetime import timedelta
from uuid import uuid4
from xml.etree import ElementTree as ET

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils.http import http_date

from engine.clocks import now, real_now, today
from engine.models import Outbox
from engine.outbox import relay
from referentiel import suivi
from referentiel.models import Abonnement, Changement
from referentiel.services import abonnements
from referentiel.services.changes import annonce, announce
from referentiel.services.publications import propose, publish
from referentiel.states import NatureChangement, NaturePublication
from tests.factories import people
from tests.factories.medicines import medicament
from tests.referentiel.publishing import gestionnaires

pytestmark = pytest.mark.django_db
ATOM = "{http://www.w3.org/2005/Atom}"
ADDRESS = "lectrice@exemple.invalid"


def told(drug, titre="Forme précisée", nature=NatureChangement.PRODUIT_MODIFIE):
    line = annonce(drug.produit, nature, titre, champ="forme", avant="gélule", apres="comprimé")
    return announce([line], origine="publication")[0]


def follow(produit=None, courriel=ADDRESS, confirmed=True):
    abonnements.subscribe(courriel=courriel, produit=produit)
    held = Abonnement.objects.get(courriel=courriel, produit=produit)
    return abonnements.confirm(held.pk) if confirmed else held


def sent():
    relay()
    return mail.outbox


# --- The list ---------------------------------------------------------------------------


def test_the_list_is_public_and_filtered_by_product_nature_and_day(client):
    first, second = medicament(), medicament()
    told(first)
    told(second, "Cadre fermé", NatureChangement.CADRE_FERME)
    url = reverse("referentiel:changements")
    text = client.get(url).content.decode()
    assert first.produit.nom in text
    assert "<del>gélule</del> → comprimé" in text
    only = client.get(url, {"produit": first.produit.pk}).content.decode()
    assert second.produit.nom not in only
    closed = client.get(url, {"nature": "CADRE_FERME"}).content.decode()
    assert first.produit.nom not in closed
    assert second.produit.nom in closed
    tomorrow = (today() + timedelta(days=1)).isoformat()
    assert "Aucun changement" in client.get(url, {"depuis": tomorrow}).content.decode()
    assert first.produit.nom in client.get(url, {"jusqu": today().isoformat()}).content.decode()
    assert first.produit.nom in client.get(url, {"q": first.produit.nom}).content.decode()


@pytest.mark.parametrize(
    "query",
    [{"produit": "x"}, {"nature": "\0"}, {"depuis": "9999-99-99"}, {"q": "\0%_'"}, {"page": "zz"},
     {"depuis": "0001-01-01"}, {"jusqu": "9999-12-31"}, {"depuis": "9999-12-31"}],
)  # fmt: skip
def test_the_list_survives_anything_typed(client, query):
    assert client.get(reverse("referentiel:changements"), query).status_code == 200


def test_the_list_asks_a_constant_number_of_queries(client, django_assert_max_num_queries):
    for _ in range(8):
        told(medicament())
    with django_assert_max_num_queries(4):
        client.get(reverse("referentiel:changements"))


def test_what_changed_since_the_last_reading_is_marked(client):
    drug = medicament()
    reader = people.hopital().prescripteur()
    people.login(client, reader)
    url = reverse("referentiel:changements")
    with time_machine.travel(now() - timedelta(hours=2)):
        told(drug)
    assert ">Nouveau<" not in client.get(url).content.decode().replace(" ", "")
    assert client.post(reverse("referentiel:changements_lus")).status_code == 302
    with time_machine.travel(now() + timedelta(minutes=1)):
        told(drug, "Dosage précisé")
        text = client.get(url).content.decode()
    assert len(re.findall(r"</svg> Nouveau</span>", text)) == 1
    assert "1 depuis votre dernière visite" in text


def test_the_list_counts_from_the_last_visit_without_a_click(client):
    drug, reader = medicament(), people.hopital().prescripteur()
    url = reverse("referentiel:changements")
    people.login(client, reader)
    told(drug)
    first = client.get(url).content.decode()
    assert "Première visite" in first
    assert "depuis votre dernière visite" not in first
    with time_machine.travel(now() + timedelta(hours=1)):
        told(drug, "Dosage précisé")
        client.logout()
        people.login(client, reader)
        for _ in range(2):  # the same during the whole session
            assert "1 depuis votre dernière visite" in client.get(url).content.decode()
    with time_machine.travel(now() + timedelta(hours=2)):
        client.logout()
        people.login(client, reader)
        assert "0 depuis votre dernière visite" in client.get(url).content.decode()


# --- Feeds ------------------------------------------------------------------------------


def feed(client, produit=None, **headers):
    name = "produit_atom" if produit else "changements_atom"
    args = [produit.pk] if produit else []
    return client.get(reverse(f"referentiel:{name}", args=args), headers=headers)


def test_the_feed_is_valid_atom_with_stable_ids(client):
    drug, other = medicament(), medicament()
    row = told(drug)
    told(other)
    page = feed(client)
    assert page["Content-Type"].startswith("application/atom+xml")
    root = ET.fromstring(page.content)
    assert root.tag == f"{ATOM}feed"
    for name in ("id", "title", "updated", "author"):
        assert root.find(f"{ATOM}{name}") is not None
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == 2
    for entry in entries:
        for name in ("id", "title", "updated", "link"):
            assert entry.find(f"{ATOM}{name}") is not None
    again = ET.fromstring(feed(client, drug.produit).content)
    ids = [entry.find(f"{ATOM}id").text for entry in again.findall(f"{ATOM}entry")]
    assert ids == [row.pk.urn]
    assert row.pk.urn in {entry.find(f"{ATOM}id").text for entry in entries}
    assert again.find(f"{ATOM}id").text != root.find(f"{ATOM}id").text


def test_the_feed_names_a_product_once(client):
    drug = medicament()
    nom = drug.produit.nom
    for titre in (f"{nom} : mentions complétées", "Cadre : modifié"):
        announce(
            [annonce(drug.produit, NatureChangement.PRODUIT_MODIFIE, titre)], origine="ATIH 2025-03"
        )
    entries = ET.fromstring(feed(client).content).findall(f"{ATOM}entry")
    titles = {entry.find(f"{ATOM}title").text for entry in entries}
    assert titles == {
        f"{nom}\u00a0: mentions complétées",
        f"{nom}\u00a0: Cadre\u00a0: modifié",
    }


def test_the_feed_survives_what_people_type(client):
    """A summary is read as HTML: « <30 » is text, and a control character breaks no reader."""
    drug = medicament()
    line = annonce(
        drug.cadre,
        NatureChangement.CADRE_MODIFIE,
        "Poids\x0b <30 kg",
        avant="poids <30 kg & <script>x</script>",
        apres="taux\x1f < 5 %",
    )
    announce([line], origine="essai")
    page = feed(client)
    assert page.status_code == 200
    entry = ET.fromstring(page.content).find(f"{ATOM}entry")
    summary = entry.find(f"{ATOM}summary")
    assert summary.get("type") == "html"
    assert "poids &lt;30 kg &amp; &lt;script&gt;" in summary.text
    assert "taux  &lt; 5 %" in summary.text
    assert entry.find(f"{ATOM}title").text.endswith("Poids  <30 kg")


def test_an_unchanged_feed_answers_304_and_a_changed_one_does_not(client):
    drug = medicament()
    told(drug)
    page = feed(client)
    tag, modified = page["ETag"], page["Last-Modified"]
    assert feed(client, **{"if-none-match": tag}).status_code == 304
    assert feed(client, **{"if-modified-since": modified}).status_code == 304
    old = http_date((now() - timedelta(days=2)).timestamp())
    assert feed(client, **{"if-modified-since": old}).status_code == 200
    told(drug, "Dosage précisé")
    assert feed(client, **{"if-none-match": tag}).status_code == 200


def test_a_parameter_agreed_by_two_persons_is_in_the_feed(client):
    one, two = gestionnaires()
    values = {"code": "aac.complement_delai_jours", "valeur": "20", "source": "Décision"}
    held = propose(
        nature=NaturePublication.PARAMETRE, subject=None, values=values, effet_le=today(),
        motif="Révision", by=one,
    )  # fmt: skip
    publish(held, by=two)
    assert held.pk.urn in feed(client).content.decode()
    assert "15 → 20" in feed(client).content.decode()


@pytest.mark.parametrize("path", ["/", "/referentiel/", "/referentiel/changements/"])
def test_the_feed_is_announced_on_the_public_pages(client, path):
    told(medicament())
    text = client.get(path).content.decode()
    assert 'type="application/atom+xml"' in text
    assert reverse("referentiel:changements_atom") in text


def test_an_empty_feed_and_an_unknown_product(client):
    assert feed(client).status_code == 200
    unknown = reverse("referentiel:produit_atom", args=[uuid4()])
    assert client.get(unknown).status_code == 404


# --- Asking and confirming --------------------------------------------------------------


def test_an_address_is_asked_to_confirm_and_then_told_once_a_day(client):
    drug, other = medicament(), medicament()
    url = reverse("referentiel:produit_suivre", args=[drug.produit.pk])
    assert "vient d'y partir" in client.post(url, {"courriel": ADDRESS}).content.decode().replace(
        "&#x27;", "'"
    )
    asked = sent()[0]
    assert asked.to == [ADDRESS]
    link = re.search(r"https?://\S+confirmer\S+", asked.body).group()
    path = link.split("8000", 1)[1]
    assert client.get(path).status_code == 200
    assert Abonnement.objects.get().confirme_le is None  # reading the link confirms nothing
    assert "confirmé" in client.post(path).content.decode()
    with time_machine.travel(now() + timedelta(minutes=5)):
        told(drug)
        told(other)
    with time_machine.travel(now() + timedelta(minutes=10)):
        assert abonnements.prepare_digests() == 1
        assert abonnements.prepare_digests() == 0
        digest = sent()[1]
    assert drug.produit.nom in digest.body
    assert other.produit.nom not in digest.body
    assert digest.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    with time_machine.travel(now() + timedelta(days=1)):
        assert abonnements.prepare_digests() == 0  # nothing changed since


def test_one_mail_tells_all_an_address_follows():
    drugs = [medicament(), medicament()]
    for drug in drugs:
        follow(drug.produit)
    follow(None, "tout@exemple.invalid")
    with time_machine.travel(now() + timedelta(minutes=5)):
        for drug in drugs:
            told(drug)
    with time_machine.travel(now() + timedelta(minutes=9)):
        assert abonnements.prepare_digests() == 2
        bodies = {m.to[0]: m.body for m in sent() if "changé" in m.subject}
    assert set(bodies) == {ADDRESS, "tout@exemple.invalid"}
    assert all(drug.produit.nom in bodies[ADDRESS] for drug in drugs)


def test_the_answer_is_the_same_for_a_known_address(client):
    drug = medicament()
    follow(drug.produit)
    url = reverse("referentiel:produit_suivre", args=[drug.produit.pk])
    known = client.post(url, {"courriel": ADDRESS.upper()})
    new = client.post(url, {"courriel": "autre@exemple.invalid"})
    hide = re.compile(r'name="csrfmiddlewaretoken" value="[^"]+"')
    assert hide.sub("", known.content.decode()) == hide.sub("", new.content.decode())
    assert Outbox.objects.filter(name="suivi_deja").count() == 1
    assert [m.to for m in sent() if "confirmez" in m.subject] == [["autre@exemple.invalid"]]


def test_a_stranger_cannot_fill_a_mailbox():
    for _ in range(8):
        follow(medicament().produit, confirmed=False)
    follow(medicament().produit, confirmed=False)
    assert Outbox.objects.filter(name="suivi_confirmer").count() == 5


def test_asking_too_often_waits_a_minute(client):
    url = reverse("referentiel:suivre")
    with time_machine.travel(real_now(), tick=False):  # the same minute for all
        answers = [client.post(url, {"courriel": f"a{n}@exemple.invalid"}) for n in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 5 + [429]


@pytest.mark.parametrize(
    "typed", ["", "x", "a@b", "a\0@exemple.invalid", "a@exemple.invalid\nBcc: b"]
)
def test_a_wrong_address_is_refused_at_its_field(client, typed):
    page = client.post(reverse("referentiel:suivre"), {"courriel": typed})
    assert page.status_code == 422
    assert not Abonnement.objects.exists()


def test_a_link_is_good_three_days_and_unconfirmed_addresses_are_erased():
    held = follow(confirmed=False)
    token = suivi.confirmation_token(held.pk)
    assert suivi.confirmed_by(token) == held.pk
    assert suivi.confirmed_by(token + "x") is None
    assert suivi.ended_by(token) == []  # one link does not do what another does
    with time_machine.travel(real_now() + timedelta(days=3, minutes=1)):
        assert suivi.confirmed_by(token) is None
    with time_machine.travel(real_now() + timedelta(days=6, hours=23)):
        assert abonnements.erase_unconfirmed() == 0
    with time_machine.travel(real_now() + timedelta(days=7, minutes=1)):
        assert abonnements.erase_unconfirmed() == 1
    assert abonnements.confirm(held.pk) is None


def test_asking_again_begins_the_seven_days_again():
    held = follow(confirmed=False)
    with time_machine.travel(real_now() + timedelta(days=6)):
        follow(confirmed=False)
    with time_machine.travel(real_now() + timedelta(days=8)):
        assert abonnements.erase_unconfirmed() == 0
        assert abonnements.confirm(held.pk) is not None


# --- Ending -----------------------------------------------------------------------------


def test_one_click_ends_without_session_nor_csrf():
    drug = medicament()
    held = follow(drug.produit)
    follow(None)
    client = Client(enforce_csrf_checks=True)
    url = f"{reverse('referentiel:suivi_arreter')}?jeton={suivi.arret_token(held.pk)}"
    assert client.get(url).status_code == 200
    assert Abonnement.objects.count() == 2  # reading the page ends nothing
    answer = client.post(url, {"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert not answer.cookies
    assert not Abonnement.objects.exists()
    assert client.post(url, {"List-Unsubscribe": "One-Click"}).status_code == 200


def test_one_subscription_among_several_may_be_ended(client):
    drug = medicament()
    held, other = follow(drug.produit), follow(None)
    stranger = follow(None, "autre@exemple.invalid")
    url = f"{reverse('referentiel:suivi_arreter')}?jeton={suivi.arret_token(held.pk)}"
    text = client.get(url).content.decode()
    assert drug.produit.nom in text
    assert ADDRESS not in text
    client.post(url, {"abonnement": stranger.pk})
    assert Abonnement.objects.count() == 3
    client.post(url, {"abonnement": other.pk})
    assert set(Abonnement.objects.values_list("pk", flat=True)) == {held.pk, stranger.pk}


def links(message):
    return re.search(r"https?://\S+suivi/arreter/\S+", message.body)[0]


def test_a_link_still_ends_all_once_the_first_subscription_is_ended(client):
    drug = medicament()
    held = follow(drug.produit)
    with time_machine.travel(now() + timedelta(seconds=1)):
        follow(None)
    with time_machine.travel(now() + timedelta(minutes=5)):
        told(drug)
    with time_machine.travel(now() + timedelta(minutes=9)):
        abonnements.prepare_digests()
        url = links(next(m for m in sent() if "changé" in m.subject))
    client.post(url, {"abonnement": held.pk})
    assert Abonnement.objects.count() == 1
    client.post(url, {"List-Unsubscribe": "One-Click"})
    assert not Abonnement.objects.exists()


def test_a_digest_leaves_for_what_is_still_followed():
    drug = medicament()
    held = follow(drug.produit)
    with time_machine.travel(now() + timedelta(seconds=1)):
        follow(None)
    with time_machine.travel(now() + timedelta(minutes=5)):
        told(drug)
    with time_machine.travel(now() + timedelta(minutes=9)):
        abonnements.prepare_digests()
        abonnements.unsubscribe(held.pk, only=held.pk)
        assert [m.to for m in sent() if "changé" in m.subject] == [[ADDRESS]]


@pytest.mark.parametrize("name", ["suivi_confirmer", "suivi_arreter"])
@pytest.mark.parametrize("token", ["", "x", "a:b:c", "\0", "é"])
def test_an_altered_link_does_nothing(client, name, token):
    url = reverse(f"referentiel:{name}")
    assert client.get(url, {"jeton": token}).status_code == 410
    assert client.post(url + "?jeton=x").status_code == 410


def test_a_mail_to_someone_who_left_is_dropped():
    drug = medicament()
    held = follow(drug.produit)
    with time_machine.travel(now() + timedelta(minutes=5)):
        told(drug)
    with time_machine.travel(now() + timedelta(minutes=9)):
        abonnements.prepare_digests()
        abonnements.unsubscribe(held.pk)
        assert not [m for m in sent() if "changé" in m.subject]
    assert Outbox.objects.get(name="suivi_resume").status == "dropped"


def test_every_mail_says_how_to_stop_and_shows_no_other_address():
    drug = medicament()
    follow(drug.produit, confirmed=False)
    told(drug)
    for message in sent():
        whole = str(message.message())
        assert "suivi/arreter" in message.body
        assert "List-Unsubscribe" in whole
        assert "SIMULATION" in message.body
        assert len(message.to) == 1


def test_the_log_of_changes_keeps_no_address():
    follow(medicament().produit)
    told(medicament())
    fields = {field.name for field in Changement._meta.fields}
    assert not fields & {"courriel", "adresse"}
    assert not Outbox.objects.filter(recipient__contains="@").exists()
