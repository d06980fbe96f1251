"""Reads one date at one place: "October 4, 2024", "early last month", "the past two days", "Q3"."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from service.domain.claims import TimePrecision
from worker.extraction.date_spans import Shape, Span, Tense, part_of, span_of, stepped, unit_around, with_year
from worker.extraction.date_words import DateWords
from worker.extraction.tokens import TokenKind, Tokens

_PARTABLE = frozenset({"day", "week", "month", "year", "season", "quarter", "decade"})


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


class AtomReader:
    """Reads dates out of `tokens`. Relative words count from `published`; without it they mean nothing."""

    def __init__(self, tokens: Tokens, words: DateWords, *, published: date | None, tense: Tense | None) -> None:
        self.tokens = tokens
        self.words = words
        self.published = published
        self.tense = tense

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
                self._numeric(at) or self._ago(at) or self._day_month(at) or self._decade(at) or self._year(at, led=led)
            )
        if kind is not TokenKind.WORD:
            return None
        return (
            self._shifted(at)
            or self._parted(at)
            or self._quarter(at)
            or self._day_word(at)
            or self._rolling(at)
            or self._reference(at)
            or self._ago(at)
            or self._ahead(at)
            or self._named(at, led=led)
        )

    def _named(self, at: int, *, led: bool) -> Atom | None:
        """A weekday, month or season by its name."""
        return self._weekday(at) or self._month(at, led=led) or self._season(at, led=led) or self._the(at)

    def _dividable(self, at: int) -> Atom | None:
        """What "early", "the end of" and their kind may stand before."""
        if self.tokens.kind(at) is TokenKind.DIGITS:
            return self._day_month(at) or self._decade(at) or self._year(at, led=True)
        return self._reference(at, definite=True) or self._quarter(at) or self._named(at, led=True)

    def resolve(self, atom: Atom, *, tense: Tense | None = None) -> Span | None:
        if atom.shape is None:
            return atom.span
        return span_of(with_year(atom.shape, published=self.published, tense=tense or self.tense))

    # ---- written in figures

    def _number(self, at: int) -> int:
        token = self.tokens.at(at)
        return int(token.text) if token is not None and token.kind is TokenKind.DIGITS and len(token.text) <= 4 else -1

    def _numeric(self, at: int) -> Atom | None:
        """ "2024-10-25", "14/06/2024", "14/06", "25.10.2024". 05/06 may be two days and means nothing."""
        tokens = self.tokens
        mark = tokens.low(at + 1)
        if mark not in ("-", "/", ".") or not (tokens.joined(at) and tokens.joined(at + 1)) or tokens.joined(at - 1):
            return None
        first, second, end = self._number(at), self._number(at + 2), at + 3
        third = -1
        if tokens.low(end) == mark and tokens.joined(end - 1) and tokens.joined(end):
            third, end = self._number(end + 1), end + 2
        if tokens.joined(end - 1) and tokens.kind(end) is not TokenKind.MARK and tokens.low(end) != "t":
            return None
        if len(tokens[at].text) == 4:
            if mark == "." or not 1 <= second <= 12 or not 1 <= third <= 31:
                return None
            return self._shaped(at, end, Shape(unit="day", year=first, month=second, day=third))
        year = third if third >= 1000 else 2000 + third if 0 <= third < 100 else None
        if (mark == "-") or (mark == "." and (year is None or third < 1000)) or not (first > 0 and second > 0):
            return None
        if year is None and (len(tokens[at].text) < 2 or len(tokens[at + 2].text) < 2):
            return None
        if first <= 31 and second <= 12 and (first > 12 or mark == "." or first == second):
            return self._shaped(at, end, Shape(unit="day", year=year, month=second, day=first))
        if first <= 12 and 12 < second <= 31:
            return self._shaped(at, end, Shape(unit="day", year=year, month=first, day=second))
        return Atom(start=at, end=end, unit="day") if first <= 12 and second <= 12 else None

    def _shaped(self, start: int, end: int, shape: Shape) -> Atom | None:
        if span_of(replace(shape, year=shape.year or 2024)) is None:
            return None
        return Atom(start=start, end=end, unit=shape.unit, shape=shape)

    # ---- months and days

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
            beside = 1 <= self._number(end) <= self.words.year_last
            if not tokens.capitalized(at) or not (led or beside or tokens.low(at - 1) in words.month_leads):
                return None
        elif not led and tokens.low(at - 1) not in words.month_leads and tokens.capitalized(end):
            if tokens.kind(end) is TokenKind.WORD and at + 1 == end and tokens.low(end) not in words.references_words:
                return None
        return month, end

    def _month(self, at: int, *, led: bool) -> Atom | None:
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

    def _day_month(self, at: int) -> Atom | None:
        """ "4 October", "4th of October 2024", "4-6 October", "4 and 5 October"."""
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
        day = self._number(at)
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
        year = self._number(at)
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

    # ---- years and parts of years

    def _year(self, at: int, *, led: bool) -> Atom | None:
        tokens, words = self.tokens, self.words
        year = self._year_number(at)
        before = tokens.low(at - 2) if tokens.low(at - 1) in {"-", "early", "year"} else tokens.low(at - 1)
        if year is None or not (led or before in words.year_leads):
            return None
        if tokens.joined(at - 1) and tokens.low(at - 1) != "(" and before not in words.year_leads and not led:
            return None
        if tokens.low(at + 1) in words.year_not_before and before not in words.year_firm:
            return None
        return self._shaped(at, at + 1, Shape(unit="year", year=year))

    def _decade(self, at: int) -> Atom | None:
        year = self._number(at)
        if year % 10 or not self.words.year_first <= year <= self.words.year_last:
            return None
        if self.tokens.low(at + 1) != "s" or not self.tokens.joined(at):
            return None
        return self._shaped(at, at + 2, Shape(unit="decade", year=year))

    def _season(self, at: int, *, led: bool) -> Atom | None:
        tokens, words = self.tokens, self.words
        month = words.seasons.get(tokens.low(at))
        if month is None:
            return None
        end, year = self._year_after(at + 1)
        if year is not None:
            if tokens.low(end) in {"-", "/"} and tokens.joined(end - 1) and self._number(end + 1) >= 0:
                end += 2  # "the winter of 2022-23"
            return self._shaped(at, end, Shape(unit="season", year=year, month=month))
        if not led and tokens.low(at - 1) not in words.season_leads:
            return None
        if tokens.kind(at + 1) is TokenKind.WORD and tokens.low(at + 1) not in words.season_followers:
            return None
        if tokens.low(at + 1) == "-" and tokens.joined(at):
            return None
        return self._shaped(at, at + 1, Shape(unit="season", month=month))

    def _quarter(self, at: int) -> Atom | None:
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

    def _parted(self, at: int) -> Atom | None:
        """ "early October", "mid-January", "end of the month", "early- to mid-October", "late 2024"."""
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
        inner = self._dividable(begin)
        if inner is None or inner.unit not in _PARTABLE:
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
        """ "earlier this month", "later this year"."""
        shift = self.words.shifts.at(self.tokens, at)
        if shift is None:
            return None
        inner = self._reference(at + shift[0], definite=True) or self._month(at + shift[0], led=True)
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

    # ---- relative to the day of publication

    def _the(self, at: int) -> Atom | None:
        """ "the 4th of October", "the summer of 1995", "the 1990s", "the third quarter"."""
        if self.tokens.low(at) != "the":
            return None
        after = at + 1
        inner = self._decade(after) if self.tokens.kind(after) is TokenKind.DIGITS else None
        inner = inner or self._day_month(after) or self._quarter(after) or self._season(after, led=True)
        return replace(inner, start=at) if inner is not None else None

    def _day_word(self, at: int) -> Atom | None:
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

    def _reference(self, at: int, *, definite: bool = False) -> Atom | None:
        """ "last week", "this winter", "next Sunday", "last October"; `definite` allows "the month"."""
        tokens, words = self.tokens, self.words
        found = words.references.at(tokens, at)
        if found is None or (found[1] == "definite" and not definite):
            return None
        meaning, index = found[1], at + found[0]
        low = tokens.low(index)
        unit = words.units.get(low)
        if unit is not None and unit not in {"day", "hour"} and (not low.endswith("s") or unit == low):
            return Atom(start=at, end=index + 1, unit=unit, span=self._unit(meaning, unit))
        if meaning == "definite":
            return None
        if low in words.weekdays and tokens.capitalized(index):
            return Atom(start=at, end=index + 1, unit="day", span=self._weekday_span(words.weekdays[low], meaning))
        month, season = words.months.get(low), words.seasons.get(low)
        if month is not None and tokens.capitalized(index):
            shape = Shape(unit="month", month=month)
        elif season is not None:
            shape = Shape(unit="season", month=season)
        else:
            return None
        return Atom(start=at, end=index + 1, unit=shape.unit, span=self._occurrence(shape, meaning))

    def _unit(self, meaning: str, unit: str) -> Span | None:
        if self.published is None:
            return None
        span = unit_around(self.published, unit, {"last": -1, "next": 1}.get(meaning, 0))
        if meaning == "this" and unit not in {"weekend"}:
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
            tense: Tense | None = "future" if self.tense == "future" else None
            return span_of(with_year(shape, published=published, tense=tense))
        years = range(max(published.year - 2, 1), min(published.year + 3, 10_000))
        spans = [span for year in years if (span := span_of(replace(shape, year=year))) is not None]
        if meaning == "last":
            over = [span for span in spans if span.end is not None and span.end < published]
            return over[-1] if over else None
        ahead = [span for span in spans if span.start is not None and span.start > published]
        return ahead[0] if ahead else None

    def _weekday(self, at: int) -> Atom | None:
        tokens, words = self.tokens, self.words
        weekday = words.weekdays.get(tokens.low(at))
        if weekday is None or not tokens.capitalized(at) or tokens.low(at - 1) in words.weekday_not_after:
            return None
        after = at + 2 if tokens.low(at + 1) in {",", "("} else at + 1
        inner = self._day_month(after) or self._month(after, led=True) or self._the(after)
        if inner is not None and inner.unit == "day":
            return replace(inner, start=at)
        return Atom(start=at, end=at + 1, unit="day", span=self._weekday_span(weekday, None))

    def _weekday_span(self, weekday: int, meaning: str | None) -> Span | None:
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
        """ "two days": the token after it, the number and the unit."""
        tokens, words = self.tokens, self.words
        number = self._number(at) if tokens.kind(at) is TokenKind.DIGITS else words.counts.get(tokens.low(at), -1)
        unit_at = at + 2 if tokens.low(at + 1) == "-" else at + 1
        unit = words.units.get(tokens.low(unit_at))
        return (unit_at + 1, number, unit) if 0 < number <= 999 and unit is not None else None

    def _rolling(self, at: int) -> Atom | None:
        """ "the past two days", "the last month", "the next 48 hours"."""
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

    def _ago(self, at: int) -> Atom | None:
        counted = self._counted(at)
        if counted is None or self.tokens.low(counted[0]) not in self.words.ago:
            return None
        end, number, unit = counted
        if self.published is None:
            return Atom(start=at, end=end + 1, unit="ago")
        day = self.published if unit == "hour" and number < 24 else stepped(self.published, -number, unit)
        return Atom(start=at, end=end + 1, unit="ago", span=unit_around(day, "day" if unit == "hour" else unit))

    def _ahead(self, at: int) -> Atom | None:
        """ "within two weeks" and, of the future, "in two weeks"."""
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
