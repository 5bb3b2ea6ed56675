"""The laws and decrees the answers rest on, with the page where each is read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Texte:
    """A law or a decree these answers rest on."""

    nom: str
    objet: str
    url: str


CODE_SANTE = "https://www.legifrance.gouv.fr/codes/texte_lc/LEGITEXT000006072665/"
_ELI = "https://www.legifrance.gouv.fr/eli"
TEXTES: tuple[Texte, ...] = (
    Texte("CSP, L. 5121-12", "l'accès précoce", CODE_SANTE),
    Texte(
        "CSP, L. 5121-12-1",
        "l'accès compassionnel : autorisation par patient et cadre de prescription",
        CODE_SANTE,
    ),
    Texte(
        "Loi n° 2020-1576 du 14 décembre 2020, article 78 (LFSS 2021)",
        "la réforme qui remplace ATU et RTU",
        f"{_ELI}/loi/2020/12/14/2020-1576/jo/texte",
    ),
    Texte(
        "Décret n° 2021-869 du 30 juin 2021",
        "accès précoce et accès compassionnel",
        f"{_ELI}/decret/2021/6/30/2021-869/jo/texte",
    ),
    Texte(
        "Décret n° 2021-870 du 30 juin 2021",
        "leurs mesures d'application",
        f"{_ELI}/decret/2021/6/30/2021-870/jo/texte",
    ),
    Texte(
        "Décret n° 2022-164 du 11 février 2022",
        "cadres de prescription compassionnelle",
        f"{_ELI}/decret/2022/2/11/2022-164/jo/texte",
    ),
)
