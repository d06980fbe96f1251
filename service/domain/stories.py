"""Stories: claims of the same content across articles, and figures that cannot both hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from service.domain.claims import Force, Kind, Outcome
from service.domain.estimates import OriginHistory, Telling
from service.domain.register import ClaimView


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Subject:
    """Claims of different subjects never belong to one story.

    `force` is a country's code or a group's name, "" where no force is named; `place` a region's code, a country's
    where no region is named, "" for nowhere.
    """

    force: str
    kind: Kind
    outcome: str
    additional: bool
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sum:
    """A total and the parts told beside it by the same article. `adds_up` is None where a figure is open or missing."""

    total: ClaimView
    parts: tuple[ClaimView, ...]
    parts_min: int | None
    parts_max: int | None
    adds_up: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """`id` names the first of its claims and the place; any other of its claims finds it too.

    `start` and `end` are the days that its claims are about, where they say; `min` and `max` the lowest and highest
    figure of all its origins, never blended.
    """

    id: str
    subject: Subject
    force: Force | None
    outcome: Outcome | None
    place_name: str | None
    start: date | None
    end: date | None
    first_reported_at: datetime
    last_reported_at: datetime
    min: int | None
    max: int | None
    origins: tuple[OriginHistory, ...]
    outlets: tuple[str, ...]
    articles: int
    claims: tuple[ClaimView, ...]
    denials: tuple[Telling, ...]
    sums: tuple[Sum, ...]


class Conflict(StrEnum):
    """figures: two that cannot both hold. denial: what one says, another denies."""

    FIGURES = "figures"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """Two sides, each with its evidence; the earlier one first."""

    conflict: Conflict
    subject: Subject
    one: ClaimView
    other: ClaimView
