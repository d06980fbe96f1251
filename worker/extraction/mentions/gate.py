"""Which sentences are worth a parse: a look at words only, before anything slow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.mentions.word_forms import Stems
from worker.extraction.model import LineKind

_MARTIAL_WORDS = 2
_OPENING = 80
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Gate:
    """The words looked for, as lemmas.

    `speech` tell who speaks, `pronouns` stand for who was named before, `persons` for one of
    them, `martial` are words of war.
    """

    people: frozenset[str]
    events: frozenset[str]
    speech: frozenset[str]
    pronouns: frozenset[str]
    persons: frozenset[str]
    martial: frozenset[str]
    surely_martial: frozenset[str]
    stems: Stems

    def is_martial(self, text: str) -> bool:
        """Whether an article speaks of war or arms at all: one sure word of that kind, or two others."""
        found: set[str] = set()
        for word in _WORD.findall(text):
            for stem in self.stems.of(word.casefold()):
                if stem in self.surely_martial:
                    return True
                if stem in self.martial:
                    found.add(stem)
            if len(found) >= _MARTIAL_WORDS:
                return True
        return False

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
