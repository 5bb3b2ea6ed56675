"""The référentiel's periodic tasks: short, idempotent, each calling one service."""

from celery import shared_task

from engine.clocks import real_now, today
from engine.models import Heartbeat
from referentiel.services import abonnements, depots, publications


def _beat(name: str) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": real_now()})


@shared_task(name="referentiel.tasks.apply_publications")
def apply_publications() -> int:
    """Apply what two persons agreed for today or before."""
    applied = publications.apply_due(today())
    _beat("apply_publications")
    return applied


@shared_task(name="referentiel.tasks.tell_followers")
def tell_followers() -> int:
    """One mail a day to each address about what it follows."""
    written = abonnements.prepare_digests()
    _beat("tell_followers")
    return written


@shared_task(name="referentiel.tasks.forget_abandoned")
def forget_abandoned() -> int:
    """Erase the addresses never confirmed and the files of no proposal."""
    return abonnements.erase_unconfirmed() + depots.sweep_abandoned()
