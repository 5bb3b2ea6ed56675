"""What people call a disease, and what the official lists call it (pure).

A typed abbreviation or everyday word also finds the products whose texts hold one of its phrases.
Only words that mean one thing here; a key is folded, as what is typed is compared.
"""

from collections.abc import Mapping

SYNONYMES: Mapping[str, tuple[str, ...]] = {
    "aoh": ("angio-œdème héréditaire", "angiœdème héréditaire"),
    "cbnpc": ("bronchique non à petites cellules", "poumon non à petites cellules"),
    "charcot": ("sclérose latérale amyotrophique",),
    "chc": ("carcinome hépatocellulaire",),
    "cmv": ("cytomégalovirus",),
    "dmd": ("dystrophie musculaire de Duchenne",),
    "dmla": ("dégénérescence maculaire",),
    "foie": ("hépatique", "hépatocellulaire"),
    "gvh": ("greffon contre l'hôte",),
    "hpn": ("hémoglobinurie paroxystique nocturne",),
    "htap": ("hypertension artérielle pulmonaire",),
    "lal": ("leucémie aiguë lymphoblastique",),
    "lam": ("leucémie aiguë myéloïde", "leucémie aiguë myéloblastique"),
    "llc": ("leucémie lymphoïde chronique",),
    "lmc": ("leucémie myéloïde chronique",),
    "nmo": ("neuromyélite optique",),
    "poumon": ("bronchique", "pulmonaire"),
    "pti": ("purpura thrombopénique",),
    "ptt": ("purpura thrombotique thrombocytopénique",),
    "rein": ("rénal",),
    "sep": ("sclérose en plaques",),
    "shu": ("syndrome hémolytique et urémique",),
    "sida": ("VIH",),
    "sla": ("sclérose latérale amyotrophique",),
    "sma": ("amyotrophie spinale",),
    "stb": ("sclérose tubéreuse de Bourneville",),
    "tdah": ("trouble déficit de l'attention",),
    "vrs": ("virus respiratoire syncytial",),
}


def also_said(word: str) -> tuple[str, ...]:
    """The phrases that mean what a folded word means."""
    return SYNONYMES.get(word, ())
