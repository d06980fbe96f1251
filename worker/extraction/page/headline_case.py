"""Headlines in Title Case or ALL CAPS, written again as a sentence, so that a parser can read them.

Only letters change their case: offsets stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from worker.extraction.words import Table, expect_keys, strings

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_LONG = 4
_FEWEST = 4
_MOST_LOWER = 0.25


@dataclass(frozen=True, slots=True)
class HeadlineWords:
    """`common` are words that are no names; `stems` gives the forms under which a word may stand among them."""

    common: frozenset[str]
    stems: Callable[[str], tuple[str, ...]]

    def is_common(self, word: str) -> bool:
        return any(stem in self.common for stem in self.stems(word.casefold()))


def parse_headlines(table: Table) -> frozenset[str]:
    """The words that lexicons/<language>/headlines.toml adds to those of the other tables."""
    expect_keys(table, ("common",), where="headlines.toml")
    return frozenset(strings(table, "common", where="headlines.toml"))


def sentence_case(text: str, words: HeadlineWords) -> str:
    """The headline with its common words in lower case; a text of another kind as it is. Keeps the length."""
    found = list(_WORD.finditer(text))
    long = [m.group() for m in found if len(m.group()) >= _LONG]
    if len(found) < _FEWEST or not long or sum(w[:1].islower() for w in long) > _MOST_LOWER * len(long):
        return text
    shouted = all(w.isupper() for w in long)
    letters = list(text)
    for index, match in enumerate(found):
        word = match.group()
        if words.is_common(word) and (index > 0 or shouted):
            changed = word.lower() if index > 0 else word.capitalize()
        elif shouted and len(word) >= _LONG:
            changed = word.capitalize()
        else:
            continue
        if len(changed) == len(word):
            letters[match.start() : match.end()] = changed
    return "".join(letters)
