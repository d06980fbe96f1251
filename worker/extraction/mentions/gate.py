"""Which sentences are worth a parse: a look at words only, before anything slow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.mentions.word_forms import Stems
from worker.extraction.model import LineKind

_MARTIAL_WORDS = 2
_OPENING = 80
_IDLE_WORDS = 5
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Gate:
    """The words looked for, as lemmas.

    `speech` tell who speaks, `pronouns` stand for who was named before, `persons` for one of
    them, `martial` are words of war and
    `idle` those of sport, fiction and business.
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

    def is_martial(self, text: str) -> bool:
        """Whether an article speaks of war or arms at all: one sure word of that kind, or two others.

        One that has more words of sport, fiction or business than of war is about those.
        """
        sure: set[str] = set()
        found: set[str] = set()
        other: set[str] = set()
        for word in {w.casefold() for w in _WORD.findall(text)}:
            stems = self.stems.of(word)
            sure.update(stem for stem in stems if stem in self.surely_martial)
            found.update(stem for stem in stems if stem in self.martial)
            other.update(stem for stem in stems if stem in self.idle)
        about_war = bool(sure) or len(found) >= _MARTIAL_WORDS
        return about_war and (len(other) < _IDLE_WORDS or len(other) <= len(sure) + len(found))

    def passing(self, sentences: Sequence[str], kinds: Sequence[LineKind]) -> set[int]:
        """Indexes of the sentences to parse: those about people who move or fall, and those that tell who said so.

        A sentence of speech counts only beside one about people, since it may carry that one's source; so does any
        before "He said that".
        """
        about = {i for i, sentence in enumerate(sentences) if self._is_about(sentence)}
        near = {i + step for i in about for step in (-1, 1, 2)}
        passing = set(about)
        for i in about:
            if i - 1 not in about and i > 0 and self._points_back(sentences[i]):
                passing.add(i - 1)
        for i in near:
            if 0 <= i < len(sentences) and i not in about:
                words = {w.casefold() for w in _WORD.findall(sentences[i])}
                if any(stem in self.speech for w in words for stem in self.stems.of(w)) or kinds[i] is LineKind.BULLET:
                    passing.add(i)
        return passing

    def _points_back(self, sentence: str) -> bool:
        """ "*He told* a press conference that": whom the sentence before is about speaks."""
        words = [w.casefold() for w in _WORD.findall(sentence[:_OPENING])]
        speaks = any(stem in self.speech for w in words for stem in self.stems.of(w))
        back = not self.persons.isdisjoint(words) or (bool(words) and words[0] in self.pronouns)
        return speaks and back

    def _is_about(self, sentence: str) -> bool:
        words = {w.casefold() for w in _WORD.findall(sentence)}
        stems = {stem for w in words for stem in self.stems.of(w)}
        return bool(stems & self.people) or (bool(stems & self.events))
