"""The status that an event's own word tells: its tense, its auxiliaries, the modal before it."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import Kind, Status
from worker.extraction.frames.events import Event
from worker.extraction.frames.status_words import StatusWords
from worker.extraction.mentions.constructions import TenseWords
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import LineKind
from worker.extraction.parsing.tree import Token

_HEADS = (LineKind.TITLE, LineKind.HEADING)

Told = tuple[Status, bool]
"""A status, and whether the event is still to come."""


@dataclass(frozen=True, slots=True)
class TenseReader:
    """`speech` are the lemmas of saying, whose tense is not the event's."""

    words: StatusWords
    turns: TenseWords
    syntax: Syntax
    speech: frozenset[str]

    def read(self, event: Event, line: LineKind) -> Told:
        token, trigger = event.token, event.trigger
        if trigger.status is not None:
            return trigger.status, True
        if line in _HEADS and token.tag_ in self.syntax.tags.headline_infinitive and self._follows_to(token):
            return Status.PLANNED, True
        if trigger.noun:
            return self._of_noun(event), False
        modal = self.modal(token)
        if modal is not None:
            moves = trigger.whose == "subject" and trigger.kind is Kind.DEPLOYMENT
            return (Status.PLANNED if moves and self._demands(modal, token) else modal), True
        return self._of_verb(event, line)

    def modal(self, verb: Token) -> Status | None:
        """The status that a modal before the verb tells, its own or that of the verb it is joined to."""
        for child in self.syntax.children(verb, self.syntax.auxiliary):
            if child.lower_ in self.words.planned_modals:
                return Status.PLANNED
            if child.lower_ in self.words.possible_modals:
                return Status.POSSIBLE
        joined = verb.dep_ in self.syntax.conjunct and verb.head.pos_ in ("VERB", "AUX")
        return self.modal(verb.head) if joined and self.syntax.is_infinitive(verb) else None

    def is_imagined(self, verb: Token) -> bool:
        """ "Could fall", "might be killed": of what may have happened already English says "may *have* fallen"."""
        auxiliaries = self.syntax.children(verb, self.syntax.auxiliary | self.syntax.passive_auxiliary)
        perfect = any(a.lemma_.casefold() in self.turns.have for a in auxiliaries)
        return self.modal(verb) is Status.POSSIBLE and not perfect

    def is_counterfactual(self, verb: Token) -> bool:
        """ "*Would have* killed 300", but not the "would have arrived by May" that somebody said."""
        auxiliaries = self.syntax.children(verb, self.syntax.auxiliary | self.syntax.passive_auxiliary)
        perfect = any(
            a.lemma_.casefold() in self.turns.have and a.tag_ in self.syntax.tags.infinitive for a in auxiliaries
        )
        unreal = any(a.lower_ in self.turns.unreal for a in auxiliaries)
        said = verb.dep_ in self.syntax.clause_complement and verb.head.lemma_.casefold() in self.speech
        return perfect and unreal and not said

    def is_having(self, verb: Token) -> bool:
        return verb.lemma_.casefold() in self.turns.have

    def has_to(self, verb: Token) -> bool:
        """Whether the verb is an infinitive with its own word: "*to* send"."""
        return self.syntax.is_infinitive(verb) and self._has_own_to(verb)

    def is_to_come(self, verb: Token) -> bool:
        """Whether the verb is an infinitive: "to send", "help send", "to be sent"."""
        return self.syntax.is_infinitive(verb) or (
            verb.tag_ in self.syntax.tags.infinitive_form and self._has_own_to(verb)
        )

    def _has_own_to(self, verb: Token) -> bool:
        return any(c.lower_ in self.turns.to for c in self.syntax.children(verb, self.syntax.auxiliary))

    def _follows_to(self, token: Token) -> bool:
        return token.i > 0 and token.doc[token.i - 1].lower_ in self.turns.to

    def _demands(self, modal: Status, verb: Token) -> bool:
        return modal is Status.POSSIBLE and any(c.lower_ in self.turns.demanding for c in verb.children)

    def _of_noun(self, event: Event) -> Status:
        if event.trigger.kind is not Kind.PRESENCE:
            return Status.OCCURRED
        verb = next((u for u in self.syntax.governors(event.token) if u.pos_ in ("VERB", "AUX")), None)
        past = verb is not None and verb.tag_ in self.syntax.tags.past and verb.lemma_ not in self.speech
        return Status.OCCURRED if past else Status.ONGOING

    def _of_verb(self, event: Event, line: LineKind) -> Told:
        token, kind, tags = event.token, event.trigger.kind, self.syntax.tags
        auxiliaries = self.syntax.children(token, self.syntax.auxiliary)
        if token.tag_ in tags.infinitive_form and any(a.lemma_.casefold() in self.turns.to for a in auxiliaries):
            return (Status.PLANNED, True) if self._is_planned_infinitive(token) else (Status.OCCURRED, False)
        lost = kind is Kind.CASUALTIES
        if token.tag_ in tags.gerund:
            return (Status.OCCURRED if lost else Status.ONGOING), False
        if token.tag_ in tags.present:
            headline = line in _HEADS and kind is not Kind.PRESENCE
            return (Status.OCCURRED if headline or lost else Status.ONGOING), False
        if token.tag_ in tags.past_form:
            return self._of_past(event, auxiliaries), False
        return Status.OCCURRED, False

    def _of_past(self, event: Event, auxiliaries: list[Token]) -> Status:
        """ "Have been stationed" and "has risen to 300" go on, "have fought" is done; "are stationed" is so now."""
        token, kind, forms = event.token, event.trigger.kind, {a.lower_ for a in auxiliaries}
        present = kind is Kind.PRESENCE
        if any(a.lemma_.casefold() in self.turns.have for a in auxiliaries):
            lasts = forms & self.turns.been or event.trigger.measures
            lasts = lasts or (not forms & self.turns.had and self._lasts(token))
            return Status.ONGOING if present and lasts else Status.OCCURRED
        if forms & self.turns.now:
            return Status.OCCURRED if kind is Kind.CASUALTIES else Status.ONGOING
        return Status.ONGOING if present and token.dep_ in self.syntax.noun_clause else Status.OCCURRED

    def _lasts(self, verb: Token) -> bool:
        """ "Has *kept* troops there", "have served there *since* May": the perfect of what has not ended."""
        return verb.lemma_.casefold() in self.turns.lasting or any(t.lower_ in self.turns.since for t in verb.subtree)

    def _is_planned_infinitive(self, token: Token) -> bool:
        """ "The troops are *to arrive*", "troops *to be sent*"."""
        if token.dep_ in self.syntax.tensed_clause or token.dep_ in self.syntax.noun_clause:
            return True
        return token.dep_ in self.syntax.open_complement and token.head.lemma_ in self.turns.be
