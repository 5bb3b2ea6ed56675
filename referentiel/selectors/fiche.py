"""The public sheet of a product: its cadres in force first, then all that goes with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from referentiel.models import (
    AliasProduit,
    Cadre,
    Changement,
    CodeIndication,
    ContactProduit,
    ExtraitSecurite,
    ImportRun,
    Produit,
)
from referentiel.rules.decisions import conflict_told
from referentiel.rules.libelles import is_at_limit
from referentiel.rules.liens import link_title
from referentiel.rules.obtention import MENTION, Obtention, how_to_obtain
from referentiel.selectors import changes, sheets
from referentiel.selectors.fiche_parties import (
    EnMotsSimples,
    Etiquette,
    badges,
    in_plain_words,
    safety_card,
)
from referentiel.selectors.signalement import Signalement, signalement
from referentiel.selectors.versions import Suite, suites_by_cadre
from referentiel.states import (
    STATUTS_OUVERTS,
    NatureContact,
    StatutCadre,
    TypeCadre,
    TypeDocument,
)

HISTORY_SHOWN = 5
REFUS = frozenset({StatutCadre.REFUSEE, StatutCadre.NON_RETENU})
DECISIONS = frozenset(
    {TypeDocument.DECISION_HAS, TypeDocument.DECISION_CPC, TypeDocument.AVIS_ANSM}
)
# Where each framework is published; the page of the cadre is more precise when it is known.
AUTORITES = {
    TypeCadre.AAC: ("ANSM", "https://ansm.sante.fr/"),
    TypeCadre.AAP: ("HAS", "https://www.has-sante.fr/"),
    TypeCadre.CPC: ("ANSM", "https://ansm.sante.fr/"),
    TypeCadre.DIRECT: ("ministère chargé de la santé", "https://sante.gouv.fr/"),
}


@dataclass(frozen=True)
class BlocCadre:
    """One cadre as the sheet shows it."""

    fiche: sheets.FicheCadre
    obtention: Obtention
    documents: list[Suite]
    codes_valables: list[CodeIndication]
    desaccord: str
    autorite: str
    officiel: str
    decision: Suite | None
    a_venir: bool
    premier: bool = True  # the first of its framework: how to get it is printed once

    @property
    def cadre(self) -> Cadre:
        return self.fiche.cadre

    @property
    def titre_officiel(self) -> str:
        return link_title(self.officiel, self.autorite)

    @property
    def compact(self) -> bool:
        """Told in one line on paper: no criteria, and obtained as one already told."""
        return not self.premier and not self.fiche.criteres

    @property
    def coupee(self) -> bool:
        """Whether the published wording was cut before it reached us."""
        return bool(self.cadre.code) and is_at_limit(self.cadre.indication)

    @property
    def titre_documents(self) -> str:
        """Names a table among those of the page."""
        return f"Documents, {self._named}"

    @property
    def titre_codes(self) -> str:
        return f"Codes d'indication, {self._named}"

    @property
    def _named(self) -> str:
        return f"{self.cadre.framework} : {self.cadre.indication[:80]}"

    @property
    def etat(self) -> str:
        """Its status in words; an open status past its dates is over."""
        if self.cadre.statut in STATUTS_OUVERTS:
            return "Terminé"
        return str(StatutCadre(self.cadre.statut).label)

    @property
    def etiquette(self) -> str:
        """« AAP refusé », « CPC non retenu »."""
        word = "refusé" if self.cadre.statut == StatutCadre.REFUSEE else "non retenu"
        return f"{self.cadre.framework} {word}"


@dataclass(frozen=True)
class PageProduit:
    """All the public page of a product shows."""

    fiche: sheets.Fiche
    ouverts: list[BlocCadre]
    refus: list[BlocCadre]
    autres: list[BlocCadre]
    documents: list[Suite]
    contacts: list[ContactProduit]
    signalement: Signalement
    alias: list[AliasProduit]
    securite: list[tuple[str, list[ExtraitSecurite]]]
    changements: list[Changement]
    patient: list[EnMotsSimples]
    badges: list[Etiquette]
    a_jour: ImportRun | None
    mention: str = MENTION

    @property
    def produit(self) -> Produit:
        return self.fiche.produit

    @property
    def sous_titre(self) -> list[str]:
        """DCI, form and strength, company: what is known."""
        p = self.produit
        return [part for part in (p.dci, p.forme, p.dosage, p.laboratoire) if part]

    @property
    def derniers(self) -> list[Changement]:
        return self.changements[:HISTORY_SHOWN]

    @property
    def suite_historique(self) -> bool:
        return len(self.changements) > HISTORY_SHOWN

    @property
    def titre_officiel(self) -> str:
        """How the link to what prevails is named."""
        known = self.ouverts and not self.produit.lien_officiel
        return link_title(self.officiel, self.ouverts[0].autorite if known else "")

    @property
    def plateforme(self) -> ContactProduit | None:
        """Where access is asked of the company."""
        found = (c for c in self.contacts if c.nature == NatureContact.PLATEFORME)
        return next(found, None)

    @property
    def compacts(self) -> list[BlocCadre]:
        """The indications a printed page gives in one line each."""
        return [bloc for bloc in self.ouverts if bloc.compact]

    @property
    def cadres_en_cours(self) -> list[str]:
        """The frameworks in force, once each."""
        return list(dict.fromkeys(bloc.cadre.framework for bloc in self.ouverts))

    @property
    def officiel(self) -> str:
        """The official page of the product, else of its first cadre."""
        if self.produit.lien_officiel or not self.ouverts:
            return self.produit.lien_officiel
        return self.ouverts[0].officiel

    @property
    def verifie_le(self) -> date | None:
        """The oldest check among what is shown in force."""
        days = [bloc.cadre.verifie_le for bloc in self.ouverts if bloc.cadre.verifie_le]
        return self.produit.verifie_le or (min(days) if days else None)


def page_of(pk: UUID, on: date) -> PageProduit | None:
    """The public sheet, in a constant number of queries; None when there is no such product."""
    fiche = sheets.sheet(pk, on)
    if fiche is None:
        return None
    documents = suites_by_cadre(fiche.produit, on)
    blocs = [_bloc(cadre, documents.get(cadre.cadre.pk, []), on) for cadre in fiche.cadres]
    ouverts = _first_of_each([bloc for bloc in blocs if bloc.fiche.ouvert])
    contacts = list(fiche.produit.contacts.order_by("nature", "nom"))
    return PageProduit(
        fiche=fiche,
        ouverts=ouverts,
        refus=[bloc for bloc in blocs if bloc.cadre.statut in REFUS],
        autres=[b for b in blocs if not b.fiche.ouvert and b.cadre.statut not in REFUS],
        documents=documents.get(None, []),
        contacts=contacts,
        signalement=signalement([bloc.cadre for bloc in ouverts], documents, contacts),
        alias=list(fiche.produit.alias.all()),
        securite=safety_card(suite for suites in documents.values() for suite in suites),
        changements=list(changes.changes(fiche.produit).select_related(None)[: HISTORY_SHOWN + 1]),
        patient=in_plain_words(fiche.produit, [bloc.cadre.framework for bloc in ouverts]),
        badges=badges(fiche.produit),
        a_jour=sheets.last_update(),
    )


def _bloc(fiche: sheets.FicheCadre, documents: list[Suite], on: date) -> BlocCadre:
    cadre = fiche.cadre
    decided = [suite for suite in documents if suite.courante.document.type in DECISIONS]
    decision = max(decided, key=lambda s: s.courante.document.date_effet, default=None)
    autorite, page = AUTORITES[TypeCadre(cadre.framework)]
    told = decision.courante.document if decision else None
    return BlocCadre(
        fiche=fiche,
        obtention=how_to_obtain(
            cadre.framework,
            cadre.statut,
            criteres=bool(fiche.criteres),
            continuite=cadre.continuite,
        ),
        documents=documents,
        codes_valables=[code for code in fiche.codes if code.covers(on)],
        desaccord=conflict_told(cadre.statut, told.date_effet, cadre.fin) if told else "",
        autorite=autorite,
        officiel=cadre.lien_officiel or (told.source_url if told else "") or page,
        decision=decision,
        a_venir=cadre.debut is not None and cadre.debut > on and cadre.statut in STATUTS_OUVERTS,
    )


def _first_of_each(blocs: list[BlocCadre]) -> list[BlocCadre]:
    """Marks the first cadre of each framework: the others are obtained the same way."""
    seen: set[Obtention] = set()
    marked = []
    for bloc in blocs:
        marked.append(replace(bloc, premier=bloc.obtention not in seen))
        seen.add(bloc.obtention)
    return marked


def produit_of_cadre(pk: UUID) -> UUID | None:
    """The product of a cadre."""
    return Cadre.objects.filter(pk=pk).values_list("produit_id", flat=True).first()


def produit_named(pk: UUID) -> Produit | None:
    """A product, for a page that needs its name only."""
    return Produit.objects.filter(pk=pk).first()
