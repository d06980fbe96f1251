"""The formats that claims are written in, each once: for the API's exports and for the command."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final

from service.formats.flat import Claim, as_csv
from service.formats.geojson import as_geojson
from service.formats.jsonld import as_jsonld
from service.formats.listed import as_json, as_ndjson, written
from service.formats.parquet import as_parquet

_PIECE_BYTES: Final = 32 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Format:
    """`write` takes claims as the API shows them, and gives the file in pieces, none of them empty.

    It reads no further ahead than a piece (of Parquet, a row group), so that its memory is bounded. `cut_short` ends a
    file that is not whole, where nothing else would show it; it is given a sentence without a comma.

    Parquet raises ExtraNeededError where its package is missing, before it reads anything.
    """

    name: str
    content_type: str
    description: str
    write: Callable[[Iterable[Claim]], Iterator[bytes]]
    cut_short: Callable[[str], bytes] = lambda _why: b""


def _in_pieces(lines: Callable[[Iterable[Claim]], Iterator[str]], claims: Iterable[Claim]) -> Iterator[bytes]:
    piece = bytearray()
    for line in lines(claims):
        piece += line.encode()
        piece += b"\n"
        if len(piece) >= _PIECE_BYTES:
            yield bytes(piece)
            piece.clear()
    if piece:
        yield bytes(piece)


FORMATS: Final[Mapping[str, Format]] = {
    one.name: one
    for one in (
        Format(
            name="json",
            content_type="application/json",
            description="A list of claims as `/claims` shows them",
            write=partial(_in_pieces, as_json),
        ),
        Format(
            name="ndjson",
            content_type="application/x-ndjson",
            description="A claim to a line, as `/claims` shows it",
            write=partial(_in_pieces, as_ndjson),
            cut_short=lambda why: (written({"error": why}) + "\n").encode(),
        ),
        Format(
            name="csv",
            content_type="text/csv; charset=utf-8",
            description="A heading and a row to a claim; texts that a spreadsheet would compute begin with `'`",
            write=partial(_in_pieces, as_csv),
            cut_short=lambda why: f"error: {why}\n".encode(),
        ),
        Format(
            name="geojson",
            content_type="application/geo+json",
            description="Features of RFC 7946: each claim's places (null where none is known), and its route from "
            "an origin",
            write=partial(_in_pieces, as_geojson),
        ),
        Format(
            name="jsonld",
            content_type="application/ld+json",
            description="A graph of schema.org Claims",
            write=partial(_in_pieces, as_jsonld),
        ),
        Format(
            name="parquet",
            content_type="application/vnd.apache.parquet",
            description="Nested and typed columns; needs the extra `muster[parquet]` on the server",
            write=as_parquet,
        ),
    )
}
