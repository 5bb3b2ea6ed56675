"""Which dispensing an administration takes its units from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db.models import Q

from access.models import Dispensation
from access.states import ContexteDispensation
from billing.formats.saisie import Faute, LigneSaisie
from billing.models import Administration, Sejour
from billing.rules.sejours import stay_faults
from engine import clocks
from referentiel.formats.french import write_number
from referentiel.models import Etablissement


@dataclass
class Reste:
    """A dispensing and how many of its units are not yet accounted for."""

    dispensation: Dispensation
    reste: Decimal


class Rattachement:
    """Finds the dispensing of each row and says everything that prevents it.

    Locks the dispensings concerned, so that two entries never share the same units, then the
    hospital, as a preparation does: of two who bring the same new stay, the second finds it.
    """

    def __init__(self, etablissement: Etablissement, rows: Sequence[LigneSaisie]):
        self.fautes: list[Faute] = []
        self._read_stays(etablissement, rows)
        self.restes = self._remaining(etablissement, rows)
        Etablissement.objects.select_for_update().get(pk=etablissement.pk)
        self._read_stays(etablissement, rows)
        self.by_reference: dict[str, list[Reste]] = defaultdict(list)
        self.by_patient: dict[UUID, list[Reste]] = defaultdict(list)
        for reste in self.restes.values():
            self.by_reference[str(reste.dispensation.pk)].append(reste)
            self.by_reference[reste.dispensation.titre.numero or ""].append(reste)
            self.by_patient[reste.dispensation.patient_id].append(reste)
        self.recorded = set(
            Administration.objects.filter(sejour__in=self.sejours.values()).values_list(
                "sejour__numero", "dispensation_id", "jour", "quantite", "perte"
            )
        )

    def _read_stays(self, etablissement: Etablissement, rows: Sequence[LigneSaisie]) -> None:
        numbers = {row.numero_sejour for row in rows}
        known = Sejour.objects.filter(etablissement=etablissement, numero__in=numbers)
        self.sejours = {sejour.numero: sejour for sejour in known}
        self.patients: dict[str, UUID] = {
            numero: sejour.patient_id for numero, sejour in self.sejours.items()
        }

    def match(self, row: LigneSaisie) -> Dispensation | None:
        """The dispensing this row administers, or None once its fault is written."""
        today = clocks.today()
        faults = stay_faults(row.entree, row.sortie, today)
        if row.jour > today:
            faults.append(("date", "la date est dans le futur."))
        if faults:
            for column, message in faults:
                self._refuse(row, column, message)
            return None
        if row.quantite == 0 and row.perte == 0:
            self._refuse(row, "quantite", "ni quantité administrée, ni perte.")
            return None
        if not self._same_stay(row):
            return None
        candidates = self._candidates(row)
        if not candidates:
            return None
        known = self.patients.get(row.numero_sejour)
        mine = [c for c in candidates if known in (None, c.dispensation.patient_id)]
        if not mine:
            self._refuse(
                row, "numero_sejour", "ce séjour est celui d'un autre patient que la dispensation."
            )
            return None
        return self._take(row, mine)

    def _same_stay(self, row: LigneSaisie) -> bool:
        """A known stay keeps its dates: they are corrected on its own page, never by the way."""
        known = self.sejours.get(row.numero_sejour)
        if known is None:
            return True
        if known.entree != row.entree:
            self._refuse(
                row, "entree", f"ce séjour est connu avec une entrée le {known.entree:%d/%m/%Y}."
            )
            return False
        if row.sortie and known.sortie and known.sortie != row.sortie:
            self._refuse(
                row, "sortie", f"ce séjour est connu avec une sortie le {known.sortie:%d/%m/%Y}."
            )
            return False
        return True

    def _candidates(self, row: LigneSaisie) -> list[Reste]:
        if row.dispensation:
            found = self.by_reference.get(row.dispensation, [])
            if not found:
                self._refuse(
                    row,
                    "dispensation",
                    "aucune dispensation de l'établissement ne porte cette référence.",
                )
                return []
        else:
            patient = self.patients.get(row.numero_sejour)
            if patient is None:
                self._refuse(
                    row, "dispensation", "à indiquer, car ce séjour n'est pas encore connu."
                )
                return []
            found = self.by_patient.get(patient, [])
            if len({reste.dispensation.titre_id for reste in found}) > 1:
                self._refuse(
                    row,
                    "dispensation",
                    "à indiquer, car ce patient a des dispensations sur plusieurs autorisations.",
                )
                return []
        inside = [r for r in found if r.dispensation.contexte == ContexteDispensation.SEJOUR]
        if not inside:
            self._refuse(
                row,
                "dispensation",
                "la dispensation n'a pas été faite pour un séjour (rétrocession ou HAD).",
            )
        return inside

    def _take(self, row: LigneSaisie, candidates: list[Reste]) -> Dispensation | None:
        """The oldest dispensing that was made by that day and still holds the units."""
        made = [c for c in candidates if c.dispensation.jour <= row.jour]
        if not made:
            self._refuse(row, "date", "l'administration précède la dispensation.")
            return None
        for reste in made:
            key = (row.numero_sejour, reste.dispensation.pk, row.jour, row.quantite, row.perte)
            if key in self.recorded:
                self._refuse(row, "", "cette administration est déjà enregistrée.")
                return None
        used = row.quantite + row.perte
        for reste in sorted(made, key=lambda r: (r.dispensation.jour, r.dispensation.le)):
            if reste.reste >= used:
                reste.reste -= used
                self.patients[row.numero_sejour] = reste.dispensation.patient_id
                return reste.dispensation
        left = write_number(max(reste.reste for reste in made))
        self._refuse(
            row, "quantite", f"il ne reste que {left} unité(s) dispensée(s) à administrer."
        )
        return None

    def _refuse(self, row: LigneSaisie, column: str, message: str) -> None:
        self.fautes.append(Faute(row.ligne, column, message))

    def _remaining(
        self, etablissement: Etablissement, rows: Sequence[LigneSaisie]
    ) -> dict[UUID, Reste]:
        references = {row.dispensation for row in rows if row.dispensation}
        concerned = (
            Q(titre__numero__in=references)
            | Q(pk__in=[uuid for uuid in map(_as_uuid, references) if uuid])
            | Q(patient__in=list(self.patients.values()))
        )
        dispensations = (
            Dispensation.objects.select_for_update(of=("self",))
            .filter(concerned, etablissement=etablissement)
            .select_related("titre", "patient", "etablissement")
            .order_by("pk")
        )
        restes = {d.pk: Reste(d, d.quantite) for d in dispensations}
        used = Administration.objects.filter(dispensation__in=list(restes))
        for pk, quantite, perte in used.values_list("dispensation_id", "quantite", "perte"):
            restes[pk].reste -= quantite + perte
        return restes


def _as_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
