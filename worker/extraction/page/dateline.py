"""The publication date that a text states itself, near its top; never a date told inside its prose."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from worker.extraction.model import Line, LineKind
from worker.extraction.page.boilerplate import BoilerplateWords, PublishedWords, fold
from worker.extraction.page.front_matter import read_front_matter

_YEARS = range(1900, 2101)
_MONTHS_A_YEAR = 12
_ISO = re.compile(r"(?<![\d-])(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(?!\d)")
_DAY_FIRST = re.compile(
    r"(?<![\d:.,/-])(\d{1,2})(?:st|nd|rd|th)?(?:\s+of)?[\s./-]{1,3}([A-Za-z]{3,9})[.,]{0,2}(?:[\s/-]{1,3}(\d{4})(?!\d))?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    r"(?<![A-Za-z])([A-Za-z]{3,9})\.?[\s-]{1,2}(\d{1,2})(?:st|nd|rd|th)?(?![\d:])(?:,?\s{0,2}[-,]?\s{0,2}(\d{4})(?![\d:]))?",
    re.IGNORECASE,
)
_NUMERIC = re.compile(r"(?<![\d/.])(\d{1,2})([/.-])(\d{1,2})(?:\2(\d{4}))?(?![\d/:])")
_TIME = re.compile(
    r"T?\b\d{1,2}[:.]\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:\s?[ap]\.?m\.?)?(?:Z|[+-]\d{2}:?\d{2})?(?!\.?\d)|\b\d{1,2}\s?[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_OFFSET = re.compile(r"\b(?:GMT|UTC)\s?[+-]\s?\d{1,2}(?::?\d{2})?\b")
_STAMP = re.compile(r"\s{0,9}date:?\s{1,4}(?=\d{4}-\d{2}-\d{2}\b)", re.IGNORECASE)
_HEADING_STAMP = re.compile(r"\s{0,9}#{1,6}\s{1,3}\[?(?=\d{4}-\d{2}-\d{2}\s)")
_DASH = re.compile(r"\s(?:[–—-]{1,2})\s|[—–]")
_PARENTHESIS = re.compile(r"\([^()]{1,40}\)")

_MAX_LINE = 90
_MAX_HEAD = 120
_TOP_ROWS = 25
_TOP_CHARS = 8000
_TOP_PARAGRAPHS = 3
_MAX_NAMES = 4
_MAX_BARE_NAMES = 2
_MAX_PLACE_WORDS = 6
_PROSE_WORDS = 12
_ENDS = (".", "!", "?", '"', "”")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateLine:
    """A line that says no more than a date, with or without a time, a label ("Published") and an outlet's name.

    `on` is None where the year isn't said or where day and month can't be told apart. Rank 0 is the best: a label
    of publication, then none, then a label of a later change.
    """

    on: date | None
    rank: int
    dated: bool
    """A year, a time or a label is said: the line can be no heading of the story's own."""


def find_published(text: str, lines: Sequence[Line] | None, words: BoilerplateWords) -> date | None:
    """The day the text says it was published on, or None.

    Read, the best first: keys of a header block; a "date 2024-10-31" stamp or a dated heading; lines near the top
    that hold only a date; a dateline with a year ("LONDON, March 3, 2003 (Agency) -"). `lines` bound the top to the
    first paragraphs of the story; without them prose is told by its length.
    """
    front = read_front_matter(text, words)
    if front is not None:
        keys = {one.key: text[one.start : one.end] for one in reversed(front.fields)}
        for key in words.published.date_keys:
            found = _first_date(keys[key][:_MAX_LINE], words.published) if key in keys else None
            if found and found.on:
                return found.on
    top = [*_top_rows(text, front.end if front else 0, lines)]
    for row in top:
        if (stamp := _STAMP.match(row) or _HEADING_STAMP.match(row)) and (
            found := _first_date(row[stamp.end() : stamp.end() + 12], words.published)
        ):
            return found.on
    dated = [line for row in top if (line := read_date_line(row, words)) and line.on]
    if dated:
        return min(dated, key=lambda line: line.rank).on
    return next((on for row in top if (on := _in_dateline(row, words.published))), None)


def read_date_line(line: str, words: BoilerplateWords) -> DateLine | None:
    """What `line` says if it is nothing but a date line; None else."""
    line = line.strip()
    if not line or len(line) > _MAX_LINE or not any(character.isdigit() for character in line):
        return None
    published = words.published
    rest, timed = _TIME.subn(" ", _OFFSET.sub(" ", published.relative.sub(" ", line)))
    found = _first_date(rest, published)
    if found is None:
        return None
    if any(fold(line)[: len(label)] == label for label in published.strong_labels) and line[-1] not in ".!?":
        return DateLine(on=found.on, rank=_label(fold(line), published)[1], dated=True)
    rest = f"{rest[: found.start]} {rest[found.end :]}"
    # The weekday, the zone and the label go; what is left may only be names, and only beside a time or a label.
    again = _first_date(rest, published)
    if again is not None:
        rest = f"{rest[: again.start]} {rest[again.end :]}"
    folded = fold(rest)
    label, rank = _label(folded, published)
    known = published.weekdays | published.zones | {word for label in published.labels for word in label}
    left = [word for word in folded[len(label) :] if word not in known]
    if "#" in left:
        return None
    most = _MAX_NAMES if timed or label else _MAX_BARE_NAMES if found.on else 0
    named = len(left) <= most and _all_names(rest, left)
    if left and not named:
        return None
    on = found.on or (again.on if again else None)
    return DateLine(on=on, rank=rank, dated=bool(on or timed or label))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Date:
    on: date | None
    start: int
    end: int


def _first_date(text: str, words: PublishedWords) -> _Date | None:
    """The first date of `text` in one of the forms read; `on` is None without a year or where it is ambiguous."""
    found: list[_Date] = []
    for pattern, read in _FORMS:
        for hit in pattern.finditer(text):
            if one := read(hit, words.months):
                found.append(one)
                break
    return min(found, key=lambda one: (one.on is None, one.start), default=None)


def _iso(hit: re.Match[str], _months: Mapping[str, int]) -> _Date | None:
    on = _day(int(hit[1]), int(hit[3]), int(hit[4]))
    return _Date(on=on, start=hit.start(), end=hit.end()) if on else None


def _day_first(hit: re.Match[str], months: Mapping[str, int]) -> _Date | None:
    return _named(hit, month=hit[2], day=hit[1], year=hit[3], months=months)


def _month_first(hit: re.Match[str], months: Mapping[str, int]) -> _Date | None:
    return _named(hit, month=hit[1], day=hit[2], year=hit[3], months=months)


def _named(hit: re.Match[str], *, month: str, day: str, year: str | None, months: Mapping[str, int]) -> _Date | None:
    number = months.get(month.lower())
    if number is None:
        return None
    on = _day(int(year), number, int(day)) if year else None
    if year and on is None:
        return None
    return _Date(on=on, start=hit.start(), end=hit.end())


def _numeric(hit: re.Match[str], _months: Mapping[str, int]) -> _Date | None:
    """14/06/2024 is a day of June, 06/14/2024 too, 14.06 has no year, and 03/04/2024 could be either."""
    first, second = int(hit[1]), int(hit[3])
    if not (1 <= min(first, second) <= _MONTHS_A_YEAR and max(first, second) <= 31):
        return None
    on = None
    if hit[4]:
        year = int(hit[4])
        if first > _MONTHS_A_YEAR or hit[2] == "." or first == second:
            on = _day(year, second, first)
        elif second > _MONTHS_A_YEAR:
            on = _day(year, first, second)
    return _Date(on=on, start=hit.start(), end=hit.end())


def _day(year: int, month: int, day: int) -> date | None:
    if year not in _YEARS:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


_FORMS = ((_ISO, _iso), (_DAY_FIRST, _day_first), (_MONTH_FIRST, _month_first), (_NUMERIC, _numeric))


def _label(folded: tuple[str, ...], words: PublishedWords) -> tuple[tuple[str, ...], int]:
    """The longest label that the words begin with, and its rank."""
    found = max((label for label in words.labels if folded[: len(label)] == label), key=len, default=())
    if not found:
        return (), 1
    return found, 2 if found in words.later_labels else 0


def _all_names(rest: str, left: list[str]) -> bool:
    capitals = sum(1 for word in re.findall(r"[^\W\d_]+", rest) if word[0].isupper())
    return capitals >= len(left)


def _top_rows(text: str, start: int, lines: Sequence[Line] | None) -> Iterator[str]:
    """The rows from `start` down to the story's first paragraphs, cut at _TOP_CHARS."""
    end = min(len(text), start + _TOP_CHARS)
    if lines is not None:
        prose = [line for line in lines if line.kind is LineKind.PROSE]
        if len(prose) >= _TOP_PARAGRAPHS:
            end = max(start, min(end, prose[_TOP_PARAGRAPHS - 1].end))
    rows = paragraphs = 0
    for row in text[start:end].splitlines():
        if not row.strip():
            continue
        yield row
        rows += 1
        paragraphs += row.rstrip().endswith(_ENDS) and len(row[: _MAX_LINE * 4].split()) >= _PROSE_WORDS
        if rows >= _TOP_ROWS or paragraphs >= _TOP_PARAGRAPHS:
            return


def _in_dateline(row: str, words: PublishedWords) -> date | None:
    """The date of "LONDON, March 3, 2003 (Agency) - Prose": capitals, a comma, a date with its year, a dash."""
    head = row.strip()[:_MAX_HEAD]
    found = _first_date(head, words)
    if found is None or found.on is None or found.start == 0:
        return None
    dash = _DASH.search(head, found.end)
    if dash is None:
        return None
    place = _PARENTHESIS.sub(" ", head[: found.start]).strip()
    between = _PARENTHESIS.sub(" ", head[found.end : dash.start()]).strip(" ,.:/")
    names = place.strip(" ,.–—-").split()
    ends = place.endswith((",", "–", "—", "-")) or head[: found.start].rstrip().endswith(")")
    if between or not ends or not 1 <= len(names) <= _MAX_PLACE_WORDS:
        return None
    return found.on if all(name[0].isupper() for name in names) else None
