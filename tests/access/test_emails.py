"""E-mails: to whom, at what moment, and never a word of what the dossier holds."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core import mail
from django.template.loader import render_to_string

from access import emails
from access.models import DemandeAac
from access.selectors.recipients import Recipient, recipient_of, recipients
from access.services.messages import write_message
from access.states import Audience, DemandeAacState
from access.workflows.aac import AacWorkflow
from access.workflows.commande import CommandeWorkflow
from access.workflows.demande_aac import DemandeAacWorkflow
from engine.clocks import today
from engine.models import Outbox
from engine.outbox import Draft, relay, write
from engine.steps import steps_of
from referentiel.models import Affectation
from referentiel.roles import Role
from tests.factories import people
from tests.factories.dossiers import aac_at, do, dossier_at, monde, walk

pytestmark = pytest.mark.django_db

FOLDER = Path(django_settings.BASE_DIR) / "templates" / "emails"
KINDS = sorted(path.name for path in FOLDER.iterdir() if path.is_dir())
LISTS = {"changement_referentiel"}  # about several dossiers of a pharmacy, none named
ELSEWHERE = ("compte_", "suivi_", "publication_")  # of an account, of the référentiel
DOSSIER_KINDS = [kind for kind in KINDS if not kind.startswith(ELSEWHERE) and kind not in LISTS]
# A verdict, whatever its ending.
VERDICT = re.compile(
    r"accord|refus|favorab|autoris|octroy|suspen|rejet|class[ée]|motif|indication|produit|âge",
    re.IGNORECASE,
)


def rows(dossier, name):
    found = Outbox.objects.filter(kind="email", name=name, subject_id=dossier.pk)
    return sorted(found.values_list("recipient", flat=True))


def user(person):
    return f"user:{person.pk}"


def test_every_effect_of_a_workflow_has_its_templates():
    workflows = (DemandeAacWorkflow, AacWorkflow, CommandeWorkflow)
    named = {
        effect.name
        for workflow in workflows
        for spec in steps_of(workflow).values()
        for effect in spec.effects
        if effect.kind == "email"
    }
    assert named
    assert named <= set(KINDS)


@pytest.mark.parametrize("kind", DOSSIER_KINDS)
def test_a_mail_says_number_event_and_link_only(kind):
    dossier = dossier_at("TRANSMISE_ANSM")
    subject, body = emails.render(kind, dossier)
    assert subject == "[AAC] action attendue"
    assert dossier.numero in body
    assert f"/dossiers/{dossier.pk}/" in body
    text = body.replace("accès", "").replace("Accès", "")
    assert not VERDICT.search(text), VERDICT.search(text)
    for secret in (dossier.produit_nom, dossier.indication, dossier.initiales, dossier.patient.nom):
        assert secret not in body


@pytest.mark.parametrize("kind", KINDS)
def test_french_double_punctuation_has_a_no_break_space(kind):
    context = {"numero": "DEM-2026-000001", "lien": "https://exemple.invalid/", "simulation": True}
    body = render_to_string(f"emails/{kind}/corps.txt", context)
    assert not re.search(r"\w [:;!?]", body)
    assert "SIMULATION" in body


def test_the_decision_mail_is_the_same_whatever_the_decision():
    refused, granted = dossier_at("REFUSEE"), dossier_at("ACCORDEE")
    words = {
        emails.render("demande_decidee", d)[1].replace(d.numero, "DEM").replace(str(d.pk), "id")
        for d in (refused, granted)
    }
    assert len(words) == 1


def test_roles_become_people_and_the_shared_box():
    m = monde()
    interne = m.hopital.interne()
    dossier = dossier_at("A_VALIDER_PUI", m)
    DemandeAac.objects.filter(pk=dossier.pk).update(created_by=interne)
    dossier.created_by = interne
    box = f"pui:{m.hopital.pui.pk}"
    assert recipients(dossier, [Role.PRESCRIPTEUR]) == [user(m.prescripteur), user(interne)]
    assert recipients(dossier, [Role.PHARMACIEN]) == [box, user(m.pharmacien)]
    assert recipients(dossier, [Role.EVALUATEUR_ANSM]) == []


def test_a_writer_who_left_is_not_written_to():
    m = monde()
    interne = m.hopital.interne()
    dossier = dossier_at("A_VALIDER_PUI", m)
    dossier.created_by = interne
    Affectation.objects.filter(user=interne).update(statut="TERMINEE")
    assert recipients(dossier, [Role.PRESCRIPTEUR]) == [user(m.prescripteur)]


def test_without_box_nor_gerant_the_pharmacists_are_told():
    m = monde()
    m.hopital.pui.email = ""
    m.hopital.pui.save()
    Affectation.objects.filter(user=m.pharmacien).update(gerant=False)
    dossier = dossier_at("BROUILLON", m)
    assert recipients(dossier, [Role.PHARMACIEN]) == [user(m.pharmacien)]


def test_each_step_writes_to_those_concerned():
    dossier = dossier_at("REFUSEE")
    m = dossier.monde
    box = f"pui:{m.hopital.pui.pk}"
    assert rows(dossier, "demande_a_valider") == sorted([box, user(m.pharmacien)])
    assert rows(dossier, "demande_transmise") == [user(m.prescripteur)]
    assert rows(dossier, "demande_decidee") == sorted(
        [box, user(m.pharmacien), user(m.prescripteur)]
    )


def test_an_answer_waits_for_the_pharmacy_once_it_is_whole():
    dossier = dossier_at("EN_INSTRUCTION")
    m = dossier.monde
    asked = {
        "questions": "Bilan ?\nAvis de RCP ?",
        "echeance": (today() + timedelta(days=15)).isoformat(),
    }
    dossier = do(dossier, "ask_complement", m.evaluateur, **asked)
    first, second = dossier.complements.get().elements.all()
    do(dossier, "answer_complement", m.prescripteur, **{f"reponse_{first.pk}": "Voici."})
    assert rows(dossier, "complement_repondu") == []
    do(dossier, "answer_complement", m.prescripteur, **{f"reponse_{second.pk}": "Favorable."})
    box = f"pui:{m.hopital.pui.pk}"
    assert rows(dossier, "complement_repondu") == sorted([box, user(m.pharmacien)])


def test_who_withdraws_is_not_written_to_and_the_evaluator_is():
    dossier = dossier_at("EN_INSTRUCTION")
    m = dossier.monde
    walk(dossier, m, "withdraw")
    assert user(m.evaluateur) in rows(dossier, "demande_retiree")
    assert user(m.prescripteur) not in rows(dossier, "demande_retiree")


def test_a_mail_leaves_with_its_row_s_message_id_and_one_recipient():
    dossier = dossier_at("A_VALIDER_PUI")
    relay()
    assert {tuple(m.to) for m in mail.outbox} == {
        (dossier.pui.email,),
        (dossier.monde.pharmacien.email,),
    }
    sent = {m.extra_headers["Message-ID"] for m in mail.outbox}
    assert sent == set(Outbox.objects.filter(kind="email").values_list("message_id", flat=True))
    assert all(m.extra_headers["Auto-Submitted"] == "auto-generated" for m in mail.outbox)
    assert all(not m.cc and not m.bcc and not m.attachments for m in mail.outbox)


def one(dossier, name, recipient):
    """A single row on a dossier, delivered at once; its status and why."""
    Outbox.objects.all().delete()
    write(dossier, [Draft("email", name, "essai", recipient=recipient)])
    relay()
    row = Outbox.objects.get()
    return row.status, row.last_error


def test_a_closed_account_receives_nothing():
    dossier = dossier_at("TRANSMISE_ANSM")
    person = dossier.monde.prescripteur
    person.is_active = False
    person.save()
    assert one(dossier, "demande_transmise", user(person))[0] == "dropped"
    assert mail.outbox == []


def test_a_person_who_lost_the_right_receives_nothing():
    dossier = dossier_at("TRANSMISE_ANSM")
    person = dossier.monde.prescripteur
    Affectation.objects.filter(user=person).update(statut="TERMINEE")
    status, why = one(dossier, "demande_transmise", user(person))
    assert status == "dropped"
    assert "hors de la vue" in why


def test_a_stranger_s_pharmacy_receives_nothing():
    dossier = dossier_at("TRANSMISE_ANSM")
    other = people.hopital()
    assert one(dossier, "message_recu", f"pui:{other.pui.pk}")[0] == "dropped"


def test_a_call_to_act_on_a_dossier_that_moved_on_is_dropped():
    dossier = dossier_at("TRANSMISE_ANSM")
    status, why = one(dossier, "demande_a_valider", f"pui:{dossier.pui_id}")
    assert (status, why) == ("dropped", "le dossier a avancé")


def test_the_right_is_looked_for_under_each_affectation():
    """Someone who also works elsewhere still hears of this hospital's dossiers."""
    dossier = dossier_at("TRANSMISE_ANSM")
    person = dossier.monde.prescripteur
    elsewhere = people.hopital()
    people.acting(person, Role.PRESCRIPTEUR, elsewhere.organisation, [elsewhere.service])
    assert one(dossier, "demande_transmise", user(person))[0] == "sent"


def test_a_line_break_never_enters_a_header(monkeypatch):
    monkeypatch.setattr(emails, "render_to_string", lambda *a, **k: "[AAC] action\r\nBcc: x@y.z\n")
    subject, _ = emails.render("message_recu", dossier_at("TRANSMISE_ANSM"))
    assert "\n" not in subject
    assert "\r" not in subject


def test_an_unknown_recipient_is_nobody():
    assert recipient_of(f"pui:{people.hopital().service.pk}") is None
    assert isinstance(recipient_of(f"pui:{people.hopital().pui.pk}"), Recipient)


@pytest.mark.parametrize("audience", list(Audience))
def test_a_message_is_announced_to_its_other_readers(audience):
    dossier = dossier_at("EN_INSTRUCTION")
    m = dossier.monde
    write_message(dossier=dossier, by=m.prescripteur, audience=audience, texte="Bonjour.")
    told = rows(dossier, "message_recu")
    assert user(m.prescripteur) not in told
    assert user(m.pharmacien) in told
    assert (user(m.evaluateur) in told) == (audience == Audience.AGENCE)


def test_the_authorisation_s_end_is_told():
    aac = aac_at("EXPIREE")
    assert user(aac.prescripteur) in rows(aac, "aac_expiree")


def test_the_pages_of_operations(client, settings):
    dossier = dossier_at("A_VALIDER_PUI")
    relay()
    Outbox.objects.filter(recipient__startswith="user").update(status="failed", attempts=6)
    admin = people.admin()
    page = people.login(client, admin).get("/exploitation/").content.decode()
    assert "Distribution des envois" in page
    assert dossier.numero not in page
    assert client.post("/exploitation/relancer/").status_code == 302
    assert not Outbox.objects.filter(status="failed").exists()
    page = client.get("/courriels/").content.decode()
    assert "[AAC] action attendue" in page
    settings.PLACET_DEMO = False
    assert client.get("/courriels/").status_code == 404
    people.login(client, dossier.monde.prescripteur)
    assert client.get("/exploitation/").status_code == 403
    assert client.post("/exploitation/relancer/").status_code == 403


def test_states_that_cancel_a_mail_exist():
    states = {s for names in emails.ONLY_WHILE.values() for s in names}
    assert DemandeAacState.A_VALIDER_PUI in states
    assert set(emails.ONLY_WHILE) <= set(DOSSIER_KINDS)
