"""What the API shows of billing: stays, billable units, months; nothing clinical."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from engine.api import StrictSerializer


def number(digits: int = 14, places: int = 3, **more: Any) -> serializers.DecimalField:
    return serializers.DecimalField(max_digits=digits, decimal_places=places, **more)


class CumulSerializer(serializers.Serializer):
    lignes = serializers.IntegerField()
    montant = number(20)


class EnvoiSerializer(serializers.Serializer):
    """A file made: its checksum and how to download it."""

    id = serializers.UUIDField()
    nom = serializers.CharField()
    simulation = serializers.BooleanField()
    sha256 = serializers.CharField()
    taille = serializers.IntegerField()
    lignes = serializers.IntegerField()
    total = number(20)
    cree_le = serializers.DateTimeField()


class MoisSerializer(serializers.Serializer):
    """A month as it was last prepared."""

    annee = serializers.IntegerField(source="periode.annee")
    mois = serializers.IntegerField(source="periode.mois")
    libelle = serializers.CharField(source="label")
    preparee_le = serializers.DateTimeField(
        source="preparation.preparee_le", allow_null=True, default=None
    )
    prete = CumulSerializer()
    bloquee = CumulSerializer()
    en_attente = CumulSerializer()
    exclue = CumulSerializer()
    envoi = EnvoiSerializer(allow_null=True)


class MotifSerializer(serializers.Serializer):
    """Why lines are held back, and the control of DRUIDES it prevents."""

    code = serializers.CharField()
    message = serializers.CharField()
    etat = serializers.CharField()
    lignes = serializers.IntegerField()
    montant = number(20, allow_null=True)
    evite = serializers.CharField()


class MoisDetailSerializer(MoisSerializer):
    motifs = MotifSerializer(many=True)
    saisies_depuis = serializers.IntegerField()
    change_depuis = serializers.BooleanField()


class LigneFichcompSerializer(serializers.Serializer):
    """A prepared line."""

    id = serializers.UUIDField()
    numero_sejour = serializers.CharField()
    sortie = serializers.DateField(allow_null=True)
    jour = serializers.DateField()
    ucd7 = serializers.CharField()
    libelle = serializers.CharField()
    nombre = number()
    prix_unitaire = number(12, 4, allow_null=True)
    montant = number(18, allow_null=True)
    code_indication = serializers.CharField()
    etat = serializers.CharField()
    motif = serializers.CharField()


class ADispenserSerializer(serializers.Serializer):
    """A dispensing whose units wait for their stay."""

    id = serializers.UUIDField()
    titre = serializers.CharField(source="titre.nom_affiche")
    patient = serializers.CharField(source="patient.initiales")
    specialite = serializers.CharField(source="specialite.libelle")
    jour = serializers.DateField()
    quantite = number(10)
    reste = number(12)


class SejourSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    numero = serializers.CharField()
    patient_nom = serializers.CharField(source="patient.nom")
    patient_prenom = serializers.CharField(source="patient.prenom")
    entree = serializers.DateField()
    sortie = serializers.DateField(allow_null=True)
    administrations = serializers.IntegerField(source="nombre")


class AdministrationSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    sejour_id = serializers.UUIDField()
    numero_sejour = serializers.CharField(source="sejour.numero")
    dispensation_id = serializers.UUIDField()
    jour = serializers.DateField()
    quantite = number(10)
    perte = number(10)


class SejourDetailSerializer(SejourSerializer):
    """A stay with what was given during it."""

    liste = AdministrationSerializer(source="administrations.all", many=True)


class PrixSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    ucd7 = serializers.CharField(source="specialite.ucd7", allow_null=True)
    specialite = serializers.CharField(source="specialite.libelle")
    prix_unitaire_ttc = number(12, 4)
    source_prix = serializers.CharField(source="source")
    debut = serializers.DateField()
    fin = serializers.DateField(allow_null=True)


# --- Inputs: the same names as the forms of the pages ------------------------------------


class AdministrationSaisieSerializer(StrictSerializer):
    dispensation = serializers.UUIDField()
    numero_sejour = serializers.CharField()
    entree = serializers.DateField()
    sortie = serializers.DateField(required=False, allow_null=True)
    jour = serializers.DateField()
    quantite = number(10)
    perte = number(10, required=False)
    validation = serializers.CharField(required=False, allow_blank=True)


class DatesSejourSerializer(StrictSerializer):
    """The dates to correct; the one left out stays."""

    entree = serializers.DateField(required=False)
    sortie = serializers.DateField(required=False, allow_null=True)


class PrixSaisiSerializer(StrictSerializer):
    ucd7 = serializers.CharField()
    prix_unitaire_ttc = number(12, 4)
    source = serializers.CharField()  # type: ignore[assignment]
    debut = serializers.DateField()
    fin = serializers.DateField(required=False, allow_null=True)


class ControleSerializer(StrictSerializer):
    inclure_zero = serializers.BooleanField(required=False)


class RienSerializer(StrictSerializer):
    """No value is asked."""
