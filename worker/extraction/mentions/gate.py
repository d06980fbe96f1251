"""Which sentences are worth a parse: a look at words only, before anything slow."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.model import LineKind

_MARTIAL_WORDS = 2
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Gate:
    """`people` and `events` are words (lemmas); `speech` are words that tell who speaks, `martial` ones of war."""

    people: frozenset[str]
    events: frozenset[str]
    speech: frozenset[str]
    martial: frozenset[str]
    surely_martial: frozenset[str]

    def is_martial(self, text: str) -> bool:
        """Whether an article speaks of war or arms at all: one sure word of that kind, or two others."""
        found: set[str] = set()
        for word in _WORD.findall(text):
            for stem in stems_of(word.casefold()):
                if stem in self.surely_martial:
                    return True
                if stem in self.martial:
                    found.add(stem)
            if len(found) >= _MARTIAL_WORDS:
                return True
        return False

    def passing(self, sentences: Sequence[str], lines: Sequence[int], kinds: Sequence[LineKind]) -> set[int]:
        """Indexes of the sentences to parse: those about people who move or fall, and those that tell who said so.

        A sentence of speech counts only beside one about people, since it may carry that one's source.
        """
        about = {i for i, sentence in enumerate(sentences) if self._is_about(sentence)}
        near = {i + step for i in about for step in (-1, 1, 2)}
        passing = set(about)
        for i in near:
            if 0 <= i < len(sentences) and i not in about:
                words = {w.casefold() for w in _WORD.findall(sentences[i])}
                if any(stem in self.speech for w in words for stem in stems_of(w)) or kinds[i] is LineKind.BULLET:
                    passing.add(i)
        del lines
        return passing

    def _is_about(self, sentence: str) -> bool:
        words = {w.casefold() for w in _WORD.findall(sentence)}
        stems = {stem for w in words for stem in stems_of(w)}
        return bool(stems & self.people) or (bool(stems & self.events))


def stems_of(word: str) -> tuple[str, ...]:
    """The forms under which a lexicon may hold the word; more than the true lemma is harmless here."""
    forms = [word]
    for ending, instead in (
        ("ies", "y"),
        ("es", ""),
        ("s", ""),
        ("ed", ""),
        ("ed", "e"),
        ("d", ""),
        ("ing", ""),
        ("ing", "e"),
        ("men", "man"),
    ):
        if word.endswith(ending) and len(word) - len(ending) >= 2:
            forms.append(word[: len(word) - len(ending)] + instead)
            if ending in ("ed", "ing") and len(forms[-1]) > 3 and forms[-1][-1] == forms[-1][-2:-1]:
                forms.append(forms[-1][:-1])
    return (*forms, *_IRREGULAR.get(word, ()))


_IRREGULAR = {
    "sent": ("send",), "fought": ("fight",), "lost": ("lose",), "left": ("leave",), "withdrew": ("withdraw",), "withdrawn": ("withdraw",),
    "flew": ("fly",), "flown": ("fly",), "came": ("come",), "went": ("go",), "fell": ("fall",), "slain": ("slay",), "shot": ("shoot",),
    "said": ("say",), "told": ("tell",), "held": ("hold",), "kept": ("keep",), "brought": ("bring",), "wrote": ("write",), "fled": ("flee",),
    "drove": ("drive",), "driven": ("drive",), "took": ("take",), "taken": ("take",), "went missing": ("go",), "seen": ("see",), "saw": ("see",),
}  # fmt: skip
