"""Finds the date phrases of a sentence and the days they mean, both ends included."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from service.domain.claims import Time, TimePrecision
from worker.extraction.grammar.date_atoms import Atom, AtomReader
from worker.extraction.grammar.date_spans import Shape, Span, Tense, span_of
from worker.extraction.grammar.date_words import DateWords, parse_dates
from worker.extraction.grammar.tokens import TokenKind, Tokens
from worker.extraction.model import TimeMention

_EVENT_TOKENS = 6

__all__ = ["DateWords", "Tense", "find_times", "parse_dates"]


def find_times(
    text: str, *, published: date | None, words: DateWords, tense: Tense | None = None, tokens: Tokens | None = None
) -> tuple[TimeMention, ...]:
    """The date phrases of `text`, in order, without overlap.

    Relative words and dates without a year count from `published`; without it they are found but
    mean nothing (null start and end). `tense` chooses the year of "in October": the last one for the
    past, the coming one for the future, else the nearest. "since" runs to `published`; "by", "until"
    and "before" have no start, "from" and "after" no end. "by 2025" includes 2025. `tokens` are the text's, where
    they are known.
    Accepted gaps: movable feasts, 05/06 (two days; found, read as nothing), clock times.
    """
    tokens = tokens or Tokens(text)
    mentions: list[TimeMention] = []
    reader = _Reader(tokens, words, published=published, tense=tense)
    at = 0
    for begin in _beginnings(tokens, words):
        found = reader.mention(begin) if begin >= at else None
        if found is None:
            continue
        start, end = reader.tokens[found.start].start, reader.tokens[found.end - 1].end
        phrase, span = text[start:end], found.span
        time = Time(text=phrase)
        if span is not None:
            time = Time(start=span.start, end=span.end, precision=span.precision, text=phrase)
        mentions.append(TimeMention(start=start, end=end, time=time))
        at = max(found.end, begin + 1)
    return tuple(mentions)


def _beginnings(tokens: Tokens, words: DateWords) -> list[int]:
    """Where a date phrase may begin: most sentences hold no word of time at all."""
    digits = tokens.digits()
    if not digits and words.anchors.isdisjoint(tokens.lows):
        return []
    return sorted({*digits, *(index for index, low in enumerate(tokens.lows) if low in words.openers)})


class _Reader:
    """Joins single dates to ranges and reads the words before them."""

    def __init__(self, tokens: Tokens, words: DateWords, *, published: date | None, tense: Tense | None) -> None:
        self.tokens = tokens
        self.words = words
        self.published = published
        self.tense = tense
        self.atoms = AtomReader(tokens, words, published=published, tense=tense)

    def mention(self, at: int) -> Atom | None:
        """The whole phrase that begins at token `at`, with its span settled."""
        unanchored = self.words.unanchored.at(self.tokens, at)
        day = self.words.days.at(self.tokens, at)
        if unanchored is not None and (day is None or day[0] < unanchored[0]):
            return Atom(start=at, end=at + unanchored[0], unit="unanchored")
        operator = self.words.operators.at(self.tokens, at)
        if operator is not None:
            found = self._operated(at, at + operator[0], operator[1])
            if found is not None:
                return found
        atom = self.atoms.read(at)
        return self._joined(atom) if atom is not None else None

    def _operated(self, at: int, begin: int, meaning: str) -> Atom | None:
        first = self.atoms.read(begin, led=True) or (self._after_event(begin) if meaning == "since" else None)
        if first is None:
            return None
        listed = first.unit == "parts" or (first.shape is not None and first.shape.days > 1)
        if listed and meaning in {"from", "between"}:
            first = replace(first, span=self.atoms.resolve(first), shape=None)
            return replace(first, start=at)
        joined = self._joined(first, between=meaning == "between", opened=meaning == "from")
        if meaning == "between":
            return replace(joined, start=at) if joined.end > first.end else None
        if meaning == "from" and joined.end > first.end:
            return replace(joined, start=at)
        tense = self.tense
        if meaning == "since":
            tense = "past"
        elif meaning in {"by", "until"} and tense is None:
            tense = "future"
        span = joined.span if joined.end > first.end else self.atoms.resolve(first, tense=tense)
        return replace(joined, start=at, shape=None, span=self._opened(span, meaning))

    def _after_event(self, begin: int) -> Atom | None:
        """The date of what "since" names: "since *the coup in August 2020*"."""
        if self.tokens.low(begin) not in self.words.event_leads:
            return None
        for at in range(begin + 2, begin + 2 + _EVENT_TOKENS):
            if self.tokens.kind(at) is not TokenKind.WORD:
                return None
            if self.tokens.low(at) in self.words.event_links:
                found = self.atoms.read(at + 1, led=True)
                if found is not None:
                    return found
        return None

    def _opened(self, span: Span | None, meaning: str) -> Span | None:
        """What "since", "until" and their kind make of a span."""
        if span is None or span.start is None or span.end is None:
            return None
        start: date | None = span.start
        end: date | None = None
        if meaning == "since":
            end = self.published if self.published is not None and self.published >= span.start else None
        elif meaning == "after":
            start = _next_day(span.end, 1)
        elif meaning in {"until", "by"}:
            start, end = None, span.end
        elif meaning == "before":
            start, end = None, _next_day(span.start, -1)
        return Span(start=start, end=end, precision=TimePrecision.RANGE)

    def _joined(self, first: Atom, *, between: bool = False, opened: bool = False) -> Atom:
        """`first` with the date that it is joined to, where one follows, and the span of both."""
        settled = replace(first, span=self.atoms.resolve(first), shape=None)
        ranged = self.tokens.low(first.end) in self.words.join_range
        link = self.words.join_and.at(self.tokens, first.end)
        if (not ranged and link is None) or first.unit in {"rolling", "ago", "ahead"}:
            return settled
        second = self.atoms.read(first.end + (1 if link is None else link[0]), led=True)
        if second is None or second.unit in {"rolling", "ago", "ahead"}:
            return settled
        low, high = self._both(first, second)
        if low is None or high is None or low.start is None or low.end is None or high.start is None:
            known = first.shape is not None and second.shape is not None and self.published is None
            bounded = between or opened or ranged or (first.unit == second.unit and known)
            return replace(settled, end=second.end, span=None) if bounded else settled
        if low.start > high.start:
            return settled
        touching = low.start < high.start and (high.start - low.end).days in (0, 1)
        if not (ranged or between or touching):
            return settled
        joint = Span(start=low.start, end=high.end, precision=TimePrecision.RANGE)
        return replace(settled, end=second.end, span=joint)

    def _both(self, first: Atom, second: Atom) -> tuple[Span | None, Span | None]:
        """Spans of two joined dates; a year said with one holds for the other."""
        one, other = first.shape, second.shape
        if one is None or other is None:
            return self.atoms.resolve(first), self.atoms.resolve(second)
        if one.year is None and other.year is not None:
            one = replace(one, year=other.year - (_place(one) > _place(other)))
        elif one.year is None:
            span = self.atoms.resolve(first)
            if span is None or span.start is None:
                return None, None
            one = replace(one, year=span.start.year)
        if other.year is None and one.year is not None:
            other = replace(other, year=one.year + (_place(one) > _place(other)))
        return span_of(one), span_of(other)


def _next_day(day: date, step: int) -> date:
    return day + timedelta(days=step) if day not in (date.min, date.max) else day


def _place(shape: Shape) -> tuple[int, int]:
    return shape.month, shape.day
