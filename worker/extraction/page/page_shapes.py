"""Lines that their shape gives away: menus, language switchers, rows of quotes."""

from __future__ import annotations

import re

from worker.extraction.page.boilerplate import BoilerplateWords, fold
from worker.extraction.page.rows import Row

_SEPARATOR = re.compile(r"\s*[|»›·•]\s*|\s[>/]\s|\t+|\s{3,}")
_CHANGE = re.compile(r"[(]?[+\-−▲▼↑↓][\d.,]+%?[)]?|[(]?[\d.,]+%[)]?")
_NUMBER = re.compile(r"[$€£¥₽₴]?\d[\d.,]*")
_MIN_PARTS = 3
_MAX_PART_WORDS = 3
_MAX_LABEL_WORDS = 3
_MIN_MENU_WORDS = 5
_MENU_SHARE = 0.75
_MAX_MENU_WORDS = 60
_MIN_CHANGES = 2


def shape_reason(line: str, row: Row, words: BoilerplateWords) -> str | None:
    """Why a line is no part of a story, told by its shape; None if it may be."""
    if row.terminal or row.speaker or row.words > _MAX_MENU_WORDS:
        return None
    if _is_switcher(line, words):
        return "language"
    if _is_menu(line, words):
        return "navigation"
    return "ticker" if _is_ticker(line) else None


def _is_menu(line: str, words: BoilerplateWords) -> bool:
    parts = [part for part in _SEPARATOR.split(line) if part]
    if len(parts) >= _MIN_PARTS and all(len(part.split()) <= _MAX_PART_WORDS for part in parts):
        return True
    folded = fold(line)
    covered = at = 0
    while at < len(folded):
        longest = min(_MAX_LABEL_WORDS, len(folded) - at)
        length = next((n for n in range(longest, 0, -1) if folded[at : at + n] in words.labels), 0)
        covered += length
        at += length or 1
    if covered == len(folded):
        return bool(folded) and folded != ("#",)
    return len(folded) >= _MIN_MENU_WORDS and covered >= _MENU_SHARE * len(folded)


def _is_switcher(line: str, words: BoilerplateWords) -> bool:
    """Names of languages one after the other, with or without anything between them."""
    low = line.casefold()
    at = found = 0
    while at < len(low):
        if not low[at].isalpha():
            at += 1
            continue
        length = max((len(name) for name in words.languages if low.startswith(name, at)), default=0)
        if not length:
            return False
        found += 1
        at += length
    return found > 0


def _is_ticker(line: str) -> bool:
    """At least two changes or percentages, and no fewer numbers than words."""
    tokens = line.split()
    changes = sum(_CHANGE.fullmatch(token.rstrip(",;|")) is not None for token in tokens)
    numbers = changes + sum(_NUMBER.fullmatch(token.rstrip(",;|")) is not None for token in tokens)
    return changes >= _MIN_CHANGES and numbers * 2 >= len(tokens)
