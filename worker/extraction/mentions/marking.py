"""One sentence with everything that was recognized in it, before anything is joined."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from service.domain.claims import Place, Qualifier, Unit
from service.domain.places import PlaceRecord
from worker.extraction.grammar.quantities import NumberRejected
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.personnel import People
from worker.extraction.model import Line, Quantity, Sentence, TimeMention
from worker.extraction.page.reading import Reading
from worker.extraction.parsing.tree import Tree


class PlaceNames(Protocol):
    """The gazetteer, as far as reading a text needs it."""

    def longest_match(self, words: Sequence[str], start: int) -> tuple[int, tuple[PlaceRecord, ...]] | None: ...
    def place(self, record: PlaceRecord, text: str | None) -> Place: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A sentence that is worth a parse. `label` names the speaker of a transcript's line, as printed."""

    index: int
    sentence: Sentence
    line: Line
    reading: Reading
    label: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceMention:
    """Tokens [start, end) that name a place; `readings` best first, `text` as it stands."""

    start: int
    end: int
    readings: tuple[PlaceRecord, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A quantity with the tokens [start, end) that it covers."""

    start: int
    end: int
    quantity: Quantity

    def in_formations(self, echelon: str) -> Counted:
        """The same number of formations, which is no number of people."""
        unit = Unit(echelon=echelon, number=self.quantity.min)
        return replace(self, quantity=replace(self.quantity, min=None, max=None, qualifier=Qualifier.NONE, unit=unit))


@dataclass(frozen=True, slots=True)
class Dated:
    """A date phrase with the tokens [start, end) that it covers, read for an event past and for one to come."""

    start: int
    end: int
    past: TimeMention
    future: TimeMention
    ahead: bool = False
    """Whether, of an event to come, it means a time behind the day of publication: "on Monday", "later this month"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A parsed sentence and its mentions; token indexes are the doc's, characters the reading's."""

    index: int
    sentence: Sentence
    line: Line
    reading: Reading
    doc: Tree
    counted: tuple[Counted, ...]
    times: tuple[Dated, ...]
    places: tuple[PlaceMention, ...]
    forces: tuple[ForceMention, ...]
    people: tuple[People, ...]
    rejected: tuple[NumberRejected, ...] = ()
    label: str | None = None

    def words(self, start: int, end: int) -> str:
        """The tokens [start, end) as they stand in the article."""
        first, last = self.article_span(start, end)
        return self.reading.article[first:last]

    def article_span(self, start: int, end: int) -> tuple[int, int]:
        """Offsets into the article of the tokens [start, end)."""
        first, last = self.doc[start], self.doc[end - 1]
        return self.reading.span(first.idx, last.idx + len(last.text))


FindNames = Callable[[Marked], Sequence[tuple[int, int]]]
"""Finds the names of people in a sentence, as tokens [first, past)."""


def find_places(words: Sequence[str], names: PlaceNames) -> list[PlaceMention]:
    """Place names in a sentence's words, longest first, none overlapping."""
    found: list[PlaceMention] = []
    at = 0
    while at < len(words):
        hit = names.longest_match(words, at) if words[at][:1].isupper() else None
        if hit is None:
            at += 1
        else:
            found.append(PlaceMention(start=at, end=at + hit[0], readings=hit[1]))
            at += hit[0]
    return found
