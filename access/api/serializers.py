"""What the API shows of dossiers: explicit fields, fewer for the agency than for the hospital."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from access.models import DetailDemandeAac, Patient
from access.selectors.wording import age_of, initials_of, tag_kind
from engine.api import BlocageSerializer, StrictSerializer


def user_of(serializer: serializers.BaseSerializer) -> Any:
    return serializer.context["request"].user


class LigneSerializer(serializers.Serializer):
    """One dossier in a list."""

    id = serializers.UUIDField()
    type = serializers.CharField(source="kind")
    etat = serializers.CharField(source="state")
    etat_libelle = serializers.CharField(source="get_state_display")
    version = serializers.IntegerField()
    numero = serializers.CharField(allow_null=True)
    nom = serializers.CharField(source="nom_affiche")
    produit = serializers.CharField(source="produit_nom")
    indication = serializers.CharField()
    initiales = serializers.SerializerMethodField()
    age = serializers.SerializerMethodField()
    etablissement = serializers.CharField(source="organisation.nom")
    service = serializers.CharField(source="service.nom", default="")
    prescripteur = serializers.CharField(source="prescripteur.full_name", default="")
    urgent = serializers.BooleanField()
    tour = serializers.CharField()
    tour_nom = serializers.CharField()
    tour_depuis = serializers.DateTimeField(allow_null=True)
    echeance = serializers.DateField(allow_null=True)
    echeance_libelle = serializers.CharField()
    date_debut = serializers.DateField(allow_null=True)
    date_fin = serializers.DateField(allow_null=True)
    modifie_le = serializers.DateTimeField(source="touched_at")

    def get_initiales(self, dossier: Any) -> str:
        return initials_of(dossier, user_of(self))

    def get_age(self, dossier: Any) -> str:
        return age_of(dossier, user_of(self))


class PatientSerializer(serializers.ModelSerializer):
    """The identity: for the hospital only."""

    class Meta:
        model = Patient
        fields = ("id", "ipp", "nom", "prenom", "naissance", "sexe")
        read_only_fields = fields


ASKED = (
    "type_demande", "poids_kg", "taille_cm", "surface_m2", "age_gestationnel_sa", "libre_nom",
    "libre_dci", "libre_forme", "libre_dosage", "libre_voie", "libre_exploitant",
    "libre_pays_amm", "indication", "indication_code", "dose", "dose_unite", "frequence", "voie",
    "schema", "unites_par_jour", "duree_jours", "date_debut_souhaitee", "differable", "gravite",
    "mode_justification", "justif_inclusion", "justif_alternative", "justif_efficacite",
    "references", "aucun_traitement_anterieur", "aucun_traitement_motif", "essai_en_cours",
    "essai_numero", "essai_motif", "antecedents", "avis_rcp", "avis_rcp_date", "avis_rcp_centre",
    "poursuite_motif", "pharmacie_criteres", "pharmacie_quantite", "pharmacie_fournisseur",
    "pharmacie_commentaire", "voie_instruction",
)  # fmt: skip
# The copy made at sending: all the agency ever sees of the person.
PSEUDONYM = (
    "initiale_nom", "initiale_prenom", "naissance", "sexe", "age_valeur", "age_unite",
)  # fmt: skip


class ColumnsSerializer(serializers.ModelSerializer):
    """Columns read as they are: a choice not made yet is an empty text."""

    def build_standard_field(self, field_name: str, model_field: Any) -> Any:
        field, options = super().build_standard_field(field_name, model_field)
        if issubclass(field, serializers.ChoiceField):
            return serializers.CharField, {"read_only": True}
        return field, options


class DetailHopitalSerializer(ColumnsSerializer):
    """The request as its hospital wrote it."""

    class Meta:
        model = DetailDemandeAac
        fields = ASKED
        read_only_fields = fields


class DetailAgenceSerializer(ColumnsSerializer):
    """The request as the agency reads it, with its own work."""

    evaluateur = serializers.CharField(source="evaluateur.full_name", default="")

    class Meta:
        model = DetailDemandeAac
        fields = (*ASKED, *PSEUDONYM, "evaluateur", "proposition", "proposition_texte")
        read_only_fields = fields


class CritereReponduSerializer(serializers.Serializer):
    texte = serializers.CharField()
    reponse = serializers.CharField()
    precision = serializers.CharField(allow_blank=True)
    statut = serializers.CharField(source="label")
    exemple_fictif = serializers.BooleanField(source="fictif")


class ElementSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    question = serializers.CharField()
    reponse = serializers.CharField()


class ComplementSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    demandee_le = serializers.DateTimeField()
    echeance = serializers.DateField()
    cloturee_le = serializers.DateTimeField(allow_null=True)
    elements = ElementSerializer(many=True, source="elements.all")


class DecisionSerializer(serializers.Serializer):
    """A decision, in full for those who read the dossier."""

    id = serializers.UUIDField()
    decision = serializers.CharField(source="type")
    code = serializers.CharField()
    decideur = serializers.CharField(source="decideur_nom")
    qualite = serializers.CharField(source="decideur_qualite")
    le = serializers.DateTimeField()
    motif_refus = serializers.CharField(source="motif")
    faits = serializers.CharField()
    conditions = serializers.CharField()
    date_debut = serializers.DateField(allow_null=True)
    date_fin = serializers.DateField(allow_null=True)
    quantite_max = serializers.DecimalField(max_digits=10, decimal_places=3, allow_null=True)


class EtapeSerializer(serializers.Serializer):
    """A step the person may do now, and what blocks it."""

    nom = serializers.CharField(source="name")
    libelle = serializers.CharField(source="label")
    prete = serializers.BooleanField(source="ready")
    irreversible = serializers.BooleanField(source="spec.danger")
    consequence = serializers.CharField(source="spec.consequence")
    blocages = BlocageSerializer(many=True, source="blockers")


class DossierSerializer(LigneSerializer):
    """A whole dossier, as its reader may see it. State and version are read only."""

    patient = serializers.SerializerMethodField()
    demande = serializers.SerializerMethodField()
    demande_id = serializers.SerializerMethodField()
    autorisation_id = serializers.SerializerMethodField()
    produit_id = serializers.UUIDField(allow_null=True)
    specialite_id = serializers.UUIDField(allow_null=True)
    cadre_id = serializers.UUIDField(allow_null=True)
    code_indication = serializers.CharField(source="code_indication.code", default="")
    quantite_max = serializers.DecimalField(max_digits=10, decimal_places=3, allow_null=True)
    envoye_le = serializers.DateTimeField(source="sent_at", allow_null=True)
    transmis_le = serializers.DateTimeField(source="transmitted_at", allow_null=True)
    decide_le = serializers.DateTimeField(source="decided_at", allow_null=True)
    couleur = serializers.SerializerMethodField()
    criteres = CritereReponduSerializer(many=True, source="page.criteria")
    complements = ComplementSerializer(many=True, source="page.complements")
    decisions = DecisionSerializer(many=True, source="page.decisions")
    etapes = EtapeSerializer(many=True, source="page.offers")

    @extend_schema_field(PatientSerializer(allow_null=True))
    def get_patient(self, dossier: Any) -> Any:
        patient = dossier.page.patient
        return PatientSerializer(patient).data if patient is not None else None

    @extend_schema_field(DetailAgenceSerializer)
    def get_demande(self, dossier: Any) -> Any:
        hospital = dossier.page.hospital
        serializer = DetailHopitalSerializer if hospital else DetailAgenceSerializer
        return serializer(dossier.page.demande.detail_aac).data

    def get_demande_id(self, dossier: Any) -> str:
        return str(dossier.page.demande.pk)

    def get_autorisation_id(self, dossier: Any) -> str | None:
        return str(dossier.page.aac.pk) if dossier.page.aac is not None else None

    def get_couleur(self, dossier: Any) -> str:
        return tag_kind(dossier, user_of(self))


class MessageSerializer(serializers.Serializer):
    auteur = serializers.CharField(source="author")
    le = serializers.DateTimeField(source="at")
    texte = serializers.CharField(source="text")
    lecteurs = serializers.CharField(source="audience")
    de_moi = serializers.BooleanField(source="mine")


class PieceSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    nature = serializers.CharField(source="libelle")
    type_mime = serializers.CharField()
    taille = serializers.IntegerField()
    sha256 = serializers.CharField()
    controlee = serializers.BooleanField(source="saine")
    ajoutee_le = serializers.DateTimeField()


class DocumentSerializer(serializers.Serializer):
    id = serializers.UUIDField()
    nature = serializers.CharField()
    libelle = serializers.CharField(source="get_nature_display")
    sha256 = serializers.CharField()
    taille = serializers.IntegerField()
    cree_le = serializers.DateTimeField()


# --- Forms told, and their inputs -------------------------------------------------------


class ChoixSerializer(serializers.Serializer):
    valeur = serializers.CharField()
    libelle = serializers.CharField()


class ChampSerializer(serializers.Serializer):
    """One field of a form, as a program needs it."""

    nom = serializers.CharField()
    libelle = serializers.CharField()
    type = serializers.CharField()
    obligatoire = serializers.BooleanField()
    aide = serializers.CharField()
    valeur = serializers.JSONField(allow_null=True)
    choix = ChoixSerializer(many=True)


class FormulaireSerializer(serializers.Serializer):
    version = serializers.IntegerField()
    champs = ChampSerializer(many=True)
    blocages = BlocageSerializer(many=True)


MOST = 2**31 - 1


class EtapeDemandeeSerializer(StrictSerializer):
    """A step asked for: the version seen, and the values of its form."""

    version = serializers.IntegerField(min_value=0, max_value=MOST)
    data = serializers.DictField(  # type: ignore[assignment]
        child=serializers.JSONField(allow_null=True), required=False
    )


class OuvertureSerializer(StrictSerializer):
    """A new draft, with its product when it is in the référentiel."""

    produit = serializers.UUIDField(required=False, allow_null=True)
    cadre = serializers.UUIDField(required=False, allow_null=True)


class SaisieSerializer(StrictSerializer):
    """Values of the request form to keep; `produit` changes the product."""

    version = serializers.IntegerField(min_value=0, max_value=MOST)
    produit = serializers.UUIDField(required=False, allow_null=True)
    data = serializers.DictField(  # type: ignore[assignment]
        child=serializers.JSONField(allow_null=True), required=False
    )


class VersionSerializer(StrictSerializer):
    version = serializers.IntegerField(min_value=0, max_value=MOST)


class MessageEcritSerializer(StrictSerializer):
    texte = serializers.CharField()
    audience = serializers.CharField(required=False)


class PieceJointeSerializer(StrictSerializer):
    """A file of a named nature (multipart)."""

    libelle = serializers.CharField()
    fichier = serializers.FileField()
