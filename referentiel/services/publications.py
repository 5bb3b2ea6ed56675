"""Two-person publication: one person proposes, another publishes, at once or on a day.

Nothing here knows what is written: the executor of each nature does (`services.ecritures`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, TypeVar

import structlog
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Model

from engine import clocks, journal
from engine.actors import CLOCK
from engine.errors import Blocked, Conflict, Forbidden, StepError
from engine.steps import Blocker
from referentiel import emails
from referentiel.errors import refused
from referentiel.models import Cadre, CodeIndication, Produit, Publication, User
from referentiel.permissions import ReferentielPermission, is_granted
from referentiel.selectors.touches import Touche, parametre_preview
from referentiel.services import ecritures, relecture
from referentiel.services.changes import announce
from referentiel.states import NaturePublication, StatutPublication

log = structlog.get_logger(__name__)
T = TypeVar("T")
AUTRE_PERSONNE = "Une autre personne que celle qui a proposé publie."
STATUTS = StatutPublication


def permission_of(nature: str) -> ReferentielPermission:
    """What a person must hold to propose or to publish."""
    if nature == NaturePublication.PARAMETRE:
        return ReferentielPermission.EDIT_PARAMETRES
    return ReferentielPermission.EDIT_MEDICAMENTS


def drafted(
    *,
    nature: NaturePublication,
    subject: Model | None,
    values: Mapping[str, Any],
    effet_le: date,
) -> Publication:
    """A proposal before it is written, read by its form; Blocked when the form refuses it."""
    publication = Publication(
        nature=nature,
        objet_id=subject.pk if subject is not None else None,
        produit=_produit_of(subject),
        effet_le=effet_le,
        valeurs={name: relecture.plain(value) for name, value in values.items()},
    )
    publication.avant = relecture.state_of(publication)
    form = _valid(relecture.checked(publication))
    publication.valeurs = {
        name: value
        for name, value in relecture.proposed(form).items()
        if value != publication.avant.get(name)
    }
    if not publication.valeurs:
        raise refused("Rien ne change : modifiez au moins un champ.")
    if nature == NaturePublication.PARAMETRE:
        publication.valeurs["code"] = publication.avant["code"]
    publication.titre = ecritures.title(publication, form.cleaned_data)[:300]
    return publication


@transaction.atomic
def propose(
    *,
    nature: NaturePublication,
    subject: Model | None,
    values: Mapping[str, Any],
    effet_le: date,
    motif: str,
    by: Any,
) -> Publication:
    """Prepare a change for a second person; nothing is written yet."""
    _require(by, nature)
    if effet_le < clocks.today():
        raise refused("La date d'effet est passée.", "effet_le")
    if not motif.strip():
        raise refused("Dites pourquoi.", "motif")
    publication = drafted(nature=nature, subject=subject, values=values, effet_le=effet_le)
    publication.motif, publication.statut = motif.strip(), STATUTS.PROPOSEE
    publication.propose_le = clocks.now()
    publication.propose_par_id, publication.propose_par = by.pk, by.full_name[:120]
    publication.save()
    dry_run(publication, by=by, read=bool)
    _record(publication, "proposer", by, "Publication proposée", "")
    return publication


@transaction.atomic
def publish(publication: Publication, *, by: Any, lu: str = "") -> Publication:
    """A second person publishes, at once or for its date; `lu` is the print of what they read.

    An object that changed since must be read again first (409).
    """
    held = _locked(publication, STATUTS.PROPOSEE)
    _require(by, held.nature)
    if by.pk == held.propose_par_id:
        raise Forbidden(AUTRE_PERSONNE)
    today = _state(held)
    if (lu or relecture.digest(held.avant)) != relecture.digest(today):
        raise Conflict(
            "L'objet a changé depuis cette proposition : relisez la différence.", state=held.statut
        )
    held.avant, held.statut = today, STATUTS.VALIDEE
    held.relu_le, held.relu_par_id, held.relu_par = clocks.now(), by.pk, by.full_name[:120]
    held.save()
    _record(held, "valider", by, "Publication validée", STATUTS.PROPOSEE)
    if held.effet_le <= clocks.today() or held.nature == NaturePublication.PARAMETRE:
        return _apply(held, by=by)
    dry_run(held, by=by, read=bool)
    return held


@transaction.atomic
def refuse(publication: Publication, *, by: Any, motif: str) -> Publication:
    """A second person refuses, and says why."""
    held = _locked(publication, STATUTS.PROPOSEE)
    _require(by, held.nature)
    if by.pk == held.propose_par_id:
        raise Forbidden("Une autre personne refuse ; vous pouvez annuler votre proposition.")
    if not motif.strip():
        raise refused("Dites pourquoi cette proposition est refusée.", "motif")
    held.statut, held.motif_refus = STATUTS.REFUSEE, motif.strip()
    held.relu_le, held.relu_par_id, held.relu_par = clocks.now(), by.pk, by.full_name[:120]
    held.save()
    _record(held, "refuser", by, "Publication refusée", STATUTS.PROPOSEE)
    return held


@transaction.atomic
def cancel(publication: Publication, *, by: Any) -> Publication:
    """Its author withdraws a proposal, as long as it has not taken effect."""
    held = _locked(publication, STATUTS.PROPOSEE, STATUTS.VALIDEE)
    if by.pk != held.propose_par_id:
        raise Forbidden("Seule la personne qui a proposé annule.")
    before, held.statut = held.statut, STATUTS.ANNULEE
    held.save()
    _record(held, "annuler", by, "Publication annulée", before)
    return held


def apply_due(day: date) -> int:
    """Apply what was validated for this day or before; run again, it changes nothing.

    A proposal whose fields somebody else has changed meanwhile goes back to be read.
    """
    due = Publication.objects.filter(statut=STATUTS.VALIDEE, effet_le__lte=day)
    return sum(_apply_one(publication) for publication in due.order_by("effet_le", "relu_le"))


def _apply_one(publication: Publication) -> int:
    try:
        with transaction.atomic():
            held = _locked(publication, STATUTS.VALIDEE)
            if relecture.fields_moved(held):
                raise Conflict("changed")
            _apply(held, by=CLOCK)
    except (StepError, ObjectDoesNotExist) as error:
        log.warning("publication_put_back", publication=str(publication.pk), error=str(error))
        _put_back(publication)
        return 0
    return 1


@transaction.atomic
def _put_back(publication: Publication) -> None:
    held = Publication.objects.select_for_update().get(pk=publication.pk)
    if held.statut != STATUTS.VALIDEE:
        return
    told = User.objects.filter(pk__in={held.propose_par_id, held.relu_par_id} - {None})
    read = held.relu_le
    held.statut = STATUTS.PROPOSEE
    held.relu_le, held.relu_par_id, held.relu_par = None, None, ""
    held.save()
    _record(held, "rendre_a_relire", CLOCK, "À relire : l'objet a changé", STATUTS.VALIDEE)
    for person in told:
        emails.write(person, emails.A_RELIRE, key=f"{held.pk}:{read}:{person.pk}")


def dry_run(publication: Publication, *, by: Any, read: Callable[[ecritures.Ecriture], T]) -> T:
    """What `read` would see once the proposal is written; nothing stays of it."""
    with transaction.atomic():
        seen = read(_write(publication, by, essai=True))
        transaction.set_rollback(True)
    return seen


def touched(publication: Publication) -> list[Touche] | None:
    """The open subjects whose clock a parameter would move; None for every other nature."""
    if publication.nature != NaturePublication.PARAMETRE:
        return None
    values = {**publication.avant, **publication.valeurs}
    day = max(publication.effet_le, clocks.today())
    return parametre_preview(values["code"], values["valeur"], day)


def _apply(held: Publication, *, by: Any) -> Publication:
    written = _write(held, by)
    held.statut, held.appliquee_le = STATUTS.APPLIQUEE, clocks.now()
    if held.objet_id is None and written.objet is not None:
        held.objet_id = written.objet.pk
    if held.produit_id is None:
        held.produit = _produit_of(written.objet)
    held.save()
    announce(written.annonces, origine=ecritures.ORIGINE)
    _record(held, "publier", by, "Publication appliquée", STATUTS.VALIDEE)
    return held


def _write(publication: Publication, by: Any, *, essai: bool = False) -> ecritures.Ecriture:
    try:
        form = _valid(relecture.checked(publication))
        with transaction.atomic():
            return ecritures.write(publication, form.cleaned_data, by=by, essai=essai)
    except ValidationError as error:
        raise Blocked(_blockers(error)) from error
    except IntegrityError as error:
        raise Conflict("Ce changement contredit ce que le référentiel tient déjà.") from error


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise Blocked(
            [
                Blocker("formulaire", str(message), "" if name == "__all__" else name)
                for name, messages in form.errors.items()
                for message in messages
            ]
        )
    return form


def _blockers(error: ValidationError) -> list[Blocker]:
    if hasattr(error, "error_dict"):
        return [
            Blocker("refus", message, "" if name == "__all__" else name)
            for name, messages in error.message_dict.items()
            for message in messages
        ]
    return [Blocker("refus", message, "") for message in error.messages]


def _state(publication: Publication) -> dict[str, Any]:
    try:
        return relecture.state_of(publication)
    except ObjectDoesNotExist as error:
        raise relecture.gone() from error


def _locked(publication: Publication, *statuts: StatutPublication) -> Publication:
    held = Publication.objects.select_for_update().get(pk=publication.pk)
    if held.statut not in statuts:
        said = held.get_statut_display().lower()
        raise Conflict(f"Cette proposition n'attend plus rien : {said}.", state=held.statut)
    return held


def _require(by: Any, nature: str) -> None:
    if not is_granted(by, permission_of(nature)):
        raise Forbidden("Cette publication relève d'un gestionnaire du référentiel.")


def _produit_of(subject: Model | None) -> Produit | None:
    if isinstance(subject, Produit):
        return subject
    if isinstance(subject, Cadre):
        return subject.produit
    return subject.specialite.produit if isinstance(subject, CodeIndication) else None


def _record(publication: Publication, action: str, by: Any, label: str, before: str) -> None:
    journal.record(
        publication,
        action,
        by=by,
        label=label,
        from_state=before,
        to_state=publication.statut,
        locked=True,
        nature=publication.nature,
        objet=str(publication.objet_id or ""),
        champs=sorted(publication.valeurs),
        effet_le=publication.effet_le.isoformat(),
    )
