"""« Ajouter un autre dosage »: two requests of one patient that travel together."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Q

from access.models import DemandeAac, DetailDemandeAac
from access.rules.posologie import total_quantity, unit_of
from access.services.draft_content import DOSAGE, apply, copy_answers, copy_request
from access.services.draft_guard import lock_draft
from access.states import DemandeAacState, Kind
from engine import journal
from engine.clocks import now, today
from engine.errors import Blocked, InvalidInput
from engine.steps import Blocker, perform, steps_of
from referentiel.models import Cadre, Produit, Specialite
from referentiel.selectors import medicines
from referentiel.states import TypeCadre

TOGETHER = frozenset({"submit", "transmit"})  # what the strengths of a group do together
TWIN = "AUTRE_DOSAGE"  # the code of what another strength lacks
COMMON = (
    "organisation", "service", "pui", "patient", "prescripteur", "created_by", "initiales", "age",
    "canal", "tour", "tour_nom",
)  # fmt: skip


@transaction.atomic
def add_strength(
    dossier: Any,
    *,
    by: Any,
    version: int,
    produit: Produit | None = None,
    specialite: Specialite | None = None,
    libre_dosage: str = "",
    dose: Decimal | None = None,
    unites_par_jour: Decimal | None = None,
) -> DemandeAac:
    """Copy a draft for another strength of the medicine: only the strength and dose differ.

    The strength is a product or one of its units; for a product of no list, it is written.
    """
    source = lock_draft(dossier, by, version)
    produit = specialite.produit if specialite is not None else produit
    _check_other(source, produit, specialite, libre_dosage)
    twin = _twin_of(source, by)
    data = _other_dosage(source, produit, specialite) | {
        "dose": dose,
        "unites_par_jour": unites_par_jour,
    }
    if produit is None:
        data["libre_dosage"] = libre_dosage
    _fill(source, twin, data)
    journal.record(
        twin,
        "create",
        by=by,
        label="Brouillon ouvert pour un autre dosage",
        to_state=twin.state,
        jumeau=str(twin.jumeau_id),
    )
    source.version += 1
    source.save()
    return twin


def _twin_of(source: DemandeAac, by: Any) -> DemandeAac:
    at = now()
    twin = DemandeAac(
        kind=Kind.DEMANDE_AAC,
        state=DemandeAacState.BROUILLON,
        jumeau=source.jumeau or source,
        created_at=at,
        touched_at=at,
        tour_depuis=at,
        **{name: getattr(source, name) for name in COMMON},
    )
    twin.created_by = by
    twin.save()
    twin.detail_aac = DetailDemandeAac.objects.create(dossier=twin)
    return twin


def _check_other(
    source: DemandeAac, produit: Produit | None, specialite: Specialite | None, libre: str
) -> None:
    """Another strength, not the one of the request."""
    sentence = ""
    same = specialite is not None and specialite.pk == source.specialite_id
    if specialite is None and produit is not None:
        same = produit.pk == source.produit_id
    if produit is None and (source.produit_id is not None or not libre):
        sentence = "Choisissez l'autre dosage."
    elif produit is None:
        same = libre.casefold() == source.detail_aac.libre_dosage.casefold()
    if same:
        sentence = "C'est le dosage de cette demande : choisissez-en un autre."
    if sentence:
        raise InvalidInput(sentence, errors={"specialite": [sentence]})


def _other_dosage(
    source: DemandeAac, produit: Produit | None, specialite: Specialite | None
) -> dict[str, Any]:
    """What the request says once its product is the other strength."""
    detail = source.detail_aac
    data: dict[str, Any] = {
        "mode_justification": detail.mode_justification,
        "indication": source.indication,
        "frequence": detail.frequence,
        "voie": detail.voie,
        "dose_unite": detail.dose_unite,
    }
    if produit is not None:
        data |= {"produit": produit, "cadre": _same_cadre(source, produit)}
        data["dose_unite"] = detail.dose_unite or unit_of(produit.dosage or produit.nom)
    if specialite is not None:
        data["specialite"] = specialite
    return data


def _fill(source: DemandeAac, twin: DemandeAac, data: dict[str, Any]) -> None:
    copy_request(source, twin, but=DOSAGE)
    apply(twin, data)
    copy_answers(source, twin)
    apply(twin, {})
    twin.detail_aac.save()
    twin.save()


def _same_cadre(source: DemandeAac, produit: Produit) -> Cadre | None:
    """The cadre of the other strength for the same indication, when one is open."""
    if source.produit_id == produit.pk:
        return source.cadre
    opened = medicines.cadres_ouverts(produit, today(), TypeCadre.AAC)
    return opened.filter(indication=source.indication).first()


def companions(dossier: Any, by: Any) -> list[DemandeAac]:
    """The other requests of the group that stand in the same state and a person reads, by pk."""
    root = dossier.jumeau_id or dossier.pk
    group = DemandeAac.objects.visible_to(by).filter(
        Q(pk=root) | Q(jumeau_id=root), state=dossier.state
    )
    return list(group.exclude(pk=dossier.pk).select_related("produit").order_by("pk"))


def taken_along(dossier: Any, step: str, by: Any) -> list[DemandeAac]:
    """The other strengths that leave with a request; none for another step.

    One that another pharmacy or service holds stays: its own people send it.
    """
    if dossier.kind != Kind.DEMANDE_AAC or step not in TOGETHER:
        return []
    may = steps_of(DemandeAac)[step].permission
    return [twin for twin in companions(dossier, by) if may(by, twin)]


@transaction.atomic
def perform_together(
    dossier: Any,
    step: str,
    *,
    by: Any,
    version: int,
    raw: Mapping[str, Any],
    files: Mapping[str, Any] | None = None,
) -> list[Any]:
    """A step of a dossier and of the strengths it takes along, all or none; the asked one first.

    Rows are locked in pk order. At the transmission, the quantity of each other strength is
    `pharmacie_quantite_<id>`, or else what its own dosage and length make.
    """
    others = taken_along(dossier, step, by)
    if not others:
        return [perform(dossier, step, by=by, version=version, raw=raw, files=files)]
    pks = [dossier.pk, *(twin.pk for twin in others)]
    done: dict[Any, DemandeAac] = {}
    for row in list(DemandeAac.objects.select_for_update().filter(pk__in=pks).order_by("pk")):
        if row.pk == dossier.pk:
            done[row.pk] = perform(row, step, by=by, version=version, raw=raw)
        elif row.state == dossier.state:
            done[row.pk] = _perform_on_twin(row, step, by, raw)
    return [done.pop(dossier.pk), *done.values()]


def _perform_on_twin(row: DemandeAac, step: str, by: Any, raw: Mapping[str, Any]) -> DemandeAac:
    values = {key: raw[key] for key in raw}
    values["pharmacie_quantite"] = str(raw.get(f"pharmacie_quantite_{row.pk}") or _quantity(row))
    name = row.produit_nom or row.nom_affiche
    try:
        return perform(row, step, by=by, version=row.version, raw=values)
    except Blocked as error:
        raise Blocked([_of_twin(b, name) for b in error.blockers]) from error
    except InvalidInput as error:
        told = " ".join(text for texts in error.errors.values() for text in texts)
        raise InvalidInput(f"Autre dosage, {name} : {told or error.message}") from error


def _of_twin(blocker: Blocker, name: str) -> Blocker:
    return Blocker(TWIN, f"Autre dosage, {name} : {blocker.message}")


def _quantity(row: DemandeAac) -> Decimal | str:
    detail = row.detail_aac
    return total_quantity(detail.unites_par_jour, detail.duree_jours) or ""


def companions_told(dossier: Any, step: str, by: Any) -> list[str]:
    """What a page says before a step that takes the other strengths along."""
    return [
        f"L'autre dosage, {twin.produit_nom or twin.nom_affiche}, part en même temps"
        + (f" (quantité : {_quantity(twin)} unités)." if _quantity(twin) else ".")
        for twin in taken_along(dossier, step, by)
    ]
