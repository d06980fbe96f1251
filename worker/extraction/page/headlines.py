"""Which of the short lines kept are titles and headings, which are list items, and which are other stories'."""

from __future__ import annotations

from collections.abc import Sequence

from worker.extraction.model import LineKind
from worker.extraction.page.boilerplate import fold
from worker.extraction.page.rows import MAX_HEADLINE_WORDS, Row
from worker.extraction.page.sections import is_paragraph

_TITLE_WORDS = 4
_OPENING_WORDS = 8
_SENTENCE_WORDS = 8
_MAX_TITLES = 4
_RUN = 3
_SHARED_WORDS = 2
_CONTENT_LETTERS = 5
_STORY_PARAGRAPHS = 4
_HEADLINE_READ = 400
_STORY_READ = 2000


def name_kinds(text: str, rows: Sequence[Row], titles: set[tuple[str, ...]]) -> None:
    """Sets `kind` on each row kept, and `reason` on headlines of other stories that no marker told.

    `titles` are known ones, folded. Above the first paragraph short lines are titles; if there are many, only
    those that share words with the story. Below it they are headings; three in a row, or some at the very end with
    nothing under them, are other stories' headlines.
    """
    kept = [row for row in rows if row.reason is None]
    for row in kept:
        if row.kind is None and row.bullet:
            row.kind = LineKind.BULLET
    first = next((index for index, row in enumerate(kept) if _is_story(text, row)), None)
    if first is None:
        _name_without_story(text, kept)
        return
    found = _name_titles(text, kept, first, titles)
    known = titles | {fold(text[row.start : row.end]) for row in found}
    _name_below(text, kept[first:], known)


def _is_story(text: str, row: Row) -> bool:
    if row.kind is not None:
        return False
    long_opening = row.words >= _OPENING_WORDS and text[row.end - 1] == ":"
    return is_paragraph(row) or row.words > MAX_HEADLINE_WORDS or long_opening


def _introduces(text: str, row: Row) -> bool:
    """Whether the line is a sentence that a list or a quotation completes."""
    return row.words >= _TITLE_WORDS and text[row.end - 1] == ":"


def _folded(text: str, row: Row) -> tuple[str, ...]:
    return fold(text[row.start : min(row.end, row.start + _HEADLINE_READ)])


def _name_titles(text: str, kept: Sequence[Row], first: int, known: set[tuple[str, ...]]) -> list[Row]:
    """Names the rows above the first paragraph, kept[first]; the rows that turned out to be titles."""
    top = [row for row in kept[:first] if row.kind is None]
    candidates: list[Row] = []
    for row in top:
        headline = row.short or (row is kept[0] and not row.sentence and row.words <= MAX_HEADLINE_WORDS)
        if not headline or _introduces(text, row):
            row.kind = LineKind.PROSE
        elif row.words >= _TITLE_WORDS or row is kept[0] or row.marked or _folded(text, row) in known:
            candidates.append(row)
        elif text[row.end - 1] == ":":
            row.kind = LineKind.HEADING
        else:
            row.reason = "label"
    if len(candidates) > _MAX_TITLES:
        story = _story_words(text, kept[first:])
        for row in candidates:
            shared = _content(text, row) & story
            if len(shared) < _SHARED_WORDS and _folded(text, row) not in known:
                row.reason = "related"
        candidates = [row for row in candidates if row.reason is None]
    for row in candidates:
        row.kind = LineKind.TITLE
    return candidates


def _content(text: str, row: Row) -> set[str]:
    return {word for word in _folded(text, row) if len(word) >= _CONTENT_LETTERS}


def _story_words(text: str, rows: Sequence[Row]) -> set[str]:
    found: set[str] = set()
    paragraphs = [row for row in rows if _is_story(text, row)]
    for row in paragraphs[:_STORY_PARAGRAPHS]:
        found.update(fold(text[row.start : min(row.end, row.start + _STORY_READ)]))
    return found


def _name_below(text: str, rows: Sequence[Row], titles: set[tuple[str, ...]]) -> None:
    last = max(index for index, row in enumerate(rows) if _is_story(text, row) or row.bullet or row.terminal)
    run: list[Row] = []
    opened = False
    for index, row in enumerate(rows):
        if row.kind is None and row.short and not _introduces(text, row):
            if _folded(text, row) in titles:
                row.kind = LineKind.TITLE
            elif index > last and not opened:
                row.reason = "related"
            else:
                run.append(row)
            continue
        _name_run(run, opened=opened)
        run = []
        if row.kind is None:
            row.kind = LineKind.PROSE
        opened = text[row.start : row.end].endswith(":")
    _name_run(run, opened=opened)


def _name_run(run: Sequence[Row], *, opened: bool) -> None:
    """Short lines that follow each other: items of the list just opened, other stories' headlines, or headings."""
    for row in run:
        if opened:
            row.kind = LineKind.BULLET
        elif len(run) >= _RUN:
            row.reason = "related"
        else:
            row.kind = LineKind.HEADING


def _name_without_story(text: str, kept: Sequence[Row]) -> None:
    """A page without one paragraph: its first line is the title; many more short ones are other stories."""
    free = [row for row in kept if row.kind is None]
    many = len(free) > _MAX_TITLES + _RUN
    title = _folded(text, free[0]) if free else ()
    for index, row in enumerate(free):
        if _introduces(text, row):
            row.kind = LineKind.PROSE
        elif index == 0 or (row.short and _folded(text, row) == title):
            row.kind = LineKind.TITLE if row.words <= MAX_HEADLINE_WORDS and not row.sentence else LineKind.PROSE
        elif many and row.short:
            row.reason = "related"
        else:
            row.kind = LineKind.HEADING if row.short and row.words < _SENTENCE_WORDS else LineKind.PROSE
