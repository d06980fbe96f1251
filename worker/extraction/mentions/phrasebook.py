"""Longest match of known phrases over tokens, in time linear in the tokens."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Phrasebook(Generic[Value]):
    """Phrases of one or more words, each with a value.

    A phrase in capitals only ("UN", "IS") is matched with its case, any other without.
    """

    def __init__(self, entries: Iterable[tuple[str, Value]]) -> None:
        self._by_first: dict[str, list[tuple[tuple[str, ...], str, Value]]] = {}
        for phrase, value in entries:
            words = tuple(tokenize(phrase))
            folded = tuple(word.casefold() for word in words)
            exact = phrase if phrase.isupper() else ""
            self._by_first.setdefault(folded[0], []).append((folded, exact, value))
        for candidates in self._by_first.values():
            candidates.sort(key=lambda candidate: -len(candidate[0]))

    def match(self, words: Sequence[str], folded: Sequence[str], start: int) -> tuple[int, Value] | None:
        """The end (exclusive) and value of the longest phrase at `start`, or None."""
        for phrase, exact, value in self._by_first.get(folded[start], ()):
            end = start + len(phrase)
            if tuple(folded[start:end]) == phrase and (not exact or "".join(words[start:end]).isupper()):
                return end, value
        return None

    def find_all(self, words: Sequence[str]) -> list[tuple[int, int, Value]]:
        """All matches, longest first at each place, none overlapping: (start, end, value) by token."""
        folded = [word.casefold() for word in words]
        found: list[tuple[int, int, Value]] = []
        at = 0
        while at < len(words):
            hit = self.match(words, folded, at)
            if hit is None:
                at += 1
            else:
                found.append((at, hit[0], hit[1]))
                at = hit[0]
        return found


def tokenize(phrase: str) -> list[str]:
    """Words as the parser's tokenizer cuts them: hyphens and possessive endings stand apart."""
    spaced = phrase.replace("-", " - ").replace("'s", " 's").replace("s' ", "s ' ").replace("/", " / ")
    return spaced.split()
