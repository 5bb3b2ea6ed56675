"""The FICHCOMP file: prepared records in, bytes out, without any rule of billing."""

from collections.abc import Iterable, Iterator, Mapping

from billing.formats import fichcomp_mco
from billing.formats.columns import CRLF, Fault, FormatError, Value


def stream(records: Iterable[Mapping[str, Value]]) -> Iterator[bytes]:
    """Each record as its bytes, CRLF included; records come already in the order of the file."""
    finess = None
    for record in records:
        if finess is None:
            finess = record["finess"]
        elif record["finess"] != finess:
            raise FormatError(
                [Fault("finess", "Un fichier ne porte qu'un seul numéro FINESS e-PMSI.")]
            )
        yield (fichcomp_mco.LAYOUT.format(record) + CRLF).encode("ascii")
