"""Two-person publication: proposed by one, published by another, at once or on a day."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core import mail
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from engine import journal
from engine.clocks import now, today
from engine.errors import Blocked, Conflict, Forbidden
from engine.outbox import relay
from referentiel.models import (
    Abonnement,
    AncienneAdresse,
    Cadre,
    Changement,
    CodeIndication,
    Nouvelle,
    Publication,
)
from referentiel.roles import Role
from referentiel.services import depots, medicines, publications
from referentiel.services.documents import add_document
from referentiel.services.publications import apply_due, cancel, propose, publish, refuse
from referentiel.states import NaturePublication as N
from tests.factories import people
from tests.factories.dossiers import brouillon, monde
from tests.factories.medicines import medicament
from tests.referentiel.publishing import gestionnaires, proposing

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    return gestionnaires()


def proposed(by, drug=None, effet_le=None, **values):
    """A correction of a product's mentions."""
    drug = drug or medicament()
    return propose(
        nature=N.PRODUIT,
        subject=drug.produit,
        values=values or {"dci": "indométacine sodique"},
        effet_le=effet_le or today(),
        motif="Lettre du titulaire",
        by=by,
    )


# --- Two persons ------------------------------------------------------------------------


def test_nothing_is_written_before_a_second_person_publishes(two):
    drug = medicament()
    held = proposed(two[0], drug)
    drug.produit.refresh_from_db()
    assert drug.produit.dci != "indométacine sodique"
    assert (held.statut, set(held.valeurs)) == ("PROPOSEE", {"dci"})
    publish(held, by=two[1])
    drug.produit.refresh_from_db()
    assert drug.produit.dci == "indométacine sodique"


def test_same_person_cannot_publish(two):
    held = proposed(two[0])
    with pytest.raises(Forbidden, match="Une autre personne"):
        publish(held, by=two[0])
    with pytest.raises(Forbidden):
        refuse(held, by=two[0], motif="Finalement non")


def test_the_database_refuses_the_same_person_too(two):
    held = proposed(two[0])
    same = Publication.objects.filter(pk=held.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        same.update(relu_par_id=two[0].pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        same.update(statut="APPLIQUEE")


@pytest.mark.parametrize("role", [Role.ADMIN, Role.EVALUATEUR_ANSM, Role.PRESCRIPTEUR])
def test_only_gestionnaires_propose_and_publish(two, role):
    other = people.acting(people.UserFactory(), role, people.OrganisationFactory())
    with pytest.raises(Forbidden):
        proposed(other)
    with pytest.raises(Forbidden):
        publish(proposed(two[0]), by=other)


def test_a_gestionnaire_of_the_has_publishes_what_the_ansm_proposed(two):
    has = people.OrganisationFactory(has=True)
    other = people.acting(people.UserFactory(), Role.GESTIONNAIRE_HAS, has)
    assert publish(proposed(two[0]), by=other).statut == "APPLIQUEE"


def test_a_publication_is_journalled_and_told_to_the_public(two):
    held = publish(proposed(two[0]), by=two[1])
    acts = [(entry.action, entry.actor_id) for entry in journal.history(held)]
    assert acts == [("proposer", two[0].pk), ("valider", two[1].pk), ("publier", two[1].pk)]
    told = Changement.objects.get(produit=held.produit, champ="dci")
    assert (told.apres, told.origine) == ("indométacine sodique", "publication")


def test_a_refusal_says_why_and_writes_nothing(two):
    held = proposed(two[0])
    with pytest.raises(Blocked):
        refuse(held, by=two[1], motif="  ")
    assert refuse(held, by=two[1], motif="Source absente").statut == "REFUSEE"
    assert not Changement.objects.exists()
    with pytest.raises(Conflict):
        publish(held, by=two[1])


def test_its_author_cancels_and_nobody_else(two):
    held = proposed(two[0])
    with pytest.raises(Forbidden):
        cancel(held, by=two[1])
    assert cancel(held, by=two[0]).statut == "ANNULEE"


@pytest.mark.parametrize(
    ("values", "effet", "motif", "field"),
    [
        ({"dci": "x"}, -1, "oui", "effet_le"),
        ({"dci": "x"}, 0, " ", "motif"),
        ({"nom": ""}, 0, "oui", "nom"),
        ({"dci": "a\0b"}, 0, "oui", "dci"),
        ({"dci": "x" * 301}, 0, "oui", "dci"),
    ],
)
def test_a_wrong_proposal_is_refused_at_its_field(two, values, effet, motif, field):
    subject, day = medicament().produit, today() + timedelta(days=effet)
    with pytest.raises(Blocked) as caught:
        propose(
            nature=N.PRODUIT, subject=subject, values=values, effet_le=day, motif=motif, by=two[0]
        )
    assert caught.value.blockers[0].field == field


def test_proposing_no_change_is_refused(two):
    drug = medicament()
    with pytest.raises(Blocked, match="Rien ne change"):
        proposed(two[0], drug, dci=drug.produit.dci)


# --- A date of effect -------------------------------------------------------------------


def test_a_change_takes_effect_on_its_day_once(two):
    drug = medicament()
    day = today() + timedelta(days=10)
    held = publish(proposed(two[0], drug, day), by=two[1])
    assert held.statut == "VALIDEE"
    assert apply_due(today()) == 0
    with time_machine.travel(now() + timedelta(days=10)):
        assert apply_due(today()) == 1
        assert apply_due(today()) == 0
    drug.produit.refresh_from_db()
    held.refresh_from_db()
    assert (drug.produit.dci, held.statut) == ("indométacine sodique", "APPLIQUEE")
    assert Changement.objects.filter(champ="dci").count() == 1


def test_a_cadre_closes_on_its_day_even_when_the_clock_runs_late(two):
    cadre, day = medicament().cadre, today() + timedelta(days=10)
    held = propose(
        nature=N.CADRE, subject=cadre, values={"statut": "SUSPENDUE"}, effet_le=day,
        motif="Décision relue", by=two[0],
    )  # fmt: skip
    publish(held, by=two[1])
    with time_machine.travel(now() + timedelta(days=13)):
        assert apply_due(today()) == 1
    cadre.refresh_from_db()
    assert (cadre.statut, cadre.ferme_depuis) == ("SUSPENDUE", day)


def test_a_cadre_published_after_its_day_closes_on_the_day_it_is_published(two):
    cadre = medicament().cadre
    held = propose(
        nature=N.CADRE, subject=cadre, values={"statut": "SUSPENDUE"}, effet_le=today(),
        motif="Décision relue", by=two[0],
    )  # fmt: skip
    with time_machine.travel(now() + timedelta(days=3)):
        publish(held, by=two[1])
        cadre.refresh_from_db()
        assert cadre.ferme_depuis == today()


def test_what_moved_before_its_day_goes_back_to_be_read(two):
    drug = medicament()
    held = publish(proposed(two[0], drug, today() + timedelta(days=1)), by=two[1])
    medicines.complete_produit(drug.produit, by=two[0], dci="autre source")
    assert apply_due(today() + timedelta(days=1)) == 0
    held.refresh_from_db()
    drug.produit.refresh_from_db()
    assert (held.statut, held.relu_par_id, drug.produit.dci) == ("PROPOSEE", None, "autre source")
    assert journal.history(held).last().action == "rendre_a_relire"
    relay()
    assert {m.to[0] for m in mail.outbox} == {person.email for person in two}
    for told in mail.outbox:
        assert told.subject == "[Placet] une publication est à relire"
        assert reverse("referentiel:publications") in told.body
        assert drug.produit.nom not in told.body
    assert apply_due(today() + timedelta(days=1)) == 0
    relay()
    assert len(mail.outbox) == 2


# --- Staleness --------------------------------------------------------------------------


def test_a_stale_proposal_is_read_again_before_it_is_published(two, client):
    drug = medicament()
    held = proposed(two[0], drug)
    medicines.complete_produit(drug.produit, by=two[0], forme="gélule", dci="autre source")
    address = reverse("referentiel:publication_publier", args=[held.pk])
    page = people.login(client, two[1]).post(address)
    text = page.content.decode()
    assert page.status_code == 409
    assert "L&#x27;objet a changé" in text or "L'objet a changé" in text
    assert "autre source" in text
    lu = text.split('name="lu" value="')[1].split('"')[0]
    assert client.post(address, {"lu": lu}).status_code == 302
    drug.produit.refresh_from_db()
    # Only what was proposed is written: what changed beside it stays.
    assert (drug.produit.dci, drug.produit.forme) == ("indométacine sodique", "gélule")


def test_values_are_checked_again_when_published(two):
    drug = medicament()
    values = {"specialite": drug.specialite, "cadre": drug.cadre, "code": "NESSA77"}
    first, second = (
        propose(
            nature=N.AJOUT_CODE, subject=drug.produit, values=values, effet_le=today(),
            motif="Liste du ministère", by=two[0],
        )
        for _ in range(2)
    )  # fmt: skip
    publish(first, by=two[1])
    with pytest.raises((Blocked, Conflict)):
        publish(second, by=two[1])
    second.refresh_from_db()
    assert second.statut == "PROPOSEE"
    assert CodeIndication.objects.filter(code="NESSA77").count() == 1


# --- Natures ----------------------------------------------------------------------------


def through(two, nature, subject, **values):
    held = propose(
        nature=nature, subject=subject, values=values, effet_le=today(), motif="Essai", by=two[0]
    )
    return publish(held, by=two[1])


def test_a_cadre_and_a_code_are_closed_by_two_persons(two):
    drug = medicament()
    through(two, N.FERMETURE_CADRE, drug.cadre, fin="2026-12-31", statut="FIN_OCTROI")
    through(two, N.FERMETURE_CODE, drug.code, fin="2026-12-31")
    drug.cadre.refresh_from_db()
    drug.code.refresh_from_db()
    assert (drug.cadre.fin, drug.cadre.statut) == (date(2026, 12, 31), "FIN_OCTROI")
    assert drug.code.fin == date(2026, 12, 31)
    natures = set(Changement.objects.values_list("nature", flat=True))
    assert natures == {"CADRE_FERME", "CODE_FERME"}


def test_criteria_are_versioned_and_published_by_two_persons(two):
    drug = medicament()
    before = drug.cadre.version_criteres
    through(two, N.CRITERES, drug.cadre, texte_1="Diagnostic confirmé ?", texte_2="Enceinte ?",
            attendu_2="non", **{f"texte_{n}": "" for n in range(3, 11)})  # fmt: skip
    drug.cadre.refresh_from_db()
    asked = drug.cadre.criteres.filter(version=before + 1).values_list("texte", "attendu")
    assert list(asked) == [("Diagnostic confirmé ?", True), ("Enceinte ?", False)]
    assert drug.cadre.criteres.filter(version=before).exists() == bool(before)
    told = Changement.objects.get(nature="CRITERES_PUBLIES")
    assert "Enceinte ?" in told.apres


def test_names_and_contacts_are_published(two):
    drug = medicament()
    through(
        two, N.FICHE, drug.produit, alias="Ancien nom\nCODE-12", resume_patient="Un médicament.",
        commande_nom="Service commandes", commande_courriel="commandes@exemple.invalid",
    )  # fmt: skip
    assert set(drug.produit.alias.values_list("nom", flat=True)) == {"Ancien nom", "CODE-12"}
    assert drug.produit.contacts.get().courriel == "commandes@exemple.invalid"
    with pytest.raises(Blocked):
        through(two, N.FICHE, drug.produit, plateforme_url="https://exemple.invalid/")


def test_news_is_dated_and_waits_for_its_day(two):
    day = today() + timedelta(days=3)
    held = propose(
        nature=N.NOUVELLE, subject=None, values={"titre": "Bonjour", "texte": "Nouveau."},
        effet_le=day, motif="Annonce", by=two[0],
    )  # fmt: skip
    publish(held, by=two[1])
    assert not Nouvelle.objects.exists()
    with time_machine.travel(now() + timedelta(days=3)):
        apply_due(today())
    assert Nouvelle.objects.get().le == day


def document(**values):
    day = today().isoformat()
    given = {"type": "RCP", "titre": "RCP", "version": "2", "date_publication": day}
    return given | {"date_effet": day, "texte": "Version relue"} | values


def test_a_document_is_published_by_two_persons_and_told_once(two):
    drug = medicament()
    through(two, N.DOCUMENT, drug.produit, **document(cadre=drug.cadre))
    assert drug.produit.documents.get().cadre_id == drug.cadre.pk
    assert Changement.objects.get(nature="DOCUMENT_PUBLIE").origine == "publication"
    first = drug.produit.documents.get()
    through(two, N.DOCUMENT, drug.produit, **document(version="3", remplace=first))
    assert first.remplace_par.version == "3"
    with pytest.raises(Blocked):
        through(two, N.DOCUMENT, drug.produit, **document(version="4", remplace=first))
    with pytest.raises(Blocked):
        through(two, N.DOCUMENT, drug.produit, **document(texte=""))


def test_the_file_of_a_document_waits_with_its_proposal(two, client):
    drug = medicament()
    url = reverse("referentiel:document_nouveau", args=[drug.produit.pk])
    people.login(client, two[0])
    shared = {"effet_le": today().isoformat(), "motif": "Nouvelle version"}
    bad = SimpleUploadedFile("a.pdf", b"<html>")
    page = client.post(url, document(texte="") | shared | {"fichier": bad})
    assert page.status_code == 422
    good = SimpleUploadedFile("a.pdf", b"%PDF-1.7 essai")
    text = client.post(url, document(texte="") | shared | {"fichier": good}).content.decode()
    depot = text.split('name="depot" value="')[1].split('"')[0]
    wrong = {"proposer": "1", "depot": "../../etc/passwd"}
    assert client.post(url, document(texte="") | shared | wrong).status_code == 422
    asked = document(texte="") | shared | {"proposer": "1", "depot": depot}
    assert client.post(url, asked).status_code == 302
    held = publish(Publication.objects.get(), by=two[1])
    assert held.statut == "APPLIQUEE"
    stored = drug.produit.documents.get()
    assert stored.sha256 == depot
    assert stored.fichier.read() == b"%PDF-1.7 essai"
    assert depots.sweep_abandoned() == 0
    with time_machine.travel(now() + timedelta(days=3)):
        assert depots.sweep_abandoned() == 1
    assert not default_storage.exists(depots.path_of(depot))
    assert default_storage.exists(stored.fichier.name)


# --- Grouping ---------------------------------------------------------------------------


def test_specialities_are_grouped_and_the_old_address_leads_to_the_new(two):
    kept, other = medicament(), medicament()
    other.cadre.code = "NFICT02"
    other.cadre.save()
    Abonnement.objects.create(courriel="a@exemple.invalid", produit=other.produit, demande_le=now())
    through(two, N.REGROUPEMENT, kept.produit, ucds=other.specialite.ucd7)
    assert kept.produit.specialites.count() == 2
    other.cadre.refresh_from_db()
    assert other.cadre.produit_id == kept.produit.pk
    assert other.code.cadre_id == other.cadre.pk
    old = reverse("referentiel:produit", args=[other.produit.pk])
    assert AncienneAdresse.objects.get(chemin=old).produit_id == kept.produit.pk
    assert kept.produit.alias.filter(nom=other.produit.nom).exists()
    assert Abonnement.objects.get().produit_id == kept.produit.pk


def test_a_grouped_product_leaves_the_lists_and_its_page_leads_on(two, client):
    kept, other = medicament(), medicament()
    through(two, N.REGROUPEMENT, kept.produit, ucds=other.specialite.ucd7)
    old = reverse("referentiel:produit", args=[other.produit.pk])
    page = client.get(old)
    assert page.status_code == 301
    assert page.url == reverse("referentiel:produit", args=[kept.produit.pk])
    found = client.get(reverse("referentiel:recherche")).content.decode()
    assert kept.produit.nom in found
    assert old not in found


def test_a_product_under_way_in_a_dossier_is_not_grouped(two):
    m = monde()
    brouillon(m)
    with pytest.raises(Blocked, match="1 dossier en cours"):
        through(two, N.REGROUPEMENT, medicament().produit, ucds=m.medicament.specialite.ucd7)


def test_home_says_what_waits_for_the_second_person(two, client):
    proposed(two[0])
    people.login(client, two[1])
    assert "1 proposition à relire" in client.get("/").content.decode()
    people.login(client, two[0])
    assert "à relire et à publier" not in client.get("/").content.decode()


def test_two_cadres_of_one_code_become_one(two):
    kept, other = medicament(), medicament()
    Cadre.objects.filter(pk=other.cadre.pk).update(code=kept.cadre.code)
    through(two, N.REGROUPEMENT, kept.produit, ucds=other.specialite.ucd7)
    other.code.refresh_from_db()
    other.cadre.refresh_from_db()
    assert other.code.cadre_id == kept.cadre.pk
    assert not other.cadre.is_open(today())


def test_documents_follow_the_grouping(two):
    kept, other = medicament(), medicament()
    add_document(
        produit=other.produit, type="RCP", titre="RCP", version="1", date_effet=today(),
        date_publication=today(), texte="Texte", by=two[0],
    )  # fmt: skip
    through(two, N.REGROUPEMENT, kept.produit, ucds=other.specialite.ucd7)
    assert kept.produit.documents.get().texte == "Texte"
    assert other.produit.documents.count() == 1


@pytest.mark.parametrize("ucds", ["", "123", "9999999", "a\0b", "9" * 500])
def test_an_unknown_ucd_is_not_grouped(two, ucds):
    with pytest.raises(Blocked):
        through(two, N.REGROUPEMENT, medicament().produit, ucds=ucds)


# --- Pages ------------------------------------------------------------------------------


def test_the_preview_shows_the_difference_and_the_sheet_and_writes_nothing(two, client):
    drug = medicament()
    url = reverse("referentiel:gestion_cadre", args=[drug.cadre.pk])
    data = {"framework": "AAC", "indication": "Indication corrigée", "statut": drug.cadre.statut}
    data |= {"effet_le": today().isoformat(), "motif": "Relu"}
    page = people.login(client, two[0]).post(url, data)
    text = page.content.decode()
    assert page.status_code == 200
    assert text.count("Indication corrigée") >= 3  # difference, hidden field, sheet
    drug.cadre.refresh_from_db()
    assert drug.cadre.indication != "Indication corrigée"
    assert not Publication.objects.exists()
    again = client.post(url, data | {"modifier": "1"}).content.decode()
    assert "Voir ce qui change" in again
    assert "Indication corrigée" in again
    assert client.post(url, data | {"proposer": "1"}).status_code == 302


def test_the_queue_is_read_in_a_constant_number_of_queries(
    two, client, django_assert_max_num_queries
):
    for n in range(6):
        proposed(two[0], dci=f"substance {n}")
    people.login(client, two[1])
    with django_assert_max_num_queries(13):
        page = client.get(reverse("referentiel:publications"))
    assert page.content.decode().count("ligne-lien") == 6
    for vue in ("a-venir", "publiees", "ecartees", "\0"):
        assert client.get(reverse("referentiel:publications"), {"vue": vue}).status_code == 200


def test_the_page_of_a_product_says_what_already_waits(two, client):
    drug = medicament()
    held = proposed(two[0], drug)
    people.login(client, two[1])
    url = reverse("referentiel:gestion_produit", args=[drug.produit.pk])
    address = reverse("referentiel:publication", args=[held.pk])
    assert address in client.get(url).content.decode()
    publish(held, by=two[1])
    assert address not in client.get(url).content.decode()


def test_pages_refuse_in_words(two, client):
    held = proposed(two[0])
    people.login(client, two[0])
    page = client.post(reverse("referentiel:publication_publier", args=[held.pk]))
    assert page.status_code == 403
    assert "Une autre personne" in page.content.decode()
    people.login(client, two[1])
    refuser = reverse("referentiel:publication_refuser", args=[held.pk])
    assert client.post(refuser, {"motif": ""}).status_code == 422
    assert client.post(refuser, {"motif": "Non"}).status_code == 302
    assert "Non" in client.get(reverse("referentiel:publication", args=[held.pk])).content.decode()
    again = client.post(reverse("referentiel:publication_annuler", args=[held.pk]))
    assert again.status_code == 409
    unknown = reverse("referentiel:publication", args=[uuid4()])
    assert client.get(unknown).status_code == 404


@pytest.mark.parametrize(
    ("name", "of", "data"),
    [
        ("gestion_criteres", "cadre", {"texte_1": ""}),
        ("cadre_fermer", "cadre", {"fin": "9999-99-99", "statut": "X"}),
        ("code_fermer", "code", {"fin": "0001-01-01"}),
        ("gestion_fiche", "produit", {"lien_officiel": "javascript:alert(1)", "alias": "\0"}),
        ("regrouper", "produit", {"ucds": "x"}),
        ("nouvelle_ajouter", "", {"titre": "", "texte": "\0"}),
        ("gestion_produit", "produit", {"nom": "X", "effet_le": "9999-12-31"}),
    ],
)
def test_bad_input_is_answered_at_its_field(two, client, name, of, data):
    drug = medicament()
    args = [getattr(drug, of).pk] if of else []
    page = people.login(client, two[0]).post(
        reverse(f"referentiel:{name}", args=args), proposing(**data)
    )
    assert page.status_code == 422
    assert not Publication.objects.exists()
    assert publications.apply_due(today()) == 0
