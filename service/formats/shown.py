"""A claim in a reader's words: figures as they were said, places, times and sources in short."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

NOTHING: Final = "–"
_MARKS: Final = {"exact": "", "approximate": "~", "more_than": ">", "at_least": "≥", "at_most": "≤", "less_than": "<"}


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def count(claim: Mapping[str, Any]) -> str:
    """The figure as it was said: `>1,000`, `~11,000`, `1,000–3,000`, `≤12,000`, `thousands`, `2 brigades`."""
    said = claim["count"]
    qualifier, low, high = said["qualifier"], said["min"], said["max"]
    more = " more" if said["additional"] else ""
    if qualifier == "vague":
        return said["text"] or f"≥{low:,}{more}"
    if qualifier == "range" and low is not None and high is not None:
        return f"{low:,}–{high:,}{more}"
    figure = low if low is not None else high
    if qualifier in _MARKS and figure is not None:
        return f"{_MARKS[qualifier]}{figure:,}{more}"
    unit = said["unit"]
    if unit:
        number = unit["number"]
        return counted(number or 1, unit["echelon"]) + more
    return NOTHING


def what(claim: Mapping[str, Any]) -> str:
    words = str(claim["outcome"] or claim["kind"]).replace("_", " ")
    return f"{words}, denied" if claim["polarity"] == "denied" else words


def force(claim: Mapping[str, Any]) -> str:
    whose = claim["force"] or {}
    names = [name for name in (whose.get("country"), whose.get("group")) if name]
    return " ".join(names) or NOTHING


def people(claim: Mapping[str, Any]) -> str:
    kind = (claim["personnel"] or {}).get("type")
    return str(kind).replace("_", " ") if kind else NOTHING


def where(claim: Mapping[str, Any]) -> str:
    places = ", ".join(place["name"] for place in claim["locations"])
    origin = claim["origin"]
    if not origin:
        return places or NOTHING
    return f"{places} (from {origin['name']})" if places else f"from {origin['name']}"


def when(claim: Mapping[str, Any]) -> str:
    """The days as precisely as they were told; an open end stays open."""
    time = claim["time"]
    start, end, precision = time["start"], time["end"], time["precision"]
    if not start and not end:
        return NOTHING
    if not end:
        return f"since {start}"
    if not start:
        return f"until {end}"
    if start == end:
        return str(start)
    if precision == "month" and start[:7] == end[:7]:
        return str(start[:7])
    if precision == "year" and start[:4] == end[:4]:
        return str(start[:4])
    return f"{start} – {end}"


def reported(claim: Mapping[str, Any]) -> str:
    return str(claim["reported_at"])[:10]


def source(claim: Mapping[str, Any]) -> str:
    """Who said it first, and through whom it came."""
    chain = [_speaker(link) for link in claim["attribution"]]
    if not chain:
        return f"({claim['outlet']})" if claim["outlet"] else NOTHING
    speaker, *through = reversed(chain)
    return speaker + "".join(f" via {link}" for link in through)


def _speaker(link: Mapping[str, Any]) -> str:
    name, role, organization = link["name"], link["role"], link["organization"]
    if name:
        return str(name)
    words = role or link["text"] or organization or link["type"]
    return f"{words}, {organization}" if organization and words != organization else str(words)
