"""Claims as JSON and back. The JSON holds every field of the claim but `part_of`, which is a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
    Force,
    Kind,
    Outcome,
    Personnel,
    PersonnelType,
    Place,
    PlaceLevel,
    Polarity,
    Qualifier,
    Source,
    SourceType,
    Status,
    Time,
    TimePrecision,
    Unit,
)

_POSITION = ("start", "end", "prefix", "suffix")


def encode(claim: Claim) -> dict[str, Any]:
    body = asdict(claim)
    del body["part_of"]
    time = body["time"]
    for end in ("start", "end"):
        if time[end] is not None:
            time[end] = time[end].isoformat()
    # Tuples become lists now, as they would in the database, so that bodies compare equal.
    body["locations"] = list(body["locations"])
    body["attribution"] = list(body["attribution"])
    body["evidence"] = list(body["evidence"])
    body["reasons"] = list(body["reasons"])
    return body


def content(body: Mapping[str, Any]) -> dict[str, Any]:
    """What a claim says, without how sure the extractor was or where in the text the words stand."""
    said = {key: value for key, value in body.items() if key not in ("confidence", "reasons")}
    said["evidence"] = [
        {key: value for key, value in item.items() if key not in _POSITION} for item in body["evidence"]
    ]
    return said


def decode(body: Mapping[str, Any]) -> Claim:
    """Raises KeyError or ValueError for JSON that no version of Muster wrote."""
    return Claim(
        kind=Kind(body["kind"]),
        outcome=Outcome(body["outcome"]) if body["outcome"] else None,
        status=Status(body["status"]),
        polarity=Polarity(body["polarity"]),
        force=Force(**body["force"]) if body["force"] else None,
        personnel=_personnel(body["personnel"]),
        count=_count(body["count"]),
        locations=tuple(_place(place) for place in body["locations"]),
        origin=_place(body["origin"]) if body["origin"] else None,
        transport=body["transport"],
        time=_time(body["time"]),
        attribution=tuple(Source(**{**source, "type": SourceType(source["type"])}) for source in body["attribution"]),
        evidence=tuple(Evidence(**item) for item in body["evidence"]),
        confidence=body["confidence"],
        reasons=tuple(body["reasons"]),
    )


def _personnel(value: Mapping[str, Any] | None) -> Personnel | None:
    if value is None:
        return None
    return Personnel(type=PersonnelType(value["type"]) if value["type"] else None, text=value["text"])


def _count(value: Mapping[str, Any]) -> Count:
    unit = Unit(**value["unit"]) if value["unit"] else None
    return Count(**{**value, "qualifier": Qualifier(value["qualifier"]), "unit": unit})


def _place(value: Mapping[str, Any]) -> Place:
    return Place(**{**value, "level": PlaceLevel(value["level"])})


def _time(value: Mapping[str, Any]) -> Time:
    return Time(
        start=date.fromisoformat(value["start"]) if value["start"] else None,
        end=date.fromisoformat(value["end"]) if value["end"] else None,
        precision=TimePrecision(value["precision"]) if value["precision"] else None,
        text=value["text"],
    )
