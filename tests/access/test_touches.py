"""What a change of the référentiel touches: listed, alerted once, seen; the dossier never moves."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from access.models import Dossier, DossierTouche
from access.rules.delais import complement_closable_on
from access.selectors.touches import held_by_produit, regroupement_obstacle
from access.selectors.work_lists import counts
from access.services.touches import list_touched
from access.states import DemandeAacState as S
from engine.clocks import local, today
from engine.models import Entry, Outbox
from engine.outbox import relay
from referentiel import parametres
from referentiel.models import Affectation, Changement
from referentiel.selectors.touches import counts_touched, parametre_preview, regroupement_obstacles
from referentiel.services.changes import JOB, annonce, announce
from referentiel.states import NatureChangement as N
from tests.access.test_work_lists import many
from tests.factories import people
from tests.factories.dossiers import aac_at, brouillon, dossier_at, monde, walk
from tests.factories.medicines import CadreFactory

pytestmark = pytest.mark.django_db

ORIGINE = "ATIH, liste AP-AC-CPC, 2026-10"


def ferme(cadre):
    """The line of the log of a cadre that a list closes."""
    return announce(
        [
            annonce(
                cadre, N.CADRE_FERME, "Le cadre ferme", champ="fin", avant="sans fin",
                apres="31/10/2026",
            )
        ],
        origine=ORIGINE,
    )  # fmt: skip


def deliver():
    """What the outbox does in service: the job, then the mails it wrote."""
    relay()
    relay()


def touched():
    return set(DossierTouche.objects.values_list("dossier_id", flat=True))


def test_a_closed_cadre_touches_its_open_dossiers_and_live_authorisations_only():
    m = monde()
    draft, sent = brouillon(m), dossier_at(S.A_VALIDER_PUI, m)
    refused = dossier_at(S.REFUSEE, m)
    aac = aac_at(m=m)
    other = brouillon(m)
    other.cadre = CadreFactory(produit=m.medicament.produit, code="NFICT09")
    other.save()
    ferme(m.medicament.cadre)
    deliver()
    assert touched() == {draft.pk, sent.pk, aac.pk}
    assert refused.pk not in touched()


def test_a_change_of_the_product_touches_all_its_dossiers():
    m = monde()
    one, other = brouillon(m), brouillon(m)
    other.cadre = None
    other.save()
    stranger = brouillon()
    announce([annonce(m.medicament.produit, N.DISPONIBILITE, "Rupture")], origine="ANSM")
    announce([annonce(m.medicament.produit, N.PRODUIT_MODIFIE, "Forme")], origine="ANSM")
    deliver()
    assert touched() == {one.pk, other.pk}
    assert DossierTouche.objects.count() == 2
    assert stranger.pk not in touched()


def test_every_hospital_is_listed_and_each_pharmacy_gets_one_mail():
    here, there = monde(), monde()
    there.medicament = here.medicament
    for m in (here, there):
        dossier_at(S.A_VALIDER_PUI, m)
        aac_at(m=m)
    mail.outbox.clear()
    Outbox.objects.filter(kind="email").delete()
    ferme(here.medicament.cadre)
    deliver()
    assert DossierTouche.objects.count() == 4
    boxes = sorted(message.to[0] for message in mail.outbox)
    assert boxes == sorted([here.hopital.pui.email, there.hopital.pui.email])
    body = mail.outbox[0].body
    assert "2 dossiers de votre pharmacie sont concernés par un changement" in body
    assert "/dossiers/changements/" in body
    for secret in (here.medicament.produit.nom, "Fictif", "DEM-", "fermé", ORIGINE):
        assert secret not in body + mail.outbox[0].subject


def test_the_job_done_twice_writes_nothing_more():
    m = monde()
    dossier_at(S.A_VALIDER_PUI, m)
    Outbox.objects.all().delete()
    ferme(m.medicament.cadre)
    job = Outbox.objects.get(name=JOB)
    list_touched(job)
    list_touched(job)
    assert DossierTouche.objects.count() == 1
    assert Outbox.objects.filter(name="changement_referentiel").count() == 1


def test_without_a_box_the_gerant_is_told_and_a_seen_alert_does_not_leave():
    m = monde()
    m.hopital.pui.email = ""
    m.hopital.pui.save()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    Outbox.objects.all().delete()
    ferme(m.medicament.cadre)
    list_touched(Outbox.objects.get(name=JOB))
    row = Outbox.objects.get(name="changement_referentiel")
    assert row.recipient == f"user:{m.pharmacien.pk}"
    DossierTouche.objects.filter(dossier=dossier).update(vu_le=row.created_at, vu_par=m.pharmacien)
    deliver()
    row.refresh_from_db()
    assert (row.status, row.last_error) == ("dropped", "déjà vu")


def test_a_pharmacist_who_left_is_not_written_to():
    m = monde()
    m.hopital.pui.email = ""
    m.hopital.pui.save()
    dossier_at(S.A_VALIDER_PUI, m)
    Outbox.objects.all().delete()
    ferme(m.medicament.cadre)
    list_touched(Outbox.objects.get(name=JOB))
    Affectation.objects.filter(user=m.pharmacien).update(statut="TERMINEE")
    deliver()
    assert Outbox.objects.get(name="changement_referentiel").status == "dropped"


def test_the_dossier_itself_does_not_change():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    before = Dossier.objects.filter(pk=dossier.pk).values().get()
    ferme(m.medicament.cadre)
    deliver()
    assert Dossier.objects.filter(pk=dossier.pk).values().get() == before


def test_the_page_says_what_changed_until_someone_has_seen_it(client):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    ferme(m.medicament.cadre)
    deliver()
    people.login(client, m.pharmacien)
    page = client.get(reverse("access:dossier", args=[dossier.pk])).content.decode()
    for words in ("Le cadre ferme", "sans fin", "31/10/2026", ORIGINE, "J'ai vu", "#historique"):
        assert words.replace("'", "&#x27;") in page or words in page
    assert counts(m.pharmacien)["touches"] == 1
    answer = client.post(reverse("access:changements_vus", args=[dossier.pk]), follow=True)
    assert answer.status_code == 200
    assert "Le cadre ferme" not in answer.content.decode()
    assert counts(m.pharmacien)["touches"] == 0
    row = DossierTouche.objects.get()
    assert (row.vu_par, row.vu_le is not None) == (m.pharmacien, True)
    assert Entry.objects.filter(action="see_change", subject_id=dossier.pk).count() == 1
    client.post(reverse("access:changements_vus", args=[dossier.pk]))
    assert Entry.objects.filter(action="see_change").count() == 1
    seen = client.get(reverse("access:changements"), {"vue": "vus"}).content.decode()
    assert m.pharmacien.full_name in seen


def test_another_hospital_neither_reads_nor_answers_an_alert(client):
    m, stranger = monde(), monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    ferme(m.medicament.cadre)
    deliver()
    people.login(client, stranger.pharmacien)
    assert client.post(reverse("access:changements_vus", args=[dossier.pk])).status_code == 404
    assert client.get(reverse("access:changements")).context["rows"] == []


def test_the_agency_reads_the_banner_but_has_no_button(client):
    m = monde()
    dossier = dossier_at(S.TRANSMISE_ANSM, m)
    ferme(m.medicament.cadre)
    deliver()
    people.login(client, m.evaluateur)
    page = client.get(reverse("access:dossier", args=[dossier.pk])).content.decode()
    assert "Le cadre ferme" in page
    assert reverse("access:changements_vus", args=[dossier.pk]) not in page


def test_lists_keep_their_query_count_whatever_the_number_of_dossiers(client):
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    people.login(client, m.pharmacien)
    client.get(reverse("access:changements"))
    found = []
    for extra in (0, 12):
        many(dossier, extra)
        Outbox.objects.all().delete()
        ferme(m.medicament.cadre)
        job = Outbox.objects.get(name=JOB)
        with CaptureQueriesContext(connection) as working:
            list_touched(job)
        with CaptureQueriesContext(connection) as listing:
            answer = client.get(reverse("access:changements"))
        with CaptureQueriesContext(connection) as tab:
            client.get(reverse("access:dossiers"), {"onglet": "touches"})
        found.append((len(working), len(listing), len(tab)))
    assert found[0] == found[1]
    assert len(answer.context["rows"]) == 14  # 1 + 13, one line per change


def test_the_review_of_a_list_counts_what_each_product_holds():
    m = monde()
    brouillon(m)
    dossier_at(S.REFUSEE, m)
    aac_at(m=m)
    produit = m.medicament.produit
    held = held_by_produit([produit.pk])[produit.pk]
    assert (held.dossiers, held.autorisations) == (1, 1)
    assert counts_touched([produit.pk])[produit.pk] == held
    assert regroupement_obstacle(produit.pk).startswith("2 dossiers en cours portent")
    assert regroupement_obstacles(produit) == [regroupement_obstacle(produit.pk)]


def test_a_parameter_shows_the_requests_whose_target_moves_and_keeps_the_past_ones():
    m = monde()
    dossier = dossier_at(S.EN_INSTRUCTION, m)
    code = "aac.cible_criteres_jours_ouvres"
    moved = parametre_preview(code, "9", today())
    assert [line.libelle for line in moved] == [dossier.numero]
    assert moved[0].avant != moved[0].apres
    assert parametre_preview(code, "2", today()) == []
    assert parametre_preview(code, "9", today() + timedelta(days=1)) == []
    assert parametre_preview(code, "beaucoup", today()) == []
    assert parametre_preview("piece.nombre_max", "3", today()) == []


@pytest.mark.parametrize(
    ("code", "valeur"),
    [("aac.rappels_expiration", "60,5,0"), ("aac.brouillon_purge_jours", "30")],
)
def test_a_parameter_shows_the_reminders_and_purges_that_move(code, valeur):
    m = monde()
    draft, aac = brouillon(m), aac_at(m=m, jours=300)
    moved = [line.libelle for line in parametre_preview(code, valeur, today())]
    assert moved == [str(aac if code == "aac.rappels_expiration" else draft)]


def test_a_parameter_shows_the_complements_whose_closing_moves():
    m = monde()
    dossier = walk(dossier_at(S.EN_INSTRUCTION, m), m, "ask")
    assert parametre_preview("aac.complement_relance_jours", "30", today()) == []
    asked = dossier.complements.get()
    asked.relancee_le = asked.demandee_le
    asked.save()
    code = "aac.complement_relance_jours"
    moved = parametre_preview(code, "30", today())
    assert [line.libelle for line in moved] == [dossier.numero]
    values = parametres.en_vigueur(today())
    closable = complement_closable_on(asked.echeance, local(asked.relancee_le).date(), values)
    assert len(parametre_preview(code, "60", closable)) == 1
    assert parametre_preview(code, "60", closable + timedelta(days=1)) == []


def test_a_change_that_touches_nothing_writes_to_nobody():
    m = monde()
    Outbox.objects.all().delete()
    ferme(m.medicament.cadre)
    deliver()
    assert Changement.objects.count() == 1
    assert DossierTouche.objects.count() == 0
    assert not Outbox.objects.filter(kind="email").exists()
