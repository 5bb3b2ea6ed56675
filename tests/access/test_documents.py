"""The PDFs: mandatory mentions, one stored file, nothing fetched, served to the right people."""

import dataclasses
import hashlib
import subprocess
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pikepdf
import pytest
from django.urls import reverse

from access.documents import catalogue, commande, decision_aac, refus_aac, storage
from access.documents.parts import Agence
from access.models import Commande, Document
from engine.models import AccesLu, Outbox
from engine.outbox import Undeliverable, relay
from tests.factories import people
from tests.factories.dossiers import REFUS, aac_at, do, dossier_at, monde, walk

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "files")
    return Path(settings.MEDIA_ROOT)


def bytes_of(document):
    return storage.read(document.sha256)


def text_of(document, tmp_path):
    """The text people read, spaces made plain."""
    path = tmp_path / "document.pdf"
    path.write_bytes(bytes_of(document))
    out = subprocess.run(
        ["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True
    )
    return " ".join(out.stdout.replace("\u00a0", " ").split())


def accord(**fields):
    aac = aac_at(**fields)
    return aac, catalogue.make("decision_aac", aac.decision_origine)


@pytest.fixture
def decision(tmp_path):
    """A grant with every mention filled, its document and the text of it."""
    m = monde()
    m.prescripteur.telephone, m.prescripteur.qualite = "01 00 00 00 00", "Praticien hospitalier"
    m.prescripteur.save()
    m.hopital.pui.telephone = "01 00 00 00 01"
    m.hopital.pui.save()
    m.decideur.qualite = "Directeur fictif des autorisations"
    m.decideur.save()
    m.medicament.specialite.ucd13 = "3400890000001"
    m.medicament.specialite.save()
    aac, document = accord(m=m)
    return aac, document, text_of(document, tmp_path)


# CSP, R. 5121-74-3 I, then what Placet adds (aac.md, §5).
MENTIONS = {
    "R. 5121-74-3 I, prescriber's name": lambda a: a.prescripteur.full_name,
    "R. 5121-74-3 I, prescriber's e-mail": lambda a: a.prescripteur.email,
    "R. 5121-74-3 I, prescriber's phone": lambda a: "01 00 00 00 00",
    "R. 5121-74-3 I, PUI's name": lambda a: a.pui.nom,
    "R. 5121-74-3 I, PUI's e-mail": lambda a: a.pui.email,
    "R. 5121-74-3 I, PUI's phone": lambda a: "01 00 00 00 01",
    "R. 5121-74-3 I, initials": lambda a: "F. D.",
    "R. 5121-74-3 I, product": lambda a: a.produit.nom,
    "R. 5121-74-3 I, INN": lambda a: a.produit.dci,
    "R. 5121-74-3 I, form": lambda a: a.produit.forme,
    "R. 5121-74-3 I, strength": lambda a: a.produit.dosage,
    "R. 5121-36, prescription category": lambda a: a.produit.condition_prescription,
    "R. 5121-74-3 I, duration": lambda a: "180 jours",
    "R. 5121-74-3 I, PUT-SP on the agency's site": lambda a: (
        "publié sur le site internet de l'ANSM"
    ),
    "R. 5121-74-3 I, PUT-SP binds": lambda a: "Il s'impose au prescripteur",
    "§5, AAC number": lambda a: a.numero,
    "§5, request number": lambda a: a.parent.numero,
    "§5, indication": lambda a: a.indication,
    "§5, dosage": lambda a: "10 mg, 2 fois par jour, voie intraveineuse",
    "§5, quantity": lambda a: "180 unités UCD",
    "§5, UCD 7": lambda a: a.specialite.ucd7,
    "§5, UCD 13": lambda a: a.specialite.ucd13,
    "§5, indication code": lambda a: a.code_indication.code,
    "§5, conditions": lambda a: "Conditions particulières Aucune",
    "§5, decider": lambda a: a.decision_origine.decideur_nom,
    "§5, capacity": lambda a: "Directeur fictif des autorisations",
    "§5, delegation": lambda a: "par délégation",
    "§5, code, first half": lambda a: " ".join(
        a.decision_origine.code[n : n + 4] for n in range(0, 16, 4)
    ),
    "§5, agency's contact": lambda a: "service chargé des accès compassionnels",
    "stamp": lambda a: "SIMULATION – sans valeur",
}


def test_the_grant_carries_each_mandatory_mention(decision):
    aac, _, text = decision
    absent = [item for item, mention in MENTIONS.items() if mention(aac) not in text]
    assert not absent


def test_the_grant_never_names_the_patient(decision):
    aac, _, text = decision
    assert aac.patient.nom not in text
    assert aac.patient.prenom not in text
    assert aac.patient.ipp not in text


def test_the_grant_is_an_archived_tagged_french_pdf(decision, tmp_path):
    aac, document, _ = decision
    path = tmp_path / "grant.pdf"
    path.write_bytes(bytes_of(document))
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang) == "fr"
        assert bool(pdf.Root.MarkInfo.Marked)
        assert aac.numero in str(pdf.docinfo["/Title"])
        meta = pdf.open_metadata()
        assert meta["pdfaid:part"] == "3"
        assert meta["pdfaid:conformance"] == "A"
        assert len(pdf.pages) <= 2


def test_the_usual_grant_holds_on_one_page():
    _, document = accord()
    with pikepdf.open(Path(storage.settings.MEDIA_ROOT, document.fichier)) as pdf:
        assert len(pdf.pages) == 1


def test_every_page_bears_number_stamp_and_page(tmp_path):
    refused = dossier_at("EN_INSTRUCTION")
    m = refused.monde
    walk(refused, m, "contact")
    long = "Une phrase fictive assez longue pour remplir la page. " * 70
    do(refused, "refuse", m.decideur, **(REFUS | {"faits": long[:3900]}))
    document = catalogue.make("refus_aac", refused.decisions.get())
    path = tmp_path / "long.pdf"
    path.write_bytes(bytes_of(document))
    with pikepdf.open(path) as pdf:
        pages = len(pdf.pages)
    assert pages > 1
    for page in range(1, pages + 1):
        command = ["pdftotext", "-f", str(page), "-l", str(page), "-layout", path, "-"]
        text = subprocess.run(command, capture_output=True, text=True, check=True).stdout
        assert "SIMULATION – sans valeur" in text
        assert refused.numero in text
        assert f"page {page} sur {pages}" in text


def test_with_an_authority_key_nothing_is_stamped(settings, tmp_path):
    settings.PLACET_SIMULATION = False
    _, document = accord()
    assert "SIMULATION" not in text_of(document, tmp_path)


REFUSAL = [
    "Efficacité et sécurité non présumées en l'état des données",
    "R. 5121-74-2",
    REFUS["faits"],
    "L. 411-2",
    "deux mois",
    "R. 421-1",
    "R. 421-5",
    "tribunal administratif de Montreuil",
    "recours gracieux",
    "par délégation",
    "F. D.",
    "SIMULATION – sans valeur",
]


def test_the_refusal_says_law_facts_and_remedies(tmp_path):
    refused = dossier_at("REFUSEE")
    text = text_of(catalogue.make("refus_aac", refused.decisions.get()), tmp_path)
    assert not [mention for mention in [*REFUSAL, refused.numero] if mention not in text]


def test_a_refusal_of_a_product_outside_the_referentiel_uses_the_words_of_the_request(tmp_path):
    refused = dossier_at("REFUSEE", libre=True, mode="JUSTIFICATION")
    text = text_of(catalogue.make("refus_aac", refused.decisions.get()), tmp_path)
    assert "PRODUIT LIBRE FICTIF" in text
    assert "comprimé, 5 mg" in text


def test_the_acknowledgement_gives_date_number_service_and_remedies(tmp_path):
    sent = dossier_at("TRANSMISE_ANSM")
    text = text_of(catalogue.make("accuse_reception", sent), tmp_path)
    for mention in (
        sent.numero,
        "R. 112-5",
        "143-147, boulevard Anatole-France",
        "aucune décision née du silence",
        "deux mois",
        "R. 421-1",
    ):
        assert mention in text
    assert sent.initiales not in text
    assert sent.produit_nom not in text


def test_the_order_form_names_no_patient(tmp_path):
    aac = aac_at()
    order = Commande.objects.get(titre=aac)
    text = text_of(catalogue.make("commande", order), tmp_path)
    for mention in (order.numero, aac.numero, aac.pui.nom, "180", aac.specialite.ucd7):
        assert mention in text
    assert aac.initiales not in text
    assert aac.prescripteur.nom not in text
    copied = commande.text(commande.build(order))
    assert order.numero in copied
    assert aac.numero in copied
    assert aac.initiales not in copied


def values(context):
    """Every value a template can reach from a context."""
    for field in dataclasses.fields(context):
        value = getattr(context, field.name)
        if dataclasses.is_dataclass(value):
            yield from values(value)
        else:
            yield field.name, value


PLAIN = (str, int, bool, Decimal, date, datetime, type(None))


def test_a_context_holds_no_model_and_no_query():
    aac, refused = aac_at(), dossier_at("REFUSEE")
    contexts = [
        decision_aac.build(aac.decision_origine),
        refus_aac.build(refused.decisions.get()),
        commande.build(Commande.objects.get(titre=aac)),
    ]
    for context in contexts:
        assert not [name for name, value in values(context) if not isinstance(value, PLAIN)]
        with pytest.raises(dataclasses.FrozenInstanceError):
            context.numero = "autre"


def test_two_renders_give_the_same_bytes_and_one_document():
    aac = aac_at()
    first = catalogue.make("decision_aac", aac.decision_origine)
    bytes_before = bytes_of(first)
    again = catalogue.make("decision_aac", aac.decision_origine)
    assert again.pk == first.pk
    first.delete()
    rebuilt = catalogue.make("decision_aac", aac.decision_origine)
    assert bytes_of(rebuilt) == bytes_before
    assert Document.objects.count() == 1


def test_a_relay_that_loses_the_race_serves_the_winner():
    aac = aac_at()
    first = catalogue.make("decision_aac", aac.decision_origine)

    source = aac.decision_origine
    modele = catalogue.MODELES["decision_aac"]
    again = catalogue._store(modele, f"decision_aac:{source.pk}", "decision_aac", source)
    assert again.pk == first.pk


def test_the_outbox_makes_the_documents_of_the_steps():
    aac = aac_at()
    relay()
    natures = Document.objects.filter(dossier=aac.parent).values_list("nature", flat=True)
    assert sorted(natures) == ["ACCUSE_RECEPTION", "DECISION_AAC"]
    assert not Outbox.objects.filter(kind="document").exclude(status="sent").exists()


def test_an_unknown_document_is_dropped():
    with pytest.raises(Undeliverable):
        catalogue.deliver(Outbox(kind="document", name="inconnu"))


def test_the_renderer_reads_nothing_outside_the_bundle(tmp_path):
    from weasyprint.urls import FatalURLFetchingError

    from access.documents.rendering import BundledFetcher

    fetcher = BundledFetcher(allowed_protocols={"data"})
    assert b"@page" in fetcher.fetch("placet:placet/pdf.css").read()
    for refused in (
        "file:///etc/passwd",
        "http://127.0.0.1/",
        "placet:placet/../../etc/passwd",
        "placet:placet/absent.css",
    ):
        with pytest.raises(FatalURLFetchingError):
            fetcher.fetch(refused)


def test_a_document_too_long_is_not_stored(monkeypatch):
    from access.documents import rendering

    monkeypatch.setattr(rendering, "MAX_PAGES", 0)
    with pytest.raises(rendering.RenderingError):
        accord()
    assert not Document.objects.exists()


def test_what_people_type_is_escaped():
    refused = dossier_at("EN_INSTRUCTION")
    m = refused.monde
    walk(refused, m, "contact")
    do(refused, "refuse", m.decideur, **(REFUS | {"faits": '<img src="file:///etc/passwd">'}))
    catalogue.make("refus_aac", refused.decisions.get())  # an address would have raised


# --- serving ---------------------------------------------------------------------------


def url(document):
    return reverse("access:document", args=[document.pk])


def test_the_document_is_served_as_stored_and_the_reading_is_kept(client):
    aac, document = accord()
    answer = people.login(client, aac.monde.prescripteur).get(url(document))
    assert answer.status_code == 200
    assert hashlib.sha256(answer.content).hexdigest() == document.sha256
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"].startswith("sandbox")
    disposition = answer.headers["Content-Disposition"]
    assert disposition == f'attachment; filename="decision-aac-{aac.numero}.pdf"'
    assert AccesLu.objects.filter(page="document:DECISION_AAC").exists()


def test_another_hospital_finds_nothing(client):
    _, document = accord()
    stranger = people.hopital().pharmacien()
    assert people.login(client, stranger).get(url(document)).status_code == 404


def test_the_order_form_is_the_pharmacy_s_alone(client):
    aac = aac_at()
    document = catalogue.make("commande", Commande.objects.get(titre=aac))
    m = aac.monde
    for who, status in ((m.pharmacien, 200), (m.prescripteur, 404), (m.evaluateur, 404)):
        assert people.login(client, who).get(url(document)).status_code == status


@pytest.mark.parametrize("harm", ["missing", "altered"])
def test_a_harmed_file_gives_a_clear_page(client, files, harm):
    aac, document = accord()
    path = files / document.fichier
    path.unlink() if harm == "missing" else path.write_bytes(b"%PDF-1.7 autre")
    answer = people.login(client, aac.monde.prescripteur).get(url(document))
    assert answer.status_code == 503
    assert "ne peut pas être servi" in answer.content.decode()


def test_the_agency_is_not_dressed_as_the_state():
    assert "République" not in Agence().nom
