"""Controls on the two codes of a line: UCD, then indication for that UCD on that day."""

from collections.abc import Iterator

from billing.rules import indication, ucd
from billing.rules.faits import TYPE_PRESTATION, Blocage, Faits, PorteeControle, french_date
from billing.rules.indication import CodeOuvert


def ucd_controls(faits: Faits) -> Iterator[Blocage]:
    """002, 003: the UCD exists and may be billed.

    A UCD is allotted after the first grant (CSP, R. 5121-74-3 II): a person may know it before the
    public lists do. Only those can say that it is wrong, so the doubt is told, and blocks nothing.
    """
    if faits.ucd_en_attente or not faits.ucd7:
        yield Blocage(
            "ucd_en_attente",
            "MEDATU 002",
            "Le code UCD de la spécialité est en attente d'attribution",
            "ucd",
        )
    elif not ucd.is_ucd7(faits.ucd7):
        yield Blocage(
            "ucd_forme",
            "MEDATU 002",
            f"Le code UCD «\u00a0{faits.ucd7}\u00a0» n'a pas sept chiffres commençant par 9",
            "ucd",
        )
    elif ucd.is_reserved(faits.ucd7):
        yield Blocage(
            "ucd_reserve",
            "MEDATU 003",
            f"Le code UCD {faits.ucd7} est réservé par l'Assurance maladie",
            "ucd",
        )
    elif not faits.ucd_connu:
        yield Blocage(
            "ucd_inconnu",
            "MEDATU 003",
            f"Le code UCD {faits.ucd7} n'est dans aucune liste publique importée\u00a0: "
            "vérifiez-le avant l'envoi",
            "ucd",
            PorteeControle.AVERTISSEMENT,
        )


def indication_controls(faits: Faits) -> Iterator[Blocage]:
    """007: the code stands for (UCD, code) on the administration day."""
    code, jour = faits.code_indication, faits.jour
    if not code:
        yield Blocage(
            "indication_absente",
            "MEDATU 007",
            f"Code indication absent\u00a0: aucun n'est ouvert le {french_date(jour)} pour cette "
            "spécialité. Un gestionnaire du référentiel l'ajoute sur la fiche du produit, ou par "
            "l'import de la liste ATIH\u00a0; contrôlez ensuite le mois de nouveau",
            "indication",
        )
    elif not indication.has_shape(code):
        yield Blocage(
            "indication_forme",
            "MEDATU 007",
            f"«\u00a0{code}\u00a0» n'a pas la forme d'un code indication",
            "indication",
        )
    elif code in indication.LES_GENERIC:
        yield Blocage(
            "indication_les",
            "MEDATU 007",
            f"Le code {code} relève de la liste en sus (type 06), pas des accès dérogatoires",
            "indication",
        )
    elif indication.is_legacy_refused(code, jour):
        yield Blocage(
            "indication_nxxxx00",
            "MEDATU 007",
            "Le code NXXXX00 est refusé depuis le 01/01/2023",
            "indication",
        )
    else:
        yield from _listed_indication(faits)


def _listed_indication(faits: Faits) -> Iterator[Blocage]:
    code, jour = faits.code_indication, faits.jour
    rows = [row for row in faits.codes if row.code == code]
    open_rows = [row for row in rows if row.is_open(jour)]
    if not rows:
        yield Blocage(
            "indication_inconnue",
            "MEDATU 007",
            f"Le code indication {code} n'existe pas pour l'UCD {faits.ucd7}",
            "indication",
        )
    elif not open_rows:
        yield _closed(faits, rows)
    elif all(row.type_prestation != TYPE_PRESTATION for row in open_rows):
        yield Blocage(
            "indication_type",
            "MEDATU 888",
            f"Le couple UCD {faits.ucd7} et indication {code} est ce jour-là sur la liste en "
            f"sus\u00a0: il relève du FICHCOMP de type {open_rows[0].type_prestation}, pas du 09",
            "indication",
        )
    if indication.is_doubtful_in_fichcomp(code):
        yield Blocage(
            "indication_r_d",
            "MEDATU 007",
            f"Code {code[0]}\u00a0: l'ATIH ne nomme que les codes I, N et C pour le type 09",
            "indication",
            PorteeControle.AVERTISSEMENT,
        )


def _closed(faits: Faits, rows: list[CodeOuvert]) -> Blocage:
    ended = [row.fin for row in rows if row.fin is not None and row.fin < faits.jour]
    when = (
        f"fermé le {french_date(max(ended))}"
        if ended
        else f"ouvert seulement le {french_date(min(row.debut for row in rows if row.debut))}"
    )
    return Blocage(
        "indication_fermee",
        "MEDATU 007",
        f"Code indication {faits.code_indication} {when} pour l'UCD {faits.ucd7}",
        "indication",
    )
