"""From which country an article speaks: its dateline, else the seat or house that its heading names."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from service.domain.places import PlaceRecord, fold
from worker.extraction.mentions.phrasebook import tokenize
from worker.extraction.model import Line, LineKind
from worker.extraction.page.reading import read

_DATELINE_CHARS = 120
_TOP_LINES = 12
_LONGEST_NAME = 4


class Seats(Protocol):
    """The gazetteer, as far as datelines and headings need it. Names are folded."""

    def country_by_capital(self, folded: str) -> str | None: ...
    def country_by_institution(self, folded: str) -> str | None: ...
    def longest_match(self, words: Sequence[str], start: int) -> tuple[int, tuple[PlaceRecord, ...]] | None: ...


@dataclass(frozen=True, slots=True)
class VoiceReader:
    seats: Seats
    dateline_end: Callable[[str], int]

    def voice(self, text: str, lines: Sequence[Line]) -> str | None:
        """The country, or None where no dateline and no heading tells it."""
        for line in lines:
            if line.kind in (LineKind.PROSE, LineKind.BULLET):
                start = read(text, line.start, min(line.end, line.start + _DATELINE_CHARS)).text
                country = self._of_dateline(start[: self.dateline_end(start)])
                if country is not None:
                    return country
        headings = [one for one in lines[:_TOP_LINES] if one.kind is not LineKind.PROSE]
        found = (self._of_heading(read(text, one.start, one.end).text) for one in headings)
        return next((country for country in found if country is not None), None)

    def _of_dateline(self, dateline: str) -> str | None:
        """ "SEOUL, South Korea": the last of its names that is a place."""
        words = tokenize(dateline.replace(",", " , ").replace("/", " , ").title())
        countries: list[str] = []
        at = 0
        while at < len(words):
            capital = self.seats.country_by_capital(fold(words[at]))
            hit = self.seats.longest_match(words, at)
            country = capital or (hit[1][0].country if hit is not None and hit[1] else None)
            if country is not None:
                countries.append(country)
            at += hit[0] if hit is not None else 1
        return countries[0] if countries else None

    def _of_heading(self, heading: str) -> str | None:
        words = tokenize(heading)
        for at in range(len(words)):
            for length in range(min(_LONGEST_NAME, len(words) - at), 0, -1):
                country = self.seats.country_by_institution(fold(" ".join(words[at : at + length])))
                if country is not None and words[at][:1].isupper():
                    return country
        return None
