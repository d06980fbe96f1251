"""What the words of a sentence deny: a verb, a noun's people, another's statement."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from service.domain.claims import Polarity
from worker.extraction.frames.events import Event
from worker.extraction.mentions.constructions import NegationWords, holds_phrase
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_WINDOW = 4


@dataclass(frozen=True, slots=True)
class NegationReader:
    """`untrue` are the words that call a statement false."""

    turns: NegationWords
    untrue: frozenset[str]
    syntax: Syntax

    def is_negated(self, token: Token) -> bool:
        """Whether the token itself is denied: "did *not* send", "will *no longer* serve"."""
        for child in token.children:
            denies = child.dep_ in self.syntax.negation and not self.syntax.is_contrast(child)
            if denies or child.lower_ in self.turns.never:
                return True
        return holds_phrase(_before(token, _WINDOW), self.turns.turns)

    def is_neither(self, token: Token) -> bool:
        """ "Neither confirmed nor denied"."""
        return not self.turns.neither.isdisjoint(_before(token, _WINDOW))

    def is_unsaid(self, verb: Token) -> bool:
        """ "Did *not* confirm that", "has *yet to* say", "*no* official has said", "*neither* Kyiv nor Minsk said"."""
        if self.is_negated(verb) or holds_phrase(_before(verb, _WINDOW), self.turns.not_yet):
            return True
        return any(
            self._is_nobody(subject) or subject.left_edge.lower_ in self.turns.no_people
            for subject in self.syntax.subjects(verb)
        )

    def is_called_untrue(self, verb: Token) -> bool:
        """ "It is not true that", "the claim that ... is fake"."""
        for child in verb.children:
            if child.dep_ in self.syntax.predicate or child.dep_ in self.syntax.object:
                if child.lemma_.casefold() in self.untrue:
                    return not self.is_negated(verb)
                if child.lower_ in self.turns.true:
                    return self.is_negated(verb)
        if verb.lemma_ in self.turns.corresponding and self.is_negated(verb):
            return any(t.lower_ in self.turns.reality for t in verb.subtree)
        return False

    def has_no(self, noun: Token) -> bool:
        """ "*No* plans"."""
        return any(c.lower_ in self.turns.no for c in noun.children)

    def is_excluded(self, below: Token, upper: Token) -> bool:
        """ "There is no *question of* troops leaving"; `below` is what hangs on the noun `upper`."""
        return upper.lemma_ in self.turns.excluded and below.lower_ in self.turns.of and self.has_no(upper)

    def polarity(self, event: Event, group: Group | None) -> Polarity:
        """What the event's own words and those of its people say."""
        tokens = [event.token, *([group.head, group.top] if group is not None else [])]
        denied = self.is_negated(event.token) or any(self._is_nobody(token) for token in tokens)
        if not denied and group is not None and event.token.i == group.top.i:
            denied = group.top.head.lemma_ in self.turns.being and self.is_negated(group.top.head)
        if not denied and group is not None:
            denied = self._is_not_one(group)
        return Polarity.DENIED if denied else Polarity.AFFIRMED

    def _is_nobody(self, token: Token) -> bool:
        """ "*No* soldiers", "*none*"."""
        if token.pos_ not in ("NOUN", "PROPN", "NUM", "PRON"):
            return False
        determiners = self.syntax.children(token, self.syntax.determiner)
        return token.lower_ in self.turns.nobody or any(c.lower_ in self.turns.no_people for c in determiners)

    def _is_not_one(self, group: Group) -> bool:
        """ "*Not one* soldier", "*not a* single man"."""
        before = _before(group.head, _WINDOW + 1)
        turns = pairwise(before)
        if any(first in self.turns.not_ and second in self.turns.one for first, second in turns):
            return True
        if group.counted is None or group.counted.start == 0 or group.counted.quantity.max != 1:
            return False
        return group.head.doc[group.counted.start - 1].lower_ in self.turns.not_


def _before(token: Token, count: int) -> list[str]:
    """The words right before the token, in lower case."""
    return [t.lower_ for t in token.doc[max(0, token.i - count) : token.i]]
