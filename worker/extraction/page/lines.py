"""Tells the lines of a page that belong to its story from the rest, and says what each of them is."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from worker.extraction.model import IgnoredLine, Line, LineKind
from worker.extraction.page.boilerplate import READ_CHARS, BoilerplateWords, Hit, fold
from worker.extraction.page.dateline import read_date_line
from worker.extraction.page.front_matter import FrontMatter, read_front_matter
from worker.extraction.page.headlines import name_kinds
from worker.extraction.page.page_shapes import shape_reason
from worker.extraction.page.rows import Row, read_rows, shape
from worker.extraction.page.sections import close_sections, is_paragraph

_CAPTION_WORDS = 6
_MAX_TRIMS = 20
_LETTERS_READ = 20_000
_LATIN_PAGE = 0.8
_FOREIGN_WORDS = 10
_ASCII_LETTER = re.compile(r"[A-Za-z]")


def keep_lines(
    text: str, words: BoilerplateWords, *, title: str | None = None
) -> tuple[tuple[Line, ...], tuple[IgnoredLine, ...]]:
    """The lines of `text` to be read for claims, and the others with the reason why not, both in order.

    Every code point that is no whitespace lies in exactly one of them. Lines that were wrapped inside a paragraph
    are one Line. A list's bullets and the line that introduces it carry that line's index in `list_of`. `title` is
    the article's title where it is known: a line equal to it is one. Takes linear time on any text.
    """
    front = read_front_matter(text, words)
    rows: list[Row] = []
    for start, end, after_blank in read_rows(text, front.end if front else 0):
        row = Row(start=start, end=end, raw_start=start, raw_end=end, after_blank=after_blank)
        _trim(text, row, words, first=not rows)
        shape(text, row)
        rows.append(row)
    hits = _match(text, rows, words)
    close_sections(text, rows, hits)
    _find_captions(rows)
    _find_summaries(rows)
    titles = {fold(value) for value in (title, *_front_titles(text, front, words)) if value}
    name_kinds(text, rows, titles)
    return _assemble(text, rows, front, words)


def _trim(text: str, row: Row, words: BoilerplateWords, *, first: bool) -> None:
    """Cuts stamps and placeholders off both sides, as often as they stand there."""
    for _ in range(_MAX_TRIMS):
        cut = False
        for trim in words.trims:
            if trim.first_line and not first:
                continue
            if trim.at_end:
                from_ = max(row.start, row.end - READ_CHARS)
                if hit := trim.pattern.search(text, from_, row.end):
                    row.cuts.append((hit.start(), row.end, trim.reason))
                    row.end = hit.start()
                    cut = True
            elif hit := trim.pattern.match(text, row.start, min(row.end, row.start + READ_CHARS)):
                row.cuts.append((row.start, hit.end(), trim.reason))
                row.start = hit.end()
                cut = True
        if not cut or row.start >= row.end:
            break
    if row.start >= row.end:
        row.reason = row.cuts[-1][2] if row.cuts else "markup"


def _match(text: str, rows: Sequence[Row], words: BoilerplateWords) -> dict[int, Hit]:
    """Gives a reason to each row that a rule or its shape tells, and returns the rules that were met."""
    hits: dict[int, Hit] = {}
    latin = _is_latin(text)
    told = 0
    for index, row in enumerate(rows):
        if row.reason is not None:
            continue
        if row.start >= row.end:
            row.reason = "markup"
            continue
        line = text[row.start : min(row.end, row.start + READ_CHARS)]
        hit = words.match(line, words=row.words, sentence=row.sentence)
        talk = row.speaker and hit is not None and hit.rule.match in {"contains", "pattern"}
        if hit and (not talk or hit.rule.reason == "caption"):
            hits[index] = hit
            if hit.rule.byline:
                row.kind = LineKind.BYLINE
            else:
                row.reason = hit.rule.reason
            continue
        if not row.sentence and any(reason == "photo-credit" for _, _, reason in row.cuts):
            row.reason = "caption"
            continue
        row.reason = shape_reason(line, row, words)
        if row.reason is None and (dated := read_date_line(line, words)) and (dated.dated or not told):
            row.reason = "dateline"
        if row.reason is None and latin and _is_foreign(line, row):
            row.reason = "language"
        told += row.reason is None and is_paragraph(row)
    return hits


def _is_latin(text: str) -> bool:
    letters = [character for character in text[:_LETTERS_READ] if character.isalpha()]
    return bool(letters) and sum(character < "\u0250" for character in letters) >= _LATIN_PAGE * len(letters)


def _is_foreign(line: str, row: Row) -> bool:
    """A label in another script on a page in Latin letters."""
    return (
        row.words <= _FOREIGN_WORDS
        and not row.terminal
        and not _ASCII_LETTER.search(line)
        and any(character.isalpha() for character in line)
    )


def _find_captions(rows: Sequence[Row]) -> None:
    """A short line that touches a photo's credit is that photo's caption."""
    for index, (row, following) in enumerate(pairwise(rows)):
        if following.after_blank:
            continue
        if following.reason == "credit" and index > 0:
            _caption(row)
        if row.reason == "credit":
            _caption(following)


def _find_summaries(rows: Sequence[Row]) -> None:
    """The short lines under "Key points" are its bullets, with marks or without."""
    listed = False
    for row in rows:
        if row.reason is not None:
            listed = row.reason == "summary-heading"
        elif listed and row.short:
            row.bullet = True
        else:
            listed = False


def _caption(row: Row) -> None:
    if row.reason is None and row.kind is None and row.short and row.words <= _CAPTION_WORDS:
        row.reason = "caption"


def _front_titles(text: str, front: FrontMatter | None, words: BoilerplateWords) -> Iterator[str]:
    for one in front.fields if front else ():
        if one.key in words.title_keys:
            yield text[one.start : one.end]


def _assemble(
    text: str, rows: Sequence[Row], front: FrontMatter | None, words: BoilerplateWords
) -> tuple[tuple[Line, ...], tuple[IgnoredLine, ...]]:
    kept: list[Line] = []
    ignored: list[IgnoredLine] = []
    if front is not None:
        _assemble_front(text, front, words, kept, ignored)
    intro: int | None = None
    for row in rows:
        if row.reason is not None:
            ignored.append(IgnoredLine(start=row.raw_start, end=row.raw_end, reason=row.reason))
            if row.reason == "summary-heading":
                intro = None
            continue
        kind = row.kind or LineKind.PROSE
        if kind is LineKind.BULLET and intro is not None:
            if kept[intro].list_of is None:
                opener = kept[intro]
                kept[intro] = Line(start=opener.start, end=opener.end, kind=opener.kind, list_of=intro)
        elif kind is not LineKind.BULLET:
            introduces = kind is LineKind.HEADING or text[row.start : row.end].rstrip("*_ ").endswith(":")
            intro = len(kept) if introduces else None
        kept.append(Line(start=row.start, end=row.end, kind=kind, list_of=intro if kind is LineKind.BULLET else None))
        ignored.extend(_around(text, row))
    return tuple(kept), tuple(ignored)


def _around(text: str, row: Row) -> Iterator[IgnoredLine]:
    """The parts of a kept row that are not read: what was cut off, and marks."""
    cuts = sorted(row.cuts)
    at = row.raw_start
    for start, end, reason in [*cuts, (row.raw_end, row.raw_end, "")]:
        for a, b in ((at, min(start, row.start)), (max(at, row.end), start)):
            if a < b and text[a:b].strip():
                yield IgnoredLine(start=a, end=b, reason="markup")
        if start < end:
            yield IgnoredLine(start=start, end=end, reason=reason)
        at = max(at, end)


def _assemble_front(
    text: str, front: FrontMatter, words: BoilerplateWords, kept: list[Line], ignored: list[IgnoredLine]
) -> None:
    titles = {one.start: one for one in front.fields if one.key in words.title_keys and one.start < one.end}
    fields = sorted(titles.values(), key=lambda one: one.start)
    position = 0
    for start, end in front.lines:
        if position < len(fields) and start <= fields[position].start < end:
            one = fields[position]
            position += 1
            kept.append(Line(start=one.start, end=one.end, kind=LineKind.TITLE))
            for a, b in ((start, one.start), (one.end, end)):
                if text[a:b].strip():
                    ignored.append(IgnoredLine(start=a, end=b, reason="front-matter"))
        elif start < end:
            ignored.append(IgnoredLine(start=start, end=end, reason="front-matter"))
