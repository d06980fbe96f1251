"""How far a noun phrase reaches, as far as words alone tell."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from worker.extraction.mentions.constructions import GroupWords
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_INSIDE = frozenset({"ADJ", "NOUN", "PROPN", "DET", "ADV", "PART", "NUM", "PRON"})
_MARKS = frozenset({"-", '"', "'", "(", ")", ","})


@dataclass(frozen=True, slots=True)
class PhraseExtent:
    words: GroupWords
    syntax: Syntax

    def is_inside(self, token: Token) -> bool:
        """Whether the token may stand inside a noun phrase, before its noun."""
        if token.pos_ in _INSIDE or token.lower_ in self.words.inside or token.lower_ in _MARKS:
            return True
        return token.tag_ in self.syntax.tags.participle

    def joins(self, tokens: Iterable[Token]) -> bool:
        """Whether nothing among the tokens ends a noun phrase."""
        return all(self.is_inside(t) or t.tag_ in self.syntax.tags.possessive_ending for t in tokens)
