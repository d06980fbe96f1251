"""How many, according to whom: figures of several speakers side by side, never blended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.domain.claims import Count, Kind, Outcome, Polarity, Status
from service.domain.figures import Basis
from service.domain.origins import Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Claims that say the same by the same origin: one figure, one status, one polarity.

    `count` is that of the first of them, words included; `claim_id` is the first of them. `claims` and `articles`
    count who said so, first and last when. A part is one that belongs to a total told beside it.
    """

    origin: Origin
    kind: Kind
    outcome: Outcome | None
    basis: Basis
    status: Status
    polarity: Polarity
    count: Count
    is_part: bool
    first_reported_at: datetime
    last_reported_at: datetime
    claims: int
    articles: int
    claim_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginHistory:
    """What one origin said, oldest first. `latest` is its last figure of the whole, None where it gave no number."""

    origin: Origin
    latest: Telling | None
    tellings: tuple[Telling, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """From the lowest to the highest of the latest figures, and whose they are; `max` is None where that is open.

    `origins` counts those who gave a figure. No mean, no sum.
    """

    min: int
    max: int | None
    lowest: Telling
    highest: Telling
    origins: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Comparable figures: of one kind, basis and outcome, all of the whole or all on top of what was there before.

    `range` is over what is said to have happened or to go on; what is planned or possible is among the tellings only.
    """

    kind: Kind
    outcome: Outcome | None
    basis: Basis
    additional: bool
    range: Range | None
    origins: tuple[OriginHistory, ...]
    denials: tuple[Telling, ...]
    sentence: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateAnswer:
    """`force` is a country's code or a group's name, `place` a code."""

    force: str
    place: str
    place_name: str
    estimates: tuple[Estimate, ...]
