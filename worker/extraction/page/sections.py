"""Which lines of a page belong to a section of other things: related stories, comments, footers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.extraction.page.boilerplate import Hit, Opens, fold
from worker.extraction.page.rows import Row

_VALUE_WORDS = 4
_CAPTION_WORDS = 30
_TOLD_BEFORE_END = 2
_TITLE_WORDS = 4
_TEASER_SHARED = 2
_CONTENT_LETTERS = 4
_READ_CHARS = 600
_NOTE = re.compile(r"[\[(]?(?:\d{1,3}|[*†‡])[\])]?\s+\S")


def is_paragraph(row: Row) -> bool:
    """Running prose that no headline or label would be: some words and the end of a sentence."""
    return row.speaker or (row.sentence and not row.bullet)


@dataclass(slots=True)
class _Open:
    opens: Opens
    reason: str
    paragraphs: int = 0
    """How many were taken for teasers."""


def close_sections(text: str, rows: Sequence[Row], hits: Mapping[int, Hit]) -> None:
    """Gives a reason to every row that follows a section's marker, until the story goes on.

    `hits` holds the rules that rows met, by index. An inline marker ("Read also") ends at the first paragraph. A
    tail marker ("Popular") ends where two paragraphs follow each other, since teasers stand between headlines; a
    module ("Related") also at a last paragraph that is no teaser of the headline above it. Before the story has
    begun the first paragraph begins it, and the headline over it is the story's. Comments end never.
    """
    runs = _runs(rows)
    section: _Open | None = None
    told = 0
    for index, row in enumerate(rows):
        if row.reason is not None:
            hit = hits.get(index)
            section = _entered(section, hit, told) if hit is not None and hit.bare else section
            continue
        if section is not None and section.opens is Opens.VALUE:
            if not row.terminal and row.words <= (_CAPTION_WORDS if section.reason == "caption" else _VALUE_WORDS):
                row.reason = section.reason
            section = None
        elif section is not None and section.opens is Opens.NEXT:
            row.reason, section = section.reason, None
        elif section is not None and section.opens is Opens.NOTES:
            if _NOTE.match(text, row.raw_start, row.raw_end):
                row.reason = "notes"
            else:
                section = None
        elif section is not None:
            if not _resumes(text, section, rows, index, told=told, runs=runs):
                section.paragraphs += is_paragraph(row)
                row.reason = section.reason
            else:
                if not told:
                    _take_back_title(rows, index)
                section = None
        told += row.reason is None and is_paragraph(row)


def _entered(section: _Open | None, hit: Hit, told: int) -> _Open | None:
    """The section that is open after a marker: the one before it, the marker's own, or none."""
    opens = hit.rule.opens
    if opens is Opens.STORY:
        return None
    if opens is Opens.NOTHING or (section is not None and section.opens is Opens.END):
        return section
    if opens is Opens.END or (opens is Opens.TAIL and hit.rule.reason == "footer"):
        # Above the story these are counters, links and notices, and nothing of theirs follows them.
        return _Open(opens, hit.rule.reason) if told >= _TOLD_BEFORE_END else section
    if section is not None and section.opens is Opens.TAIL and opens in {Opens.INLINE, Opens.VALUE}:
        return section
    return _Open(opens, hit.rule.reason)


def _resumes(
    text: str, section: _Open, rows: Sequence[Row], index: int, *, told: int, runs: Sequence[bool | None]
) -> bool:
    if section.opens is Opens.END or not is_paragraph(rows[index]):
        return False
    if section.opens is Opens.INLINE or runs[index] or (not told and not section.paragraphs):
        return True
    last = runs[index] is None
    return section.opens is Opens.MODULE and last and not section.paragraphs and not _is_teaser(text, rows, index)


def _runs(rows: Sequence[Row]) -> list[bool | None]:
    """For each row, whether it is a paragraph that a paragraph follows, debris between them aside.

    None for the last paragraph, if no more than one other line follows it.
    """
    found: list[bool | None] = [False] * len(rows)
    following: bool | None = None
    after = 0
    for index in range(len(rows) - 1, -1, -1):
        if rows[index].reason is not None:
            continue
        paragraph = is_paragraph(rows[index])
        found[index] = following if paragraph else False
        after += 1
        following = paragraph or (None if after == 1 else False)
    return found


def _is_teaser(text: str, rows: Sequence[Row], index: int) -> bool:
    """Whether the paragraph says again what the headline right above it says."""
    if index == 0 or is_paragraph(rows[index - 1]):
        return False
    return len(_content(text, rows[index - 1]) & _content(text, rows[index])) >= _TEASER_SHARED


def _content(text: str, row: Row) -> set[str]:
    return {
        word for word in fold(text[row.start : min(row.end, row.start + _READ_CHARS)]) if len(word) >= _CONTENT_LETTERS
    }


def _take_back_title(rows: Sequence[Row], index: int) -> None:
    """The headline right above the story's first paragraph is no other story's."""
    for row in reversed(rows[max(0, index - 4) : index]):
        if row.short and not row.teaser and row.words >= _TITLE_WORDS and row.reason == "related":
            row.reason = None
            return
