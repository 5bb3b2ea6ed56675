"""Organisations for checkers: every role with its keys, dossiers by state, one canary each."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction

from billing.services.preparation import prepare_month
from billing.services.prix import record_price
from config.seeding import acts
from config.seeding.acts import Malade, Monde
from config.seeding.checkers_told import account, ids, told
from config.seeding.people import Equipe, Recruiter, hospital, organisation
from config.seeding.products import exemplium
from config.seeding.story import telling
from engine.actors import CLOCK
from engine.clocks import real_now, today
from referentiel.models import Cadre, Etablissement, TypeOrganisation, User
from referentiel.roles import Role

DOMAIN = "checker.placet.invalid"
# The state each new dossier is led to, in turn; the first one goes all the way to the bill.
STATES = (
    "DISPENSEE", "BROUILLON", "EN_INSTRUCTION", "A_VALIDER_PUI", "COMPLEMENT_DEMANDE",
    "ACCORDEE", "TRANSMISE_ANSM", "RETOURNEE_PRESCRIPTEUR", "REFUSEE", "RETIREE",
    "A_VENIR", "EXPIREE", "CLASSEE_SANS_SUITE",
)  # fmt: skip
HOSPITAL_ROLES = (
    Role.PRESCRIPTEUR, Role.INTERNE, Role.PHARMACIEN, Role.FACTURATION, Role.ADMIN_ETABLISSEMENT,
)  # fmt: skip
ANSM_ROLES = (Role.EVALUATEUR_ANSM, Role.DECIDEUR_ANSM, Role.GESTIONNAIRE_ANSM)
OTHERS = (
    (TypeOrganisation.HAS, "HAS", (Role.EVALUATEUR_HAS, Role.DECIDEUR_HAS, Role.GESTIONNAIRE_HAS)),
    (TypeOrganisation.LABORATOIRE, "Laboratoire", (Role.LABORATOIRE,)),
    (TypeOrganisation.SIGNALANT, "Signalant", (Role.SIGNALANT,)),
    (TypeOrganisation.MINISTERE, "Ministère", (Role.MINISTERE,)),
    (TypeOrganisation.CRPV, "CRPV", (Role.CRPV,)),
    (TypeOrganisation.PLATEFORME, "Plateforme", (Role.ADMIN,)),
)


def seed(orgs: int, dossiers: int, *, pieces: bool = True) -> dict[str, Any]:
    """Make hospitals with their dossiers, and everything a checker needs to act in them.

    Dossier by dossier: who works beside a long seed waits for one dossier at most. A seed that was
    cut short is told by its mark, which stands in the names of its organisations and in no file.
    """
    mark = secrets.token_hex(3)
    recruiter, agence, cadre = _agency(mark)
    found = [
        _hospital(number, mark, recruiter, agence, cadre, dossiers, pieces)
        for number in range(1, orgs + 1)
    ]
    with transaction.atomic():
        return {
            "base_url": settings.PLACET_BASE_URL,
            "genere_le": real_now().isoformat(),
            "organisations": found,
            "agence": told(agence),
            "autres": [_other(recruiter, mark, *other) for other in OTHERS],
            "produit": {
                "id": str(cadre.produit_id),
                "nom": cadre.produit.nom,
                "cadre_id": str(cadre.pk),
                "ucd7": cadre.produit.specialites.get().ucd7,
            },
        }


@transaction.atomic
def _agency(mark: str) -> tuple[Recruiter, Equipe, Cadre]:
    """The people who decide, and the invented product they decide of."""
    recruiter = Recruiter(DOMAIN, secrets.token_urlsafe(24), is_demo=False, suffix=f".{mark}")
    agence = organisation(TypeOrganisation.ANSM, f"ANSM d'essai {mark}", is_demo=False)
    for role in ANSM_ROLES:
        recruiter.hire(agence, role, ("", "Agent", f"Fictif {mark}"))
    # What one gestionnaire proposes, another publishes.
    relecteur = ("", "Relecteur", f"Fictif {mark}")
    recruiter.hire(
        agence, Role.GESTIONNAIRE_ANSM, relecteur, login="relecteur.ansm", key="RELECTEUR"
    )
    return recruiter, agence, exemplium(by=agence[Role.GESTIONNAIRE_ANSM])


def _other(recruiter: Recruiter, mark: str, kind: str, nom: str, roles: Any) -> dict[str, Any]:
    equipe = organisation(kind, f"{nom} d'essai {mark}", is_demo=False)
    for role in roles:
        recruiter.hire(equipe, role, ("", "Agent", f"Fictif {mark}"))
    return told(equipe)


def _hospital(
    number: int,
    mark: str,
    recruiter: Recruiter,
    agence: Equipe,
    cadre: Cadre,
    dossiers: int,
    pieces: bool,
) -> dict[str, Any]:
    equipe, elsewhere = _staff(number, mark, recruiter)
    canary = f"CANARI{secrets.token_hex(6).upper()}"
    writer = Writer(Monde(equipe, agence), cadre, canary, pieces)
    for rank in range(dossiers):
        writer.lead(rank)
    if writer.billed:
        _prepare(equipe)
    with transaction.atomic():
        return {
            **told(equipe),
            "comptes_autre_service": [account(elsewhere)],
            "finess": equipe.site.finess,
            "pui_id": str(equipe.pui.pk) if equipe.pui else None,
            "canari": canary,
            "canari_identite": f"{canary}ID",
            **ids(equipe),
        }


@transaction.atomic
def _staff(number: int, mark: str, recruiter: Recruiter) -> tuple[Equipe, User]:
    """A hospital and its people, and a prescriber of the service that holds no dossier."""
    equipe = hospital(
        f"Hôpital d'essai {number} ({mark})",
        free_finess(),
        [f"Service {number} A", f"Service {number} B"],
        is_demo=False,
        pui={"email": f"pui{number}.{mark}@{DOMAIN}", "stock_autorise": True},
        mode_tarif="0",
    )
    hiring = Recruiter(DOMAIN, recruiter.password, is_demo=False, suffix=f"{number}.{mark}")
    for role in HOSPITAL_ROLES:
        hiring.hire(
            equipe, role, ("", "Personne", f"Fictive {number} {mark}"),
            gerant=role == Role.PHARMACIEN,
        )  # fmt: skip
    # In a team of its own: the accounts of a hospital hold one of each role.
    other = replace(equipe, people={})
    elsewhere = hiring.hire(
        other, Role.PRESCRIPTEUR, ("", "Personne", f"Fictive {number} B {mark}"),
        login="prescripteur.b", services=equipe.services[1:],
    )  # fmt: skip
    return equipe, elsewhere


def free_finess() -> str:
    """A FINESS number no establishment has: 99 is the department of none."""
    while True:
        number = f"99{secrets.randbelow(10**7):07d}"
        if not Etablissement.objects.filter(finess=number).exists():
            return number


class Writer:
    """Writes dossiers that hold the canary wherever a person's words or identity go."""

    def __init__(self, monde: Monde, cadre: Cadre, canary: str, pieces: bool) -> None:
        self.monde, self.cadre, self.canary, self.pieces = monde, cadre, canary, pieces
        self.billed = False

    def lead(self, rank: int) -> None:
        """One dossier, led to the state of its rank."""
        wanted = STATES[rank % len(STATES)]
        with transaction.atomic():
            if wanted in ("EXPIREE", "CLASSEE_SANS_SUITE"):
                self._tell(rank, wanted)
            else:
                self._path(rank, wanted)

    def _path(self, rank: int, wanted: str) -> None:
        m = self.monde
        dossier = self._draft(rank)
        if wanted == "BROUILLON":
            return
        dossier = acts.submit(m, dossier)
        if wanted == "A_VALIDER_PUI":
            return
        if wanted in ("RETOURNEE_PRESCRIPTEUR", "RETIREE"):
            self._stop(dossier, wanted)
            return
        dossier = acts.transmit(m, dossier)
        words = f"Message {self.canary} à l'agence."
        acts.say(dossier, m.hopital[Role.PHARMACIEN], words, "AGENCE")
        if wanted == "TRANSMISE_ANSM":
            return
        dossier = acts.review(m, dossier)
        if wanted == "EN_INSTRUCTION":
            return
        if wanted == "COMPLEMENT_DEMANDE":
            acts.answer(m, acts.ask(m, dossier))
        elif wanted == "REFUSEE":
            acts.refuse(m, acts.contact(m, dossier))
        else:
            self._grant(dossier, rank, wanted)

    def _draft(self, rank: int) -> Any:
        identity = f"{self.canary}ID"
        malade = Malade(
            identity,
            f"P{identity}",
            date(2015, 1, 1) + timedelta(days=rank),
            ipp=f"{identity}{rank}",
        )
        words = f"Texte fictif {self.canary} assez long pour être lu par une agence, mot à mot."
        names = ("justif_inclusion", "justif_alternative", "justif_efficacite", "antecedents")
        texts = dict.fromkeys(names, words) | {"schema": words, "references": words}
        dossier = acts.write(self.monde, malade, self.cadre, criteres=False, texts=texts)
        author = self.monde.hopital[Role.PRESCRIPTEUR]
        acts.say(dossier, author, f"Message {self.canary} de l'hôpital.")
        if self.pieces:
            acts.join(dossier, author, f"Piece {self.canary}")
        return dossier

    def _stop(self, dossier: Any, wanted: str) -> None:
        people = self.monde.hopital
        motif = f"Motif {self.canary}."
        if wanted == "RETIREE":
            acts.do(dossier, "withdraw", people[Role.PRESCRIPTEUR], motif=motif)
        else:
            acts.do(dossier, "return_to_prescripteur", people[Role.PHARMACIEN], motif=motif)

    def _tell(self, rank: int, wanted: str) -> None:
        """What takes weeks: the clock is set back to them."""
        m = self.monde
        with telling() as present:
            settings.PLACET_CLOCK_OFFSET = present.offset - timedelta(days=60)
            dossier = acts.review(m, acts.transmit(m, acts.submit(m, self._draft(rank))))
            if wanted == "EXPIREE":
                aac = acts.grant(m, dossier, jours=10)
            else:
                acts.ask(m, dossier)
                settings.PLACET_CLOCK_OFFSET = present.offset - timedelta(days=40)
                acts.do(dossier, "remind", CLOCK)
        if wanted == "EXPIREE":
            acts.do(aac, "expire", CLOCK)
        else:
            acts.do(dossier, "close_without_action", m.agence[Role.EVALUATEUR_ANSM])

    def _grant(self, dossier: Any, rank: int, wanted: str) -> None:
        aac = acts.grant(self.monde, dossier, wait=30 if wanted == "A_VENIR" else 0)
        if wanted in ("ACCORDEE", "A_VENIR"):
            return
        lot = f"L{self.canary}{rank}"
        acts.receive(self.monde, acts.order(self.monde, aac), lot=lot)
        given = acts.dispense(self.monde, aac, lot)
        acts.administer(
            self.monde,
            given,
            f"{self.canary}{rank:02d}"[:20],
            entree=today(),
            sortie=today(),
            jour=today(),
            quantite="2.5",
        )
        if not self.billed:
            self._price(aac)
        self.billed = True

    def _price(self, aac: Any) -> None:
        record_price(
            etablissement=self.monde.hopital.site,
            specialite=aac.specialite,
            prix_unitaire_ttc=Decimal("392.00"),
            source=f"Facture {self.canary}",
            debut=date(2022, 1, 1),
            by=self.monde.hopital[Role.FACTURATION],
        )


def _prepare(equipe: Equipe) -> None:
    day = today()
    prepare_month(
        etablissement=equipe.site,
        annee=day.year,
        mois=day.month,
        by=equipe[Role.FACTURATION],
    )
