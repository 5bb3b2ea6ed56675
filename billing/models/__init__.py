"""From dispensed units to the files sent for payment."""

from billing.models.fichcomp import Envoi, LigneFichcomp, Preparation
from billing.models.prix import Prix
from billing.models.sejours import Administration, Sejour

__all__ = ["Administration", "Envoi", "LigneFichcomp", "Preparation", "Prix", "Sejour"]
