"""Claims as a table, JSON, NDJSON, CSV or GeoJSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from service.commands import shown
from service.commands.table import Column, render

Claim = Mapping[str, Any]
Cell = str | int | float | None

COLUMNS: Final[tuple[tuple[Column, Callable[[Claim], str]], ...]] = (
    (Column(title="REPORTED", spare=1), shown.reported),
    (Column(title="FORCE", wraps=True, least=5), shown.force),
    (Column(title="COUNT", right=True), shown.count),
    (Column(title="WHO", wraps=True, least=8, spare=3), shown.people),
    (Column(title="WHAT", wraps=True, least=11), shown.what),
    (Column(title="STATUS", spare=2), lambda claim: str(claim["status"])),
    (Column(title="WHERE", wraps=True), shown.where),
    (Column(title="WHEN", wraps=True, least=10), shown.when),
    (Column(title="ACCORDING TO", wraps=True), shown.source),
)
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
    "origin": lambda claim: (claim["origin"] or {}).get("name"),
    "time_start": lambda claim: claim["time"]["start"],
    "time_end": lambda claim: claim["time"]["end"],
    "time_precision": lambda claim: claim["time"]["precision"],
    "source": lambda claim: shown.source(claim) if claim["attribution"] else None,
    "evidence": lambda claim: " … ".join(span["exact"] for span in claim["evidence"]),
    "confidence": lambda claim: claim["confidence"],
    "review": lambda claim: claim["review"],
}
"""The columns of CSV and the properties of GeoJSON."""
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")


def as_table(claims: Iterable[Claim], *, width: int) -> Iterator[str]:
    rows = [[cell(claim) for _, cell in COLUMNS] for claim in claims]
    yield from render([column for column, _ in COLUMNS], rows, width=width)


def as_json(claims: Iterable[Claim]) -> Iterator[str]:
    yield json.dumps(list(claims), ensure_ascii=False, indent=2)


def as_ndjson(claims: Iterable[Claim]) -> Iterator[str]:
    for claim in claims:
        yield json.dumps(claim, ensure_ascii=False)


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


def as_geojson(claims: Iterable[Claim]) -> Iterator[str]:
    """A FeatureCollection; claims without a place that can be drawn have no geometry."""
    features = [
        {"type": "Feature", "id": claim["id"], "geometry": _geometry(claim), "properties": flat(claim)}
        for claim in claims
    ]
    yield json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False, indent=2)


def _geometry(claim: Claim) -> dict[str, Any] | None:
    points = [
        [place["lon"], place["lat"]]
        for place in claim["locations"]
        if place["lat"] is not None and place["lon"] is not None
    ]
    if not points:
        return None
    if len(points) == 1:
        return {"type": "Point", "coordinates": points[0]}
    return {"type": "MultiPoint", "coordinates": points}


def flat(claim: Claim) -> dict[str, Cell]:
    """The claim without nesting."""
    return {name: read(claim) for name, read in FLAT.items()}
