"""Reads one date at one place: "October 4, 2024", "early last month", "the past two days", "Q3"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from service.domain.claims import TimePrecision
from worker.extraction.grammar.date_calendar import Atom, CalendarReader
from worker.extraction.grammar.date_relative import RelativeReader
from worker.extraction.grammar.date_spans import Span, Tense, part_of, span_of, unit_around, with_year
from worker.extraction.grammar.date_words import WEEK_PARTS, DateWords
from worker.extraction.grammar.tokens import TokenKind, Tokens

__all__ = ["Atom", "AtomReader"]

_PARTABLE = frozenset({"day", "week", "month", "year", "season", "quarter", "decade"})


class AtomReader:
    """Reads dates out of `tokens`. Relative words count from `published`; without it they mean nothing."""

    def __init__(self, tokens: Tokens, words: DateWords, *, published: date | None, tense: Tense | None) -> None:
        self.tokens = tokens
        self.words = words
        self.published = published
        self.tense = tense
        self.calendar = CalendarReader(tokens, words, published=published)
        self.relative = RelativeReader(tokens, words, published=published, tense=tense)

    def read(self, at: int, *, led: bool = False) -> Atom | None:
        """The date that begins at token `at`. `led`: a word before it says that a date is to come."""
        hours = self.words.hours_before.at(self.tokens, at)
        if hours is not None:
            inner = self.read_bare(at + hours[0], led=True)
            return replace(inner, start=at) if inner is not None else None
        found = self.read_bare(at, led=led)
        after = self.words.hours_after.at(self.tokens, found.end) if found is not None else None
        if found is not None and after is not None and found.unit == "day":
            return replace(found, end=found.end + after[0])
        return found

    def read_bare(self, at: int, *, led: bool) -> Atom | None:
        """The date at `at` without words for the hour."""
        kind = self.tokens.kind(at)
        if kind is TokenKind.DIGITS:
            return (
                self.calendar.numeric(at)
                or self.relative.ago(at)
                or self.calendar.day_month(at)
                or self.calendar.decade(at)
                or self.calendar.year(at, led=led)
            )
        if kind is not TokenKind.WORD:
            return None
        return (
            self._shifted(at)
            or self._parted(at)
            or self.calendar.quarter(at)
            or self.calendar.holiday(at)
            or self.relative.day_word(at)
            or self.relative.rolling(at)
            or self.relative.reference(at)
            or self.relative.ago(at)
            or self.relative.ahead(at)
            or self._named(at, led=led)
        )

    def _named(self, at: int, *, led: bool) -> Atom | None:
        """A weekday, month or season by its name."""
        return (
            self._weekday(at)
            or self.calendar.month(at, led=led)
            or self.calendar.season(at, led=led)
            or self.calendar.definite(at)
        )

    def _dividable(self, at: int) -> Atom | None:
        """What "early", "the end of" and their kind may stand before."""
        if self.tokens.kind(at) is TokenKind.DIGITS:
            return self.calendar.day_month(at) or self.calendar.decade(at) or self.calendar.year(at, led=True)
        return self.relative.reference(at, definite=True) or self.calendar.quarter(at) or self._named(at, led=True)

    def resolve(self, atom: Atom, *, tense: Tense | None = None) -> Span | None:
        if atom.shape is None:
            return atom.span
        return span_of(with_year(atom.shape, published=self.published, tense=tense or self.tense))

    def _parted(self, at: int) -> Atom | None:
        """Reads "early October", "mid-January", "end of the month", "early- to mid-October", "late 2024"."""
        tokens, words = self.tokens, self.words
        part = words.parts.at(tokens, at)
        if part is None:
            return None
        begin = at + part[0]
        if tokens.low(begin) == "-":
            begin += 1
        second = None
        if tokens.low(begin) in {"to", "and", "or"}:
            second = words.parts.at(tokens, begin + 1)
            if second is None:
                return None
            begin += 1 + second[0]
            if tokens.low(begin) == "-":
                begin += 1
        if tokens.low(begin) == "in":
            begin += 1
        weekly = part[1] in WEEK_PARTS or (second is not None and second[1] in WEEK_PARTS)
        inner = self._dividable(begin)
        if inner is None or inner.unit not in _PARTABLE or (weekly and inner.unit != "month"):
            return None
        if inner.unit == "day":  # "early Sunday", "late on October 4": an hour, not a part
            hour = tokens.low(at) in {"early", "late"} and second is None
            return replace(inner, start=at) if hour else None
        narrowed = self._narrowed(inner, part[1])
        if second is not None and inner.shape is not None:
            low, high = self.resolve(narrowed), self.resolve(self._narrowed(inner, second[1]))
            if low is None or high is None:
                return Atom(start=at, end=inner.end, unit="parts")
            joint = Span(start=low.start, end=high.end, precision=TimePrecision.RANGE)
            return Atom(start=at, end=inner.end, unit="parts", span=joint)
        return replace(narrowed, start=at, unit="part")

    def _narrowed(self, atom: Atom, part: str) -> Atom:
        if atom.shape is not None:
            return replace(atom, shape=replace(atom.shape, part=part))
        if atom.span is None or self.published is None:
            return atom
        whole = unit_around(atom.span.start or self.published, atom.unit) if atom.unit != "season" else atom.span
        return replace(atom, span=part_of(whole, atom.unit, part))

    def _shifted(self, at: int) -> Atom | None:
        """Reads "earlier this month", "later this year"."""
        shift = self.words.shifts.at(self.tokens, at)
        if shift is None:
            return None
        inner = self.relative.reference(at + shift[0], definite=True) or self.calendar.month(at + shift[0], led=True)
        if inner is None or inner.unit == "day":
            return None
        span = self.resolve(inner)
        if span is None or span.start is None or span.end is None or self.published is None:
            return replace(inner, start=at, shape=None, span=None)
        whole = span if inner.unit in {"season", "weekend"} else unit_around(span.start, inner.unit)
        start, end = whole.start, whole.end
        if start is not None and end is not None and start <= self.published <= end:
            start, end = (start, self.published) if shift[1] == "earlier" else (self.published, end)
        return Atom(
            start=at, end=inner.end, unit=inner.unit, span=Span(start=start, end=end, precision=TimePrecision.RANGE)
        )

    def _weekday(self, at: int) -> Atom | None:
        tokens, words = self.tokens, self.words
        weekday = words.weekdays.get(tokens.low(at))
        if weekday is None or not tokens.capitalized(at) or tokens.low(at - 1) in words.weekday_not_after:
            return None
        after = at + 2 if tokens.low(at + 1) in {",", "("} else at + 1
        inner = self.calendar.day_month(after) or self.calendar.month(after, led=True) or self.calendar.definite(after)
        if inner is not None and inner.unit == "day":
            return replace(inner, start=at)
        return Atom(start=at, end=at + 1, unit="day", span=self.relative.weekday(weekday, None))
