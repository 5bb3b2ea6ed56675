"""What « Quelle voie ? » and the questions page show: the register beside the rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from referentiel import parametres
from referentiel.folding import fold
from referentiel.formats.french import write_typography
from referentiel.models import Cadre, ContactProduit, Produit
from referentiel.rules import quelle_voie as rules
from referentiel.rules.questions import COMMUNES, QUESTIONS, QuestionReponse
from referentiel.selectors import medicines
from referentiel.states import NatureContact, TypeCadre

AUTRE_INDICATION = "autre"
REPONSE_DU_CADRE = {TypeCadre.AAP: "AAP", TypeCadre.CPC: "CPC", TypeCadre.AAC: "AAC"}


# --- Quelle voie ? ------------------------------------------------------------------------


@dataclass(frozen=True)
class Orientation:
    """Where a reader stands: the medicine when one was named, the answers, what comes next."""

    produit: Produit | None
    cadres: list[Cadre]
    choisi: Cadre | None
    pour: str
    reponses: dict[str, str]
    question: rules.QuestionVoie | None
    issue: rules.Issue | None
    donnees: list[dict[str, str]]
    amm: str
    plateforme: ContactProduit | None

    @property
    def rang(self) -> int:
        """The place of the question being asked."""
        return len(self.reponses) + 1

    @property
    def total(self) -> int:
        return len(rules.QUESTIONS)

    @property
    def cachees(self) -> list[tuple[str, str]]:
        """The answers a form carries on; the one `pour` stands for is not said twice."""
        return [(k, v) for k, v in self.reponses.items() if not (k == rules.CADRE and self.pour)]

    @property
    def choix_du_produit(self) -> bool:
        """The first question is put on the indications the register knows for this medicine."""
        asked = self.question is not None and self.question.nom == rules.CADRE
        return asked and bool(self.cadres)


def orientation(query: Mapping[str, str], on: date) -> Orientation:
    """Read the answers of an address; what is unknown is as if it had not been answered."""
    produit = _produit(query.get("produit", ""))
    cadres = list(medicines.cadres_ouverts(produit, on)) if produit else []
    pour = query.get("pour", "")
    choisi = next((row for row in cadres if str(row.pk) == pour), None)
    given = {question.nom: query.get(question.nom, "") for question in rules.QUESTIONS}
    if choisi is not None:
        given[rules.CADRE] = REPONSE_DU_CADRE.get(TypeCadre(choisi.framework), "AUCUN")
    elif pour == AUTRE_INDICATION:
        given[rules.CADRE] = "AUCUN"
    answers = rules.cleaned(given)
    issue = rules.issue_of(answers)
    return Orientation(
        produit=produit,
        cadres=cadres,
        choisi=choisi,
        pour=pour if choisi or pour == AUTRE_INDICATION else "",
        reponses=answers,
        question=rules.next_question(answers),
        issue=issue,
        donnees=_told(answers, choisi, produit),
        amm=_marketed(produit, answers),
        plateforme=_platform(produit) if issue and issue.voie == rules.AAP else None,
    )


def _produit(text: str) -> Produit | None:
    try:
        return Produit.objects.filter(pk=UUID(text)).first()
    except ValueError:
        return None


def _marketed(produit: Produit | None, answers: Mapping[str, str]) -> str:
    """What the BDPM says of an AMM, when the question about it is being asked."""
    if produit is None or list(answers) != [rules.CADRE]:
        return ""
    found = medicines.marketed(produit)
    return found[0].sentence if found else ""


def _platform(produit: Produit | None) -> ContactProduit | None:
    if produit is None:
        return None
    return produit.contacts.filter(nature=NatureContact.PLATEFORME).first()


def _told(
    answers: Mapping[str, str], choisi: Cadre | None, produit: Produit | None
) -> list[dict[str, str]]:
    """Each answer given, in words, with the address that asks its question again."""
    base = f"produit={produit.pk}&" if produit else ""
    lines = []
    kept: list[str] = []
    for question in rules.QUESTIONS:
        if question.nom not in answers:
            break
        value = answers[question.nom]
        text = next(choix.texte for choix in question.choix if choix.valeur == value)
        if question.nom == rules.CADRE and choisi is not None:
            text = f"{choisi.framework} : {choisi.indication}"
        lines.append(
            {
                "question": question.texte,
                "reponse": text,
                "modifier": f"?{base}{'&'.join(kept)}".rstrip("&?") or "?",
            }
        )
        if question.nom == rules.CADRE and choisi is not None:
            kept.append(f"pour={choisi.pk}")
        else:
            kept.append(f"{question.nom}={value}")
    return lines


# --- Questions ----------------------------------------------------------------------------


@dataclass(frozen=True)
class ReponseAffichee:
    """A question with its answer as the parameters in force make it."""

    question: QuestionReponse
    texte: str


@dataclass(frozen=True)
class Groupe:
    """The questions of one framework."""

    titre: str
    ancre: str
    reponses: list[ReponseAffichee]


GROUPES: tuple[tuple[str, str, str], ...] = (
    (COMMUNES, "Pour commencer", "commencer"),
    (TypeCadre.AAC, "Accès compassionnel (AAC)", "aac"),
    (TypeCadre.AAP, "Accès précoce (AAP)", "aap"),
    (TypeCadre.CPC, "Cadre de prescription compassionnelle (CPC)", "cpc"),
)


def questions(words: str, on: date) -> list[Groupe]:
    """The questions that hold every word, grouped, with the values in force (one query)."""
    values: Any = parametres.en_vigueur(on)
    wanted = fold(words).split()
    groups = []
    for theme, title, anchor in GROUPES:
        found = [
            ReponseAffichee(question, write_typography(question.told(values)))
            for question in QUESTIONS
            if question.theme == theme and _holds(question, wanted)
        ]
        if found:
            groups.append(Groupe(title, anchor, found))
    return groups


def _holds(question: QuestionReponse, words: list[str]) -> bool:
    text = fold(f"{question.question} {question.reponse} {' '.join(question.articles)}")
    return all(word in text for word in words)
