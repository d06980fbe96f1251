"""A claim without nesting: the columns of CSV and the properties of GeoJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from service.formats import shown

Claim: TypeAlias = Mapping[str, Any]
"""As the API shows it."""
Cell: TypeAlias = str | int | float | None

FLAT: Final[Mapping[str, Callable[[Claim], Cell]]] = {
    "id": lambda claim: claim["id"],
    "article_id": lambda claim: claim["article_id"],
    "reported_at": lambda claim: claim["reported_at"],
    "outlet": lambda claim: claim["outlet"],
    "force_country": lambda claim: (claim["force"] or {}).get("country"),
    "force_group": lambda claim: (claim["force"] or {}).get("group"),
    "personnel": lambda claim: (claim["personnel"] or {}).get("type"),
    "count_min": lambda claim: claim["count"]["min"],
    "count_max": lambda claim: claim["count"]["max"],
    "count_qualifier": lambda claim: claim["count"]["qualifier"],
    "count_text": lambda claim: claim["count"]["text"],
    "kind": lambda claim: claim["kind"],
    "outcome": lambda claim: claim["outcome"],
    "status": lambda claim: claim["status"],
    "polarity": lambda claim: claim["polarity"],
    "locations": lambda claim: "; ".join(place["name"] for place in claim["locations"]),
    "regions": lambda claim: "; ".join(place["region"] or place["country"] or "" for place in claim["locations"]),
    "levels": lambda claim: "; ".join(place["level"] for place in claim["locations"]),
    "origin": lambda claim: (claim["origin"] or {}).get("name"),
    "time_start": lambda claim: claim["time"]["start"],
    "time_end": lambda claim: claim["time"]["end"],
    "time_precision": lambda claim: claim["time"]["precision"],
    "source": lambda claim: shown.source(claim) if claim["attribution"] else None,
    "evidence": lambda claim: " … ".join(span["exact"] for span in claim["evidence"]),
    "confidence": lambda claim: claim["confidence"],
    "review": lambda claim: claim["review"],
}
"""In the order of the columns, to which new ones are only added."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def flat(claim: Claim) -> dict[str, Cell]:
    return {name: read(claim) for name, read in FLAT.items()}


def as_csv(claims: Iterable[Claim]) -> Iterator[str]:
    """A heading, and one row to a claim, with lists joined by `; `. No cell is read as a formula by a spreadsheet."""
    yield _csv_line(FLAT)
    for claim in claims:
        yield _csv_line([guarded(value) for value in flat(claim).values()])


def _csv_line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    # The writer quotes the characters of its line end: both, since articles hold both.
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue().removesuffix("\r\n")


def guarded(value: object) -> str:
    """`value` as a cell; a text that a spreadsheet would compute gets an apostrophe in front."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return str(value)
    text = str(value)
    return "'" + text if text.startswith(_FORMULA_STARTS) else text
