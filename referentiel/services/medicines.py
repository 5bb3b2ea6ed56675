"""What a gestionnaire writes by hand: products, cadres, codes and published criteria.

Each field a person typed is noted in `champs_saisis`: no import changes it afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model

from engine.clocks import today
from referentiel.models import Cadre, CodeIndication, Critere, Produit, Specialite
from referentiel.rules import codes
from referentiel.services.search_index import refresh_search_texts, touch
from referentiel.states import (
    STATUT_IMPORTE,
    STATUTS_PAR_TYPE,
    CadreSource,
    StatutCadre,
    TypeCadre,
)

GESTIONNAIRE = "gestionnaire"
EXEMPLE_FICTIF = "exemple fictif"
MENTIONS = ("nom", "dci", "forme", "dosage", "voie", "laboratoire", "condition_prescription")
# A product of a single UCD and its speciality say the same thing.
SHARED = ("dci", "forme", "dosage", "voie", "laboratoire", "condition_prescription")


@dataclass(frozen=True)
class Question:
    """A criterion as it is asked, with the answer that meets it."""

    texte: str
    attendu: bool = True


def _typed(row: Any, values: Mapping[str, Any]) -> list[str]:
    """Set the values that differ and note them as typed; returns their names."""
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    for name in changed:
        setattr(row, name, values[name])
    row.champs_saisis = sorted({*row.champs_saisis, *changed})
    return changed


def _save(row: Model) -> None:
    row.full_clean()
    row.save()


@transaction.atomic
def complete_produit(
    produit: Produit, *, by: Any, origin: str = GESTIONNAIRE, **values: Any
) -> Produit:
    """Complete or correct the mentions of a product (CSP, R. 5121-74-3)."""
    produit = Produit.objects.select_for_update().get(pk=produit.pk)
    changed = _typed(produit, values)
    produit.provenance = produit.provenance | {name: origin for name in changed if values[name]}
    _save(produit)
    specialites = list(produit.specialites.all())
    if len(specialites) == 1:
        _typed(specialites[0], {name: getattr(produit, name) for name in SHARED})
        _save(specialites[0])
    refresh_search_texts([produit.pk])
    return produit


@transaction.atomic
def add_produit(*, by: Any, ucd7: str = "", **values: Any) -> Produit:
    """Add a product no list holds; without its UCD only the bill is blocked (decision 18)."""
    if ucd7:
        _check_new_ucd(ucd7)
    produit = Produit(**values, provenance=_provenance(values))
    produit.champs_saisis = sorted(values)
    _save(produit)
    shared = {name: values.get(name, "") for name in SHARED}
    specialite = Specialite(
        produit=produit,
        libelle=produit.nom,
        ucd7=ucd7 or None,
        ucd13=codes.ucd13_of(ucd7) if ucd7 else "",
        ucd_en_attente=not ucd7,
        champs_saisis=["libelle", *sorted(shared)],
        **shared,
    )
    _save(specialite)
    refresh_search_texts([produit.pk])
    return produit


@transaction.atomic
def assign_ucd(specialite: Specialite, *, by: Any, ucd7: str) -> Specialite:
    """Give a speciality the UCD it was waiting for (CSP, R. 5121-74-3 II)."""
    _check_new_ucd(ucd7)
    specialite.ucd7, specialite.ucd13 = ucd7, codes.ucd13_of(ucd7)
    specialite.ucd_en_attente = False
    _save(specialite)
    refresh_search_texts([specialite.produit_id])
    return specialite


def _check_new_ucd(ucd7: str) -> None:
    if not codes.is_ucd7(ucd7):
        raise ValidationError({"ucd7": "Un code UCD a 7 chiffres et commence par 9."})
    if Specialite.objects.filter(ucd7=ucd7).exists():
        raise ValidationError({"ucd7": "Ce code UCD est déjà celui d'un produit du référentiel."})


def _provenance(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: GESTIONNAIRE for name in MENTIONS if values.get(name)}


@transaction.atomic
def add_cadre(produit: Produit, *, by: Any, framework: TypeCadre, **values: Any) -> Cadre:
    """Open a cadre by hand, with its status and dates."""
    values.setdefault("statut", STATUT_IMPORTE[TypeCadre(framework)])
    cadre = Cadre(
        produit=produit,
        framework=framework,
        cadre_source=CadreSource.PERSONNE,
        champs_saisis=sorted({"framework", "cadre_source", *values}),
        **values,
    )
    _save(cadre)
    refresh_search_texts([produit.pk])
    return cadre


@transaction.atomic
def update_cadre(
    cadre: Cadre, *, by: Any, ferme_depuis: date | None = None, **values: Any
) -> Cadre:
    """Correct a cadre: what is typed here outweighs the official list.

    A status that closes it does so from a day on, today unless another is said: the days before
    keep the right they gave.
    """
    cadre = Cadre.objects.select_for_update().get(pk=cadre.pk)
    statut = values.pop("statut", cadre.statut)
    if statut != cadre.statut:
        cadre.give_status(statut, since=ferme_depuis or today())
        cadre.champs_saisis = sorted({*cadre.champs_saisis, "statut", "ferme_depuis"})
    if "framework" in _typed(cadre, values):
        cadre.cadre_source = CadreSource.PERSONNE
        for code in cadre.codes.all():
            _typed(code, {"cadre_type": cadre.framework, "source": CadreSource.PERSONNE.value})
            _save(code)
    if cadre.statut not in STATUTS_PAR_TYPE[TypeCadre(cadre.framework)]:
        raise ValidationError({"statut": "Ce statut n'existe pas pour ce cadre."})
    _save(cadre)
    refresh_search_texts([cadre.produit_id])
    return cadre


@transaction.atomic
def add_code(
    specialite: Specialite, *, by: Any, code: str, cadre: Cadre | None, **values: Any
) -> CodeIndication:
    """Add an indication code to a UCD ahead of the official list."""
    code = code.strip().upper()
    if not codes.is_indication_code(code):
        raise ValidationError({"code": "Un code d'indication a 7 caractères, par exemple NINDO05."})
    if not specialite.ucd7:
        raise ValidationError({"specialite": "Cette spécialité attend encore son code UCD."})
    generic = codes.is_generic_code(code)
    if cadre is None and not generic:
        raise ValidationError({"cadre": "Choisissez le cadre que ce code facture."})
    letter = codes.framework_of_letter(code) or TypeCadre.AAC
    row = CodeIndication(
        specialite=specialite,
        code=code,
        cadre=None if generic else cadre,
        cadre_type=cadre.framework if cadre and not generic else letter,
        generique=generic,
        source=CadreSource.PERSONNE,
        saisi=True,
        champs_saisis=sorted({"cadre_id", "cadre_type", "source", *values}),
        **values,
    )
    _save(row)
    if cadre is not None and not generic and not cadre.code:
        cadre.code = code
        _save(cadre)
    refresh_search_texts([specialite.produit_id])
    return row


@transaction.atomic
def update_code(code: CodeIndication, *, by: Any, **values: Any) -> CodeIndication:
    """Correct the label or the dates of a code."""
    code = CodeIndication.objects.select_for_update().get(pk=code.pk)
    _typed(code, values)
    _save(code)
    touch()
    return code


@transaction.atomic
def publish_criteria(
    cadre: Cadre, questions: Sequence[Question], *, by: Any, exemple_fictif: bool = False
) -> Cadre:
    """Publish a new version of a cadre's criteria; the earlier ones stay readable."""
    cadre = Cadre.objects.select_for_update().get(pk=cadre.pk)
    if not questions:
        raise ValidationError("Il faut au moins un critère.")
    cadre.version_criteres += 1
    cadre.criteres_publies = True
    if cadre.framework == TypeCadre.AAC and cadre.statut == StatutCadre.SANS_CRITERES:
        cadre.statut = StatutCadre.CRITERES_PUBLIES
    _save(cadre)
    Critere.objects.bulk_create(_criteria(cadre, questions, exemple_fictif))
    touch()
    return cadre


def _criteria(cadre: Cadre, questions: Iterable[Question], exemple_fictif: bool) -> list[Critere]:
    return [
        Critere(
            cadre=cadre,
            version=cadre.version_criteres,
            ordre=rank,
            texte=question.texte,
            attendu=question.attendu,
            exemple_fictif=exemple_fictif,
        )
        for rank, question in enumerate(questions, start=1)
    ]
