"""What a draft holds: applying values, keeping what depends on them true, copying a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError

from access.models import (
    DemandeAac,
    DetailDemandeAac,
    Piece,
    ReponseCritere,
    TraitementAnterieur,
)
from access.rules.posologie import unit_of
from access.services.patients import settle_patient, show_patient
from access.services.sending import refresh_search
from access.states import ModeJustification
from engine.clocks import now, today
from engine.errors import InvalidInput
from referentiel.models import Cadre, Critere, Produit
from referentiel.selectors import medicines
from referentiel.states import TypeCadre

LIBRE = (
    "libre_nom", "libre_dci", "libre_forme", "libre_dosage", "libre_voie", "libre_exploitant",
    "libre_pays_amm",
)  # fmt: skip
# The columns of the request a prescriber writes; the others belong to steps.
DETAIL = (
    *LIBRE,
    "indication", "indication_code", "poids_kg", "taille_cm", "surface_m2", "age_gestationnel_sa",
    "dose", "dose_unite", "frequence", "voie", "schema", "unites_par_jour", "duree_jours",
    "date_debut_souhaitee", "differable", "gravite", "mode_justification", "justif_inclusion",
    "justif_alternative", "justif_efficacite", "references", "aucun_traitement_anterieur",
    "aucun_traitement_motif", "essai_en_cours", "essai_numero", "essai_motif", "antecedents",
    "avis_rcp", "avis_rcp_date", "avis_rcp_centre", "poursuite_motif",
)  # fmt: skip
LINKS = ("specialite", "service", "pui", "prescripteur")
KEYS = frozenset(
    {
        *DETAIL, *LINKS, "produit", "cadre", "patient", "identite", "reponses", "precisions",
        "traitements",
    }
)  # fmt: skip
DOSAGE = ("dose", "dose_unite", "frequence", "schema", "unites_par_jour")


def apply(dossier: DemandeAac, data: Mapping[str, Any]) -> None:
    """Write the given values on a locked draft, then settle what follows from them.

    Keys: the columns of DETAIL, the links of LINKS, `produit`, `cadre` (None: another
    indication), `patient` or `identite` (ipp, nom, prenom, naissance, sexe), `reponses`
    (criterion → True, False or None), `precisions` (criterion → a value said beside the answer),
    `traitements` (dci, periode, issue). Absent: unchanged.
    """
    unknown = set(data) - KEYS
    if unknown:
        raise InvalidInput(f"Champs inconnus : {', '.join(sorted(unknown))}.")
    _write_detail(dossier.detail_aac, data)
    for name in LINKS:
        if name in data:
            setattr(dossier, name, data[name])
    _write_product(dossier, data)
    if data.get("identite"):
        settle_patient(dossier, data["identite"])
    elif "patient" in data:
        dossier.patient = data["patient"]
        show_patient(dossier)
    _write_answers(dossier, data.get("reponses", {}), data.get("precisions", {}))
    if "traitements" in data:
        _write_treatments(dossier, data["traitements"])
    _settle_mode(dossier)
    dossier.code_indication = _code(dossier, today())
    dossier.touched_at = now()
    refresh_search(dossier)


def _write_detail(detail: DetailDemandeAac, data: Mapping[str, Any]) -> None:
    errors: dict[str, list[str]] = {}
    for name in DETAIL:
        if name not in data:
            continue
        field: Any = DetailDemandeAac._meta.get_field(name)
        try:
            setattr(detail, name, field.clean(data[name], detail))
        except ValidationError as error:
            errors[name] = list(error.messages)
    if errors:
        raise InvalidInput("Certaines valeurs sont à revoir.", errors=errors)


def _write_product(dossier: DemandeAac, data: Mapping[str, Any]) -> None:
    """The product brings its cadre, its unit of dispensing and what its sheet already says."""
    detail = dossier.detail_aac
    before = dossier.produit_id
    produit = data.get("produit", dossier.produit)
    if "produit" in data and getattr(produit, "pk", None) != before:
        _change_product(dossier, produit)
    if "cadre" in data:
        _change_cadre(dossier, data["cadre"], explicit="mode_justification" in data)
    if dossier.specialite and dossier.specialite.produit_id != dossier.produit_id:
        dossier.specialite = None
    if dossier.cadre is not None:
        detail.indication = dossier.cadre.indication[:500]
    dossier.indication = detail.indication
    dossier.produit_nom = dossier.produit.nom if dossier.produit else detail.libre_nom


def _change_product(dossier: DemandeAac, produit: Produit | None) -> None:
    """Another product: nothing chosen for the former one remains."""
    detail = dossier.detail_aac
    dossier.produit = produit
    dossier.specialite = None
    _change_cadre(dossier, None)
    if produit is None:
        return
    specialites = list(produit.specialites.all()[:2])
    dossier.specialite = specialites[0] if len(specialites) == 1 else None
    for name in LIBRE:
        setattr(detail, name, "")
    detail.voie = (produit.voie or "")[:60] or detail.voie
    detail.dose_unite = unit_of(produit.dosage or produit.nom) or detail.dose_unite
    cadres = list(medicines.cadres_ouverts(produit, today(), TypeCadre.AAC)[:2])
    if len(cadres) == 1:
        _change_cadre(dossier, cadres[0])


def _change_cadre(dossier: DemandeAac, cadre: Cadre | None, *, explicit: bool = False) -> None:
    if cadre is not None and cadre.produit_id != dossier.produit_id:
        raise InvalidInput(
            "Cette indication n'est pas celle du produit choisi.",
            errors={"cadre": ["Cette indication n'est pas celle du produit choisi."]},
        )
    if dossier.cadre_id == (cadre.pk if cadre else None):
        return
    dossier.cadre = cadre
    dossier.reponses_criteres.all().delete()
    if not explicit:
        dossier.detail_aac.mode_justification = ""


def _write_answers(
    dossier: DemandeAac,
    answers: Mapping[Any, bool | None],
    precisions: Mapping[Any, str],
) -> None:
    """Keep one row per criterion asked, answered or not, and none of another version."""
    asked: dict[str, Critere] = {str(c.pk): c for c in dossier.criteres()}
    held = {str(r.critere_id): r for r in dossier.reponses_criteres.all()}
    stale = [row.pk for key, row in held.items() if key not in asked]
    if stale:
        ReponseCritere.objects.filter(pk__in=stale).delete()
    given = {str(key): value for key, value in answers.items()}
    said = {str(key): value for key, value in precisions.items()}
    for key, critere in asked.items():
        row = held.get(key) or ReponseCritere(dossier=dossier, critere=critere)
        before = (row.reponse, row.precision)
        row.reponse = given.get(key, row.reponse)
        row.precision = said.get(key, row.precision)
        if row._state.adding or (row.reponse, row.precision) != before:
            row.save()


def _write_treatments(dossier: DemandeAac, rows: Iterable[Mapping[str, Any]]) -> None:
    wanted = [
        (str(row["dci"]), str(row.get("periode", "")), str(row["issue"]))
        for row in rows
        if row.get("dci")
    ]
    held = list(dossier.traitements_anterieurs.values_list("dci", "periode", "issue"))
    if wanted == held:
        return
    dossier.traitements_anterieurs.all().delete()
    for ordre, (dci, periode, issue) in enumerate(wanted, start=1):
        row = TraitementAnterieur(
            dossier=dossier, ordre=ordre, dci=dci, periode=periode, issue=issue
        )
        row.full_clean(exclude=["dossier"])
        row.save()


def _settle_mode(dossier: DemandeAac) -> None:
    """Published criteria, all as expected: attest; one « no », or none published: justify."""
    detail = dossier.detail_aac
    criteres = {c.pk: c for c in dossier.criteres()}
    if not criteres:
        detail.mode_justification = ModeJustification.JUSTIFICATION
        return
    answers = dossier.reponses_criteres.exclude(reponse=None)
    if any(r.reponse != criteres[r.critere_id].attendu for r in answers):
        detail.mode_justification = ModeJustification.JUSTIFICATION
    elif not detail.mode_justification:
        detail.mode_justification = ModeJustification.CRITERES


def settle_code(dossier: DemandeAac, day: date) -> None:
    """Keep the code chosen with the request for its UCD; where there is none, the one of a day."""
    chosen, specialite = dossier.code_indication, dossier.specialite
    if chosen is None or specialite is None or chosen.specialite_id != specialite.pk:
        dossier.code_indication = _code(dossier, day)


def _code(dossier: DemandeAac, day: date) -> Any:
    if dossier.specialite is None or not dossier.indication:
        return None
    return medicines.code_for(dossier.cadre, dossier.specialite, day)


def copy_request(source: DemandeAac, target: DemandeAac, *, but: Iterable[str] = ()) -> None:
    """Copy what the prescriber wrote on one request to another, pieces by reference."""
    left = {*but, "mode_justification"}
    for name in DETAIL:
        if name not in left:
            setattr(target.detail_aac, name, getattr(source.detail_aac, name))
    target.detail_aac.mode_justification = source.detail_aac.mode_justification
    _copy_rows(source.traitements_anterieurs.all(), target)
    _copy_rows(source.pieces.all(), target)


def copy_answers(source: DemandeAac, target: DemandeAac) -> None:
    """Keep the answers to the questions both requests ask, word for word."""
    answered = source.reponses_criteres.select_related("critere").exclude(reponse=None)
    said = {row.critere.texte: row for row in answered}
    same = {c.pk: said[c.texte] for c in target.criteres() if c.texte in said}
    _write_answers(
        target,
        {pk: row.reponse for pk, row in same.items()},
        {pk: row.precision for pk, row in same.items()},
    )


def _copy_rows(rows: Iterable[Any], target: DemandeAac) -> None:
    for row in rows:
        row.id, row.dossier = uuid4(), target
        row._state.adding = True
        row.save(force_insert=True)


def shares_file(piece: Piece) -> bool:
    """True when another request still shows the same stored file."""
    return Piece.objects.filter(fichier=piece.fichier.name).exclude(pk=piece.pk).exists()
