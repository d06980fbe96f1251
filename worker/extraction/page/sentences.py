"""Splits kept lines into sentences in linear time, with a list of abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from worker.extraction.model import Line, Sentence
from worker.extraction.words import laid_out

MAX_SENTENCE_CHARS = 1000
"""A longer sentence is cut, so that it fits into one piece of evidence."""

_OPENERS = "\"'“”‘’«„([{*_—–-"
_CLOSERS = "\"'”’“»)]}*_"

# Starts at the first mark of a run only, and gives nothing back: linear on "......".
_STOP = re.compile(rf"(?<![.!?…])[.!?…]++[{re.escape(_CLOSERS)}]*+(?:\[\d{{1,3}}\]){{0,6}}", re.UNICODE)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_MAX_WORD = 24
_LIST_NUMBER_DIGITS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Abbreviations:
    """Words that carry a period, in lower case and without the last one. Source: lexicons/en/abbreviations.toml."""

    before_name: frozenset[str]
    before_number: frozenset[str]
    before_day: frozenset[str]
    either: frozenset[str]
    starters: frozenset[str]


@laid_out("abbreviations.toml")
def parse_abbreviations(table: Mapping[str, object]) -> Abbreviations:
    """The table of abbreviations.toml, checked.

    Raises ValueError on unknown or missing groups, empty groups, and words that stand in two groups.
    """
    names = [one.name for one in fields(Abbreviations)]
    if unknown := sorted(set(table) - set(names)):
        raise ValueError(f"abbreviations: unknown groups {unknown}")
    groups: dict[str, frozenset[str]] = {}
    owner: dict[str, str] = {}
    for name in names:
        words = table.get(name)
        if not isinstance(words, list) or not words or not all(isinstance(word, str) and word for word in words):
            raise ValueError(f"abbreviations: {name} must be a list of words")
        if len(set(words)) != len(words):
            raise ValueError(f"abbreviations: {name} holds a word twice")
        for word in words:
            if word != word.lower() or word.endswith("."):
                raise ValueError(f"abbreviations: {word!r} in {name} must be lower case, without the last period")
            if name != "starters" and owner.setdefault(word, name) != name:
                raise ValueError(f"abbreviations: {word!r} stands in {owner[word]} and in {name}")
        groups[name] = frozenset(words)
    return Abbreviations(**groups)


def split(text: str, lines: Sequence[Line], abbreviations: Abbreviations) -> tuple[Sentence, ...]:
    """The sentences of `lines`, in order, none over MAX_SENTENCE_CHARS, without the whitespace around them.

    A sentence ends inside quotes too. Semicolons and colons end none. A longer sentence is cut after the last
    semicolon that fits, else the last comma, else the last space, else where the length ends.
    """
    found: list[Sentence] = []
    for index, line in enumerate(lines):
        for start, end in _pieces(text, line.start, line.end, abbreviations):
            found.extend(Sentence(start=a, end=b, line=index) for a, b in _cut(text, start, end))
    return tuple(found)


def _pieces(text: str, start: int, end: int, abbreviations: Abbreviations) -> Iterator[tuple[int, int]]:
    begin = start
    for stop in _STOP.finditer(text, start, end):
        after = stop.end()
        if after < end and _ends_sentence(text, begin, stop, end, abbreviations):
            if piece := _stripped(text, begin, after):
                yield piece
            begin = after
    if piece := _stripped(text, begin, end):
        yield piece


def _ends_sentence(text: str, begin: int, stop: re.Match[str], end: int, abbreviations: Abbreviations) -> bool:
    """Whether the marks at `stop`, not the last thing of the line, end the sentence that starts at `begin`."""
    mark = stop.group()
    after = stop.end()
    following = text[after : min(end, after + 64)]
    if not following[0].isspace():
        return _glued(text, begin, stop, following, abbreviations)
    rest = following.lstrip()
    if not rest:
        return True
    head = rest.lstrip(_OPENERS)
    if not head:
        return True
    # A lower-case word goes on: "Why?" he asked; "... and so on"; an unknown abbreviation.
    if head[0].islower():
        return False
    if mark[0] != "." or mark.startswith(("..", ".!", ".?")):
        return True
    closed = len(mark) > 1
    return _period_ends(text, begin, stop.start(), head, closed=closed, abbreviations=abbreviations)


def _period_ends(text: str, begin: int, at: int, head: str, *, closed: bool, abbreviations: Abbreviations) -> bool:
    """Whether the period at `at` ends a sentence before `head`, which starts with no lower-case letter."""
    word = _word_before(text, begin, at)
    low = word.lower()
    match = _WORD.match(head)
    opens = bool(match and match.group().lower() in abbreviations.starters)
    if low in abbreviations.before_name:
        return False
    if len(word) == 1 and word.isupper() and word != "I":
        # An initial, unless a quotation ends with it.
        return opens and closed
    if low in abbreviations.before_number:
        return not head[0].isdigit()
    if low in abbreviations.before_day:
        return opens
    if low in abbreviations.either:
        return opens or closed
    if "." in word and all(len(part) == 1 for part in word.split(".")):
        return opens or closed
    # The number of a list item or a section that opens the sentence: "2. Troops".
    return not (word.isdigit() and len(word) <= _LIST_NUMBER_DIGITS and at - begin <= _LIST_NUMBER_DIGITS + 2)


def _glued(text: str, begin: int, stop: re.Match[str], following: str, abbreviations: Abbreviations) -> bool:
    """Whether a sentence ends where the space is missing: "left.The troops", never "pravda.ru" or "3.5"."""
    match = _WORD.match(following)
    if match is None or match.group().lower() not in abbreviations.starters or not following[0].isupper():
        return False
    next_at = match.end()
    if next_at < len(following) and not following[next_at].isspace():
        return False
    word = _word_before(text, begin, stop.start())
    return len(word) > 1 and (word[-1].islower() or len(stop.group()) > 1) and "." not in word


def _word_before(text: str, begin: int, at: int) -> str:
    """The word that ends at `at`, its inner periods included: "U.S", "Gen", "10"."""
    first = max(begin, at - _MAX_WORD)
    return re.split(r"[^\w.]", text[first:at])[-1].lstrip("._")


def _stripped(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_SENTENCE_CHARS:
        limit = start + MAX_SENTENCE_CHARS
        floor = start + MAX_SENTENCE_CHARS // 2
        at = -1
        for mark in ("; ", ", ", " ", "\n"):
            at = text.rfind(mark, floor, limit)
            if at >= 0:
                at += 1
                break
        if at < 0:
            at = limit
        if piece := _stripped(text, start, at):
            yield piece
        start = at
    if piece := _stripped(text, start, end):
        yield piece
