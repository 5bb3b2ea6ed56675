"""Departments and their regions (small fixed table), and the codes SAE gives overseas ones."""

# SAE and FINESS write 9A…9J where the official department is 971…986.
OUTRE_MER = {
    "9A": "971",
    "9B": "972",
    "9C": "973",
    "9D": "974",
    "9E": "975",
    "9F": "976",
    "9J": "986",
}

_REGIONS = {
    "Auvergne-Rhône-Alpes": "01 03 07 15 26 38 42 43 63 69 73 74",
    "Bourgogne-Franche-Comté": "21 25 39 58 70 71 89 90",
    "Bretagne": "22 29 35 56",
    "Centre-Val de Loire": "18 28 36 37 41 45",
    "Corse": "2A 2B",
    "Grand Est": "08 10 51 52 54 55 57 67 68 88",
    "Guadeloupe": "971",
    "Guyane": "973",
    "Hauts-de-France": "02 59 60 62 80",
    "Île-de-France": "75 77 78 91 92 93 94 95",
    "La Réunion": "974",
    "Martinique": "972",
    "Mayotte": "976",
    "Normandie": "14 27 50 61 76",
    "Nouvelle-Aquitaine": "16 17 19 23 24 33 40 47 64 79 86 87",
    "Occitanie": "09 11 12 30 31 32 34 46 48 65 66 81 82",
    "Pays de la Loire": "44 49 53 72 85",
    "Provence-Alpes-Côte d'Azur": "04 05 06 13 83 84",
    "Saint-Pierre-et-Miquelon": "975",
    "Wallis-et-Futuna": "986",
}
REGION_OF = {code: region for region, codes in _REGIONS.items() for code in codes.split()}


def departement_of(sae_code: str) -> str:
    """The official department code of a SAE one (`9D` → `974`)."""
    return OUTRE_MER.get(sae_code, sae_code)
