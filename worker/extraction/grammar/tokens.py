"""Words, digits and marks of a text, and tables of phrases matched against them.

The grammars for numbers and dates read these tokens instead of running patterns over characters,
so that every step looks at a bounded number of tokens and the whole takes linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, NamedTuple, TypeVar

T = TypeVar("T")

_TOKEN = re.compile(r"[0-9]+|[^\W\d_]+|\S")
_FOLDED = {"–": "-", "‑": "-", "−": "-", "‐": "-", "’": "'", "‘": "'", "ʼ": "'"}


class TokenKind(StrEnum):
    DIGITS = "digits"
    WORD = "word"
    MARK = "mark"


class Token(NamedTuple):
    """`low` is the text in lower case with hyphens and apostrophes folded to ASCII; em dashes are kept."""

    start: int
    end: int
    text: str
    low: str
    kind: TokenKind


def _kind(text: str) -> TokenKind:
    if "0" <= text[0] <= "9":
        return TokenKind.DIGITS
    return TokenKind.WORD if text[0].isalpha() else TokenKind.MARK


class Tokens:
    """The tokens of one text; `lows` runs beside them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._items = [
            Token(m.start(), m.end(), part, _FOLDED.get(part) or part.lower(), _kind(part))
            for m in _TOKEN.finditer(text)
            for part in (m.group(),)
        ]
        self.lows = [token.low for token in self._items]

    def digits(self) -> list[int]:
        """Where numbers in digits stand."""
        return [index for index, token in enumerate(self._items) if token.kind is TokenKind.DIGITS]

    def __len__(self) -> int:
        return len(self._items)

    def __getitem__(self, index: int) -> Token:
        return self._items[index]

    def at(self, index: int) -> Token | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def low(self, index: int) -> str:
        """The folded word at `index`; empty outside the text."""
        return self.lows[index] if 0 <= index < len(self.lows) else ""

    def kind(self, index: int) -> TokenKind | None:
        return self._items[index].kind if 0 <= index < len(self._items) else None

    def gap(self, index: int) -> str:
        """What stands between token `index` and the next one; a line break stand-in at the ends."""
        if not 0 <= index < len(self._items) - 1:
            return "\n"
        return self.text[self._items[index].end : self._items[index + 1].start]

    def joined(self, index: int) -> bool:
        """Whether token `index` and the next one touch."""
        return 0 <= index < len(self._items) - 1 and self._items[index].end == self._items[index + 1].start

    def capitalized(self, index: int) -> bool:
        token = self.at(index)
        return token is not None and token.text[0].isupper()


@dataclass(frozen=True, slots=True)
class Phrases(Generic[T]):
    """Phrases by their tokens. The longest wins; lookups cost at most `longest` steps.

    `firsts` and `lasts` hold the words that a phrase can begin and end with: most lookups end there.
    """

    entries: Mapping[tuple[str, ...], T]
    longest: int
    firsts: frozenset[str]
    lasts: frozenset[str]

    @property
    def vocabulary(self) -> frozenset[str]:
        return frozenset(word for phrase in self.entries for word in phrase)

    def at(self, tokens: Tokens, index: int) -> tuple[int, T] | None:
        """The longest phrase that begins at `index`: its length in tokens and its meaning."""
        if tokens.low(index) not in self.firsts:
            return None
        for size in range(min(self.longest, len(tokens) - index), 0, -1):
            found = self.entries.get(tuple(tokens.lows[index : index + size]))
            if found is not None:
                return size, found
        return None

    def before(self, tokens: Tokens, index: int, floor: int = 0) -> tuple[int, T] | None:
        """The longest phrase that ends just before `index` and does not begin before `floor`."""
        if tokens.low(index - 1) not in self.lasts:
            return None
        for size in range(min(self.longest, index - floor), 0, -1):
            found = self.entries.get(tuple(tokens.lows[index - size : index]))
            if found is not None:
                return size, found
        return None


def phrase(text: str) -> tuple[str, ...]:
    """A phrase of a lexicon as the tokens that it matches."""
    return tuple(Tokens(text).lows)


def phrases(pairs: Iterable[tuple[str, T]], *, group: str) -> Phrases[T]:
    """Builds a table. Raises ValueError where a phrase is given twice or a group is empty."""
    entries: dict[tuple[str, ...], T] = {}
    for text, meaning in pairs:
        key = phrase(text)
        if not key:
            raise ValueError(f"{group}: an empty phrase")
        if key in entries:
            raise ValueError(f"{group}: {text!r} is given twice")
        entries[key] = meaning
    if not entries:
        raise ValueError(f"{group}: nothing in it")
    return Phrases(
        entries,
        max(len(key) for key in entries),
        frozenset(key[0] for key in entries),
        frozenset(key[-1] for key in entries),
    )
