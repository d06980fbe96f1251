"""Which lines of a page belong to a section of other things: related stories, comments, footers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from worker.extraction.boilerplate import Hit, Opens
from worker.extraction.rows import Row

_PARAGRAPH_WORDS = 12
_VALUE_WORDS = 4
_TOLD_BEFORE_END = 2
_TITLE_WORDS = 4


def is_paragraph(row: Row) -> bool:
    """Running prose that no headline or teaser would be: at least a dozen words and the end of a sentence."""
    return row.speaker or (not row.bullet and row.terminal and row.words >= _PARAGRAPH_WORDS)


@dataclass(slots=True)
class _Open:
    opens: Opens
    reason: str


def close_sections(rows: Sequence[Row], hits: Mapping[int, Hit]) -> None:
    """Gives a reason to every row that follows a section's marker, until the story goes on.

    `hits` holds the rules that rows met, by index. An inline marker ("Read also") ends at the first paragraph. A
    tail marker ("Popular") ends where two paragraphs follow each other, since teasers stand between headlines; above
    the story's beginning a lone paragraph is enough, and the headline before it is the story's. Comments end never.
    """
    runs = _runs(rows)
    last_run = max((index for index, run in enumerate(runs) if run), default=-1)
    section: _Open | None = None
    told = 0
    for index, row in enumerate(rows):
        hit = hits.get(index)
        if row.reason is not None:
            section = _entered(section, hit, told) if hit is not None and hit.bare else section
            continue
        if section is None:
            told += is_paragraph(row)
            continue
        if section.opens is Opens.VALUE:
            if row.words <= _VALUE_WORDS and not row.terminal:
                row.reason = section.reason
            else:
                told += is_paragraph(row)
            section = None
            continue
        if _resumes(section, rows, index, told=told, run=runs[index], later_run=last_run > index):
            if not told:
                _take_back_title(rows, index)
            section = None
            told += 1
        else:
            row.reason = section.reason


def _entered(section: _Open | None, hit: Hit, told: int) -> _Open | None:
    opens = hit.rule.opens
    if opens is Opens.NOTHING or (section is not None and section.opens in {Opens.TAIL, Opens.END}):
        if opens is Opens.END and told >= _TOLD_BEFORE_END:
            return _Open(opens, hit.rule.reason)
        return section
    if opens is Opens.END and told < _TOLD_BEFORE_END:
        # A counter or a link above the story, not the comments themselves.
        return section
    return _Open(opens, hit.rule.reason)


def _resumes(section: _Open, rows: Sequence[Row], index: int, *, told: int, run: bool, later_run: bool) -> bool:
    if section.opens is Opens.END or not is_paragraph(rows[index]):
        return False
    if section.opens is Opens.INLINE:
        return True
    return run or (not told and not later_run)


def _runs(rows: Sequence[Row]) -> list[bool]:
    """For each row, whether it is a paragraph that another paragraph follows, debris between them aside."""
    found = [False] * len(rows)
    following = False
    for index in range(len(rows) - 1, -1, -1):
        if rows[index].reason is not None:
            continue
        paragraph = is_paragraph(rows[index])
        found[index] = paragraph and following
        following = paragraph
    return found


def _take_back_title(rows: Sequence[Row], index: int) -> None:
    """The headline right above the story's first paragraph is no other story's."""
    for row in reversed(rows[max(0, index - 4) : index]):
        if row.short and not row.teaser and row.words >= _TITLE_WORDS:
            row.reason = None
            return
