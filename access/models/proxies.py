"""One proxy of the dossier per state machine, with the facts its rules read."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, ClassVar, cast

from django.db import models
from django.db.models import Sum

from access.models.demande_aac import DetailDemandeAac
from access.models.dossier import Dossier
from access.querysets import DossierQuerySet
from access.rules.aac import Droit, FaitsAac, Passage, covers
from access.rules.cadre import FaitsCadre, Fermeture, closing
from access.rules.faits_demande import CritereFait, FaitsDemande
from access.rules.identite import initiale
from access.states import EDITABLE, Kind
from access.workflows.aac import AacWorkflow
from access.workflows.demande_aac import DemandeAacWorkflow
from engine import journal
from engine.clocks import local
from referentiel import parametres
from referentiel.rules.ouverture import is_closed_by_status
from referentiel.selectors import medicines
from referentiel.selectors.changes import last_closing
from referentiel.selectors.people import may_transmit_for
from referentiel.states import StatutCadre

JUSTIFICATIONS = ("justif_inclusion", "justif_alternative", "justif_efficacite")
LIBRE = ("libre_nom", "libre_dci", "libre_forme", "libre_dosage", "libre_voie")


class KindManager(models.Manager.from_queryset(DossierQuerySet)):  # type: ignore[misc]
    """Only the rows of the proxy's kind."""

    def get_queryset(self) -> DossierQuerySet:
        return super().get_queryset().filter(kind=self.model.KIND)


class DemandeAac(DemandeAacWorkflow, Dossier):
    """A request for a named-patient authorisation."""

    KIND = Kind.DEMANDE_AAC
    objects: ClassVar[Any] = KindManager()

    class Meta:
        proxy = True
        verbose_name = "demande d'AAC"
        verbose_name_plural = "demandes d'AAC"

    @property
    def detail(self) -> DetailDemandeAac:
        return self.detail_aac

    def parts(self) -> list[models.Model]:
        """The request's detail row."""
        return [self.detail_aac]

    def facts(self, at: datetime, by: Any = None) -> FaitsDemande:
        """Read what the rules of a request need, the parameters in force included."""
        day = local(at).date()
        detail = self.detail_aac
        return FaitsDemande(
            jour=day,
            parametres=parametres.en_vigueur(day),
            actor_id=by.pk if by is not None else None,
            created_by_id=self.created_by_id,
            prescripteur_id=self.prescripteur_id,
            transmitted_by_id=self.transmitted_by_id,
            may_transmit=self._may_transmit(by, day),
            prescripteur_nomme=self.prescripteur_id is not None,
            pui_active=self.pui is not None and self.pui.active,
            pieces_non_controlees=self.pieces.filter(saine=False).count(),
            **self._patient_facts(),
            **self._product_facts(day),
            **self._disease_facts(),
            **self._agency_facts(),
            dose=detail.dose,
            dose_unite=detail.dose_unite,
            frequence=detail.frequence,
            voie=detail.voie,
            unites_par_jour=detail.unites_par_jour,
            duree_jours=detail.duree_jours,
            date_debut=detail.date_debut_souhaitee,
        )

    def _may_transmit(self, by: Any, day: date) -> bool:
        return (
            by is not None and by.affectation is not None and may_transmit_for(by, self.pui_id, day)
        )

    def _patient_facts(self) -> dict[str, Any]:
        detail, patient = self.detail_aac, self.patient
        return {
            "has_patient": patient is not None,
            "sans_initiales": patient is not None
            and not (initiale(patient.nom) and initiale(patient.prenom)),
            "naissance": patient.naissance if patient else None,
            "sexe": patient.sexe if patient else "",
            "poids_kg": detail.poids_kg,
            "schema_par_surface": "m²" in detail.dose_unite,
            "surface_m2": detail.surface_m2,
            "demande_age_gestationnel": bool(self.produit and self.produit.age_gestationnel_requis),
            "age_gestationnel_sa": detail.age_gestationnel_sa,
        }

    def _product_facts(self, day: date) -> dict[str, Any]:
        detail, cadre = self.detail_aac, self.cadre
        answers = {r.critere_id: r.reponse for r in self.reponses_criteres.all()}
        criteres = tuple(
            CritereFait(c.texte, c.attendu, answers.get(c.pk)) for c in self.criteres()
        )
        missing = medicines.mentions_manquantes(self.produit) if self.produit else ["le produit"]
        return {
            "has_produit": self.produit_id is not None,
            "libre": {name: getattr(detail, name) for name in LIBRE},
            "indication": self.indication,
            "cadre_ferme": self._closing(day),
            "cadre_publie_des_criteres": bool(criteres),
            "criteres": criteres,
            "acces_tres_precoce": bool(cadre and cadre.statut == StatutCadre.ACCES_TRES_PRECOCE),
            "autre_route": self.autre_route(day),
            "poursuite_motif": detail.poursuite_motif,
            "mentions_manquantes": tuple(missing),
        }

    def _closing(self, day: date) -> Fermeture | None:
        """The closing of the cadre asked for, with its source in the public log."""
        cadre = self.cadre
        if cadre is None or cadre.is_open(day):
            return None
        said = last_closing(cadre)
        return closing(
            FaitsCadre(
                jour=day,
                statut_ouvert=not is_closed_by_status(cadre.statut, cadre.ferme_depuis, day),
                statut=cadre.get_statut_display(),
                fin=cadre.fin,
                absente_depuis=cadre.absente_depuis,
                annonce_le=local(said.le).date() if said else None,
                annonce_origine=said.origine if said else "",
            )
        )

    def _disease_facts(self) -> dict[str, Any]:
        detail = self.detail_aac
        return {
            "differable": detail.differable,
            "gravite": tuple(detail.gravite),
            "mode": detail.mode_justification,
            "justifications": {name: getattr(detail, name) for name in JUSTIFICATIONS},
            "references": detail.references,
            "traitements_anterieurs": self.traitements_anterieurs.count(),
            "aucun_traitement": detail.aucun_traitement_anterieur,
            "aucun_traitement_motif": detail.aucun_traitement_motif,
            "essai_en_cours": detail.essai_en_cours,
            "essai_numero": detail.essai_numero,
            "essai_motif": detail.essai_motif,
        }

    def _agency_facts(self) -> dict[str, Any]:
        detail = self.detail_aac
        open_one = self.complements.filter(cloturee_le=None).first()
        relance = open_one.relancee_le if open_one else None
        return {
            "evaluateur_id": detail.evaluateur_id,
            "lien_ecarte": detail.sans_lien_le is not None,
            "contacts": self.contacts.count(),
            "elements_sans_reponse": (
                open_one.elements.filter(reponse="").count() if open_one else 0
            ),
            "complement_echeance": open_one.echeance if open_one else None,
            "complement_relance": local(relance).date() if relance else None,
        }

    def criteres(self) -> list[Any]:
        """The criteria asked: those answered once sent, be there none, else those in force."""
        if self.cadre is None:
            return []
        answered = [r.critere for r in self.reponses_criteres.select_related("critere")]
        if self.sent_at is not None and (answered or self.state not in EDITABLE):
            return sorted(answered, key=lambda c: c.ordre)
        if not self.cadre.criteres_publies:
            return []
        return list(self.cadre.criteres.filter(version=self.cadre.version_criteres))

    def autre_route(self, day: date) -> str:
        """The sentence of another route open for this patient's need, empty when none."""
        if self.produit is None:
            return ""
        found = medicines.alternatives(self.produit, self.indication, day)
        return found[0].sentence if found else ""


class Aac(AacWorkflow, Dossier):
    """A named-patient authorisation, at most one year (CSP, R. 5121-74-3)."""

    KIND = Kind.AAC
    objects: ClassVar[Any] = KindManager()

    class Meta:
        proxy = True
        verbose_name = "AAC"
        verbose_name_plural = "AAC"

    def facts(self, at: datetime, by: Any = None) -> FaitsAac:
        """The authorisation's dates and quantities on a day."""
        return FaitsAac(
            jour=local(at).date(),
            droit=self.droit,
            quantite_max=self.quantite_max,
            quantite_dispensee=self.quantite_dispensee(),
        )

    @cached_property
    def moves(self) -> list[journal.Move]:
        """The states it went through, as the journal tells; billing fills it for many at once."""
        return journal.moves(Dossier, [self.pk])[self.pk]

    @property
    def droit(self) -> Droit:
        """The days on which it gives the right to dispense."""
        return Droit(
            state=self.state,
            debut=cast(date, self.date_debut),  # never empty: constraint dossier_aac_complete
            fin=cast(date, self.date_fin),
            passages=tuple(Passage(local(m.at).date(), m.state) for m in self.moves),
        )

    def covers(self, day: date) -> bool:
        """The right is judged on the dispensing day."""
        return covers(self.droit, day)

    def quantite_dispensee(self) -> Decimal:
        """Units already given on this authorisation."""
        total = self.dispensations.aggregate(total=Sum("quantite"))["total"]
        return total or Decimal(0)


PROXIES: dict[str, type[Dossier]] = {Kind.DEMANDE_AAC: DemandeAac, Kind.AAC: Aac}
