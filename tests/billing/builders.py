"""Invented hospitals, people and dispensings, just enough to bill."""

from datetime import date
from decimal import Decimal
from itertools import count

from access.models import Dispensation, Dossier, Patient
from billing.models import Administration, Prix, Sejour
from engine import clocks
from referentiel.models import (
    Affectation,
    CodeIndication,
    Etablissement,
    Organisation,
    Produit,
    Pui,
    Specialite,
    User,
)

serial = count(1)
UCDS = {"TEPKINLY": "9003517", "INDOCIN": "9321007", "HEPCLUDEX": "9000525"}


def make_etablissement(nom="CHU Fictif", finess="990000002", **fields):
    organisation = Organisation.objects.create(type="ETABLISSEMENT", nom=nom)
    return Etablissement.objects.create(
        organisation=organisation,
        **{"finess": finess, "finess_epmsi": finess, "mode_tarif": "0", **fields},
    )


def make_user(etablissement, role="FACTURATION", nom="Exemple"):
    user = User.objects.create(email=f"{role.lower()}{next(serial)}@exemple.invalid", nom=nom)
    pui = etablissement.puis.first() if role == "PHARMACIEN" else None
    affectation = Affectation.objects.create(
        user=user,
        role=role,
        organisation=etablissement.organisation,
        pui=pui,
        debut=date(2020, 1, 1),
        statut="ACTIVE",
    )
    return user.acting(affectation)


def make_pui(etablissement):
    return Pui.objects.create(etablissement=etablissement, nom=f"PUI {etablissement.finess}")


def make_specialite(nom="INDOCIN", ucd7=None, codes=("NINDO05",), **code_fields):
    produit = Produit.objects.create(nom=nom)
    specialite = Specialite.objects.create(
        produit=produit, ucd7=ucd7 or UCDS[nom], libelle=f"{nom} fictif"
    )
    for code in codes:
        add_code(specialite, code, **code_fields)
    return specialite


def add_code(specialite, code, **fields):
    values = {"debut": date(2022, 1, 1), "cadre_type": "AAC", "source": "lettre", **fields}
    return CodeIndication.objects.create(specialite=specialite, code=code, **values)


def make_patient(etablissement, nom="Fictive"):
    return Patient.objects.create(
        etablissement=etablissement,
        ipp=f"IPP{next(serial)}",
        nom=nom,
        prenom="Camille",
        naissance=date(1980, 5, 1),
        sexe="F",
    )


def make_aac(etablissement, patient, debut=date(2025, 1, 1), fin=date(2025, 12, 31)):
    now, number = clocks.now(), next(serial)
    common = {
        "organisation": etablissement.organisation,
        "patient": patient,
        "created_at": now,
        "touched_at": now,
    }
    demande = Dossier.objects.create(
        kind="DEMANDE_AAC",
        state="ACCORDEE",
        numero=f"DEM-2025-{number:06d}",
        sent_at=now,
        **common,
    )
    return Dossier.objects.create(
        kind="AAC",
        state="ACTIVE",
        numero=f"AAC-2025-{number:06d}",
        parent=demande,
        date_debut=debut,
        date_fin=fin,
        **common,
    )


def make_dispensation(
    etablissement,
    specialite,
    code="NINDO05",
    patient=None,
    aac=None,
    jour=date(2025, 3, 10),
    quantite="10",
    contexte="SEJOUR",
):
    patient = patient or make_patient(etablissement)
    pui = etablissement.puis.first() or make_pui(etablissement)
    user = make_user(etablissement, "PHARMACIEN")
    return Dispensation.objects.create(
        titre=aac or make_aac(etablissement, patient),
        patient=patient,
        etablissement=etablissement,
        pui=pui,
        specialite=specialite,
        code_indication=specialite.codes.filter(code=code).first(),
        lot="LOT1",
        peremption=date(2027, 1, 1),
        quantite=Decimal(quantite),
        jour=jour,
        contexte=contexte,
        ordonnance_date=jour,
        ordonnance_prescripteur="Dr Exemple",
        ordonnance_dose="1 par jour",
        ordonnance_duree_jours=10,
        mention_legale=True,
        par=user,
        le=clocks.now(),
    )


def make_sejour(
    etablissement,
    patient,
    numero="240012345",
    entree=date(2025, 3, 10),
    sortie=date(2025, 3, 20),
):
    return Sejour.objects.create(
        etablissement=etablissement, patient=patient, numero=numero, entree=entree, sortie=sortie
    )


def make_administration(dispensation, sejour, jour=date(2025, 3, 15), quantite="1", perte="0"):
    return Administration.objects.create(
        dispensation=dispensation,
        sejour=sejour,
        jour=jour,
        quantite=Decimal(quantite),
        perte=Decimal(perte),
        saisi_par=dispensation.par,
        saisi_le=clocks.now(),
    )


def make_prix(etablissement, specialite, prix="392", debut=date(2025, 1, 1), fin=None, by=None):
    return Prix.objects.create(
        etablissement=etablissement,
        specialite=specialite,
        prix_unitaire_ttc=Decimal(prix),
        source="Facture fictive",
        debut=debut,
        fin=fin,
        saisi_par=by or make_user(etablissement),
        saisi_le=clocks.now(),
    )


def make_worked_month(etablissement):
    """The three worked lines of the FICHCOMP format: M3 2025."""
    first, second = make_patient(etablissement), make_patient(etablissement)
    stays = {
        "240012345": make_sejour(etablissement, first),
        "240017890": make_sejour(etablissement, second, numero="240017890"),
    }
    worked = [
        ("TEPKINLY", "CEPCO01", "6250.125", "240012345", date(2025, 3, 12), "1"),
        ("INDOCIN", "NINDO05", "392", "240012345", date(2025, 3, 15), "2.5"),
        ("HEPCLUDEX", "NXXXX02", "188.3", "240017890", date(2025, 3, 20), "3"),
    ]
    for nom, code, prix, numero, jour, quantite in worked:
        specialite = make_specialite(nom, codes=(code,))
        make_prix(etablissement, specialite, prix)
        dispensation = make_dispensation(
            etablissement, specialite, code, patient=stays[numero].patient
        )
        make_administration(dispensation, stays[numero], jour, quantite)
