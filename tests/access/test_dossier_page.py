"""The page of a dossier: four answers at the top, what each reader sees, what it keeps back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from access.models import Dossier, Message, OuvertureUrgence
from access.selectors.dossier_page import dossier_page, visible
from access.states import AacState, Audience
from access.states import DemandeAacState as S
from engine import journal
from engine.clocks import now
from engine.models import AccesLu, Outbox, OutboxStatus
from tests.factories import people
from tests.factories.dossiers import aac_at, brouillon, do, dossier_at, monde, patient, walk

pytestmark = pytest.mark.django_db

NOM, PRENOM, IPP = "CANARINOM", "Canariprenom", "IPPCANARI1"


def url_of(dossier):
    return reverse("access:dossier", args=[dossier.pk])


def page_for(dossier, user):
    return dossier_page(visible(user).get(pk=dossier.pk), user)


def text_for(client, user, dossier, status=200):
    people.login(client, user)
    answer = client.get(url_of(dossier))
    assert answer.status_code == status
    return answer.content.decode()


def named(m, state):
    """A dossier whose patient bears a name easy to find."""
    dossier = brouillon(m)
    dossier.patient = patient(m.hopital.etablissement, nom=NOM, prenom=PRENOM, ipp=IPP)
    dossier.save()
    from tests.factories.dossiers import PATHS, walk

    for move in PATHS[state]:
        dossier = walk(dossier, m, move)
    return dossier


PATH_OF = {
    S.BROUILLON: ("Brouillon", ""),
    S.A_VALIDER_PUI: ("PUI", ""),
    S.RETOURNEE_PRESCRIPTEUR: ("Brouillon", "retournée"),
    S.TRANSMISE_ANSM: ("ANSM", ""),
    S.COMPLEMENT_DEMANDE: ("ANSM", "complément demandé"),
    S.REFUSEE: ("Décision", "refusée"),
    S.RETIREE: ("Fin", "retirée"),
    S.ACCORDEE: ("Commande", ""),
}


@pytest.mark.parametrize("state", PATH_OF)
def test_path_says_where_it_is(state):
    dossier = dossier_at(state)
    path = page_for(dossier, dossier.monde.prescripteur).header["path"]
    here = [s for s in path if s["status"] == "current"]
    assert [(s["label"], s["note"]) for s in here] == [PATH_OF[state]]


def test_path_covers_request_and_authorisation():
    aac = aac_at()
    m = aac.monde
    order = aac.commandes.get()
    do(order, "send", m.pharmacien)
    labels = {s["label"]: s["status"] for s in page_for(aac, m.prescripteur).header["path"]}
    assert labels["Décision"] == "done"
    assert labels["Commande"] == "done"
    assert labels["Dispensation"] == "current"
    assert labels["Facturée"] == "todo"


def test_whose_turn_since_when_and_next_date(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    text = text_for(client, dossier.monde.pharmacien, dossier)
    assert "C&#x27;est à vous (pharmacie" in text
    assert "Prochaine échéance" in text
    other = text_for(client, dossier.monde.prescripteur, dossier)
    assert f"C&#x27;est à la pharmacie ({dossier.monde.hopital.pui.nom}" in other


def test_only_my_steps_are_offered(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    m = dossier.monde
    assert "Transmettre à l&#x27;ANSM" in text_for(client, m.pharmacien, dossier)
    assert "Transmettre à l&#x27;ANSM" not in text_for(client, m.prescripteur, dossier)


def test_blocked_step_is_shown_with_its_reason_linked(client):
    dossier = dossier_at(S.EN_INSTRUCTION)
    page = page_for(dossier, dossier.monde.decideur)
    refuse = next(a for a in page.actions if a["name"] == "refuse")
    cure = reverse("access:step", args=[dossier.pk, "record_contact"])
    assert [b["url"] for b in refuse["blockers"]] == [cure]
    text = text_for(client, dossier.monde.decideur, dossier)
    assert "Notez d&#x27;abord une tentative de contact" in text
    assert f'href="{cure}"' in text


def test_identity_is_read_by_the_hospital_only(client):
    m = monde()
    dossier = named(m, S.EN_INSTRUCTION)
    hospital = text_for(client, m.prescripteur, dossier)
    for word in (NOM, PRENOM, IPP):
        assert word in hospital
    for agent in (m.evaluateur, m.decideur):
        agency = text_for(client, agent, dossier)
        for word in (NOM, PRENOM, IPP):
            assert word.lower() not in agency.lower()
        assert "C. C." in agency
        assert "20,5" in agency


def test_request_and_authorisation_lead_to_each_other():
    aac = aac_at()
    m = aac.monde
    demande = Dossier.objects.get(pk=aac.parent_id)
    assert [line["url"] for line in page_for(aac, m.prescripteur).linked] == [url_of(demande)]
    assert [line["url"] for line in page_for(demande, m.decideur).linked] == [url_of(aac)]


def test_twins_lead_to_each_other():
    m = monde()
    first, second = brouillon(m), brouillon(m)
    second.jumeau = first
    second.save()
    assert [line["url"] for line in page_for(first, m.prescripteur).linked] == [url_of(second)]
    assert [line["url"] for line in page_for(second, m.prescripteur).linked] == [url_of(first)]


def test_agency_reads_only_messages_written_to_it(client):
    dossier = dossier_at(S.EN_INSTRUCTION)
    m = dossier.monde
    people.login(client, m.prescripteur)
    address = reverse("access:message_ajouter", args=[dossier.pk])
    inside = {"texte": "Entre nous seulement", "audience": Audience.HOPITAL}
    outside = {"texte": "Pour l'évaluateur", "audience": Audience.AGENCE}
    assert client.post(address, inside).status_code == 302
    assert client.post(address, outside).status_code == 302
    assert "Entre nous" in text_for(client, m.pharmacien, dossier)
    agency = text_for(client, m.evaluateur, dossier)
    assert "Entre nous" not in agency
    assert "évaluateur" in agency
    assert page_for(dossier, m.evaluateur).parts["history"][0]["text"] == "Message écrit"
    acts = [e["text"] for e in page_for(dossier, m.evaluateur).parts["history"]]
    assert acts.count("Message écrit") == 1


def test_agency_cannot_write_inside_the_hospital(client):
    dossier = dossier_at(S.EN_INSTRUCTION)
    people.login(client, dossier.monde.evaluateur)
    address = reverse("access:message_ajouter", args=[dossier.pk])
    data = {"texte": "Message glissé", "audience": Audience.HOPITAL}
    assert client.post(address, data).status_code == 422
    assert not Message.objects.exists()


def test_empty_message_is_refused_in_words(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.pharmacien)
    address = reverse("access:message_ajouter", args=[dossier.pk])
    answer = client.post(address, {"texte": " ", "audience": Audience.HOPITAL})
    assert answer.status_code == 422
    assert "Écrivez votre message" in answer.content.decode()


def test_document_is_in_preparation_until_built(client):
    dossier = dossier_at(S.TRANSMISE_ANSM)
    assert "En préparation" in text_for(client, dossier.monde.prescripteur, dossier)


def test_failed_mail_is_seen_on_the_dossier(client):
    dossier = dossier_at(S.TRANSMISE_ANSM)
    Outbox.objects.create(
        dedupe_key="echec",
        kind="email",
        name="demande_transmise",
        subject_type=journal.subject_type(dossier),
        subject_id=dossier.pk,
        status=OutboxStatus.FAILED,
        due_at=now(),
        created_at=now(),
        message_id="<echec@placet.invalid>",
    )
    text = text_for(client, dossier.monde.prescripteur, dossier)
    assert "Un courriel n&#x27;a pas pu partir" in text


def test_each_reading_by_a_person_is_recorded(client):
    dossier = dossier_at(S.EN_INSTRUCTION)
    text_for(client, dossier.monde.evaluateur, dossier)
    read = AccesLu.objects.get(subject_id=dossier.pk)
    assert read.actor_id == dossier.monde.evaluateur.pk


def test_foreign_dossier_is_404(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    stranger = monde()
    text_for(client, stranger.prescripteur, dossier, status=404)
    text_for(client, stranger.pharmacien, dossier, status=404)
    text_for(client, stranger.evaluateur, dossier, status=404)


def test_next_dossier_is_offered_after_deciding(client):
    m = monde()
    first, second = dossier_at(S.EN_INSTRUCTION, m), dossier_at(S.EN_INSTRUCTION, m)
    for dossier in (first, second):
        do(dossier, "propose", m.evaluateur, proposition="FAVORABLE", proposition_texte="Oui.")
    from tests.factories.dossiers import accord

    do(first, "grant", m.decideur, **accord())
    assert url_of(second) in text_for(client, m.decideur, first)


def test_dossier_is_shared_by_name_and_taken_back(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    m = dossier.monde
    colleague = m.hopital.prescripteur(nom="Collegue")
    colleague.affectation.services.clear()
    text_for(client, colleague, dossier, status=404)
    people.login(client, m.prescripteur)
    share, unshare = (
        reverse(f"access:{name}", args=[dossier.pk]) for name in ("partager", "partage_retirer")
    )
    assert client.post(share, {"personne": colleague.pk}).status_code == 302
    text_for(client, colleague, dossier)
    people.login(client, m.prescripteur)
    assert client.post(unshare, {"personne": colleague.pk}).status_code == 302
    text_for(client, colleague, dossier, status=404)
    acts = [e.action for e in journal.history(dossier)]
    assert acts[-2:] == ["share", "unshare"]


def test_dossier_is_not_shared_outside_the_establishment(client):
    dossier = dossier_at(S.A_VALIDER_PUI)
    people.login(client, dossier.monde.prescripteur)
    stranger = monde().prescripteur
    address = reverse("access:partager", args=[dossier.pk])
    assert client.post(address, {"personne": stranger.pk}).status_code == 422
    assert not dossier.coprescripteurs.exists()


def emergency(client, m):
    """A prescriber of another service of the same hospital, at the emergency page."""
    doctor = m.hopital.prescripteur(nom="Garde")
    doctor.affectation.services.clear()
    people.login(client, doctor)
    return doctor


def test_emergency_search_says_only_the_service(client):
    m = monde()
    dossier = named(m, S.A_VALIDER_PUI)
    emergency(client, m)
    text = client.post(reverse("access:urgence"), {"ipp": IPP}).content.decode()
    assert f"Un dossier existe dans le service {m.hopital.service.nom}" in text
    for secret in (NOM, PRENOM, dossier.numero, dossier.produit_nom, str(dossier.pk)):
        assert secret not in text


def test_emergency_opening_needs_a_reason_and_ends(client):
    m = monde()
    dossier = named(m, S.A_VALIDER_PUI)
    doctor = emergency(client, m)
    data = {"ipp": IPP, "service": m.hopital.service.pk, "motif": ""}
    address = reverse("access:urgence_ouvrir")
    refused = client.post(address, data)
    assert refused.status_code == 422
    assert not OuvertureUrgence.objects.exists()
    answer = client.post(address, data | {"motif": "Patient en réanimation cette nuit"})
    assert answer.url == url_of(dossier)
    opened = OuvertureUrgence.objects.get()
    assert opened.jusqu_a - opened.le == timedelta(hours=4)
    text = client.get(url_of(dossier)).content.decode()
    assert "Vous lisez ce dossier en urgence" in text
    assert journal.history(dossier).last().action == "open_in_emergency"
    OuvertureUrgence.objects.update(jusqu_a=now() - timedelta(minutes=1))
    text_for(client, doctor, dossier, status=404)


def test_emergency_stops_at_the_establishment(client):
    m, elsewhere = monde(), monde()
    named(m, S.A_VALIDER_PUI)
    emergency(client, elsewhere)
    text = client.post(reverse("access:urgence"), {"ipp": IPP}).content.decode()
    assert "Un dossier existe" not in text
    data = {"ipp": IPP, "service": m.hopital.service.pk, "motif": "Urgence vitale cette nuit"}
    assert client.post(reverse("access:urgence_ouvrir"), data).status_code == 422
    assert not OuvertureUrgence.objects.exists()


def test_head_of_service_sees_emergency_openings(client):
    m = monde()
    named(m, S.A_VALIDER_PUI)
    m.hopital.service.chef = m.prescripteur
    m.hopital.service.save()
    doctor = emergency(client, m)
    motif = "Patient en réanimation cette nuit"
    data = {"ipp": IPP, "service": m.hopital.service.pk, "motif": motif}
    client.post(reverse("access:urgence_ouvrir"), data)
    people.login(client, m.prescripteur)
    text = client.get("/").content.decode()
    assert motif in text
    assert doctor.full_name in text


def test_expired_authorisation_says_so(client):
    aac = aac_at(AacState.EXPIREE, jours=30)
    text = text_for(client, aac.monde.pharmacien, aac)
    assert "expirée" in text


def test_the_agency_is_told_of_the_first_request_on_a_product_and_indication(client):
    """CSP, R. 5121-74-1 II: the holder is informed at once, by the agency."""
    m = monde()
    first, second = dossier_at(S.TRANSMISE_ANSM, m), dossier_at(S.TRANSMISE_ANSM, m)
    other = brouillon(m, libre=True, mode="JUSTIFICATION")
    for move in ("submit", "transmit"):
        other = walk(other, m, move)
    said = "À informer de cette première demande"
    people.login(client, m.evaluateur)
    pages = [client.get(f"/dossiers/{d.pk}/").content.decode() for d in (first, second, other)]
    assert [said in page for page in pages] == [True, False, True]
    assert "rien ne part sans vous" in pages[0]
    people.login(client, m.prescripteur)
    assert said not in client.get(f"/dossiers/{first.pk}/").content.decode()
