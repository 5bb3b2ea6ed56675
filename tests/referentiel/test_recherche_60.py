"""What people type, and what they must find: the same names in the same order on every database.

The shipped lists are loaded once; the index read from them is pure, and answers every query.
"""

import pytest
from django.db import transaction

from referentiel.selectors.search_index import Registre
from referentiel.services.snapshot import load_snapshot

pytestmark = pytest.mark.django_db

# What is typed: the first names found, at most three; an empty list means nothing at all.
QUERIES = [
    # Names, whole or begun
    ("indocin", ["INDOCIN 25MG/5ML BUV FL"]),
    ("INDOCIN 25MG", ["INDOCIN 25MG/5ML BUV FL"]),
    (
        "kaftrio",
        [
            "KAFTRIO 37,5MG/25MG/50MG CPR",
            "KAFTRIO 60/40/80MG GLE SACH",
            "KAFTRIO 75/50/100MG GLE SACH",
        ],
    ),
    ("Kalydeco", ["KALYDECO 150MG CPR", "KALYDECO 59,5MG GLE SACH", "KALYDECO 75MG CPR"]),
    ("hepcl", ["HEPCLUDEX 2MG INJ FL"]),
    ("alinia", ["ALINIA 100MG/5ML BUV FL60ML", "ALINIA 500MG CPR"]),
    ("trecator", ["TRECATOR 250MG CPR"]),
    ("68Ga", ["68GA-NODAGA-EXEND 50µG PDR FL"]),
    # Code names
    ("ABBV-400", ["ABBV-400 ABV 100MG PERF FL"]),
    ("abbv 400", ["ABBV-400 ABV 100MG PERF FL"]),
    ("177Lu PSMA", ["177LU LU-PSMA-617 1000MBQ FL"]),
    # DCI and substance
    (
        "ivacaftor",
        [
            "IVACAFTOR VTX 59,5MG GLE SACH",
            "KAFTRIO 37,5MG/25MG/50MG CPR",
            "KAFTRIO 60/40/80MG GLE SACH",
        ],
    ),
    ("nivolumab", ["OPDIVO", "OPDIVO 10MG/ML PERF FL12ML", "OPDIVO 10MG/ML PERF FL24ML"]),
    ("azacitidine", ["ONUREG 200MG CPR PELL", "ONUREG 300MG CPR", "IVOSIDENIB SRV 250MG CPR"]),
    ("cannabidiol", ["EPIDYOLEX 100MG/ML BUV FL100ML"]),
    ("trastuzumab deruxtécan", ["ENHERTU 100MG PERF FL"]),
    ("lutecium", ["LUTATHERA", "PLUVICTO 1000MBQ/ML INJ FL"]),
    ("bortezomib", ["BORTEZOMIB ACCORD", "BORTEZOMIB ACCORD", "BORTEZOMIB ARROW"]),
    (
        "bulevirtide",
        ["BULEVIRTIDE MYR 2MG INJ FL", "BULEVIRTIDE MYR 5MG INJ FL", "HEPCLUDEX 2MG INJ FL"],
    ),
    # Accents, ligatures and case
    ("bortézomib", ["BORTEZOMIB ACCORD", "BORTEZOMIB ACCORD", "BORTEZOMIB ARROW"]),
    ("NÉPHROTIQUE CONGÉNITAL", ["INDOCIN 25MG/5ML BUV FL"]),
    ("nephrotique congenital", ["INDOCIN 25MG/5ML BUV FL"]),
    (
        "leucémie aiguë lymphoblastique",
        [
            "BLINCYTO 38,5µG PERF F+F10ML",
            "KTE-X19 0,8-1,2X1MN CELL POC",
            "KYMRIAH 1,2MN-600MN CELLU POC",
        ],
    ),
    (
        "Dépression sévère",
        ["EMSAM 12MG/24H DISP TRANS", "EMSAM 6MG/24H DISP TRANS", "EMSAM 9MG/24H DISP TRANS"],
    ),
    # Misspelt
    ("keytuda", ["KEYTRUDA 25MG/ML PERF FL4ML"]),
    ("epcludex", ["HEPCLUDEX 2MG INJ FL"]),
    ("talidomide", ["Thalidomide Accord 50 mg, gélule", "Thalidomide BMS 50 mg, gélule"]),
    ("nivolumb", ["OPDIVO", "OPDIVO 10MG/ML PERF FL12ML", "OPDIVO 10MG/ML PERF FL24ML"]),
    ("enhertou", ["ENHERTU 100MG PERF FL"]),
    (
        "mucovicidose",
        [
            "IVACAFTOR VTX 59,5MG GLE SACH",
            "KAFTRIO 37,5MG/25MG/50MG CPR",
            "KAFTRIO 60/40/80MG GLE SACH",
        ],
    ),
    (
        "tubercolose",
        ["CYCLOSERINE 250MG GELU", "LEVOFLOX.LNT BUV 25MG/ML FL", "LEVOFLOXACIN 25MG/ML FL100ML"],
    ),
    ("nefrotique", ["ARZERRA 1000MG PERF FL50ML", "ELMISOL 10MG CPR", "ELMISOL 25MG CPR"]),
    (
        "ivacaftr",
        [
            "IVACAFTOR VTX 59,5MG GLE SACH",
            "KAFTRIO 37,5MG/25MG/50MG CPR",
            "KAFTRIO 60/40/80MG GLE SACH",
        ],
    ),
    (
        "zolgensna",
        [
            "ZOLGENSMA F(1)5,5ML+F(10)8,3ML",
            "ZOLGENSMA F(1)5,5ML+F(11)8,3ML",
            "ZOLGENSMA F(1)5,5ML+F(12)8,3ML",
        ],
    ),
    # UCD 7, UCD 13, CIP
    ("9321007", ["INDOCIN 25MG/5ML BUV FL"]),
    ("93210", ["INDOCIN 25MG/5ML BUV FL", "IVOMEC PORCIN 1G INJ FL"]),
    ("3400893210079", ["INDOCIN 25MG/5ML BUV FL"]),
    ("34008 932 100 7 9", ["INDOCIN 25MG/5ML BUV FL"]),
    ("9000525", ["HEPCLUDEX 2MG INJ FL"]),
    ("3400930211281", ["HEPCLUDEX 2MG INJ FL"]),
    ("34009 302 112 8 1", ["HEPCLUDEX 2MG INJ FL"]),
    ("3021128", ["HEPCLUDEX 2MG INJ FL"]),
    ("3400927959202", ["TRANSLARNA 250MG GLE BUV SAC"]),
    # Indication codes
    ("NINDO05", ["INDOCIN 25MG/5ML BUV FL"]),
    ("nindo05", ["INDOCIN 25MG/5ML BUV FL"]),
    ("CBULE02", ["BULEVIRTIDE MYR 2MG INJ FL", "HEPCLUDEX 2MG INJ FL"]),
    ("NMISO01", ["Gymiso 200 microgrammes, comprimé,", "MisoOne 400 microgrammes, comprimé,"]),
    (
        "RIVAC01",
        ["KAFTRIO 37,5MG/25MG/50MG CPR", "KAFTRIO 75MG/50MG/100MG CPR", "KALYDECO 150MG CPR"],
    ),
    # Words of the indication
    (
        "mucoviscidose",
        [
            "IVACAFTOR VTX 59,5MG GLE SACH",
            "KAFTRIO 37,5MG/25MG/50MG CPR",
            "KAFTRIO 60/40/80MG GLE SACH",
        ],
    ),
    (
        "hépatite delta",
        ["BULEVIRTIDE MYR 2MG INJ FL", "BULEVIRTIDE MYR 5MG INJ FL", "HEPCLUDEX 2MG INJ FL"],
    ),
    (
        "maladie de Niemann-Pick",
        ["ARIMOCLOMOL OPZ 100MG GELU", "ARIMOCLOMOL OPZ 150MG GELU", "ARIMOCLOMOL OPZ 200MG GELU"],
    ),
    (
        "cancer du sein triple négatif",
        ["ATEZOLIZUMAB RCH 840MG INJ FL", "INA03 2,5MG/ML PERF FL", "KEYTRUDA 25MG/ML PERF FL4ML"],
    ),
    ("cystinurie", ["THIOLA 100MG CPR"]),
    ("cryptosporidiose", ["ALINIA 100MG/5ML BUV FL60ML", "ALINIA 500MG CPR", "HUMATIN 250MG GELU"]),
    ("syndrome de Dravet", ["EPIDYOLEX 100MG/ML BUV FL100ML", "KALIUMBROMID DTI 850MG CPR"]),
    ("porphyrie", ["GIVLAARI 189MG/ML INJ FL1ML", "GIVOSIRAN ALY 189MG/ML INJ FL"]),
    # Two fields at once
    (
        "kaftrio mucoviscidose",
        [
            "KAFTRIO 37,5MG/25MG/50MG CPR",
            "KAFTRIO 60/40/80MG GLE SACH",
            "KAFTRIO 75/50/100MG GLE SACH",
        ],
    ),
    ("thalidomide aphtose", ["Thalidomide Accord 50 mg, gélule", "Thalidomide BMS 50 mg, gélule"]),
    (
        "novartis gliome",
        ["ALPELISIB NPH 50MG CPR", "FINLEE 10MG CPR DISP FL210", "SPEXOTRAS 0,05MG/ML BUV FL"],
    ),
    # What people call it
    (
        "SLA",
        ["RADICUT 30MG/100ML AMP20ML", "RADICUT 30MG/100ML POC100ML", "RELYVRIO 3G/1G BUV SACH 56"],
    ),
    (
        "sida",
        ["CYT 107 2MG/ML SOL INJ FL", "FOSTEMSAVIR VIIV LP600MG CPR", "LENACAPAVIR GLD 300MG CPR"],
    ),
    # A framework, alone or with a name
    ("CPC", ["ADCETRIS 50MG PERF FL", "BERINERT", "BEVACIZUMAB"]),
    (
        "aac",
        [
            "68GA-NODAGA-EXEND 50µG PDR FL",
            "A-TOX DIPHTERIQ.IBT 10000UI F",
            "ABBV-400 ABV 100MG PERF FL",
        ],
    ),
    (
        "AAP",
        [
            "177LU LU-PSMA-617 1000MBQ FL",
            "ABECMA 260-500X106CELL P250ML",
            "ABECMA 260-500X106CELL P500ML",
        ],
    ),
    ("aac indocin", ["INDOCIN 25MG/5ML BUV FL"]),
    ("cpc indocin", []),
    ("09321007", ["INDOCIN 25MG/5ML BUV FL"]),
    ("0003400893210079", ["INDOCIN 25MG/5ML BUV FL"]),
    # Nothing
    ("bandit manchot", []),
    ("azertyuiop", []),
    ("9999999", []),
    ("NZZZZ99", []),
    ("NIND005", []),
    ("100%", []),
    ("indocin mucoviscidose", []),
]


@pytest.fixture(scope="module")
def register(django_db_setup, django_db_blocker):
    """The register of the shipped lists, read then rolled back."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_snapshot(lambda line: None)
        built = Registre(1)
        transaction.set_rollback(True)
    return built


def test_the_list_holds_sixty_queries():
    assert len({typed for typed, _ in QUERIES}) >= 60


@pytest.mark.parametrize(("typed", "names"), QUERIES, ids=[typed for typed, _ in QUERIES])
def test_what_is_typed_finds(register, typed, names):
    assert [register.shown[rank].nom for rank in register.index.find(typed)[:3]] == names


def test_upper_case_and_spaces_change_nothing(register):
    for typed, _ in QUERIES:
        expected = list(register.index.find(typed))
        assert list(register.index.find(f"  {typed.upper()} ")) == expected
