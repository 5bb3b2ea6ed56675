"""What each nature of publication writes, by which service, and what the public log tells of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Model

from engine.clocks import local, today
from referentiel.models import Cadre, CodeIndication, Nouvelle, Parametre, Produit, Publication
from referentiel.parametres import libelle_of
from referentiel.services import (
    depots,
    documents,
    fermetures,
    fiches,
    medicines,
    regroupement,
    relecture,
)
from referentiel.services.changes import Annonce, annonce
from referentiel.states import NatureChangement, NatureContact, NaturePublication

N, C = NaturePublication, NatureChangement
Values = Mapping[str, Any]
ORIGINE = "publication"


@dataclass(frozen=True)
class Ecriture:
    """What was written, and the lines it adds to the public log."""

    objet: Model | None
    annonces: list[Annonce] = field(default_factory=list)


Executor = Callable[[Publication, Values, Any], Ecriture]
_executors: dict[str, Executor] = {}


def writes(nature: NaturePublication) -> Callable[[Executor], Executor]:
    """Name the function that writes one nature."""

    def register(function: Executor) -> Executor:
        _executors[nature] = function
        return function

    return register


def write(publication: Publication, values: Values, *, by: Any, essai: bool = False) -> Ecriture:
    """Write a proposal with values its form has just checked; a trial stores no file."""
    if essai and values.get("depot"):
        values = {**values, "depot": "", "texte": values["texte"] or "Fichier joint."}
    try:
        return _executors[publication.nature](publication, values, by)
    except ObjectDoesNotExist as error:
        raise relecture.gone() from error


def title(publication: Publication, values: Values) -> str:
    """How the queue names a proposal."""
    nature = NaturePublication(publication.nature).label
    if publication.nature == N.PARAMETRE:
        return f"{nature} : {libelle_of(values['code'])}"
    if publication.nature == N.NOUVELLE:
        return f"{nature} : {values['titre']}"
    if publication.produit is None:
        return f"{nature} : {values.get('nom', '')}"
    return f"{publication.produit.nom} : {nature[0].lower()}{nature[1:]}"


def _lines(
    publication: Publication, subject: Produit | Cadre, nature: NatureChangement, where: str = ""
) -> list[Annonce]:
    """One line of the public log per field that changes, old → new."""
    return [
        annonce(
            subject,
            nature,
            f"{nature.label}{where} : {line.label.lower()}",
            champ=line.champ,
            avant="" if line.avant == relecture.RIEN else line.avant,
            apres="" if line.apres == relecture.RIEN else line.apres,
        )
        for line in relecture.differences(publication)
    ]


@writes(N.AJOUT_PRODUIT)
def _add_produit(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Add a product no list holds."""
    produit = medicines.add_produit(by=by, **values)
    return Ecriture(produit, [annonce(produit, C.PRODUIT_AJOUTE, f"Ajout de {produit.nom}")])


@writes(N.PRODUIT)
def _complete(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Correct the mentions of a product, and give its UCD to the speciality that waits for one."""
    produit = relecture.subject(Produit, publication)
    annonces = _lines(publication, produit, C.PRODUIT_MODIFIE)
    mentions = {name: value for name, value in values.items() if name != "ucd7"}
    done = medicines.complete_produit(produit, by=by, **mentions)
    waiting = done.specialites.filter(ucd_en_attente=True).first()
    if values.get("ucd7") and waiting:
        medicines.assign_ucd(waiting, by=by, ucd7=values["ucd7"])
    return Ecriture(done, annonces)


@writes(N.AJOUT_CADRE)
def _add_cadre(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Open a cadre by hand."""
    produit = relecture.subject(Produit, publication)
    cadre = medicines.add_cadre(produit, by=by, **values)
    return Ecriture(
        cadre, [annonce(cadre, C.CADRE_OUVERT, f"Cadre ouvert : {cadre}", apres=cadre.indication)]
    )


@writes(N.AJOUT_CODE)
def _add_code(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Add an indication code to a UCD of the product."""
    code = medicines.add_code(by=by, **values)
    subject = code.cadre or code.specialite.produit
    titre = f"Code {code.code} ajouté pour l'UCD {code.specialite.ucd7}"
    return Ecriture(code, [annonce(subject, C.CODE_AJOUTE, titre, apres=code.code)])


@writes(N.CADRE)
def _correct_cadre(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Correct a cadre; a status closes it from the day of effect, even when written late."""
    cadre = relecture.subject(Cadre, publication)
    annonces = _lines(publication, cadre, C.CADRE_MODIFIE)
    day = _day_of_effect(publication)
    return Ecriture(medicines.update_cadre(cadre, by=by, ferme_depuis=day, **values), annonces)


@writes(N.FERMETURE_CADRE)
def _close_cadre(publication: Publication, values: Values, by: Any) -> Ecriture:
    """End a cadre on its last day."""
    cadre = relecture.subject(Cadre, publication)
    annonces = _lines(publication, cadre, C.CADRE_FERME)
    return Ecriture(fermetures.close_cadre(cadre, by=by, **values), annonces)


def _day_of_effect(publication: Publication) -> date:
    """The day proposed, or the day it was published when that came later."""
    read = publication.relu_le
    return max(publication.effet_le, local(read).date() if read else publication.effet_le)


def _on_code(service: Callable[..., CodeIndication], nature: NatureChangement) -> Executor:
    """What a service changes on a code: its cadre tells it, else its product."""

    def execute(publication: Publication, values: Values, by: Any) -> Ecriture:
        code = relecture.subject(CodeIndication, publication)
        subject = code.cadre or code.specialite.produit
        annonces = _lines(publication, subject, nature, f" ({code.code})")
        return Ecriture(service(code, by=by, **values), annonces)

    return execute


writes(N.CODE)(_on_code(medicines.update_code, C.CODE_MODIFIE))
writes(N.FERMETURE_CODE)(_on_code(fermetures.close_code, C.CODE_FERME))


@writes(N.CRITERES)
def _publish_criteria(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Publish the next version of a cadre's criteria; requests under way keep theirs."""
    cadre = relecture.subject(Cadre, publication)
    questions = [
        medicines.Question(values[name], values[name.replace("texte", "attendu")] == "oui")
        for name in values
        if name.startswith("texte_") and values[name]
    ]
    before = cadre.criteres.filter(version=cadre.version_criteres)
    asked = "\n".join(before.values_list("texte", flat=True))
    done = medicines.publish_criteria(cadre, questions, by=by)
    titre = f"Critères d'octroi, version {done.version_criteres}"
    apres = "\n".join(question.texte for question in questions)
    return Ecriture(
        done,
        [annonce(done, C.CRITERES_PUBLIES, titre, champ="criteres", avant=asked, apres=apres)],
    )


@writes(N.DOCUMENT)
def _publish_document(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Publish a version of a document; the service tells the public log itself."""
    produit = relecture.subject(Produit, publication)
    rest = {name: value for name, value in values.items() if name != "depot"}
    done = documents.add_document(
        produit, by=by, fichier=depots.taken_up(values["depot"]), origine=ORIGINE, **rest
    )
    return Ecriture(done)


@writes(N.FICHE)
def _write_sheet(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Other names, contacts, words for the patient, official page."""
    produit = relecture.subject(Produit, publication)
    annonces = _lines(publication, produit, C.PRODUIT_MODIFIE)
    own = {name: values[name] for name in ("resume_patient", "lien_officiel")}
    done = medicines.complete_produit(produit, by=by, **own)
    fiches.set_aliases(done, values["alias"].splitlines(), by=by)
    for nature in NatureContact:
        prefix = f"{nature.value.lower()}_"
        contact = {n.removeprefix(prefix): v for n, v in values.items() if n.startswith(prefix)}
        fiches.set_contact(done, nature, contact, by=by)
    return Ecriture(done, annonces)


@writes(N.REGROUPEMENT)
def _regroup(publication: Publication, values: Values, by: Any) -> Ecriture:
    """Merge the products of other UCD into this one."""
    produit = relecture.subject(Produit, publication)
    others = list(Produit.objects.filter(specialites__ucd7__in=values["ucds"].split()).distinct())
    done = regroupement.regroup(produit, others, by=by)
    noms = ", ".join(other.nom for other in others)
    lines = [annonce(done, C.PRODUIT_MODIFIE, f"Regroupé avec {noms}", champ="regroupement")]
    lines += [
        annonce(other, C.PRODUIT_MODIFIE, f"Regroupé dans {done.nom}", champ="regroupement")
        for other in others
    ]
    return Ecriture(done, lines)


@writes(N.NOUVELLE)
def _publish_news(publication: Publication, values: Values, by: Any) -> Ecriture:
    """A dated piece of news on the public home page."""
    news = Nouvelle(**values, le=max(publication.effet_le, today()))
    news.full_clean()
    news.save()
    return Ecriture(news)


@writes(N.PARAMETRE)
def _date_parametre(publication: Publication, values: Values, by: Any) -> Ecriture:
    """A newer value of a parameter, dated: what began before keeps the earlier one."""
    row = Parametre(
        code=values["code"],
        valeur=values["valeur"],
        source=values["source"],
        debut=max(publication.effet_le, today()),
        libelle=libelle_of(values["code"]),
    )
    row.full_clean()
    row.save()
    return Ecriture(row)
