"""Header blocks above a story: `key: value` lines, between fences or without them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.extraction.page.boilerplate import BoilerplateWords

_FENCE = re.compile(r"\ufeff?\s*(---|\+\+\+)[ \t]*\r?\n")
_FIELD = re.compile(r"[ \t]*[\"']?([A-Za-z][\w.:-]{0,40}?)[\"']?[ \t]*[:=][ \t]*(.*)")
_MAX_LINES = 200
_MAX_CHARS = 40_000
_MIN_BARE_FIELDS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One `key: value`; the offsets are the value's, quotes left out. The key is lower case with underscores."""

    key: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontMatter:
    """A header block: [0, end) of the text, its lines, and the fields in them."""

    end: int
    lines: tuple[tuple[int, int], ...]
    fields: tuple[Field, ...]


def read_front_matter(text: str, words: BoilerplateWords) -> FrontMatter | None:
    """The header block that `text` begins with, if it begins with one.

    Without fences, two known keys must follow each other from the first line on; such a block ends at the first
    line that is no field of a known key.
    """
    fence = _FENCE.match(text[:200])
    if fence:
        return _fenced(text, fence)
    return _bare(text, words)


def _fenced(text: str, fence: re.Match[str]) -> FrontMatter | None:
    at = fence.end()
    lines = [(fence.start(1), fence.end(1))]
    found: list[Field] = []
    for _ in range(_MAX_LINES):
        if at >= len(text) or at > _MAX_CHARS:
            return None
        end = _line_end(text, at)
        line = text[at:end].strip()
        if line:
            lines.append(_span(text, at, end))
        if line == fence.group(1):
            return FrontMatter(end=end, lines=tuple(lines), fields=tuple(found)) if found else None
        if one := _field(text, at, end):
            found.append(one)
        at = end + 1
    return None


def _bare(text: str, words: BoilerplateWords) -> FrontMatter | None:
    known = words.title_keys | words.other_keys | frozenset(words.published.date_keys)
    at = len(text) - len(text.lstrip())
    lines: list[tuple[int, int]] = []
    found: list[Field] = []
    last = 0
    while at < len(text) and len(lines) < _MAX_LINES:
        end = _line_end(text, at)
        one = _field(text, at, end)
        if one is None or one.key not in known:
            break
        found.append(one)
        lines.append(_span(text, at, end))
        last = end
        at = end + 1
    keyed = [one for one in found if one.key in words.title_keys or one.key in words.published.date_keys]
    if len(found) < _MIN_BARE_FIELDS or not keyed:
        return None
    return FrontMatter(end=last, lines=tuple(lines), fields=tuple(found))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _span(text: str, start: int, end: int) -> tuple[int, int]:
    line = text[start:end]
    first = start + len(line) - len(line.lstrip())
    return first, first + len(line.strip())


def _field(text: str, start: int, end: int) -> Field | None:
    match = _FIELD.fullmatch(text[start:end].rstrip())
    if match is None:
        return None
    first, last = start + match.start(2), start + match.end(2)
    while last - first >= 2 and text[first] in "\"'" and text[last - 1] == text[first]:
        first, last = first + 1, last - 1
    return Field(
        key=match.group(1).lower().replace("-", "_").replace(":", "_").replace(".", "_"), start=first, end=last
    )
