"""What goes into extraction, what comes out, and what its stages hand to each other."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from service.domain.claims import (
    Claim,
    Count,
    PersonnelType,
    Place,
    Qualifier,
    Source,
    Time,
    Unit,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """An article as submitted: exactly one of `text` and `html` is given."""

    text: str | None = None
    html: str | None = None
    title: str | None = None
    url: str | None = None
    outlet: str | None = None
    published_on: date | None = None
    language: str | None = None


class PublishedSource(StrEnum):
    """Where the publication date came from."""

    GIVEN = "given"
    HTML = "html"
    TEXT = "text"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoredLine:
    """A line of the text that was not read for claims, and why. Half-open code points."""

    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberSeen:
    """A number in the lines kept. `used_by` indexes the extraction's claims; else `reason` says why not."""

    text: str
    start: int
    end: int
    min: int | None
    max: int | None
    qualifier: Qualifier
    used_by: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSeen:
    text: str
    start: int
    end: int
    read_as: Time | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceSeen:
    text: str
    start: int
    end: int
    read_as: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSeen:
    text: str
    start: int
    end: int
    read_as: Source | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Diagnostics:
    """Answers "why not?" for one article. `reason` says why the article as a whole gave nothing."""

    reason: str | None = None
    ignored: tuple[IgnoredLine, ...] = ()
    numbers: tuple[NumberSeen, ...] = ()
    dates: tuple[DateSeen, ...] = ()
    places: tuple[PlaceSeen, ...] = ()
    sources: tuple[SourceSeen, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """All that one article gave. Offsets everywhere index `text`."""

    text: str
    title: str | None = None
    outlet: str | None = None
    published_on: date | None = None
    published_source: PublishedSource = PublishedSource.NONE
    language: str | None = None
    claims: tuple[Claim, ...] = ()
    diagnostics: Diagnostics = field(default_factory=Diagnostics)


# ---- between the stages


class LineKind(StrEnum):
    """What a kept line is: it decides how far context carries and what it can restate."""

    TITLE = "title"
    BYLINE = "byline"
    HEADING = "heading"
    BULLET = "bullet"
    PROSE = "prose"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A block of the text that is read for claims: one paragraph, bullet or heading.

    Hard-wrapped lines of one paragraph are one Line. Half-open code points into the article.
    `paragraph` numbers blocks in order; a list and the line that introduces it share `list_of`.
    """

    start: int
    end: int
    kind: LineKind
    list_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """Half-open code points; `line` indexes the lines kept."""

    start: int
    end: int
    line: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number phrase that may count people: "more than 1,000 additional", "two battalions".

    Offsets are half-open code points into the string that was read and cover the whole phrase,
    its qualifier included. `share_of` is set for "half of", "two thirds of" (0 to 1).
    """

    start: int
    end: int
    min: int | None
    max: int | None
    qualifier: Qualifier
    additional: bool = False
    unit: Unit | None = None
    share_of: float | None = None

    @property
    def bounded(self) -> bool:
        """Whether it gives a number, be it a least or a most: "two battalions" gives none."""
        return self.min is not None or self.max is not None

    def count(self, text: str) -> Count:
        return Count(
            min=self.min,
            max=self.max,
            qualifier=self.qualifier,
            additional=self.additional,
            unit=self.unit,
            text=text[self.start : self.end],
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """A date phrase and what it means. `time.start` and `.end` are None where nothing anchors it."""

    start: int
    end: int
    time: Time


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonnelMention:
    start: int
    end: int
    type: PersonnelType | None
