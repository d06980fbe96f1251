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

COLUMNS: Final[tuple[tuple[Column, Callable[[Claim], str]], ...]] = (
    (Column(title="REPORTED", spare=1), shown.reported),
    (Column(title="FORCE", wraps=True, least=5), shown.force),
    (Column(title="COUNT", right=True, wraps=True), shown.count),
    (Column(title="WHO", wraps=True, least=8, spare=3), shown.people),
    (Column(title="WHAT", wraps=True, least=11), shown.what),
    (Column(title="STATUS", spare=2), lambda claim: str(claim["status"])),
    (Column(title="WHERE", wraps=True, least=14), shown.where),
    (Column(title="WHEN", wraps=True, least=10), shown.when),
    (Column(title="ACCORDING TO", wraps=True, least=14), shown.source),
)
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
    """One row to a claim, with lists joined by `; `. No cell is read as a formula by a spreadsheet."""
    heading: list[str] | None = None
    for claim in claims:
        row = flat(claim)
        if heading is None:
            heading = list(row)
            yield _csv_line(heading)
        yield _csv_line([guarded(value) for value in row.values()])


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


def flat(claim: Claim) -> dict[str, str | int | float | None]:
    """The claim without nesting."""
    force, personnel, time = claim["force"] or {}, claim["personnel"] or {}, claim["time"]
    places, origin = claim["locations"], claim["origin"] or {}
    return {
        "id": claim["id"],
        "article_id": claim["article_id"],
        "reported_at": claim["reported_at"],
        "outlet": claim["outlet"],
        "force_country": force.get("country"),
        "force_group": force.get("group"),
        "personnel": personnel.get("type"),
        "count_min": claim["count"]["min"],
        "count_max": claim["count"]["max"],
        "count_qualifier": claim["count"]["qualifier"],
        "count_text": claim["count"]["text"],
        "kind": claim["kind"],
        "outcome": claim["outcome"],
        "status": claim["status"],
        "polarity": claim["polarity"],
        "locations": "; ".join(place["name"] for place in places),
        "regions": "; ".join(place["region"] or place["country"] or "" for place in places),
        "origin": origin.get("name"),
        "time_start": time["start"],
        "time_end": time["end"],
        "time_precision": time["precision"],
        "source": shown.source(claim) if claim["attribution"] else None,
        "evidence": " … ".join(span["exact"] for span in claim["evidence"]),
        "confidence": claim["confidence"],
        "review": claim["review"],
    }
