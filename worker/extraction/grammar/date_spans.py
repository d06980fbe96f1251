"""Calendar arithmetic: what days a month, a season or "late 2024" covers, and which year is meant."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import Literal

from service.domain.claims import TimePrecision

Tense = Literal["past", "future"]

_PRECISION = {
    "day": TimePrecision.DAY,
    "week": TimePrecision.WEEK,
    "weekend": TimePrecision.RANGE,
    "month": TimePrecision.MONTH,
    "quarter": TimePrecision.QUARTER,
    "season": TimePrecision.SEASON,
    "half": TimePrecision.RANGE,
    "year": TimePrecision.YEAR,
    "decade": TimePrecision.RANGE,
}
_MONTHS = {"month": 1, "quarter": 3, "season": 3, "half": 6, "year": 12, "decade": 120}
# First and last day of a part of a month, to be cut at its end; "last_week" is its last seven days.
_MONTH_PARTS = {
    "early": (1, 10),
    "mid": (11, 20),
    "late": (21, 31),
    "first_half": (1, 15),
    "second_half": (16, 31),
    "first_week": (1, 7),
    "second_week": (8, 14),
    "third_week": (15, 21),
}
# First and last month of a part of a year, counted from 0.
_YEAR_PARTS = {"early": (0, 2), "mid": (4, 7), "late": (9, 11), "first_half": (0, 5), "second_half": (6, 11)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Days from `start` to `end`, both included; None at an end is open."""

    start: date | None
    end: date | None
    precision: TimePrecision


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """A stretch of the calendar whose year may be unknown yet: "October 4", "late summer", "2024".

    `unit` is day, week, month, quarter, season, half, year or decade; `month` is its first month and
    `day` its first day. `part` narrows it: early, mid, late, first_half, second_half. `days` is the
    number of days of a list ("October 4-6": 3).
    """

    unit: str
    year: int | None = None
    month: int = 1
    day: int = 1
    days: int = 1
    part: str | None = None


def month_after(day: date, months: int) -> date:
    """The same day `months` later, or the last day of a shorter month. Stays within the calendar."""
    index = day.year * 12 + day.month - 1 + months
    year = min(max(index // 12, MINYEAR), MAXYEAR)
    return date(year, index % 12 + 1, min(day.day, monthrange(year, index % 12 + 1)[1]))


def last_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def span_of(shape: Shape) -> Span | None:
    """The days of a shape whose year is known; None where there is no such day."""
    if shape.year is None:
        return None
    try:
        start = date(shape.year, shape.month, shape.day)
    except ValueError:
        return None
    if shape.unit == "day":
        end = _days_after(start, shape.days - 1)
        return Span(start=start, end=end, precision=TimePrecision.DAY if shape.days == 1 else TimePrecision.RANGE)
    if shape.unit == "week":
        return part_of(Span(start=start, end=_days_after(start, 6), precision=TimePrecision.WEEK), "week", shape.part)
    end = last_of_month(month_after(start, _MONTHS[shape.unit] - 1))
    return part_of(Span(start=start, end=end, precision=_PRECISION[shape.unit]), shape.unit, shape.part)


def part_of(span: Span, unit: str, part: str | None) -> Span:
    """The early, middle or late part of a span that begins where its unit does.

    Of a month: the 1st to 10th, 11th to 20th, 21st to the end. Of a year: January to March, May to
    August, October to December. Of a season or quarter: its months. Of a week: Monday and Tuesday,
    Wednesday and Thursday, Friday to Sunday. Of a decade: years 0-3, 4-6, 7-9.
    """
    start, end = span.start, span.end
    if part is None or start is None or end is None:
        return span
    narrowed = TimePrecision.RANGE
    if unit == "month":
        low, high = _MONTH_PARTS.get(part, (end.day - 6, end.day))
        return Span(start=start.replace(day=low), end=start.replace(day=min(high, end.day)), precision=narrowed)
    if unit == "week":
        first, last = {"early": (0, 1), "mid": (2, 3), "late": (4, 6), "first_half": (0, 2), "second_half": (3, 6)}[
            part
        ]
        return Span(start=start + timedelta(days=first), end=start + timedelta(days=last), precision=narrowed)
    if unit == "year":
        low, high = _YEAR_PARTS[part]
    elif unit == "decade":
        years = {"early": (0, 3), "mid": (4, 6), "late": (7, 9), "first_half": (0, 4), "second_half": (5, 9)}[part]
        low, high = years[0] * 12, years[1] * 12 + 11
    else:
        third = _MONTHS[unit] // 3 or 1
        low = {"early": 0, "mid": third, "late": 2 * third, "first_half": 0, "second_half": third}.get(part, 0)
        high = low + third - 1
    return Span(start=month_after(start, low), end=last_of_month(month_after(start, high)), precision=narrowed)


def with_year(shape: Shape, *, published: date | None, tense: Tense | None) -> Shape:
    """Gives a shape without a year the one that is meant.

    Past: the latest that has begun by `published`. Future: the earliest that is not over. Neither: the
    nearest. Without `published` the shape stays as it is.
    """
    if shape.year is not None or published is None:
        return shape
    candidates = []
    for year in range(max(published.year - 4, MINYEAR), min(published.year + 4, MAXYEAR) + 1):
        candidate = replace(shape, year=year)
        span = span_of(candidate)
        if span is None or span.start is None or span.end is None:
            continue
        if tense == "past" and span.start > published:
            continue
        if tense == "future" and span.end < published:
            continue
        distance = max((span.start - published).days, (published - span.end).days, 0)
        candidates.append((distance, year != published.year, candidate))
    return min(candidates, key=lambda item: item[:2])[2] if candidates else shape


def unit_around(day: date, unit: str, offset: int = 0) -> Span:
    """The day, week (from Monday), month, quarter, year or decade that holds `day`, or one `offset` away."""
    if unit in ("day", "hour"):
        moved = _days_after(day, offset if unit == "day" else 0)
        return Span(start=moved, end=moved, precision=TimePrecision.DAY)
    if unit in ("week", "weekend"):
        start = _days_after(day, 7 * offset - day.weekday())
        if unit == "weekend":
            return Span(start=start + timedelta(days=5), end=start + timedelta(days=6), precision=_PRECISION[unit])
        return Span(start=start, end=start + timedelta(days=6), precision=_PRECISION[unit])
    length = _MONTHS[unit]
    index = (day.month - 1) % 12 if unit != "decade" else (day.year % 10) * 12 + day.month - 1
    first = month_after(day.replace(day=1), -(index % length) + offset * length)
    return Span(start=first, end=last_of_month(month_after(first, length - 1)), precision=_PRECISION[unit])


def stepped(day: date, count: int, unit: str) -> date:
    """`day` moved by `count` units."""
    if unit == "hour":
        return _days_after(day, -(-abs(count) // 24) * (1 if count > 0 else -1))
    if unit in ("day", "week", "weekend"):
        return _days_after(day, count * (1 if unit == "day" else 7))
    return month_after(day, count * _MONTHS[unit])


def _days_after(day: date, days: int) -> date:
    ordinal = min(max(day.toordinal() + days, date.min.toordinal()), date.max.toordinal() - 40)
    return date.fromordinal(ordinal)
