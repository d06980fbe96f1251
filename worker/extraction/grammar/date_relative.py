"""Dates that count from the day of publication: "yesterday", "last week", "the past two days"."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from service.domain.claims import TimePrecision
from worker.extraction.grammar.date_calendar import Atom
from worker.extraction.grammar.date_spans import Shape, Span, Tense, span_of, stepped, unit_around, with_year
from worker.extraction.grammar.date_words import DateWords
from worker.extraction.grammar.tokens import TokenKind, Tokens

_SATURDAY = 5


class RelativeReader:
    """Reads dates that mean nothing without `published`; they are found all the same."""

    def __init__(self, tokens: Tokens, words: DateWords, *, published: date | None, tense: Tense | None) -> None:
        self.tokens = tokens
        self.words = words
        self.published = published
        self.tense = tense

    def day_word(self, at: int) -> Atom | None:
        tokens, words = self.tokens, self.words
        found = words.days.at(tokens, at)
        if found is not None:
            span = unit_around(self.published, "day", found[1]) if self.published is not None else None
            return Atom(start=at, end=at + found[0], unit="day", span=span)
        if tokens.low(at) in words.nights and tokens.low(at + 1) not in words.night_not_before:
            if self.published is None:
                return Atom(start=at, end=at + 1, unit="night")
            before = unit_around(self.published, "day", -1).start
            span = Span(start=before, end=self.published, precision=TimePrecision.RANGE)
            return Atom(start=at, end=at + 1, unit="night", span=span)
        return None

    def reference(self, at: int, *, definite: bool = False) -> Atom | None:
        """Reads "last week", "this winter", "next Sunday", "last October"; `definite` allows "the month"."""
        tokens, words = self.tokens, self.words
        found = words.references.at(tokens, at)
        if found is None:
            return None
        meaning, index = found[1], at + found[0]
        low = tokens.low(index)
        unit = words.units.get(low)
        if meaning == "definite" and not definite:
            return self._weekend(at, index) if unit == "weekend" and not low.endswith("s") else None
        if unit is not None and unit not in {"day", "hour"} and (not low.endswith("s") or unit == low):
            return Atom(start=at, end=index + 1, unit=unit, span=self._unit(meaning, unit))
        if meaning == "definite":
            return None
        if low in words.weekdays and tokens.capitalized(index):
            return Atom(start=at, end=index + 1, unit="day", span=self.weekday(words.weekdays[low], meaning))
        month, season = words.months.get(low), words.seasons.get(low)
        if month is not None and tokens.capitalized(index):
            shape = Shape(unit="month", month=month)
        elif season is not None:
            shape = Shape(unit="season", month=season)
        else:
            return None
        return Atom(start=at, end=index + 1, unit=shape.unit, span=self._occurrence(shape, meaning))

    def _weekend(self, start: int, at: int) -> Atom:
        """Reads "the weekend": of the past the last one that has begun, else the coming one."""
        if self.published is None:
            return Atom(start=start, end=at + 1, unit="weekend")
        begun = self.published.weekday() >= _SATURDAY or self.tense == "future"
        span = unit_around(self.published, "weekend", 0 if begun else -1)
        return Atom(start=start, end=at + 1, unit="weekend", span=span)

    def _unit(self, meaning: str, unit: str) -> Span | None:
        if self.published is None:
            return None
        span = unit_around(self.published, unit, {"last": -1, "next": 1}.get(meaning, 0))
        if meaning == "this" and unit != "weekend":
            if self.tense == "past":
                return replace(span, end=self.published)
            if self.tense == "future":
                return replace(span, start=self.published)
        return span

    def _occurrence(self, shape: Shape, meaning: str) -> Span | None:
        """The last one that is over, the next one that has not begun, or the present one."""
        published = self.published
        if published is None:
            return None
        if meaning == "this":
            return span_of(with_year(shape, published=published, tense=self.tense))
        years = range(max(published.year - 2, 1), min(published.year + 3, 10_000))
        spans = [span for year in years if (span := span_of(replace(shape, year=year))) is not None]
        if meaning == "last":
            over = [span for span in spans if span.end is not None and span.end < published]
            return over[-1] if over else None
        ahead = [span for span in spans if span.start is not None and span.start > published]
        return ahead[0] if ahead else None

    def weekday(self, weekday: int, meaning: str | None) -> Span | None:
        if self.published is None:
            return None
        back = (self.published.weekday() - weekday) % 7
        ahead = -back % 7
        if meaning == "last":
            offset = -(back or 7)
        elif meaning == "next":
            offset = ahead or 7
        else:
            offset = ahead if self.tense == "future" else -back
        return unit_around(self.published, "day", offset)

    def _counted(self, at: int) -> tuple[int, int, str] | None:
        """Reads "two days": the token after it, the number and the unit."""
        tokens, words = self.tokens, self.words
        number = _number(tokens, at) if tokens.kind(at) is TokenKind.DIGITS else words.counts.get(tokens.low(at), -1)
        unit_at = at + 2 if tokens.low(at + 1) == "-" else at + 1
        unit = words.units.get(tokens.low(unit_at))
        return (unit_at + 1, number, unit) if 0 < number <= 999 and unit is not None else None

    def rolling(self, at: int) -> Atom | None:
        """Reads "the past two days", "the last month", "the next 48 hours"."""
        found = self.words.rolling.at(self.tokens, at)
        if found is None:
            return None
        counted = self._counted(at + found[0])
        if counted is None:
            unit = self.words.units.get(self.tokens.low(at + found[0]))
            if unit is None or self.tokens.low(at + found[0]).endswith("s") or unit in {"day", "hour"}:
                return None
            counted = (at + found[0] + 1, 1, unit)
        end, number, unit = counted
        if self.published is None:
            return Atom(start=at, end=end, unit="rolling")
        other = stepped(self.published, -number if found[1] == "past" else number, unit)
        days = sorted((self.published, other))
        span = Span(start=days[0], end=days[1], precision=TimePrecision.RANGE)
        return Atom(start=at, end=end, unit="rolling", span=span)

    def ago(self, at: int) -> Atom | None:
        counted = self._counted(at)
        if counted is None or self.tokens.low(counted[0]) not in self.words.ago:
            return None
        end, number, unit = counted
        if self.published is None:
            return Atom(start=at, end=end + 1, unit="ago")
        day = self.published if unit == "hour" and number < 24 else stepped(self.published, -number, unit)
        return Atom(start=at, end=end + 1, unit="ago", span=unit_around(day, "day" if unit == "hour" else unit))

    def ahead(self, at: int) -> Atom | None:
        """Reads "within two weeks" and, of the future, "in two weeks"."""
        tokens, words = self.tokens, self.words
        within = words.within.at(tokens, at)
        if within is None and tokens.low(at) not in words.ahead:
            return None
        counted = self._counted(at + (within[0] if within is not None else 1))
        if counted is None:
            return None
        end, number, unit = counted
        closing = words.ahead_time.at(tokens, end)
        if self.tense != "future" and closing is None:
            return None
        end += closing[0] if closing is not None else 0
        if self.published is None:
            return Atom(start=at, end=end, unit="ahead")
        day = stepped(self.published, number, unit)
        if within is None:
            return Atom(start=at, end=end, unit="ahead", span=unit_around(day, "day" if unit == "hour" else unit))
        span = Span(start=self.published, end=day, precision=TimePrecision.RANGE)
        return Atom(start=at, end=end, unit="ahead", span=span)


def _number(tokens: Tokens, at: int) -> int:
    return int(tokens[at].text) if len(tokens[at].text) <= 4 else -1
