"""A cadre that closes stops an AAC asked for it: at sending, and at the pharmacy's transmission."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from access.models import DemandeAac, DossierTouche
from access.rules.cadre import FaitsCadre, closed_blockers, closing
from access.states import DemandeAacState as S
from engine.clocks import today
from engine.errors import Blocked
from engine.models import Outbox
from engine.outbox import relay
from referentiel.models import Specialite
from referentiel.services.changes import annonce, announce
from referentiel.services.imports import import_referentiel
from referentiel.states import NatureChangement, StatutCadre, TypeCadre
from tests.factories import people
from tests.factories.dossiers import brouillon, do, dossier_at, monde, walk
from tests.factories.medicines import CadreFactory
from tests.referentiel import samples

JOUR = date(2026, 11, 2)
ATIH = "ATIH, liste AP-AC-CPC, 2026-10"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        pytest.param({}, "", id="ouvert"),
        pytest.param({"fin": JOUR}, "", id="dernier jour"),
        pytest.param({"fin": date(2026, 11, 1)}, "a pris fin le 01/11/2026", id="fini hier"),
        pytest.param(
            {"fin": date(2026, 10, 31), "annonce_origine": ATIH},
            f"a pris fin le 31/10/2026 ({ATIH})",
            id="fini, source de la liste",
        ),
        pytest.param({"absente_depuis": date(2026, 11, 3)}, "", id="absent demain"),
        pytest.param(
            {"absente_depuis": JOUR, "annonce_origine": ATIH},
            f"n'est plus dans les listes officielles depuis le 02/11/2026 ({ATIH})",
            id="absent des listes",
        ),
        pytest.param(
            {"statut_ouvert": False, "statut": "Retirée", "annonce_le": date(2026, 9, 1)},
            "est fermé (« Retirée ») depuis le 01/09/2026",
            id="R.5121-74-8 retiré",
        ),
        pytest.param(
            {"statut_ouvert": False, "statut": "Fin d'octroi"},
            "est fermé (« Fin d'octroi »)",
            id="R.5121-74-9 sans date connue",
        ),
    ],
)
def test_a_closing_says_since_when_and_who_says_so(facts, sentence):
    found = closing(FaitsCadre(**({"jour": JOUR, "statut_ouvert": True} | facts)))
    assert (found.sentence if found else "") == sentence


def test_the_obstacle_offers_the_open_route_or_another_indication():
    found = closing(FaitsCadre(jour=JOUR, statut_ouvert=True, fin=date(2026, 10, 31)))
    (plain,) = closed_blockers(found)
    assert plain.code == "CADRE_FERME"
    assert "Choisissez une autre indication" in plain.message
    (routed,) = closed_blockers(found, "Un accès précoce est ouvert pour cette indication : X.")
    assert routed.message.endswith("Un accès précoce est ouvert pour cette indication : X.")
    assert closed_blockers(None) == []


def shut(cadre):
    """What the import of a list writes: the last day, and the line of the public log."""
    cadre.fin = today() - timedelta(days=1)
    cadre.save()
    announce(
        [annonce(cadre, NatureChangement.CADRE_FERME, "Le cadre ferme", champ="fin")],
        origine=ATIH,
    )


@pytest.mark.django_db
def test_open_when_drafted_closed_by_a_list_then_stopped_at_sending(client):
    m = monde()
    draft = brouillon(m)
    people.login(client, m.prescripteur)
    page = reverse("access:demande_relire", args=[draft.pk])
    assert "Le cadre ferme" not in client.get(page).content.decode()
    shut(m.medicament.cadre)
    CadreFactory(
        produit=m.medicament.produit, code="CFICT01", framework=TypeCadre.AAP,
        statut=StatutCadre.OCTROYEE, criteres_publies=False, version_criteres=0,
    )  # fmt: skip
    shown = client.get(page).content.decode().replace("\u00a0", " ")
    assert f"a pris fin le {today() - timedelta(days=1):%d/%m/%Y} ({ATIH})" in shown
    assert "Un accès précoce est ouvert" in shown
    fresh = DemandeAac.objects.get(pk=draft.pk)
    client.post(
        page, {"version": fresh.version, "engagement_conformite": "on",
               "engagement_information": "on"},
    )  # fmt: skip
    assert DemandeAac.objects.get(pk=draft.pk).state == S.BROUILLON
    with pytest.raises(Blocked) as stopped:
        walk(draft, m, "submit")
    assert "CADRE_FERME" in [blocker.code for blocker in stopped.value.blockers]


@pytest.mark.django_db
def test_closed_between_sending_and_transmission_is_stopped_at_the_pharmacy():
    m = monde()
    dossier = dossier_at(S.A_VALIDER_PUI, m)
    shut(m.medicament.cadre)
    with pytest.raises(Blocked) as stopped:
        walk(dossier, m, "transmit")
    assert [blocker.code for blocker in stopped.value.blockers] == ["CADRE_FERME"]
    walk(dossier, m, "return")
    assert DemandeAac.objects.get(pk=dossier.pk).state == S.RETOURNEE_PRESCRIPTEUR


@pytest.mark.django_db
def test_a_request_already_at_the_agency_goes_on():
    m = monde()
    dossier = dossier_at(S.COMPLEMENT_DEMANDE, m)
    shut(m.medicament.cadre)
    asked = dossier.complements.get()
    answers = {f"reponse_{element.pk}": "Bilan normal." for element in asked.elements.all()}
    do(dossier, "answer_complement", m.prescripteur, **answers)
    do(dossier, "retransmit", m.pharmacien)
    assert DemandeAac.objects.get(pk=dossier.pk).state == S.EN_INSTRUCTION


def release(folder, name, fin):
    """A release of the official list that holds the medicine of the tests, open or ended."""
    drug = Specialite.objects.get(codes__code="NFICT01")
    row = f"{drug.ucd7};;{drug.libelle};NFICT01;Maladie fictive de l'enfant;2021-07-01;{fin}"
    path = folder / name
    path.write_text("\n".join([samples.ATIH_HEADER, row, *samples.ATIH_ROWS, ""]), "utf-8")
    return path


@pytest.mark.django_db
def test_an_imported_list_that_closes_the_cadre_alerts_the_pharmacy_and_stops_the_sending(tmp_path):
    m = monde()
    draft, sent = brouillon(m), dossier_at(S.A_VALIDER_PUI, m)
    assert import_referentiel("atih", release(tmp_path, "liste_2026-09.csv", "")).accepted
    ended = today() - timedelta(days=1)
    rapport = import_referentiel("atih", release(tmp_path, "liste_2026-10.csv", ended.isoformat()))
    assert rapport.accepted
    relay()
    touched = DossierTouche.objects.values_list("dossier_id", flat=True)
    assert {draft.pk, sent.pk} <= set(touched)
    alerts = Outbox.objects.filter(kind="email", name="changement_referentiel")
    assert alerts.count() == 1
    with pytest.raises(Blocked) as stopped:
        walk(draft, m, "submit")
    assert "2026-10" in " ".join(blocker.message for blocker in stopped.value.blockers)
    with pytest.raises(Blocked):
        walk(sent, m, "transmit")
    assert DemandeAac.objects.get(pk=sent.pk).state == S.A_VALIDER_PUI
