"""Which sentences are worth a parse: a look at words only, before anything slow."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import IntFlag

from worker.extraction.mentions.word_forms import Stems
from worker.extraction.model import LineKind

_MARTIAL_WORDS = 2
_OPENING = 80
_IDLE_WORDS = 5
_KEPT = 50_000
_WORD = re.compile(r"[^\W\d_]+")

_COUNTED_NAME = re.compile(r"(\w+) ([A-Z][^\W\d_]{2,30}s)\b")


class _Sort(IntFlag):
    """What a word may be, by any of its stems."""

    NONE = 0
    PEOPLE = 1
    EVENT = 2
    SPEECH = 4
    MARTIAL = 8
    SURELY_MARTIAL = 16
    IDLE = 32


# Whole numbers, since the arithmetic of flags is slow.
_PEOPLE_EVENT = int(_Sort.PEOPLE | _Sort.EVENT)
_SPEECH, _WAR_OR_IDLE = int(_Sort.SPEECH), int(_Sort.MARTIAL | _Sort.SURELY_MARTIAL | _Sort.IDLE)


@dataclass(frozen=True, slots=True)
class Gate:
    """The words looked for, as lemmas.

    `speech` tell who speaks, `pronouns` stand for who was named before, `persons` for one of them, `martial` are words
    of war and `idle` those of sport, fiction and business. `countries_of` tells whose a people's name is; `numerals`
    count it; `existing` are turns like "there are".
    """

    people: frozenset[str]
    events: frozenset[str]
    speech: frozenset[str]
    pronouns: frozenset[str]
    persons: frozenset[str]
    martial: frozenset[str]
    surely_martial: frozenset[str]
    idle: frozenset[str]
    stems: Stems
    numerals: frozenset[str]
    existing: frozenset[str]
    countries_of: Callable[[str], Sequence[str]]
    _sorts: dict[str, int] = field(default_factory=dict)

    def is_martial(self, text: str) -> bool:
        """Whether an article speaks of war or arms at all: one sure word of that kind, or two others.

        One that has more words of sport, fiction or business than of war is about those.
        """
        sure: set[str] = set()
        found: set[str] = set()
        other: set[str] = set()
        for word in set(_WORD.findall(text)):
            if self._sort(word) & _WAR_OR_IDLE:
                stems = self.stems.of(word.casefold())
                sure.update(self.surely_martial.intersection(stems))
                found.update(self.martial.intersection(stems))
                other.update(self.idle.intersection(stems))
        about_war = bool(sure) or len(found) >= _MARTIAL_WORDS
        return about_war and (len(other) < _IDLE_WORDS or len(other) <= len(sure) + len(found))

    def passing(self, sentences: Sequence[str], kinds: Sequence[LineKind], *, martial: bool) -> set[int]:
        """Indexes of the sentences to parse: those about people who move or fall, and those that tell who said so.

        A sentence of speech counts only beside one about people, since it may carry that one's source; so does any
        before "He said that". In an article that is not `martial` a sentence must have both words of people and of
        events.
        """
        sorts = [self._sorts_in(sentence) for sentence in sentences]
        if not martial:
            return {i for i, sort in enumerate(sorts) if sort & _PEOPLE_EVENT == _PEOPLE_EVENT}
        about = {i for i, sort in enumerate(sorts) if sort & _PEOPLE_EVENT or self._counts_a_people(sentences[i])}
        near = {i + step for i in about for step in (-1, 1, 2)} - about
        near = {i for i in near if 0 <= i < len(sentences)}
        spoken = {i for i in near if sorts[i] & _SPEECH or kinds[i] is LineKind.BULLET or self._counts_on(sentences[i])}
        pointed = {i - 1 for i in about if i > 0 and self._points_back(sentences[i])}
        return about | spoken | pointed

    def _counts_on(self, sentence: str) -> bool:
        """ "In fact *there are* 2,000": those of the sentence before."""
        low = sentence.casefold()
        return any(turn in low for turn in self.existing) and any(letter.isdecimal() for letter in sentence)

    def _counts_a_people(self, sentence: str) -> bool:
        """ "There were 40,000 *Egyptians* in Yemen"."""
        return any(
            (number[-1].isdecimal() or number.casefold() in self.numerals) and self.countries_of(name.casefold())
            for number, name in _COUNTED_NAME.findall(sentence)
        )

    def _points_back(self, sentence: str) -> bool:
        """ "*He told* a press conference that": whom the sentence before is about speaks."""
        opening = sentence[:_OPENING]
        words = [word.casefold() for word in _WORD.findall(opening)]
        back = not self.persons.isdisjoint(words) or (bool(words) and words[0] in self.pronouns)
        return back and bool(self._sorts_in(opening) & _SPEECH)

    def _sorts_in(self, sentence: str) -> int:
        sorts = 0
        for word in _WORD.findall(sentence):
            sorts |= self._sort(word)
        return sorts

    def _sort(self, word: str) -> int:
        """The word's sort; kept, since most words of any text are the same few thousand."""
        sort = self._sorts.get(word)
        if sort is None:
            if len(self._sorts) >= _KEPT:
                self._sorts.clear()
            sort = self._sorts[word] = self._look_up(word.casefold())
        return sort

    def _look_up(self, word: str) -> int:
        stems = self.stems.of(word)
        sort = _Sort.NONE
        for words, one in (
            (self.people, _Sort.PEOPLE),
            (self.events, _Sort.EVENT),
            (self.speech, _Sort.SPEECH),
            (self.martial, _Sort.MARTIAL),
            (self.surely_martial, _Sort.SURELY_MARTIAL),
            (self.idle, _Sort.IDLE),
        ):
            if not words.isdisjoint(stems):
                sort |= one
        return int(sort)
