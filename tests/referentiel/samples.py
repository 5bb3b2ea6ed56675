"""Ten-line samples of the public files, written by hand, quirks included."""

# ruff: noqa: E501
from referentiel.services import import_gardes, imports

ATIH_HEADER = "ucd_7;ucd_13;ucd_libelle;indication;indication_libelle;date_debut;date_fin"
ATIH_ROWS = [
    "9321007;3400893210079;INDOCIN 25MG/5ML BUV FL;NINDO05;Syndrome néphrotique congénital;2021-07-01;",
    "9321007;3400893210079;INDOCIN 25MG/5ML BUV FL;NXXXX00;Syndrome néphrotique congénital;;2022-12-31",
    "9321007;3400893210079;INDOCIN 25MG/5ML BUV FL;NXXXX01;Autre;2021-07-01;",
    "9000525;3400890005258;HEPCLUDEX 2MG INJ FL;CBULE02;Hépatite delta;2020-09-14;",
    "9000525;3400890005258;HEPCLUDEX 2MG INJ FL;NXXXX02;Traitement initié sous AAC;2021-07-01;",
    "9453973;3400894539735;Thalidomide Accord 50 mg, gélule;NTHAL01;Aphtose sévère;2022-05-09;2025-08-15",
    "9330963;3400893309636;Thalidomide BMS 50 mg, gélule;NTHAL01;Aphtose sévère;2022-05-09;2025-08-15",
    "9157329;3400891573299;SPORANOX 10MG/ML BUV FL;RITRA01;Prophylaxie;2024-02-07;2027-02-06",
    '9003207;3400890032070;RUXOLITINIB;DRUXO01;"Traitement du n½ud ; avec un point-virgule";2024-05-01;',
    "9181753;3400891817539;MABTHERA 100MG;I000444;Purpura;2021-07-01;",
]

ATIH_2021_HEADER = (
    "ucd7;ucd13;libelleucd;codeindication;libelleindication;source;datededebut;datedefin"
)
# Long labels, C1 controls, a line break in quotes, `?` for `≥`, several wordings of one pair.
ATIH_2021_ROWS = [
    f"9440893;3400894408932;VONVENDI 1300UI INJ F+F10ML +D;CVONI01;{'Chez les adultes ' * 30};Liste AP 01/08/2021;24/08/2018;07/01/2019",
    "9321007;3400893210079;INDOCIN 25MG/5ML BUV FL;NINDO05;Syndrome n\u0092est pas\u0085 fini;Liste AC 01/08/2021;01/07/2021;",
    '9321007;3400893210079;INDOCIN 25MG/5ML BUV FL;NINDO06;"Âge ? 18 ans\nen une autre ligne ; ici";Liste AC 01/08/2021;01/07/2021;',
    "9321007;3400893210079;INDOCIN 25MG/5ML BUV FL;NXXXX00;Autre;Liste AC 01/08/2021;01/01/2020;31/12/2020",
    "9321007;3400893210079;INDOCIN 25MG/5ML BUV FL;NXXXX00;Une autre indication;Liste AC 01/08/2021;01/01/2019;31/12/2021",
]

BDPM_CIS = [
    "65804084\tHEPCLUDEX 2 mg, poudre pour solution injectable\tpoudre pour solution injectable"
    "\tsous-cutanée\tAutorisation active\tProcédure centralisée\tCommercialisée\t31/07/2020"
    "\t\tEU/1/20/1446\t GILEAD SCIENCES IRELAND UC (IRLANDE)\tOui",
    "61876780\tMODÈLE ARROW 300 mg, comprimé pelliculé sécable\tcomprimé pelliculé sécable\torale"
    "\tAutorisation active\tProcédure décentralisée\tCommercialisée\t22/10/2019\t\t"
    "\t ARROW GENERIQUES\tNon",
    "60000001\tANCIEN 1 g, gélule\tgélule\torale\tAutorisation abrogée\tProcédure nationale"
    "\tNon commercialisée\t01/01/1990\t\t\t LABO D’ESSAI\tNon",
]
BDPM_CIP = [
    "65804084\t3020844\t30 flacons\tPrésentation active\tDéclaration de commercialisation"
    "\t01/09/2023\t3400930208441\toui\t100 %\t1,466,29\t1,469,05\t2,76\tdans l’indication",
    "61876780\t3020845\tplaquette\tPrésentation active\tDéclaration de commercialisation"
    "\t01/02/2020\t3400930208458\toui\t65%\t6,04\t7,06\t1,02\t",
    "69999999\t3020846\tsans fiche\tPrésentation active\tDéclaration de commercialisation"
    "\t01/02/2020\t3400930208465\tnon\t\t\t\t\t",
]
BDPM_COMPO = [
    "65804084\tpoudre\t12345\tACÉTATE DE BULÉVIRTIDE\t\t\tSA\t1",
    "65804084\tpoudre\t12346\tBULÉVIRTIDE\t2 mg\tun flacon\tFT\t1",
]
BDPM_CPD = [
    "65804084\tliste I",
    "65804084\tprescription hospitalière",
    "61876780\tréservé à l’usage HOSPITALIER",
]

# A line twice, two writings of one status, no CIP, a return.
BDPM_DISPO = [
    "65804084\t\t1\tRupture de stock\t14/04/2026\t18/05/2026\t\thttps://ansm.sante.fr/hepcludex",
    "65804084\t\t1\tRupture de stock\t14/04/2026\t18/05/2026\t\thttps://ansm.sante.fr/hepcludex",
    "61876780\t3400930208458\t4\tremise à disposition\t18/05/2026\t18/05/2026\t18/05/2026\thttps://ansm.sante.fr/modele",
]
# No final line end.
BDPM_MITM = [
    "65804084\tJ05AX28\tHEPCLUDEX 2 mg, poudre\thttp://base-donnees-publique.medicaments.gouv.fr/extrait.php?specid=65804084",
]
BDPM_GENER = [
    "74\tMODÈLE 300 mg - PRINCEPS 300 mg, comprimé\t61876780\t1\t2",
    "74\tMODÈLE 300 mg - PRINCEPS 300 mg, comprimé\t60000001\t0\t1",
]
BDPM_SMR = [
    "65804084\tCT-19666\tInscription (CT)\t20220202\tImportant\tLe service médical : <br>- d’abord\x85",
]
BDPM_ASMR = [
    "65804084\tCT-19666\tInscription (CT)\t20220202\tIII\tUne amélioration modérée",
]
BDPM_LIENS = [
    "CT-19666\thttps://www.has-sante.fr/jcms/p_1",
    "CT-19666\thttps://www.has-sante.fr/jcms/p_2",
]

LES_HEADER = "indication;indication_libelle;ucd_7;ucd_13;specialite;denomination_commune_internationale;laboratoire;inscription_liste_en_sus;classe_indication_1;classe_indication_2;date_debut;date_fin"
# No product, two wordings of one pair, a holder « not to be used », a damaged UCD 13.
LES_ROWS = [
    'I999997;"Dispositif dit ""AMM miroir""";;;;;;;;;;',
    "I000035;Cancer du sein;9001247;3400890012478;ABEVMY;BEVACIZUMAB;BIOCON;false;Cancer;Cancer du sein;;",
    "I000444;Purpura;9181753;3400891817539;MABTHERA;RITUXIMAB;NE PAS UTILISER ROCHE;true;Immunologie;;2021-07-01;",
    "I000444;Purpura, autre écriture;9181753;3400891817539;MABTHERA;rituximab;NE PAS UTILISER ROCHE;true;Immunologie;;2021-07-01;",
]
LES_DAMAGED = "I000500;SEP;9426605;340089426605I;TYSABRI;NATALIZUMAB;BIOGEN;true;;;2020-01-01;"
EVENEMENTS_HEADER = "ucd_7;ucd_13;ucd_libelle;denomination_commune_internationale;atc;evenement;prix_ht;prix_ttc;date_publication;date_effet"
# An exact copy, no nature, a label on two lines, no price.
EVENEMENTS_ROWS = [
    "9181753;3400891817539;MABTHERA 100MG;Rituximab;L01FA01;tarif;1487.16;1518.39;2025-03-14;2025-04-01",
    "9181753;3400891817539;MABTHERA 100MG;Rituximab;L01FA01;tarif;1487.16;1518.39;2025-03-14;2025-04-01",
    '9321007;3400893210079;"INDOCIN 25MG/5ML\nBUV";Indometacine;;;;;2020-02-04;',
]

CNAMTS_HEADER = "code_ucd\tcode_ucd_precedent\tcode_ucd_suivant\ttop_inscription\tlaboratoire\tdate_source_doc\ttype_source_doc\tdate_maj\tlibelle_long_ucd\tconditionnement\tobservation\tetat\trh\tph\tpih\tsp\tps\tlibelle_court_specialite\tlibelle_long_rcp\tcode_forme\tlibelle_forme\tcode_forme_complement\tlibelle_forme_complement\tdosage\tunite_dosage\tvoie_administration\tcode_atc\tlibelle_atc\tcode_ephmra\tlibelle_ephmra"
CNAMTS_ROWS = [
    "9321007\t\t\t0\tNOVARTIS\t2009-04-29\tJO\t2009-12-30\tINDOCIN 25 mg\tflacon\tNA\tD\tN\tO\tN\tO\tN\tINDOCIN\tINDOCIN 25 MG\t21\tSUSPENSION\t\t\t\t\t\tM01AB01\tINDOMETACINE\tM01A\tANTI",
    "9019840\t\t\t0\tNA\t2009-04-29\tJO\tNA\tCISPLATYL 25 mg\tpoudre\tNA\tD\tN\tO\tN\tO\tN\tCISPLATYL\tCISPLATYL\t21\tPOUDRE\t\t\t\t\t\tL01XA\tPLATINE\tL01X\tAUTRES",
]
CNAMTS_PRIX_HEADER = "date_application\ttop_liste\tprix_fht\tprix_ttc\ttop_sur_facture\ttype_marge\tcode_marge\tmarge_ttc\tdate_source_doc\ttype_source_doc\tcode_ucd"
CNAMTS_PRIX = [
    "2010-01-01\t1\t25.57\t26.11\tN\t0\t3\t22\t2009-04-29\tJO\t9321007",
    "2010-01-01\t2\t25.57\tNA\tN\t0\t3\t22\t2009-04-29\tJO\t9321007",
]

FINESS_FIRST = "finess;etalab;111;2026-05-12"
# A hospital known, one overseas with quotes in its name, a nursing home nobody asked for.
FINESS_ROWS = [
    "structureet;990000101;990000999;CH D'ESSAI;CENTRE HOSPITALIER D'ESSAI;;;900;RTE;DE PARIS;;;451;01;AIN;01440 VIRIAT;0474454647;;355;Centre Hospitalier (C.H.);1102;Centres Hospitaliers;26010004500099;8610Z;03;ARS;1;Etablissement public de santé;1979-02-13;1979-02-13;2020-02-04;",
    'structureet;990000303;990000309;"CLINIQUE ""LA"" FINANCÉE";;;;;;;;;409;9D;LA REUNION;97419 LA POSSESSION;;;365;;1103;;;;57;DGS ARS;0;Non concerné;2016-09-15;2014-03-31;2023-10-26;',
    "structureet;980600027;980600019;HOPITAL DE SIA;;;;;;;;BP 4 - MATA'UTU;613;9J;WALLIS ET FUTUNA;98600 UVEA;;;500;;1102;;13000323900014;;99;Indéterminé;1;;2024-10-30;2024-10-30;2024-10-30;",
]

SAE_HEADER = "bor;an;fi;rs;rscom;fi_ej;stj;stjr;catr;espic;mft;sir;reg;dep;LIBCOM"
SAE_ROWS = [
    "ID;2023;990000101;CH D'ESSAI;;990000109;13;1;PUB2;1;0;26010004500012;84;01;BOURG",
    "ID;2023;990000202;CLINIQUE D'ESSAI;;990000209;95;2;PLU4;0;4;26010004500013;84;01;BOURG",
    "ID;2023;990000303;CLINIQUE FINANCÉE;;990000309;95;2;PLU4;0;1;26010004500014;84;9D;PORT",
    "ID;2023;990000404;ESPIC FINANCÉ;;990000409;60;3;PNL4;6;1;26010004500015;84;13;MARSEILLE",
    "ID;2023;2A0000139;ESPIC HORS DOTATION;;2A0000063;60;3;PNL4;6;5;26010004500016;94;2A;AJACCIO",
    "ID;2023;990000606;AUTRE NON LUCRATIF;;990000609;60;3;PNL4;7;4;26010004500017;84;75;PARIS",
]

UCD_HEADER = "ucd_7;ucd_13;ucd_libelle"
UCD_ROWS = [
    "9000001;3400890000017;POSACONAZOLE FRK 100MG CPR GASTRO R",
    "9321007;3400893210079;INDOCIN 25MG/5ML BUV FL",
    "9999910;3400899999107;HYDROCHLOROTHIAZIDE VOIE ORALE",
]


def text(header, rows, end="\n"):
    return end.join([header, *rows]) + end


def atih(folder, rows=None, name="atih_2024-06.csv", header=ATIH_HEADER, encoding="utf-8"):
    path = folder / name
    path.write_bytes(text(header, ATIH_ROWS if rows is None else rows).encode(encoding))
    return path


def atih_2021(folder, rows=None, name="atih_atu_ap_ac_2021-08.csv"):
    return atih(folder, rows or ATIH_2021_ROWS, name=name, header=ATIH_2021_HEADER)


def filler(count, debut="2022-01-01"):
    """Many good rows, so that one bad row stays under the threshold."""
    from referentiel.rules.codes import ucd13_of

    rows = []
    for i in range(count):
        ucd7 = f"{9100000 + i}"
        rows.append(f"{ucd7};{ucd13_of(ucd7)};PRODUIT {i};NFILL01;Essai {i};{debut};")
    return rows


def bdpm(folder, cis=None, cip=None, compo=None, cpd=None):
    """A BDPM folder with the encodings and line ends of the real one."""
    folder.mkdir(exist_ok=True)

    def write(name, rows, encoding, end):
        (folder / name).write_bytes("".join(row + end for row in rows).encode(encoding))

    write("CIS_bdpm.txt", cis or BDPM_CIS, "windows-1252", "\r\n")
    write("CIS_CIP_bdpm.txt", cip or BDPM_CIP, "utf-8", "\n")
    write("CIS_COMPO_bdpm.txt", compo or BDPM_COMPO, "windows-1252", "\r\n")
    write("CIS_CPD_bdpm.txt", cpd or [*BDPM_CPD, "\r"], "windows-1252", "\r\n")
    return folder


def bdpm_whole(folder, **others):
    """A folder with the ten files."""
    bdpm(folder, **{name: others.pop(name) for name in ("cis", "cip") if name in others})
    files = {
        "CIS_CIP_Dispo_Spec.txt": others.get("dispo", BDPM_DISPO),
        "CIS_GENER_bdpm.txt": BDPM_GENER,
        "HAS_LiensPageCT_bdpm.txt": BDPM_LIENS,
        "CIS_HAS_ASMR_bdpm.txt": BDPM_ASMR,
    }
    for name, rows in files.items():
        data = "".join(row + "\r\n" for row in rows).encode("windows-1252")
        (folder / name).write_bytes(data)
    # 0x85 is « … » in windows-1252, a line break to whoever reads it as Latin-1.
    smr = BDPM_SMR[0].replace("\x85", "…") + "\r\n"
    (folder / "CIS_HAS_SMR_bdpm.txt").write_bytes(smr.encode("windows-1252"))
    (folder / "CIS_MITM.txt").write_bytes("\r\n".join(BDPM_MITM).encode("windows-1252"))
    return folder


def les(folder, rows=None, name="atih_les_indications_2025-03.csv"):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(text(LES_HEADER, rows or LES_ROWS).encode())
    return path


def evenements(folder, rows=None, name="atih_les_evenements_2025-03.csv"):
    folder.mkdir(exist_ok=True)
    path = folder / name
    path.write_bytes(text(EVENEMENTS_HEADER, rows or EVENEMENTS_ROWS).encode())
    return path


def cnamts(folder):
    folder.mkdir(exist_ok=True)
    (folder / "ucd_tot.tsv").write_bytes(text(CNAMTS_HEADER, CNAMTS_ROWS).encode("ascii"))
    (folder / "prix.tsv").write_bytes(text(CNAMTS_PRIX_HEADER, CNAMTS_PRIX).encode("ascii"))
    return folder


def finess(folder, rows=None, first=FINESS_FIRST):
    path = folder / "etalab-cs1100502.csv"
    path.write_bytes(text(first, rows or FINESS_ROWS).encode())
    return path


def sae(folder, rows=None, name="sae_ID_2023r_mco.csv", header=SAE_HEADER):
    path = folder / name
    path.write_bytes(text(header, rows or SAE_ROWS).encode("windows-1252"))
    return path


def ucd(folder, rows=None, name="ucd_2025-03.csv", header=UCD_HEADER):
    path = folder / name
    path.write_bytes(text(header, rows or UCD_ROWS).encode())
    return path


def preview(source, path):
    """What a file would change, read and compared as a review does."""
    lot = imports.PARSERS[source](path)
    return imports.preview(lot, import_gardes.version_of(lot, path, ""))
