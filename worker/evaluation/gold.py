"""Articles with their known claims, read from a folder. docs/annotation.md tells the format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from service.domain.claims import Kind, Outcome, PersonnelType, Polarity, Qualifier, Status
from worker.extraction.model import Document

SUFFIX = ".gold.json"
Range = tuple[int | None, int | None]
Days = tuple[str | None, str | None]


class GoldError(ValueError):
    """A gold file can't be used; the message says which and why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldClaim:
    """A claim that an article makes. Each tuple holds alternatives, any of which is right.

    None instead of a tuple: not annotated, so anything is right. None within one: the field is empty.
    `counts` are [min, max], `times` ISO days [start, end]; `places` holds for every wanted place its alternatives.
    `optional` claims are neither missed when they aren't found nor wrong when they are.
    """

    kinds: tuple[str, ...]
    polarities: tuple[str, ...] = (Polarity.AFFIRMED.value,)
    counts: tuple[Range, ...] = ((None, None),)
    forces: tuple[str | None, ...] | None = None
    outcomes: tuple[str | None, ...] | None = None
    places: tuple[tuple[str, ...], ...] | None = None
    statuses: tuple[str | None, ...] | None = None
    personnel: tuple[str | None, ...] | None = None
    qualifiers: tuple[str | None, ...] | None = None
    additional: tuple[bool, ...] | None = None
    part: tuple[bool, ...] | None = None
    origins: tuple[str | None, ...] | None = None
    times: tuple[Days, ...] | None = None
    sources: tuple[str | None, ...] | None = None
    quote: str | None = None
    optional: bool = False

    @property
    def numeric(self) -> bool:
        return any(bound is not None for count in self.counts for bound in count)

    @property
    def countries(self) -> frozenset[str]:
        """Every country that a wanted place may be in."""
        return frozenset(code.split("-")[0] for place in self.places or () for code in place)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """An article and all the claims it makes."""

    id: str
    document: Document
    claims: tuple[GoldClaim, ...]


def load_pairs(folder: Path) -> tuple[Pair, ...]:
    """Every <id>.gold.json of the folder beside its <id>.txt or <id>.html, by id. Raises GoldError."""
    found = sorted(folder.glob(f"*{SUFFIX}"))
    if not found:
        raise GoldError(f"{folder} holds no *{SUFFIX}.")
    return tuple(_load(path) for path in found)


def _load(path: Path) -> Pair:
    name = path.name.removesuffix(SUFFIX)
    try:
        gold = json.loads(path.read_text(encoding="utf-8"))
        claims = tuple(parse_claim(claim) for claim in gold["claims"])
        published = gold.get("published_at")
        published_on = date.fromisoformat(published[:10]) if published else None
    except (ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{path.name}: {error}") from error
    text, html = path.with_name(f"{name}.txt"), path.with_name(f"{name}.html")
    if not text.exists() and not html.exists():
        raise GoldError(f"{path.name}: there is neither {text.name} nor {html.name} beside it.")
    is_text = text.exists()
    return Pair(
        id=name,
        document=Document(
            text=text.read_text(encoding="utf-8") if is_text else None,
            html=None if is_text else html.read_text(encoding="utf-8"),
            title=gold.get("title"),
            url=gold.get("url"),
            outlet=gold.get("outlet"),
            published_on=published_on,
        ),
        claims=claims,
    )


VOCABULARIES = {
    "kind": frozenset(Kind),
    "outcome": frozenset(Outcome),
    "status": frozenset(Status),
    "polarity": frozenset(Polarity),
    "personnel": frozenset(PersonnelType),
    "qualifier": frozenset(Qualifier),
}
FIELDS = frozenset(
    {
        *VOCABULARIES,
        *("force", "count", "regions", "time", "source", "additional", "part", "origin", "quote", "optional"),
    }
)


def parse_claim(table: Mapping[str, Any]) -> GoldClaim:
    """A gold claim as written in JSON. Raises ValueError on unknown fields and words, and without a kind or count."""
    unknown = table.keys() - FIELDS
    if unknown:
        raise ValueError(f"unknown field {min(unknown)!r}")
    for name in ("kind", "count"):
        if not table.get(name):
            raise ValueError(f"a claim without {name!r}")
    for name, words in VOCABULARIES.items():
        strange = [word for word in _alternatives(table, name) or () if word is not None and word not in words]
        if strange:
            raise ValueError(f"{strange[0]!r} is no {name}")
    counts = table["count"] if isinstance(table["count"][0], list) else [table["count"]]
    regions = table.get("regions")
    return GoldClaim(
        kinds=_alternatives(table, "kind") or (),
        polarities=_alternatives(table, "polarity") or (Polarity.AFFIRMED.value,),
        counts=tuple((low, high) for low, high in counts),
        forces=_alternatives(table, "force") if table.get("force") is not None else None,
        outcomes=_alternatives(table, "outcome"),
        places=None if regions is None else tuple(_tuple(place) for place in regions),
        statuses=_alternatives(table, "status"),
        personnel=_alternatives(table, "personnel"),
        qualifiers=_alternatives(table, "qualifier"),
        additional=_alternatives(table, "additional"),
        part=_alternatives(table, "part"),
        origins=_alternatives(table, "origin"),
        times=_times(table["time"]) if "time" in table else None,
        sources=tuple(table["source"]) if "source" in table else None,
        quote=table.get("quote"),
        optional=bool(table.get("optional")),
    )


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _alternatives(table: Mapping[str, Any], name: str) -> tuple[Any, ...] | None:
    return _tuple(table[name]) if name in table else None


def _times(value: Any) -> tuple[Days, ...]:
    """[start, end], or a list of them; null is a claim without time."""
    listed = value if value and isinstance(value[0], list) else [value]
    return tuple((item[0], item[1]) if item else (None, None) for item in listed)
