"""The acts of a dossier, one function each, done by the person whose act it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile

from access.models import Aac, Commande, DemandeAac
from access.services import drafts
from access.services.messages import write_message
from access.services.pieces import add_piece
from billing.services.sejours import record_administration
from config.seeding.example_pdf import pdf_of
from config.seeding.people import Equipe
from engine.actors import ROUTER
from engine.clocks import today
from engine.steps import perform
from referentiel.models import Cadre
from referentiel.roles import Role

SUPPLIER = "Laboratoire Exemple (fictif)"
JUSTIFICATION = (
    "Exemple fictif : ce paragraphe tient la place de la justification médicale qu'un "
    "prescripteur écrirait ici pour l'agence."
)


@dataclass
class Malade:
    """An invented patient and what is asked for them."""

    nom: str
    prenom: str
    naissance: date
    sexe: str = "F"
    poids: str = "20.5"
    ipp: str = field(default_factory=lambda: f"IPP{uuid4().hex[:8].upper()}")


@dataclass
class Monde:
    """A hospital and the agency that decides for it."""

    hopital: Equipe
    agence: Equipe


def do(subject: Any, step: str, by: Any, **data: Any) -> Any:
    """One step on the freshest version of a dossier or an order."""
    fresh = type(subject)._base_manager.get(pk=subject.pk)
    return perform(fresh, step, by=by, version=fresh.version, **data)


def write(
    monde: Monde,
    malade: Malade,
    cadre: Cadre,
    *,
    by: Any = None,
    criteres: bool = True,
    jours: int = 180,
    urgent: bool = False,
    texts: Mapping[str, str] | None = None,
    complete: bool = True,
) -> DemandeAac:
    """A draft with everything sending needs (or without its weight, when not complete)."""
    author = by or monde.hopital[Role.PRESCRIPTEUR]
    draft = drafts.open_draft(by=author, produit=cadre.produit, cadre=cadre)
    asked = draft.criteres()
    answers = {str(c.pk): c.attendu for c in asked}
    if asked and not criteres:
        answers[str(asked[-1].pk)] = not asked[-1].attendu
    data: dict[str, Any] = {
        "identite": {
            "ipp": malade.ipp,
            "nom": malade.nom,
            "prenom": malade.prenom,
            "naissance": malade.naissance,
            "sexe": malade.sexe,
        },
        "reponses": answers,
        "traitements": [{"dci": "traitement fictif", "periode": "2025", "issue": "ECHEC"}],
        "poids_kg": malade.poids if complete else None,
        "dose": "10",
        "dose_unite": draft.detail_aac.dose_unite or "mg",
        "surface_m2": "0.8" if "m²" in draft.detail_aac.dose_unite else None,
        "frequence": "2 fois par jour",
        "voie": draft.detail_aac.voie or "orale",
        "unites_par_jour": "1",
        "duree_jours": jours,
        "date_debut_souhaitee": today() + timedelta(days=2),
        "differable": not urgent,
        "gravite": ["GRAVE", "RARE"] if urgent else ["RARE"],
        "essai_en_cours": False,
        "prescripteur": monde.hopital[Role.PRESCRIPTEUR],
    }
    if not (asked and criteres):
        names = ("justif_inclusion", "justif_alternative", "justif_efficacite")
        data |= dict.fromkeys(names, JUSTIFICATION)
        data["references"] = "Revue imaginaire de pédiatrie, 2025."
    if draft.autre_route(today()):
        data["poursuite_motif"] = "Aucune autre présentation ne convient à ce patient fictif."
    saved = drafts.save_draft(
        draft, by=author, version=draft.version, data=data | dict(texts or {})
    )
    return DemandeAac.objects.get(pk=saved.pk)


def submit(monde: Monde, dossier: Any) -> Any:
    """The prescriber sends."""
    return do(
        dossier,
        "submit",
        monde.hopital[Role.PRESCRIPTEUR],
        engagement_conformite=True,
        engagement_information=True,
    )


def transmit(monde: Monde, dossier: Any, *, quantite: str = "180", by: Any = None) -> Any:
    """The pharmacist checks and transmits; the router opens the fast lane when it may."""
    done = do(
        dossier,
        "transmit",
        by or monde.hopital[Role.PHARMACIEN],
        pharmacie_criteres=True,
        pharmacie_quantite=quantite,
        pharmacie_fournisseur=SUPPLIER,
        pharmacie_commentaire="",
    )
    if done.detail_aac.voie_instruction == "ACCELEREE":
        done = do(done, "open_fast_lane", ROUTER)
    return done


def review(monde: Monde, dossier: Any, *, proposition: str = "") -> Any:
    """An evaluator takes the request, and may propose."""
    evaluator = monde.agence[Role.EVALUATEUR_ANSM]
    dossier = type(dossier)._base_manager.get(pk=dossier.pk)
    if dossier.state == "TRANSMISE_ANSM":
        dossier = do(dossier, "start_review", evaluator, sans_lien=True)
    if proposition:
        words = "Proposition fictive : les pièces du dossier suffisent à conclure."
        dossier = do(
            dossier,
            "propose",
            evaluator,
            proposition=proposition,
            proposition_texte=words,
            sans_lien=True,
        )
    return dossier


def grant(
    monde: Monde, dossier: Any, *, jours: int = 180, quantite: str = "180", wait: int = 0
) -> Any:
    """The decider grants; returns the authorisation."""
    start = today() + timedelta(days=wait)
    do(
        dossier,
        "grant",
        monde.agence[Role.DECIDEUR_ANSM],
        date_debut=start.isoformat(),
        date_fin=(start + timedelta(days=jours - 1)).isoformat(),
        quantite_max=quantite,
        conditions="",
        sans_lien=True,
    )
    return Aac.objects.get(parent=dossier)


def contact(monde: Monde, dossier: Any) -> Any:
    """An attempt to reach the prescriber."""
    return do(
        dossier,
        "record_contact",
        monde.agence[Role.EVALUATEUR_ANSM],
        moyen="téléphone",
        resultat="Prescripteur joint ; aucune donnée nouvelle (exemple fictif).",
    )


def refuse(monde: Monde, dossier: Any) -> Any:
    """The decider refuses, in law and in fact."""
    faits = "Exemple fictif : les données transmises ne font pas présumer l'efficacité."
    decider = monde.agence[Role.DECIDEUR_ANSM]
    return do(dossier, "refuse", decider, motif="DONNEES", faits=faits, sans_lien=True)


def ask(monde: Monde, dossier: Any, *, jours: int = 15) -> Any:
    """The evaluator asks for two missing items."""
    return do(
        dossier,
        "ask_complement",
        monde.agence[Role.EVALUATEUR_ANSM],
        questions="Quel est le dernier bilan hépatique ?\nUn avis de RCP a-t-il été rendu ?",
        echeance=(today() + timedelta(days=jours)).isoformat(),
        sans_lien=True,
    )


def answer(monde: Monde, dossier: Any) -> Any:
    """The prescriber answers every item."""
    asked = dossier.complements.get(cloturee_le=None)
    values = {f"reponse_{e.pk}": "Réponse fictive et complète." for e in asked.elements.all()}
    return do(dossier, "answer_complement", monde.hopital[Role.PRESCRIPTEUR], **values)


def order(monde: Monde, aac: Any) -> Commande:
    """The pharmacist sends the order drafted at transmission."""
    drafted = Commande.objects.get(titre=aac, state="PREPAREE")
    return do(drafted, "send", monde.hopital[Role.PHARMACIEN])


def confirm(monde: Monde, commande: Any, *, days: int = 5) -> Any:
    """The supplier gave a date."""
    day = (today() + timedelta(days=days)).isoformat()
    return do(
        commande, "confirm", monde.hopital[Role.PHARMACIEN], livraison_prevue=day,
        quantite_confirmee="",
    )  # fmt: skip


def receive(
    monde: Monde, commande: Any, *, quantite: str = "", lot: str = "", expire: int = 500
) -> Any:
    """A lot comes: all of it, or a part."""
    whole = quantite == ""
    return do(
        commande,
        "receive" if whole else "receive_part",
        monde.hopital[Role.PHARMACIEN],
        lot=lot or f"LOT{uuid4().hex[:6].upper()}",
        peremption=(today() + timedelta(days=expire)).isoformat(),
        quantite=str(commande.quantite) if whole else quantite,
        certificat=True,
        commentaire="",
    )


def dispense(
    monde: Monde, aac: Any, lot: str, *, quantite: str = "30", contexte: str = "SEJOUR"
) -> Any:
    """Units go to the patient today."""
    do(
        aac,
        "dispense",
        monde.hopital[Role.PHARMACIEN],
        jour=today().isoformat(),
        lot=lot,
        quantite=quantite,
        contexte=contexte,
        ordonnance_date=today().isoformat(),
        ordonnance_prescripteur=aac.prescripteur.full_name,
        ordonnance_dose="10 mg 2 fois par jour",
        ordonnance_duree_jours=30,
        mention_legale=True,
        commentaire="",
    )
    return aac.dispensations.order_by("-le").first()


def administer(
    monde: Monde,
    dispensation: Any,
    numero: str,
    *,
    entree: date,
    sortie: date | None,
    jour: date,
    quantite: str = "1",
) -> Any:
    """The billing office records units given during a stay."""
    return record_administration(
        dispensation=dispensation,
        numero_sejour=numero,
        entree=entree,
        sortie=sortie,
        jour=jour,
        quantite=Decimal(quantite),
        by=monde.hopital[Role.FACTURATION],
    )


def say(dossier: Any, by: Any, texte: str, audience: str = "HOPITAL") -> Any:
    """A message on the dossier."""
    fresh = type(dossier)._base_manager.get(pk=dossier.pk)
    return write_message(dossier=fresh, by=by, audience=audience, texte=texte)


def join(dossier: Any, by: Any, words: str = "Exemple fictif") -> Any:
    """A one-page PDF that says it is an example."""
    file = SimpleUploadedFile("exemple.pdf", pdf_of(words), content_type="application/pdf")
    return add_piece(dossier, by=by, upload=file, libelle="Compte rendu médical")
