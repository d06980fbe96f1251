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
        gold = _object(json.loads(path.read_text(encoding="utf-8")), what="it")
        claims = tuple(parse_claim(claim) for claim in _list(gold, "claims"))
        title, url, outlet, published = (_word(gold, key) for key in ("title", "url", "outlet", "published_at"))
        published_on = date.fromisoformat(published[:10]) if published else None
    except (ValueError, RecursionError) as error:
        raise GoldError(f"{path.name}: {error}") from error
    text, html = path.with_name(f"{name}.txt"), path.with_name(f"{name}.html")
    if not text.exists() and not html.exists():
        raise GoldError(f"{path.name}: there is neither {text.name} nor {html.name} beside it.")
    is_text = text.exists()
    words = _article(text if is_text else html)
    return Pair(
        id=name,
        document=Document(
            text=words if is_text else None,
            html=None if is_text else words,
            title=title,
            url=url,
            outlet=outlet,
            published_on=published_on,
        ),
        claims=claims,
    )


def _article(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise GoldError(f"{path.name}: it is not UTF-8 at byte {error.start}.") from error


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


def parse_claim(table: Any) -> GoldClaim:
    """A gold claim as written in JSON.

    Raises ValueError on unknown fields and words, on values of another sort, and without a kind or count.
    """
    table = _object(table, what="a claim")
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
    if "source" in table:
        _list(table, "source")
    return GoldClaim(
        kinds=_alternatives(table, "kind") or (),
        polarities=_alternatives(table, "polarity") or (Polarity.AFFIRMED.value,),
        counts=tuple((low, high) for low, high in _pairs(table, "count", int)),
        forces=_alternatives(table, "force") if table.get("force") is not None else None,
        outcomes=_alternatives(table, "outcome"),
        places=_places(table),
        statuses=_alternatives(table, "status"),
        personnel=_alternatives(table, "personnel"),
        qualifiers=_alternatives(table, "qualifier"),
        additional=_alternatives(table, "additional", bool),
        part=_alternatives(table, "part", bool),
        origins=_alternatives(table, "origin"),
        times=tuple((start, end) for start, end in _pairs(table, "time", str)) if "time" in table else None,
        sources=_alternatives(table, "source"),
        quote=_word(table, "quote"),
        optional=bool(table.get("optional")),
    )


def _tuple(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, list) else (value,)


def _object(value: Any, *, what: str) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    raise ValueError(f"{what} must be an object, and is {value!r}")


def _list(table: Mapping[str, Any], name: str) -> list[Any]:
    value = table.get(name)
    if isinstance(value, list):
        return value
    raise ValueError(f"{name!r} must be a list, and is {value!r}")


def _word(table: Mapping[str, Any], name: str) -> str | None:
    value = table.get(name)
    if value is not None and not isinstance(value, str):
        raise ValueError(f"{name!r} can't be {value!r}")
    return value


def _alternatives(table: Mapping[str, Any], name: str, sort: type = str) -> tuple[Any, ...] | None:
    """One value or a list of them; null within is the empty field."""
    if name not in table:
        return None
    values = _tuple(table[name])
    strange = [value for value in values if value is not None and type(value) is not sort]
    if strange:
        raise ValueError(f"{name!r} can't be {strange[0]!r}")
    return values


def _places(table: Mapping[str, Any]) -> tuple[tuple[str, ...], ...] | None:
    """A list of places, each a code or a list of codes that will do; null is not judged."""
    if table.get("regions") is None:
        return None
    places = tuple(_tuple(place) for place in _list(table, "regions"))
    if not all(place and all(isinstance(code, str) for code in place) for place in places):
        raise ValueError("each of 'regions' must be a code, or a list of codes")
    return places


def _pairs(table: Mapping[str, Any], name: str, sort: type) -> tuple[tuple[Any, Any], ...]:
    """[first, last], or a list of these; null is a pair of nulls."""
    value = table[name]
    listed = value if isinstance(value, list) and value and isinstance(value[0], list) else [value]
    pairs = [item if item is not None and item != [] else [None, None] for item in listed]
    for pair in pairs:
        if not isinstance(pair, list) or len(pair) != 2 or any(x is not None and type(x) is not sort for x in pair):
            raise ValueError(f"{name!r} can't be {pair!r}")
    return tuple((first, last) for first, last in pairs)
