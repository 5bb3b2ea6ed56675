"""A whole life of dossiers, every patient field a canary: no mail holds one, nor a verdict."""

from datetime import timedelta

import pytest
from django.core import mail

from access.models import DetailDemandeAac, Patient
from access.services.clock import run_clocks
from access.services.messages import write_message
from access.services.reminders import prepare_reminders
from engine.clocks import now
from engine.models import Outbox
from engine.outbox import relay
from referentiel.models import Produit
from tests.factories.dossiers import aac_at, brouillon, do, monde, walk

pytestmark = pytest.mark.django_db
CANARY = "Zquasar"
PATHS = (
    ["submit", "return", "submit", "transmit", "review", "ask", "contact"],
    ["submit", "transmit", "review", "contact", "refuse"],
    ["submit", "transmit", "review", "grant"],
    ["submit", "withdraw"],
)


def canaries(dossier):
    """A canary in every field a person typed about the patient and the treatment."""
    Patient.objects.filter(pk=dossier.patient_id).update(
        nom=CANARY, prenom=f"{CANARY}e", ipp=f"{CANARY}{dossier.pk.hex[:8]}"
    )
    Produit.objects.filter(pk=dossier.produit_id).update(nom=f"{CANARY} 5 MG", dci=CANARY)
    DetailDemandeAac.objects.filter(dossier=dossier).update(
        antecedents=CANARY, schema=CANARY, references=CANARY, indication=CANARY
    )
    type(dossier)._base_manager.filter(pk=dossier.pk).update(
        produit_nom=f"{CANARY} 5 MG", indication=CANARY
    )


@pytest.fixture
def mails(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path)
    return mail.outbox


def test_no_canary_in_any_mail(mails):
    m = monde()
    m.hopital.service.chef = m.prescripteur
    m.hopital.service.save()
    for path in PATHS:
        dossier = brouillon(m, mode="JUSTIFICATION")
        canaries(dossier)
        for move in path:
            dossier = walk(dossier, m, move)
            relay()
        write_message(dossier=dossier, by=m.pharmacien, audience="HOPITAL", texte=CANARY)
        relay()
    waiting = walk(brouillon(m, mode="JUSTIFICATION"), m, "submit")
    prepare_reminders(waiting.echeance)
    kept = walk(walk(brouillon(m, mode="JUSTIFICATION"), m, "submit"), m, "transmit")
    prepare_reminders(kept.transmitted_at.date() + timedelta(days=46))
    aac = aac_at(m=monde(), jours=20)
    prepare_reminders(aac.date_fin)
    relay()
    run_clocks(now())
    kinds = set(Outbox.objects.filter(kind="email", status="sent").values_list("name", flat=True))
    assert kinds >= {
        "demande_a_valider",
        "demande_retournee",
        "demande_transmise",
        "complement_demande",
        "demande_decidee",
        "demande_retiree",
        "demande_a_rappeler",
        "demande_en_attente",
        "message_recu",
        "rappel_expiration",
    }
    assert len(mails) > 20
    for sent in mails:
        whole = str(sent.message()) + sent.subject + sent.body
        assert CANARY.lower() not in whole.lower()
        assert "Z. Z." not in whole
        assert sent.subject == "[AAC] action attendue"


def test_the_complement_and_its_end_hold_no_canary(mails):
    m = monde()
    dossier = brouillon(m, mode="JUSTIFICATION")
    canaries(dossier)
    for move in ("submit", "transmit", "review", "ask"):
        dossier = walk(dossier, m, move)
    relay()
    asked = dossier.complements.get()
    prepare_reminders(asked.echeance)
    element = asked.elements.get()
    do(dossier, "answer_complement", m.prescripteur, **{f"reponse_{element.pk}": CANARY})
    relay()
    assert mails
    for sent in mails:
        assert CANARY.lower() not in (sent.subject + sent.body).lower()
