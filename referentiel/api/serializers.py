"""What the public API writes of the register."""

from rest_framework import serializers


class SpecialiteSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    ucd7 = serializers.CharField(allow_null=True)
    ucd13 = serializers.CharField()
    libelle = serializers.CharField()


class CritereSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    ordre = serializers.IntegerField()
    texte = serializers.CharField()
    attendu = serializers.BooleanField()
    exemple_fictif = serializers.BooleanField()


class CadreSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    produit_id = serializers.UUIDField()
    cadre = serializers.CharField(source="framework")
    indication = serializers.CharField()
    statut = serializers.CharField()
    debut = serializers.DateField(allow_null=True)
    fin = serializers.DateField(allow_null=True)
    code = serializers.CharField()
    criteres_publies = serializers.BooleanField()
    version_criteres = serializers.IntegerField()
    exemple_fictif = serializers.BooleanField()


class CodeSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    ucd7 = serializers.CharField(source="specialite.ucd7", allow_null=True)
    code = serializers.CharField()
    libelle = serializers.CharField()
    cadre = serializers.CharField(source="cadre_type")
    cadre_id = serializers.UUIDField(allow_null=True)
    generique = serializers.BooleanField()
    debut = serializers.DateField(allow_null=True)
    fin = serializers.DateField(allow_null=True)


class ProduitSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    nom = serializers.CharField()
    dci = serializers.CharField()
    forme = serializers.CharField()
    dosage = serializers.CharField()
    voie = serializers.CharField()
    laboratoire = serializers.CharField()
    exemple_fictif = serializers.BooleanField()
    specialites = SpecialiteSerializer(many=True, source="specialites.all")


class CadreFicheSerializer(CadreSerializer):
    id = serializers.UUIDField(source="cadre.id")
    produit_id = serializers.UUIDField(source="cadre.produit_id")
    cadre = serializers.CharField(source="cadre.framework")
    indication = serializers.CharField(source="cadre.indication")
    statut = serializers.CharField(source="cadre.statut")
    debut = serializers.DateField(source="cadre.debut", allow_null=True)
    fin = serializers.DateField(source="cadre.fin", allow_null=True)
    code = serializers.CharField(source="cadre.code")
    criteres_publies = serializers.BooleanField(source="cadre.criteres_publies")
    version_criteres = serializers.IntegerField(source="cadre.version_criteres")
    exemple_fictif = serializers.BooleanField(source="cadre.exemple_fictif")
    ouvert = serializers.BooleanField()
    criteres = CritereSerializer(many=True)
    codes = CodeSerializer(many=True)


class ProduitFicheSerializer(ProduitSerializer):
    """A product with its cadres, open or closed, their criteria and codes."""

    mentions_manquantes = serializers.ListField(child=serializers.CharField())
    cadres = CadreFicheSerializer(many=True)


class DocumentPublicSerializer(serializers.Serializer):
    """What is known of a version of a document; its text is on the sheet."""

    id = serializers.UUIDField()
    produit_id = serializers.UUIDField()
    cadre_id = serializers.UUIDField(allow_null=True)
    type = serializers.CharField()
    titre = serializers.CharField()
    version = serializers.CharField()
    langue = serializers.CharField()
    date_publication = serializers.DateField()
    date_effet = serializers.DateField()
    date_fin = serializers.DateField(allow_null=True)
    sha256 = serializers.CharField()
    source_url = serializers.CharField()
    remplace_id = serializers.UUIDField(allow_null=True)
    ajoute_le = serializers.DateTimeField()
    exemple_fictif = serializers.BooleanField()


class ChangementSerializer(serializers.Serializer):
    """One line of the public log."""

    id = serializers.UUIDField()
    le = serializers.DateTimeField()
    produit_id = serializers.UUIDField()
    produit = serializers.CharField(source="produit.nom")
    cadre_id = serializers.UUIDField(allow_null=True)
    nature = serializers.CharField()
    titre = serializers.CharField()
    champ = serializers.CharField()
    avant = serializers.CharField()
    apres = serializers.CharField()
    origine = serializers.CharField()


class MoiSerializer(serializers.Serializer):
    """Who acts, and what the token lets them do."""

    nom = serializers.CharField()
    role = serializers.CharField()
    organisation = serializers.CharField()
    affectation_id = serializers.UUIDField()
    portees = serializers.ListField(child=serializers.CharField())
