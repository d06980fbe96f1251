"""Dates that stand for themselves: "2024-10-25", "October 4", "the summer of 1995", "Q3 2024"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from service.domain.claims import TimePrecision
from worker.extraction.grammar.date_spans import Shape, Span, span_of
from worker.extraction.grammar.date_words import DateWords
from worker.extraction.grammar.tokens import TokenKind, Tokens


@dataclass(frozen=True, slots=True, kw_only=True)
class Atom:
    """Tokens `start` to `end` read as a shape (its year may be missing) or as a span.

    Neither: the phrase means a time that nothing anchors. `unit` is what the phrase names.
    """

    start: int
    end: int
    unit: str
    shape: Shape | None = None
    span: Span | None = None


class CalendarReader:
    """Reads dates that need no day to count from, but for "October last year"."""

    def __init__(self, tokens: Tokens, words: DateWords, *, published: date | None) -> None:
        self.tokens = tokens
        self.words = words
        self.published = published

    def number(self, at: int) -> int:
        token = self.tokens.at(at)
        return int(token.text) if token is not None and token.kind is TokenKind.DIGITS and len(token.text) <= 4 else -1

    def numeric(self, at: int) -> Atom | None:
        """Reads "2024-10-25", "14/06/2024", "14/06", "25.10.2024". 05/06 may be two days and means nothing."""
        tokens = self.tokens
        mark = tokens.low(at + 1)
        if mark not in ("-", "/", ".") or not (tokens.joined(at) and tokens.joined(at + 1)) or tokens.joined(at - 1):
            return None
        first, second, end = self.number(at), self.number(at + 2), at + 3
        third = -1
        if tokens.low(end) == mark and tokens.joined(end - 1) and tokens.joined(end):
            third, end = self.number(end + 1), end + 2
        if tokens.joined(end - 1) and tokens.kind(end) is not TokenKind.MARK and tokens.low(end) != "t":
            return None
        if len(tokens[at].text) == 4:
            iso = mark != "." and 1 <= second <= 12 and 1 <= third <= 31
            return self._shaped(at, end, Shape(unit="day", year=first, month=second, day=third)) if iso else None
        year = third if third >= 1000 else 2000 + third if 0 <= third < 100 else None
        if mark == "-" or (mark == "." and third < 1000) or first < 1 or second < 1:
            return None
        if year is None and (len(tokens[at].text) < 2 or len(tokens[at + 2].text) < 2):
            return None
        if second <= 12 and (12 < first <= 31 or mark == "." or first == second):
            return self._shaped(at, end, Shape(unit="day", year=year, month=second, day=first))
        return self._month_first(at, end, Shape(unit="day", year=year, month=first, day=second))

    def _month_first(self, start: int, end: int, shape: Shape) -> Atom | None:
        """The American order, where only it gives a day; of 05/06 there is no telling."""
        if shape.month > 12 or shape.day > 31:
            return None
        return self._shaped(start, end, shape) if shape.day > 12 else Atom(start=start, end=end, unit="day")

    def _shaped(self, start: int, end: int, shape: Shape) -> Atom | None:
        if span_of(replace(shape, year=shape.year or 2024)) is None:
            return None
        return Atom(start=start, end=end, unit=shape.unit, shape=shape)

    def _month_name(self, at: int, *, led: bool) -> tuple[int, int] | None:
        """The month named at `at` and the token after it."""
        tokens, words = self.tokens, self.words
        low = tokens.low(at)
        month = words.months.get(low)
        if month is None:
            return None
        end = at + 1
        if low in words.months_short and tokens.low(end) == "." and tokens.joined(at):
            end += 1
        if low in words.months_doubtful:
            beside = 1 <= self.number(end) <= self.words.year_last
            if not tokens.capitalized(at) or not (led or beside or tokens.low(at - 1) in words.month_leads):
                return None
        elif not led and tokens.low(at - 1) not in words.month_leads and self._names_person(end):
            return None
        return month, end

    def _names_person(self, at: int) -> bool:
        """Whether a capitalized word follows a month without a lead: "June Smith"."""
        named = self.tokens.capitalized(at) and self.tokens.kind(at) is TokenKind.WORD
        return named and self.tokens.low(at) not in self.words.references_words

    def month(self, at: int, *, led: bool) -> Atom | None:
        named = self._month_name(at, led=led)
        if named is None:
            return None
        month, end = named
        day, day_end = self._day_number(end)
        if day and not (self.tokens.low(at - 1) == "in" and self.tokens.low(day_end) in self.words.year_not_before):
            days = 1
            last, last_end = self._list_end(day, day_end)
            if last:
                days, day_end = last - day + 1, last_end
            after, year = self._year_after(day_end)
            found = self._shaped(at, after, Shape(unit="day", year=year, month=month, day=day, days=days))
            if found is not None:
                return found
        after, year = self._year_after(end)
        return self._shaped(at, after, Shape(unit="month", year=year, month=month))

    def day_month(self, at: int) -> Atom | None:
        """Reads "4 October", "4th of October 2024", "4-6 October", "4 and 5 October"."""
        day, end = self._day_number(at)
        if not day or self.tokens.joined(at - 1):
            return None
        days = 1
        named = self._month_after(end)
        if named is None:
            last, end = self._list_end(day, end, before_month=True)
            named = self._month_after(end) if last else None
            if named is None:
                return None
            days = last - day + 1
        month, end = named
        end, year = self._year_after(end)
        return self._shaped(at, end, Shape(unit="day", year=year, month=month, day=day, days=days))

    def _month_after(self, at: int) -> tuple[int, int] | None:
        if self.tokens.low(at) == "of":
            at += 1
        named = self._month_name(at, led=True)
        return named if named is not None and self.tokens.capitalized(at) else None

    def _day_number(self, at: int) -> tuple[int, int]:
        """A day of a month at `at` and the token after it; 0 where there is none."""
        tokens = self.tokens
        day = self.number(at)
        if not 1 <= day <= 31 or len(tokens[at].text) > 2:
            return 0, at
        end = at + 1
        if tokens.joined(at):
            if tokens.low(end) in {"st", "nd", "rd", "th"}:
                return day, end + 1
            if tokens.kind(end) is TokenKind.WORD or tokens.low(end) in {"%", ":", "/"}:
                return 0, at
            if tokens.low(end) in {",", "."} and tokens.joined(end) and tokens.kind(end + 1) is TokenKind.DIGITS:
                return 0, at
        return (0, at) if tokens.low(end) in {"%", "percent", "thousand", "hundred", "million", "km"} else (day, end)

    def _list_end(self, day: int, at: int, *, before_month: bool = False) -> tuple[int, int]:
        """The last day of "4-6", "4 and 5", "4 to 6" and the token after it; 0 where there is no list."""
        if self.tokens.low(at) not in {"-", "and", "to", "or", "through", "until"}:
            return 0, at
        last, end = self._day_number(at + 1)
        if last <= day or (self._month_after(end) is None) == before_month:
            return 0, at
        if not before_month and self.tokens.low(at) != "-" and self.tokens.low(end) in self.words.year_not_before:
            return 0, at
        return last, end

    def _year_after(self, at: int) -> tuple[int, int | None]:
        """The year said after a month, a season or a quarter, and the token after it."""
        tokens = self.tokens
        begin = at + 1 if tokens.low(at) in {",", "of"} else at
        year = self._year_number(begin)
        if year is not None and tokens.low(begin + 1) not in self.words.year_not_before:
            return begin + 1, year
        found = self.words.references.at(tokens, begin) if tokens.low(at) != "," else None
        if (
            found is not None
            and found[1] != "definite"
            and self.words.units.get(tokens.low(begin + found[0])) == "year"
        ):
            offset = {"last": -1, "this": 0, "next": 1}[found[1]]
            if self.published is not None:
                return begin + found[0] + 1, self.published.year + offset
        return at, None

    def _year_number(self, at: int) -> int | None:
        year = self.number(at)
        tokens = self.tokens
        if not self.words.year_first <= year <= self.words.year_last or len(tokens[at].text) != 4:
            return None
        if tokens.joined(at):
            mark, after = tokens.low(at + 1), tokens.kind(at + 2)
            if tokens.kind(at + 1) is TokenKind.WORD or mark in {"%", "/", ":"}:
                return None
            if mark in {",", "."} and tokens.joined(at + 1) and after is TokenKind.DIGITS:
                return None
        return year

    def year(self, at: int, *, led: bool) -> Atom | None:
        tokens, words = self.tokens, self.words
        year = self._year_number(at)
        before = tokens.low(at - 2) if tokens.low(at - 1) in {"-", "early", "year"} else tokens.low(at - 1)
        if year is None or not (led or before in words.year_leads):
            return None
        if tokens.joined(at - 1) and tokens.low(at - 1) != "(" and before not in words.year_leads and not led:
            return None
        if tokens.low(at + 1) in words.year_not_before and before not in words.year_firm:
            return None
        last = self.number(at + 2)
        if tokens.low(at + 1) == "-" and tokens.joined(at) and tokens.joined(at + 1) and last == year % 100 + 1:
            span = Span(start=date(year, 1, 1), end=date(year + 1, 12, 31), precision=TimePrecision.RANGE)
            return Atom(start=at, end=at + 3, unit="years", span=span)
        return self._shaped(at, at + 1, Shape(unit="year", year=year))

    def decade(self, at: int) -> Atom | None:
        year = self.number(at)
        if year % 10 or not self.words.year_first <= year <= self.words.year_last:
            return None
        if self.tokens.low(at + 1) != "s" or not self.tokens.joined(at):
            return None
        return self._shaped(at, at + 2, Shape(unit="decade", year=year))

    def season(self, at: int, *, led: bool) -> Atom | None:
        tokens, words = self.tokens, self.words
        month = words.seasons.get(tokens.low(at))
        if month is None:
            return None
        end, year = self._year_after(at + 1)
        if year is not None:
            if tokens.low(end) in {"-", "/"} and tokens.joined(end - 1) and self.number(end + 1) >= 0:
                end += 2  # "the winter of 2022-23"
            return self._shaped(at, end, Shape(unit="season", year=year, month=month))
        if not led and tokens.low(at - 1) not in words.season_leads:
            return None
        if tokens.kind(at + 1) is TokenKind.WORD and tokens.low(at + 1) not in words.season_followers:
            return None
        if tokens.low(at + 1) == "-" and tokens.joined(at):
            return None
        return self._shaped(at, at + 1, Shape(unit="season", month=month))

    def holiday(self, at: int) -> Atom | None:
        """Reads "Christmas Eve 1979", "New Year's Day"."""
        found = self.words.holidays.at(self.tokens, at)
        if found is None or not self.tokens.capitalized(at):
            return None
        month, day = divmod(found[1], 100)
        end, year = self._year_after(at + found[0])
        return self._shaped(at, end, Shape(unit="day", year=year, month=month, day=day))

    def quarter(self, at: int) -> Atom | None:
        tokens, words = self.tokens, self.words
        found = words.quarter_codes.at(tokens, at)
        if found is not None:
            end, year = self._year_after(at + found[0])
            if year is None:
                return None
        else:
            found = words.quarter_ordinals.at(tokens, at)
            if found is None or tokens.low(at + found[0]) not in words.quarter_names:
                return None
            end, year = self._year_after(at + found[0] + 1)
        return self._shaped(at, end, Shape(unit="quarter", year=year, month=3 * found[1] - 2))

    def definite(self, at: int) -> Atom | None:
        """Reads "the 4th of October", "the summer of 1995", "the 1990s", "the third quarter"."""
        if self.tokens.low(at) != "the":
            return None
        after = at + 1
        inner = self.decade(after) if self.tokens.kind(after) is TokenKind.DIGITS else None
        inner = inner or self.day_month(after) or self.quarter(after) or self.season(after, led=True)
        return replace(inner, start=at) if inner is not None else None
