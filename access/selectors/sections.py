"""The request read as sections, its criteria with their outcome, the agency's own work."""

from __future__ import annotations

from typing import Any

from access.models import DemandeAac
from access.selectors.wording import age_of, initials_of, is_hospital
from access.states import Gravite, Kind, ModeJustification
from referentiel.dates import jour_court, jour_long
from referentiel.formats.french import write_number, write_within

Items = list[dict[str, Any]]


def _number(value: Any, unit: str = "") -> str:
    return f"{write_number(value)}\u00a0{unit}".strip() if value is not None else ""


def _yes(value: bool | None) -> str:
    return "" if value is None else "Oui" if value else "Non"


def _item(label: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"label": label, "value": value, **more}


def _filled(items: Items) -> Items:
    """Without the optional facts nobody gave."""
    return [item for item in items if item["value"] or not item.pop("optional", False)]


def request_sections(demande: Any, user: Any) -> list[dict[str, Any]]:
    """The request as sections of pairs; the identity of the patient for the hospital alone."""
    detail = demande.detail_aac
    return [
        {"id": "patient", "title": "Patient", "items": _patient(demande, detail, user)},
        {"id": "produit", "title": "Produit et posologie", "items": _product(demande, detail)},
        {"id": "maladie", "title": "Maladie et recherche", "items": _disease(demande, detail)},
        {"id": "circuit", "title": "Circuit", "items": _circuit(demande, detail)},
    ]


def _patient(demande: Any, detail: Any, user: Any) -> Items:
    items: Items = []
    patient = demande.patient
    if is_hospital(user) and patient is not None:
        items += [
            _item("Nom", patient.nom.upper()),
            _item("Prénom", patient.prenom),
            _item("Numéro hospitalier (IPP)", patient.ipp),
            _item("Né(e) le", jour_long(patient.naissance)),
        ]
    sexe = detail.get_sexe_display() or (
        patient.get_sexe_display() if patient is not None and is_hospital(user) else ""
    )
    items += [
        _item("Initiales", initials_of(demande, user)),
        _item("Sexe", sexe),
        _item("Âge", age_of(demande, user)),
        _item("Poids", _number(detail.poids_kg, "kg")),
        _item("Taille", _number(detail.taille_cm, "cm"), optional=True),
        _item("Surface corporelle", _number(detail.surface_m2, "m²"), optional=True),
        _item("Âge gestationnel", _number(detail.age_gestationnel_sa, "SA"), optional=True),
    ]
    return _filled(items)


def _product(demande: Any, detail: Any) -> Items:
    produit = demande.produit
    dose = f"{_number(detail.dose, detail.dose_unite)}, {detail.frequence}" if detail.dose else ""
    return _filled(
        [
            _item("Produit", demande.produit_nom),
            _item("DCI", produit.dci if produit else detail.libre_dci),
            _item("Forme", produit.forme if produit else detail.libre_forme),
            _item("Dosage", produit.dosage if produit else detail.libre_dosage),
            _item(
                "Laboratoire",
                produit.laboratoire if produit else detail.libre_exploitant,
                optional=True,
            ),
            _item("Pays de l'AMM", detail.libre_pays_amm, optional=True),
            _item("UCD", _ucd(demande), optional=True),
            _item("Code d'indication", _code(demande), optional=True),
            _item("Indication", demande.indication or detail.indication),
            _item("Code de la maladie", detail.indication_code, optional=True),
            _item("Dose", dose),
            _item("Voie d'administration", detail.voie),
            _item("Schéma", detail.schema, optional=True),
            _item("Unités (UCD) par jour", _number(detail.unites_par_jour)),
            _item("Durée", _number(detail.duree_jours, "jours")),
            _item("Début souhaité", _day(detail.date_debut_souhaitee)),
        ]
    )


def _ucd(demande: Any) -> str:
    if demande.specialite is None:
        return ""
    return demande.specialite.ucd7 or "en attente"


def _code(demande: Any) -> str:
    return demande.code_indication.code if demande.code_indication else ""


def _day(value: Any) -> str:
    return jour_court(value) if value else ""


def _disease(demande: Any, detail: Any) -> Items:
    trials = detail.essai_numero if detail.essai_en_cours else _yes(detail.essai_en_cours)
    items = [
        _item("Gravité", ", ".join(str(Gravite(g).label) for g in detail.gravite)),
        _item("Peut être différé", _yes(detail.differable)),
        _item("Recherche en cours", trials, sub=detail.essai_motif),
        _item("Traitements antérieurs", _previous(demande, detail)),
        _item("Antécédents et bilan", detail.antecedents, optional=True),
        _item("Avis de RCP ou de centre", _opinion(detail), optional=True),
        _item("Poursuivie malgré une autre voie", detail.poursuite_motif, optional=True),
    ]
    if detail.mode_justification == ModeJustification.JUSTIFICATION:
        items += [
            _item("Non-inclusion dans une recherche", detail.justif_inclusion),
            _item("Absence de traitement approprié", detail.justif_alternative),
            _item("Efficacité et sécurité présumées", detail.justif_efficacite),
            _item("Références", detail.references),
        ]
    return _filled(items)


def _previous(demande: Any, detail: Any) -> str:
    found = [f"{t.dci} ({write_within(t.get_issue_display())})" for t in _treatments(demande)]
    if not found and detail.aucun_traitement_anterieur:
        return f"Aucun : {detail.aucun_traitement_motif}"
    return ", ".join(found)


def _treatments(demande: Any) -> Any:
    return demande.traitements_anterieurs.all()


def _opinion(detail: Any) -> str:
    if not detail.avis_rcp:
        return ""
    return ", ".join(p for p in (_day(detail.avis_rcp_date), detail.avis_rcp_centre) if p) or "Oui"


def _circuit(demande: Any, detail: Any) -> Items:
    sent = detail.engagement_conformite_le
    return _filled(
        [
            _item("Établissement", demande.organisation.nom),
            _item("Service", demande.service.nom if demande.service else ""),
            _item("Prescripteur", demande.prescripteur.full_name if demande.prescripteur else ""),
            _item("Pharmacie (PUI)", demande.pui.nom if demande.pui else ""),
            _item("Engagements pris le", _day(sent), optional=True),
            _item(
                "Transmise par",
                demande.transmitted_by.full_name if demande.transmitted_by else "",
                optional=True,
            ),
            _item("Quantité contrôlée", _number(detail.pharmacie_quantite, "UCD"), optional=True),
            _item("Fournisseur", detail.pharmacie_fournisseur, optional=True),
            _item("Commentaire de la pharmacie", detail.pharmacie_commentaire, optional=True),
        ]
    )


def review_items(demande: Any) -> Items:
    """The agency's own work on the request: lane, evaluator, proposal, contacts."""
    detail = demande.detail_aac
    author = detail.propose_par.full_name if detail.propose_par else "Voie accélérée"
    proposal = detail.get_proposition_display() if detail.proposition else ""
    return _filled(
        [
            _item("Voie", detail.get_voie_instruction_display()),
            _item("Évaluateur", detail.evaluateur.full_name if detail.evaluateur else "Personne"),
            _item("Proposition", proposal, sub=f"{author}, {_day(detail.propose_le)}")
            if proposal
            else _item("Proposition", "Aucune pour l'instant"),
            _item("Motivation", detail.proposition_texte, optional=True),
            _item("Seconde autorisation", demande.doublon_motif, optional=True),
            *[
                _item(f"Contact du {_day(c.le)}", c.moyen, sub=c.resultat)
                for c in demande.contacts.all()
            ],
            _item(
                "Exploitant",
                "À informer de cette première demande" if _is_first(demande) else "",
                sub="CSP, R. 5121-74-1 II\u00a0: l'agence lui demande ses données et les essais en "
                "cours. Placet ne lui écrit pas\u00a0: rien ne part sans vous.",
                optional=True,
            ),
        ]
    )


def _is_first(demande: Any) -> bool:
    """Whether the agency has received no request before on this product and indication."""
    before = DemandeAac.objects.filter(
        kind=Kind.DEMANDE_AAC, transmitted_at__lt=demande.transmitted_at
    )
    if demande.produit_id is None:
        same = before.filter(produit_nom__iexact=demande.produit_nom)
    else:
        same = before.filter(produit_id=demande.produit_id)
    if demande.cadre_id is None:
        same = same.filter(indication__iexact=demande.indication)
    else:
        same = same.filter(cadre_id=demande.cadre_id)
    return not same.exists()


def criteria(demande: Any) -> dict[str, Any]:
    """The published criteria with the answers given: met, not met, not documented."""
    answers = {r.critere_id: r for r in demande.reponses_criteres.all()}
    lines, met = [], 0
    asked = demande.criteres()
    for critere in asked:
        answer = answers.get(critere.pk)
        given = answer.reponse if answer else None
        ok = given is not None and given == critere.attendu
        met += ok
        lines.append(
            {
                "texte": critere.texte,
                "reponse": _yes(given) or "Sans réponse",
                "precision": answer.precision if answer else "",
                "kind": "accorde" if ok else "alerte" if given is not None else "brouillon",
                "label": "Rempli" if ok else "Non rempli" if given is not None else "Non documenté",
                "fictif": critere.exemple_fictif,
            }
        )
    version = asked[0].version if asked else None
    return {"lines": lines, "met": met, "total": len(asked), "version": version}
