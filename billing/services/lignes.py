"""Prepared lines: administrations grouped, priced and checked; nothing is written here."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from access.models import Dossier
from access.states import ContexteDispensation
from billing.formats import fichcomp_mco
from billing.models import Administration, LigneFichcomp, Prix
from billing.rules import amounts, controles, ucd
from billing.rules.etats import line_state
from billing.rules.faits import Blocage, Faits, PorteeControle
from billing.rules.indication import CodeOuvert, record_type
from billing.rules.periode import Periode
from engine import journal
from referentiel.models import CodeIndication, Etablissement, Specialite
from referentiel.selectors import medicines

Key = tuple[UUID, date, UUID, str]


class Tarif:
    """The purchase prices of one establishment, read once."""

    def __init__(self, etablissement: Etablissement):
        self.prices: dict[UUID, list[Prix]] = defaultdict(list)
        for prix in Prix.objects.filter(etablissement=etablissement).order_by("-debut"):
            self.prices[prix.specialite_id].append(prix)

    def unit_price(self, specialite_id: UUID, jour: date) -> Decimal | None:
        """The price in force that day; of two, the one begun last."""
        for prix in self.prices[specialite_id]:
            if prix.debut <= jour and (prix.fin is None or jour <= prix.fin):
                return prix.prix_unitaire_ttc
        return None


class Droits:
    """Whether each authorisation covers a dispensing day, its past read once for all."""

    def __init__(self, administrations: Iterable[Administration]) -> None:
        self.titres: dict[UUID, Any] = {
            member.dispensation.titre_id: member.dispensation.titre.as_kind()
            for member in administrations
        }
        for key, moves in journal.moves(Dossier, self.titres.keys()).items():
            self.titres[key].moves = moves

    def covers(self, dispensation: Any) -> bool:
        return self.titres[dispensation.titre_id].covers(dispensation.jour)


def build_lines(
    etablissement: Etablissement, periode: Periode, *, include_zero: bool
) -> list[LigneFichcomp]:
    """The checked lines of the cumulative period, in the order of the file."""
    administrations = _administrations(etablissement, periode)
    codes = Codes(member.dispensation.specialite for member in administrations)
    tarif, droits = Tarif(etablissement), Droits(administrations)
    lines = [
        _line(key, members, etablissement, periode, codes, tarif, droits, include_zero)
        for key, members in _grouped(administrations, codes).items()
    ]
    lines.sort(
        key=lambda ligne: (ligne.numero_sejour, ligne.jour, ligne.ucd13, ligne.code_indication)
    )
    for rank, ligne in enumerate(lines, start=1):
        ligne.ordre = rank
    return lines


def record_of(ligne: LigneFichcomp) -> dict[str, Any]:
    """The values of a line under the names of the columns of the file."""
    return {
        "finess": ligne.finess,
        "type_prestation": fichcomp_mco.TYPE_PRESTATION,
        "sejour": ligne.numero_sejour,
        "jour": ligne.jour,
        "ucd": ligne.ucd13,
        "nombre": ligne.nombre,
        "montant": ligne.montant,
        "validation": ligne.validation,
        "indication": ligne.code_indication,
    }


class Codes:
    """What the lists say of the specialities of a month, read once."""

    def __init__(self, specialites: Iterable[Specialite]) -> None:
        known = {specialite.pk: specialite.ucd7 or "" for specialite in specialites}
        self.rows = medicines.codes_by_specialite(known)
        self.published = medicines.published_ucds(known.values())
        self.les = medicines.les_periods(known.values())

    def of(self, administration: Administration) -> str:
        """The code chosen with the request; none then, the one that stands on the day."""
        dispensation = administration.dispensation
        code = dispensation.code_indication
        if code is None:
            rows = self.rows.get(dispensation.specialite_id, ())
            standing = [row for row in rows if row.covers(administration.jour)]
            code = medicines.code_among(standing, dispensation.titre.cadre)
        return code.code if code else ""

    def listed(self, specialite: Specialite, jour: date) -> tuple[CodeOuvert, ...]:
        """The codes of a speciality under the words of the controls, with their type that day."""
        les = self.les.get(specialite.ucd7 or "", ())
        listed_that_day = {row.code for row in les if row.covers(jour)}
        return tuple(
            CodeOuvert(
                row.code, row.debut, _last_day(row), record_type(row.code in listed_that_day)
            )
            for row in self.rows.get(specialite.pk, ())
        )

    def is_known(self, specialite: Specialite) -> bool:
        """Whether a public list holds its UCD; none loaded, nothing can be said against it."""
        return self.published is None or specialite.ucd7 in self.published


def _last_day(row: CodeIndication) -> date | None:
    ends = [row.fin] if row.fin else []
    if row.absente_depuis:
        ends.append(row.absente_depuis - timedelta(days=1))
    return min(ends, default=None)


def _administrations(etablissement: Etablissement, periode: Periode) -> list[Administration]:
    return list(
        Administration.objects.filter(
            sejour__etablissement=etablissement,
            dispensation__contexte=ContexteDispensation.SEJOUR,
        )
        .for_period(periode)
        .select_related(
            "sejour",
            "dispensation__titre__cadre",
            "dispensation__specialite",
            "dispensation__code_indication",
        )
        .order_by("jour", "id")
    )


def _grouped(
    administrations: Iterable[Administration], codes: Codes
) -> dict[Key, list[Administration]]:
    groups: dict[Key, list[Administration]] = defaultdict(list)
    for administration in administrations:
        key = (
            administration.sejour_id,
            administration.jour,
            administration.dispensation.specialite_id,
            codes.of(administration),
        )
        groups[key].append(administration)
    return groups


def _line(
    key: Key,
    members: list[Administration],
    etablissement: Etablissement,
    periode: Periode,
    codes: Codes,
    tarif: Tarif,
    droits: Droits,
    include_zero: bool,
) -> LigneFichcomp:
    _, jour, specialite_id, code = key
    sejour, specialite = members[0].sejour, members[0].dispensation.specialite
    nombre = sum((member.quantite for member in members), Decimal(0))
    price = tarif.unit_price(specialite_id, jour)
    validations = {member.validation for member in members if member.validation}
    faits = Faits(
        periode=periode,
        finess=etablissement.pmsi_number,
        sejour=sejour.numero,
        entree=sejour.entree,
        sortie=sejour.sortie,
        jour=jour,
        ucd7=specialite.ucd7 or "",
        ucd_connu=codes.is_known(specialite),
        ucd_en_attente=specialite.ucd_en_attente,
        nombre=nombre,
        prix_unitaire=price,
        montant=_amount(price, nombre),
        code_indication=code,
        codes=codes.listed(specialite, jour),
        droits_non_couverts=_uncovered(members, droits),
        validation=validations.pop() if len(validations) == 1 else "",
        validations_contraires=len(validations) > 1,
        inclure_zero=include_zero,
        doublon=_has_duplicate(members),
    )
    return _checked(faits, members, sejour, specialite)


def _amount(price: Decimal | None, nombre: Decimal) -> Decimal | None:
    """The line total; none without a price, nor of a number that no line can hold."""
    if price is None or amounts.overflows(nombre):
        return None
    return amounts.line_amount(price, nombre)


def _uncovered(members: list[Administration], droits: Droits) -> tuple[str, ...]:
    numbers = {
        member.dispensation.titre.nom_affiche
        for member in members
        if not droits.covers(member.dispensation)
    }
    return tuple(sorted(numbers))


def _has_duplicate(members: list[Administration]) -> bool:
    seen = Counter((member.dispensation_id, member.quantite, member.perte) for member in members)
    return any(count > 1 for count in seen.values())


def _checked(
    faits: Faits, members: list[Administration], sejour: Any, specialite: Specialite
) -> LigneFichcomp:
    ligne = LigneFichcomp(
        sejour=sejour,
        specialite=specialite,
        references={
            "administrations": sorted(str(member.pk) for member in members),
            "dispensations": sorted({str(member.dispensation_id) for member in members}),
            "titres": sorted({member.dispensation.titre.nom_affiche for member in members}),
        },
        finess=faits.finess,
        numero_sejour=faits.sejour,
        sortie=faits.sortie,
        jour=faits.jour,
        ucd7=faits.ucd7,
        ucd13=ucd.ucd13(faits.ucd7) if ucd.is_ucd7(faits.ucd7) else "",
        libelle=specialite.libelle,
        nombre=faits.nombre,
        prix_unitaire=faits.prix_unitaire,
        montant=faits.montant,
        validation=faits.validation,
        code_indication=faits.code_indication,
    )
    found = controles.controls(faits)
    found += _width_faults(ligne, {blocage.field for blocage in found})
    ligne.etat = line_state(found)
    ligne.blocages = [blocage.as_json() for blocage in found]
    ligne.avertissements = sum(b.gravite is PorteeControle.AVERTISSEMENT for b in found)
    first = _first_reason(found, str(ligne.etat))
    if first is not None:
        ligne.motif_code, ligne.motif, ligne.evite = first.code, first.message, first.druides
    return ligne


def _width_faults(ligne: LigneFichcomp, already_said: set[str]) -> list[Blocage]:
    """What the columns of the file refuse and no other control has said."""
    same = {"ucd", "montant", "nombre", "indication", "finess", "sejour", "jour", "validation"}
    if ligne.montant is None:  # said of the price or of the number
        already_said = already_said | {"montant"}
    return [
        Blocage("largeur", "MEDATU 999", fault.message.rstrip("."), fault.column)
        for fault in fichcomp_mco.LAYOUT.faults(record_of(ligne))
        if fault.column in same - already_said
    ]


def _first_reason(found: list[Blocage], etat: str) -> Blocage | None:
    """The reason that explains the state: the first of the gravity that gave it."""
    wanted = {
        "BLOQUEE": PorteeControle.BLOQUANT,
        "EN_ATTENTE": PorteeControle.ATTENTE,
        "EXCLUE": PorteeControle.EXCLUSION,
    }.get(etat)
    return next((blocage for blocage in found if blocage.gravite is wanted), None)
