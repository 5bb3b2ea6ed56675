"""Which form reads which nature of proposal; loaded when the application starts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.clocks import today
from referentiel.forms import gestion
from referentiel.forms.documents import DocumentForm
from referentiel.forms.medicines import CadreForm, CodeForm, ProduitForm
from referentiel.models import Cadre, CodeIndication, Produit, Publication
from referentiel.services.relecture import reads, subject
from referentiel.states import NaturePublication as N

Values = Mapping[str, Any] | None


@reads(N.AJOUT_PRODUIT)
def new_produit(publication: Publication, values: Values) -> ProduitForm:
    """The mentions of a new product."""
    return ProduitForm(values)


@reads(N.PRODUIT)
def produit(publication: Publication, values: Values) -> ProduitForm:
    """The mentions of a product."""
    return ProduitForm(values, instance=subject(Produit, publication))


@reads(N.AJOUT_CADRE)
def new_cadre(publication: Publication, values: Values) -> CadreForm:
    """A new cadre of a product."""
    owner = subject(Produit, publication)
    return CadreForm(values, instance=Cadre(produit=owner))


@reads(N.CADRE)
def cadre(publication: Publication, values: Values) -> CadreForm:
    """A cadre as it stands."""
    return CadreForm(values, instance=_cadre(publication))


@reads(N.FERMETURE_CADRE)
def close_cadre(publication: Publication, values: Values) -> gestion.FermetureCadreForm:
    """The end of a cadre."""
    return gestion.FermetureCadreForm(values, cadre=_cadre(publication))


@reads(N.AJOUT_CODE)
def new_code(publication: Publication, values: Values) -> CodeForm:
    """A new code of a UCD of the product."""
    owner = subject(Produit, publication)
    return CodeForm(values, instance=CodeIndication(), produit=owner)


@reads(N.CODE)
def code(publication: Publication, values: Values) -> CodeForm:
    """A code as it stands."""
    row = _code(publication)
    return CodeForm(values, instance=row, produit=row.specialite.produit)


@reads(N.FERMETURE_CODE)
def close_code(publication: Publication, values: Values) -> gestion.FermetureCodeForm:
    """The end of a code."""
    return gestion.FermetureCodeForm(values, code=_code(publication))


@reads(N.CRITERES)
def criteres(publication: Publication, values: Values) -> gestion.CriteresForm:
    """The criteria of a cadre, in their version in force."""
    return gestion.CriteresForm(values, cadre=_cadre(publication))


@reads(N.FICHE)
def fiche(publication: Publication, values: Values) -> gestion.FicheForm:
    """Names, contacts and words of a sheet."""
    return gestion.FicheForm(values, produit=subject(Produit, publication))


@reads(N.DOCUMENT)
def document(publication: Publication, values: Values) -> DocumentForm:
    """A new version of a document of the product."""
    return DocumentForm(values, produit=subject(Produit, publication))


@reads(N.REGROUPEMENT)
def regroupement(publication: Publication, values: Values) -> gestion.RegroupementForm:
    """The UCD to join."""
    return gestion.RegroupementForm(values, produit=subject(Produit, publication))


@reads(N.NOUVELLE)
def nouvelle(publication: Publication, values: Values) -> gestion.NouvelleForm:
    """A piece of news."""
    return gestion.NouvelleForm(values)


@reads(N.PARAMETRE)
def parametre(publication: Publication, values: Values) -> gestion.ParametreForm:
    """A parameter, as it will stand on the day of effect."""
    code = str(publication.valeurs.get("code", ""))
    return gestion.ParametreForm(values, code=code, debut=max(publication.effet_le, today()))


def _cadre(publication: Publication) -> Cadre:
    return subject(Cadre, publication)


def _code(publication: Publication) -> CodeIndication:
    return subject(CodeIndication, publication)
