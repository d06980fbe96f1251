"""What a sentence tells without claiming it: questions, conditions, aims, plots of films, parades, civil work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from service.domain.claims import Kind, PersonnelType
from worker.extraction.frames.status_words import UnclaimedWords
from worker.extraction.frames.tense import TenseReader
from worker.extraction.mentions.constructions import IdleTurns, holds_phrase
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token, Tree

_OPENING = 3
_MEASURE = 5
_CIVIL = frozenset(
    {
        PersonnelType.ENGINEERS,
        PersonnelType.BUILDERS,
        PersonnelType.MEDICS,
        PersonnelType.WORKERS,
        PersonnelType.VOLUNTEERS,
    }
)
"""People who are sent to floods, elections and building sites as well."""
_MOVES = frozenset({Kind.DEPLOYMENT, Kind.PRESENCE, Kind.WITHDRAWAL})
_CLAUSES = ("VERB", "AUX")


@dataclass(frozen=True, slots=True)
class IdleReader:
    """Reads the way from an event's word up to the head of its sentence, `chain`, the event's word first."""

    words: UnclaimedWords
    turns: IdleTurns
    syntax: Syntax
    tense: TenseReader

    def why(self, chain: Sequence[Token], group: Group | None, kind: Kind) -> str | None:
        """What keeps the sentence or one of its clauses from claiming an event of this kind, or None."""
        doc = chain[0].doc
        if doc[-1].lower_ == "?" or (len(doc) > 1 and doc[-2].lower_ == "?" and doc[-1].is_punct):
            return "question"
        if doc[0].pos_ == "AUX" and doc[0].lower_ in self.turns.conditional:
            return "condition"
        if reason := self._of_people(group, kind) if group is not None else self._of_pronoun(chain[0]):
            return reason
        if reason := self._of_event(chain, kind):
            return reason
        for below, upper in pairwise(chain):
            if reason := self._under(below, upper):
                return reason
        for token in chain:
            if token.pos_ in _CLAUSES and (reason := self._in_clause(token, kind)):
                return reason
        if chain[0].dep_ in self.syntax.adverbial_clause and self.tense.has_to(chain[0]):
            return "aim"
        return None

    def _of_event(self, chain: Sequence[Token], kind: Kind) -> str | None:
        event = chain[0]
        if kind is Kind.CASUALTIES and event.pos_ in _CLAUSES and self.tense.is_imagined(event):
            return "imagined loss"
        if event.pos_ in _CLAUSES and self.tense.is_counterfactual(event):
            return "counterfactual"
        if event.dep_ in self.syntax.prepositional_clause and event.head.lower_ in self.turns.since:
            return "the beginning of something else"
        subject = len(chain) > 1 and event.dep_ in self.syntax.subject
        return "hypothetical" if subject and self._is_hypothetical(event, chain[1]) else None

    def _of_pronoun(self, event: Token) -> str | None:
        """ "To establish *how many* died"."""
        return "question" if self._is_asked(event.doc, event.i) else None

    def _of_people(self, group: Group, kind: Kind) -> str | None:
        """What the words of the people themselves tell: nobody's figure, made-up men, workers on civil business."""
        if self._is_asked(group.head.doc, group.head.i, group.start):
            return "question"
        if self._is_without(group.top):
            return "condition"
        if any(c.lower_ in self.words.imagined for noun in (group.head, group.top) for c in noun.children):
            return "fiction"
        noun = group.head.lemma_.casefold()
        before = group.head.doc[max(0, group.head.i - 1)]
        named = group.force is not None and group.force.start <= before.i < group.force.end
        if noun in self.words.planes and not named and (_is_model(before.text) or before.lower_ in self.words.models):
            return "aircraft"
        if group.people is None and group.counted is not None and group.counted.quantity.share_of is not None:
            things = (n for link in group.head.children if link.lower_ in self.turns.of for n in link.children)
            if any(n.pos_ == "NOUN" for n in things):
                return "a share of things"
        about = {t.lemma_.casefold() for t in group.head.doc}
        if (group.personnel in _CIVIL and about & self.words.civil) or (
            noun in self.words.athletes and about & self.words.sports
        ):
            return "civil"
        nobodys = group.force is None and (group.is_toll or group.people is None)
        if kind is Kind.CASUALTIES and nobodys and about & self.words.bystanders:
            return "civilians"
        return None

    def _is_asked(self, doc: Tree, at: int, start: int | None = None) -> bool:
        """ "Nobody knows *how many* soldiers died", "*how many* died"."""
        first = (at if start is None else start) - _OPENING
        return holds_phrase([t.lower_ for t in doc[max(0, first) : at]], self.turns.how_many)

    def _is_without(self, token: Token) -> bool:
        """ "*Without* American soldiers in Iraq, ..."."""
        return token.dep_ in self.syntax.prepositional_object and token.head.lower_ in self.turns.without

    def _under(self, below: Token, upper: Token) -> str | None:
        """What the word `upper` makes of the clause or noun `below` that hangs on it."""
        syntax = self.syntax
        if self._is_without(below):
            return "condition"
        if upper.pos_ == "NOUN" and (below.dep_ in syntax.noun_clause or below.dep_ in syntax.relative_clause):
            lemma = upper.lemma_.casefold()
            if lemma in self.words.cases:
                return "condition"
            return "speculation" if lemma in self.words.scenarios else None
        if upper.pos_ not in _CLAUSES:
            return None
        if below.dep_ in syntax.subject and self._is_taken_back(upper):
            return "taken back"
        lemma, subjects = upper.lemma_.casefold(), syntax.children(upper, syntax.subject)
        ordered = syntax.is_infinitive(upper) and not subjects and not self.tense.has_to(upper)
        if ordered and lemma in self.words.supposing:
            return "condition"
        if (
            lemma in self.words.taking
            and self.tense.is_to_come(below)
            and any(s.lower_ in self.turns.it for s in subjects)
        ):
            return "what it would take"
        return None

    def _is_taken_back(self, verb: Token) -> bool:
        """ "The figure of 250 dead *was an error*"."""
        told = self.syntax.children(verb, self.syntax.predicate | self.syntax.object)
        denied = self.syntax.children(verb, self.syntax.negation)
        return (
            verb.lemma_ in self.turns.be
            and not denied
            and any(c.lemma_.casefold() in self.words.mistaken for c in told)
        )

    def _is_hypothetical(self, event: Token, verb: Token) -> bool:
        """ "*Sending troops would be* a mistake", but not "the deployment of troops *would begin* in May"."""
        if event.pos_ != "NOUN" and not self.syntax.is_gerund(event):
            return False
        if not any(a.lower_ in self.turns.hypothetical for a in self.syntax.children(verb, self.syntax.auxiliary)):
            return False
        if verb.lemma_ in self.turns.be:
            judged = self.syntax.object | self.syntax.predicate
            return any(child.dep_ in judged for child in verb.children)
        return verb.lemma_.casefold() not in self.words.courses

    def _in_clause(self, verb: Token, kind: Kind) -> str | None:
        """What opens the verb's clause, and what the clause is about."""
        openers = {c.lower_ for c in self.syntax.children(verb, self.syntax.opener)}
        if openers & self.words.openers or (openers & self.words.timed and not self._is_past(verb)):
            return "condition"
        opening = verb.doc[max(0, verb.left_edge.i - _OPENING) : verb.i]
        if holds_phrase([t.lower_ for t in opening], self.turns.conditions):
            return "condition"
        behind = self.syntax.objects_behind
        subjects = self.syntax.children(verb, self.syntax.subject)
        told = [*subjects, *(noun for one in subjects for noun in behind(one, self.turns.of))]
        if any(self._is_of(noun, self.words.fiction) for noun in (*told, *behind(verb, self.turns.within))):
            return "fiction"
        if kind in _MOVES and any(self._is_of(noun, self.words.shows) for noun in behind(verb, self.turns.attending)):
            return "show"
        return "ground gained" if self._gains_ground(verb) else None

    def _is_past(self, verb: Token) -> bool:
        """ "*Until* the last men *left*" is history; "until the last men leave", "have left" is none."""
        forms = [verb, *self.syntax.children(verb, self.syntax.auxiliary)]
        return any(form.tag_ in self.syntax.tags.past for form in forms) and not any(
            form.lower_ in self.turns.hypothetical for form in forms
        )

    def _gains_ground(self, verb: Token) -> bool:
        """ "*Advanced 5 kilometers* near the town", where nobody is said to go anywhere."""
        goals = self.syntax.prepositions["destination"]
        if verb.lemma_.casefold() not in self.words.gaining or self.syntax.objects_behind(verb, goals):
            return False
        return any(t.lemma_.casefold() in self.words.distances for t in verb.doc[verb.i + 1 : verb.i + _MEASURE])

    def _is_of(self, noun: Token, words: frozenset[str]) -> bool:
        """ "*The film*", but no "series *of* attacks"."""
        return noun.lemma_.casefold() in words and not any(c.lower_ in self.turns.of for c in noun.children)


def _is_model(word: str) -> bool:
    """The name of a machine: "F-16", "MiG-29"."""
    return word[:1].isupper() and any(c.isdigit() for c in word)
