"""Physical lines of a text, joined where a paragraph was wrapped at a fixed width."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from worker.extraction.model import LineKind

_ROW = re.compile(r"[^\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]+")
# Arrows, signs and pictures that channels put before each item.
_SIGN = r"[\u2190-\u21ff\u2300-\u23ff\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff\U0001f000-\U0001faff]"
_BULLET = re.compile(
    rf"(?:{_SIGN}(?:{_SIGN}|[\ufe0f\u200d\u20e3])*+|[•‣⁃∙·»]|[-–—*+](?=\s)|\(?\d{{1,2}}[.)](?=\s+\S)|\(?[a-z]\)(?=\s+\S))"
    r"[ \t\u00a0]*+|[-–—*+]$"
)
_HASHES = re.compile(r"#{1,6}[ \t]+")
_LINKED = re.compile(r"\[(?:\d{4}-\d{2}-\d{2}[ \t]+)?([^\[\]\n]{3,400})\]\([^()\s]{1,600}\)[ \t]*$")
_HYPHEN = re.compile(r"[^\W\d_][-‐¬]")
_SPEAKER = re.compile(r"(?:[A-Z][A-Z.'’ -]{1,40}:[ \t]*+(?=\S)|[QA](?::|\.)?[ \t]{2,}|[QA]:)")
_ADDRESS = re.compile(r"(?:https?://|www\.)\S+\s*$")
_TERMINAL = ".!?。"
_CLOSERS = "\"'”’»)]*_"

MIN_WRAP = 30
MAX_WRAP = 100
_LOWER_CONTINUES_FROM = 40
_MIN_WRAPPED_BLOCK = 3
_SHORT_SENTENCE_WORDS = 8
_MAX_LINK = 1200
_QUESTION_WORDS = 20


@dataclass(slots=True, kw_only=True)
class Row:
    """One line of the page on its way to being kept or ignored.

    `start` and `end` hold what is read; marks, stamps and the like before and after lie outside.
    """

    start: int
    end: int
    raw_start: int
    raw_end: int
    words: int = 0
    bullet: bool = False
    marked: bool = False
    """A markdown heading."""
    speaker: bool = False
    terminal: bool = False
    teaser: bool = False
    sentence: bool = False
    after_blank: bool = True
    kind: LineKind | None = None
    reason: str | None = None
    cuts: list[tuple[int, int, str]] = field(default_factory=list)
    """What was cut off before it was read, and why."""

    @property
    def short(self) -> bool:
        """Looks like a headline or a label: few words and no end of a sentence."""
        return not (self.bullet or self.terminal or self.speaker) and self.words <= MAX_HEADLINE_WORDS


MAX_HEADLINE_WORDS = 22


@dataclass(frozen=True, slots=True, kw_only=True)
class _Physical:
    start: int
    end: int
    indent: int
    after_blank: bool


def read_rows(text: str, start: int = 0) -> Iterator[tuple[int, int, bool]]:
    """Start and end of each paragraph, bullet or heading, and whether a blank line stands before it."""
    for block in _blocks(text, start):
        width = block.width
        at = 0
        while at < len(block.rows):
            last = at
            while last + 1 < len(block.rows) and _continues(text, block.rows[last], block.rows[last + 1], width):
                last += 1
            first = block.rows[at]
            yield first.start, block.rows[last].end, first.after_blank
            at = last + 1


def shape(text: str, row: Row) -> None:
    """Looks at a row: leaves its list mark or heading mark out of it, and sets what it looks like."""
    if mark := _HASHES.match(text, row.start, row.end):
        row.marked = True
        row.start = mark.end()
    elif mark := _BULLET.match(text, row.start, row.end):
        row.bullet = True
        row.start = mark.end()
    linked = (row.marked or row.bullet) and row.end - row.start <= _MAX_LINK
    if linked and (link := _LINKED.match(text, row.start, row.end)):
        row.start, row.end = link.span(1)
    row.speaker = _SPEAKER.match(text, row.start, row.end) is not None
    row.words = len(text[row.start : row.end].split())
    tail = text[max(row.start, row.end - 12) : row.end].rstrip(_CLOSERS)
    row.teaser = tail.endswith(("...", "…"))
    row.terminal = bool(tail) and tail[-1] in _TERMINAL and not row.teaser
    enough = _QUESTION_WORDS if tail.endswith("?") else _SHORT_SENTENCE_WORDS
    row.sentence = row.terminal and row.words >= enough


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    rows: tuple[_Physical, ...]
    width: int | None


def _blocks(text: str, start: int) -> Iterator[_Block]:
    blocks = [*_runs(text, start)]
    widths = [_wrap_width(text, block) for block in blocks]
    page_width = max((width for width in widths if width is not None), default=None)
    for block, width in zip(blocks, widths, strict=True):
        yield _Block(rows=block, width=width or _borrowed(block, page_width))


def _borrowed(block: Sequence[_Physical], page_width: int | None) -> int | None:
    if page_width is None or max(row.end - row.start + row.indent for row in block) > page_width:
        return None
    return page_width - 4


def _runs(text: str, start: int) -> Iterator[tuple[_Physical, ...]]:
    run: list[_Physical] = []
    previous = start
    for match in _ROW.finditer(text, start):
        line = match.group()
        bare = line.strip()
        if not bare:
            continue
        indent = len(line) - len(line.lstrip())
        first = match.start() + indent
        blank = not run or text.count("\n", previous, first) > 1 or text.count("\r", previous, first) > 1
        if blank and run:
            yield tuple(run)
            run = []
        run.append(_Physical(start=first, end=first + len(bare), indent=indent, after_blank=not run))
        previous = first + len(bare)
    if run:
        yield tuple(run)


def _wrap_width(text: str, block: Sequence[_Physical]) -> int | None:
    """The width at which the paragraphs of a block were wrapped; None when they weren't, as far as it shows."""
    longest = max(row.end - row.start + row.indent for row in block)
    if len(block) < _MIN_WRAPPED_BLOCK or not MIN_WRAP <= longest <= MAX_WRAP:
        return None
    full = lower = 0
    for row, following in pairwise(block):
        if _full(text, row, following, longest):
            full += 1
            lower += text[following.start].islower() or text[following.start].isdigit()
    pairs = len(block) - 1
    return longest if full * 5 >= pairs * 3 and lower * 4 >= full and lower else None


def _full(text: str, row: _Physical, following: _Physical, width: int) -> bool:
    """Whether the next line's first word had no room on this line, as where a hyphen cuts it."""
    if _is_cut(text, row, following):
        return True
    length = row.end - row.start + row.indent
    first = text[following.start : min(following.end, following.start + MAX_WRAP)].split(maxsplit=1)[0]
    return length + 1 + len(first) > width and length * 2 >= width


def _is_cut(text: str, row: _Physical, following: _Physical) -> bool:
    """Whether a word is cut at the end of a line: "sol-"."""
    return text[following.start].islower() and _HYPHEN.fullmatch(text, max(row.start, row.end - 2), row.end) is not None


def _continues(text: str, row: _Physical, following: _Physical, width: int | None) -> bool:
    """Whether `following` goes on with the paragraph of `row`."""
    if _BULLET.match(text, following.start, following.end) or _HASHES.match(text, row.start, row.end):
        return False
    if _HASHES.match(text, following.start, following.end) or _SPEAKER.match(text, following.start, following.end):
        return False
    if _ADDRESS.match(text, following.start, following.end):
        return False
    if _is_cut(text, row, following):
        return True
    length = row.end - row.start + row.indent
    if width is not None and length <= MAX_WRAP and _full(text, row, following, width):
        return True
    ends = text[row.end - 1]
    return text[following.start].islower() and row.end - row.start >= _LOWER_CONTINUES_FROM and ends not in ".!?:;,…"
