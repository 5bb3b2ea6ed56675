"""Reading of a public file: its bytes, its encoding, its lines. Refuses what is not one."""

from __future__ import annotations

import codecs
import csv
import hashlib
import io
import re
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from referentiel.importers import archives
from referentiel.importers.records import Ligne, Lu
from referentiel.importers.refusals import ImportRefuse
from referentiel.importers.workbooks import MAGIC, OLD_MAGIC

MAX_BYTES = archives.MAX_BYTES
MAX_LINES = 500_000  # the longest list, FINESS, has fewer than 200 000
DELIMITERS = ";\t,|"
NAMED = {"\t": "des tabulations", ",": "des virgules", "|": "des barres"}
SAMPLE_LINES = 40
_HTML = re.compile(rb"^\s*<[!?/a-z]", re.IGNORECASE)
# UTF-8 read as windows-1252, then written again.
_MOJIBAKE = re.compile("Ã[\u00a0-\u00bf©¨§ª´®¢¹]|â€[™œ“¦]")
MANY = 5
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_bytes(path: Path) -> bytes:
    """The bytes of a file; `.gz` is opened (so a compressed copy is the same file)."""
    if not path.exists():
        raise ImportRefuse(f"Le fichier « {path} » n'existe pas.")
    if path.is_dir():
        raise ImportRefuse(f"« {path} » est un dossier : donnez le fichier lui-même.")
    try:
        if path.stat().st_size > MAX_BYTES:  # never read whole to know it is too large
            raise archives.too_large(path.name)
        data = path.read_bytes()
    except OSError as error:
        raise ImportRefuse(f"Le fichier « {path.name} » ne peut pas être lu.") from error
    return archives.gunzip(path.name, data) if path.suffix == ".gz" else data


def check_bytes(nom: str, data: bytes) -> None:
    """Say in one sentence why these bytes are not a text file of the expected kind."""
    if not data.strip():
        raise ImportRefuse(f"Le fichier « {nom} » est vide.")
    if data.startswith(_UTF16) or _looks_utf16(data):
        raise ImportRefuse(
            f"Le fichier « {nom} » est codé en UTF-16 : enregistrez-le en UTF-8, puis recommencez."
        )
    if data.startswith((MAGIC, OLD_MAGIC)):
        raise ImportRefuse(
            f"« {nom} » est un classeur ou une archive, pas un fichier texte : "
            "enregistrez la feuille en CSV (UTF-8), puis recommencez."
        )
    if data.startswith(b"%PDF"):
        raise ImportRefuse(f"« {nom} » est un document PDF, pas un fichier texte.")
    bare = data.removeprefix(codecs.BOM_UTF8)
    if _HTML.match(bare[:1024]):
        raise ImportRefuse(
            f"« {nom} » est une page web et non le fichier attendu : "
            "le téléchargement a sans doute renvoyé une page d'erreur."
        )
    if b"\0" in data:
        raise ImportRefuse(
            f"Le fichier « {nom} » contient des octets nuls : "
            "il est endommagé ou n'est pas du texte."
        )


def _looks_utf16(data: bytes) -> bool:
    """UTF-16 without its mark: one byte in two of the beginning is nul."""
    head = data[:2000]
    return len(head) > 3 and max(head[0::2].count(0), head[1::2].count(0)) * 4 > len(head)


def decode(nom: str, data: bytes) -> tuple[str, str]:
    """Strict UTF-8, else windows-1252 (never Latin-1, which would accept anything)."""
    for encoding in ("utf-8-sig", "windows-1252"):
        try:
            return data.decode(encoding), encoding.removesuffix("-sig")
        except UnicodeDecodeError:
            continue
    raise ImportRefuse(f"Le codage du fichier « {nom} » n'est ni UTF-8 ni windows-1252.")


def read(path: Path) -> Lu:
    """Read, check and decode one file."""
    data = read_bytes(path)
    nom = path.name.removesuffix(".gz")
    check_bytes(nom, data)
    texte, encodage = decode(nom, data)
    if len(_MOJIBAKE.findall(texte)) >= MANY:
        raise ImportRefuse(
            f"Les accents du fichier « {nom} » ont été abîmés par une conversion "
            "(« Ã© » pour « é ») : repartez du fichier d'origine."
        )
    if texte.count("\n") > MAX_LINES:
        raise ImportRefuse(
            f"Le fichier « {nom} » a plus de {MAX_LINES} lignes : ce n'est pas une de ces listes."
        )
    return Lu(nom, texte, hashlib.sha256(data).hexdigest(), encodage)


def delimiter_of(lu: Lu) -> str:
    """The character that separates the columns of the first line."""
    first = lu.texte.lstrip().split("\n", 1)[0]
    return max(DELIMITERS, key=first.count)


def usual_delimiter(lu: Lu) -> str:
    """The character that separates the columns of most lines, whatever a title above holds."""
    lines = lu.texte.split("\n", SAMPLE_LINES)[:SAMPLE_LINES]
    filled = [line for line in lines if line.strip()] or [""]
    return max(DELIMITERS, key=lambda mark: median(line.count(mark) for line in filled))


def csv_rows(lu: Lu, delimiter: str = ";") -> Iterator[Ligne]:
    """Records of a file with `"` quotes; a quoted label may hold line breaks."""
    reader = csv.reader(
        io.StringIO(lu.texte, newline=""), delimiter=delimiter, quotechar='"', strict=True
    )
    start = 1
    try:
        for cellules in reader:
            if any(cellule.strip() for cellule in cellules):
                yield Ligne(start, cellules)
            start = reader.line_num + 1
    except csv.Error as error:
        if "unexpected end" in str(error):
            raise ImportRefuse(
                f"Le fichier « {lu.nom} » est tronqué : "
                f"un guillemet ouvert à la ligne {start} ne se referme pas."
            ) from error
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » ne se lit pas à partir de la ligne {start} : "
            "les guillemets y sont mal formés."
        ) from error


def tab_rows(lu: Lu) -> Iterator[Ligne]:
    """Lines of a tabulated file without header or quotes; only LF and CR end a line."""
    for numero, line in enumerate(lu.texte.split("\n"), start=1):
        bare = line.rstrip("\r")
        if bare.strip():
            yield Ligne(numero, bare.split("\t"))


def check_last_line(lu: Lu, last: Ligne, *, columns: int) -> None:
    """A last line without its end and without all its columns: the copy was cut."""
    ended = lu.texte.endswith(("\n", "\r"))
    if not ended and len(last.cellules) < columns:
        raise ImportRefuse(
            f"Le fichier « {lu.nom} » est tronqué : sa dernière ligne "
            f"(ligne {last.numero}) s'arrête en chemin."
        )
