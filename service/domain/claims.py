"""The claim and its vocabularies: the words that every part of Muster shares.

A claim is one statement, by somebody, that somebody's personnel are at, going to, leaving,
or were lost at a place. Every `text` is verbatim from the article; what is unknown is None.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Kind(StrEnum):
    DEPLOYMENT = "deployment"
    PRESENCE = "presence"
    WITHDRAWAL = "withdrawal"
    CASUALTIES = "casualties"


class Outcome(StrEnum):
    """What befell the people of a casualties claim; other kinds have none."""

    KILLED = "killed"
    WOUNDED = "wounded"
    CAPTURED = "captured"
    MISSING = "missing"
    KILLED_OR_WOUNDED = "killed_or_wounded"


class Status(StrEnum):
    """The claim's own tense, not whether it is true."""

    OCCURRED = "occurred"
    ONGOING = "ongoing"
    PLANNED = "planned"
    POSSIBLE = "possible"


class Polarity(StrEnum):
    AFFIRMED = "affirmed"
    DENIED = "denied"


class PersonnelType(StrEnum):
    TROOPS = "troops"
    SPECIAL_FORCES = "special_forces"
    OFFICERS = "officers"
    ENGINEERS = "engineers"
    DEMINERS = "deminers"
    BUILDERS = "builders"
    PILOTS = "pilots"
    INSTRUCTORS = "instructors"
    PEACEKEEPERS = "peacekeepers"
    POLICE = "police"
    MERCENARIES = "mercenaries"
    VOLUNTEERS = "volunteers"
    MARINES = "marines"
    SAILORS = "sailors"
    DRONE_OPERATORS = "drone_operators"
    ARTILLERY = "artillery"
    MEDICS = "medics"
    WORKERS = "workers"


class Qualifier(StrEnum):
    """How the figure was said. `none`: no figure was given."""

    EXACT = "exact"
    APPROXIMATE = "approximate"
    MORE_THAN = "more_than"
    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    LESS_THAN = "less_than"
    RANGE = "range"
    VAGUE = "vague"
    NONE = "none"


class PlaceLevel(StrEnum):
    COUNTRY = "country"
    REGION = "region"
    CITY = "city"
    AREA = "area"
    POINT = "point"


class TimePrecision(StrEnum):
    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    SEASON = "season"
    YEAR = "year"
    RANGE = "range"


class SourceType(StrEnum):
    OUTLET = "outlet"
    AGENCY = "agency"
    OFFICIAL = "official"
    PERSON = "person"
    ORGANIZATION = "organization"
    DOCUMENT = "document"
    MEDIA = "media"


class Review(StrEnum):
    """What an editor decided. Nothing automatic ever sets `confirmed`.

    A claim that replaces a rejected or corrected one when its article is read anew stays so, flagged as stale.
    """

    UNREVIEWED = "unreviewed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    CORRECTED = "corrected"


@dataclass(frozen=True, slots=True, kw_only=True)
class Force:
    """Whose people they are: ISO 3166-1 alpha-2 (or 3166-3) country, or a named group, or both."""

    country: str | None = None
    group: str | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Personnel:
    type: PersonnelType | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A figure given in formations: "two battalions" is echelon "battalion", number 2."""

    echelon: str
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """People, as a range with both ends included; None at an end means open.

    For `vague` the minimum is a floor for filtering only and enters no estimate.
    """

    min: int | None = None
    max: int | None = None
    qualifier: Qualifier = Qualifier.NONE
    additional: bool = False
    unit: Unit | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place as the gazetteer knows it. `region` is ISO 3166-2; lat and lon are degrees."""

    name: str
    region: str | None = None
    country: str | None = None
    level: PlaceLevel
    lat: float | None = None
    lon: float | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """When it happened or will: first and last day, both included."""

    start: date | None = None
    end: date | None = None
    precision: TimePrecision | None = None
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One link of an attribution chain, which runs from the outlet to the original speaker."""

    name: str | None = None
    type: SourceType
    organization: str | None = None
    role: str | None = None
    country: str | None = None
    anonymous: bool = False
    text: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Exact words: article_text[start:end] == exact, in half-open Unicode code points.

    `prefix` and `suffix` are up to 32 code points of context on either side.
    """

    exact: str
    prefix: str
    suffix: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One claim as extraction gives it, before the register gives it an id.

    `part_of` is the index of its total among the claims of the same extraction.
    `reasons` name the rules that raised or lowered `confidence` (0 to 1).
    """

    kind: Kind
    outcome: Outcome | None = None
    status: Status
    polarity: Polarity = Polarity.AFFIRMED
    force: Force | None = None
    personnel: Personnel | None = None
    count: Count = Count()
    locations: tuple[Place, ...] = ()
    origin: Place | None = None
    transport: str | None = None
    time: Time = Time()
    attribution: tuple[Source, ...] = ()
    part_of: int | None = None
    evidence: tuple[Evidence, ...]
    confidence: float
    reasons: tuple[str, ...] = ()


CORRECTABLE = (
    "kind",
    "outcome",
    "status",
    "polarity",
    "force",
    "personnel",
    "count",
    "locations",
    "origin",
    "transport",
    "time",
    "attribution",
    "part_of",
)
"""What an editor may set: all that a claim says, but not its evidence."""
