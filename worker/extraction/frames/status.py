"""Whether an event is told as done, going on, planned or possible; affirmed or denied; or not claimed at all."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import Kind, Polarity, Status
from worker.extraction.frames.events import Event
from worker.extraction.frames.idle import IdleReader
from worker.extraction.frames.negation import NegationReader
from worker.extraction.frames.status_words import StatusWords
from worker.extraction.frames.tense import TenseReader
from worker.extraction.mentions.constructions import Constructions
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import LineKind
from worker.extraction.parsing.tree import Token

_SETTLED = (Status.OCCURRED, Status.ONGOING)


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusReading:
    """`claimed` is False for conditions, questions, aims and what was averted; `why` then names which.

    `denier` is the verb or noun of denial, whose subject denies.
    """

    status: Status
    polarity: Polarity = Polarity.AFFIRMED
    claimed: bool = True
    why: str | None = None
    denier: Token | None = None
    future: bool = False


@dataclass(slots=True, kw_only=True)
class _Course:
    """What is known of an event on the way from its word up to the head of the sentence."""

    token: Token
    kind: Kind
    status: Status
    future: bool
    polarity: Polarity
    denier: Token | None = None
    why_unclaimed: str | None = None
    settled: bool = False

    @property
    def is_noun(self) -> bool:
        return self.token.pos_ == "NOUN"


class StatusReader:
    """`speech` are the lemmas of saying: what somebody plans to say is not planned."""

    def __init__(self, words: StatusWords, turns: Constructions, syntax: Syntax, speech: frozenset[str]) -> None:
        self._words, self._syntax, self._speech = words, syntax, speech
        self._negation = NegationReader(turns.negation, words.untrue, syntax)
        self._progressive = turns.tense.progressive
        self._tense = TenseReader(words, turns.tense, syntax, speech)
        self._idle = IdleReader(words.unclaimed, turns.idle, syntax, self._tense)

    def read(self, event: Event, group: Group | None, line: LineKind) -> StatusReading:
        token = event.token
        status, future = self._tense.read(event, line)
        polarity = self._negation.polarity(event, group)
        course = _Course(token=token, kind=event.trigger.kind, status=status, future=future, polarity=polarity)
        seen: list[Token] = [token]
        for upper in self._syntax.governors(token):
            self._pass_under(course, seen[-1], upper)
            seen.append(upper)
        if self._tense.has_to(token) and self._negation.is_negated(token):
            course.why_unclaimed = "an undertaking not to"
        if course.denier is None and token.dep_ in self._syntax.relative_clause and self._negation.is_negated(token):
            course.why_unclaimed = course.why_unclaimed or "told aside"
        why = course.why_unclaimed or self._idle.why(seen, group, course.kind)
        return StatusReading(
            status=course.status, polarity=course.polarity, claimed=why is None, why=why, denier=course.denier,
            future=course.future,
        )  # fmt: skip

    def _pass_under(self, course: _Course, below: Token, upper: Token) -> None:
        """Takes over what the word `upper` tells of the event; `below` is the word on the way that hangs on it."""
        syntax = self._syntax
        if upper.pos_ == "ADP" and not self._tense.is_to_come(below):
            return
        if below.dep_ in syntax.conjunct and upper.pos_ in ("VERB", "AUX"):
            return
        if self._negation.is_called_untrue(upper) and below.dep_ not in syntax.adverbial_clause:
            course.polarity = Polarity.DENIED
        if course.denier is None and upper.lemma_.casefold() in self._words.denying:
            self._deny(course, below, upper)
            return
        if self._negation.is_excluded(below, upper):
            course.polarity = Polarity.DENIED
            return
        if self._is_unsaid(below, upper) or self._is_unverified(below, upper):
            course.why_unclaimed = "not said"
            return
        told = below.dep_ in syntax.relative_clause and not self._tense.is_to_come(below)
        course.settled = course.settled or (told and not course.future and course.status in _SETTLED)
        if course.settled or (below.dep_ in syntax.subject and not course.is_noun and below.i != course.token.i):
            return
        if below.dep_ not in syntax.governed or self._is_only_said(below, upper):
            return
        self._govern(course, below, upper)
        if upper.pos_ in ("VERB", "AUX") and (course.is_noun or below.dep_ in syntax.under_modal):
            self._take_modal(course, below, upper)

    def _deny(self, course: _Course, below: Token, upper: Token) -> None:
        """ "*Denied* sending", "*denial* of", but not "neither confirmed nor *denied*"."""
        if self._negation.is_negated(upper) or self._negation.is_neither(upper):
            course.why_unclaimed = "neither confirmed nor denied"
        elif below.dep_ not in self._syntax.subject or self._syntax.is_passive(upper):
            course.polarity, course.denier = Polarity.DENIED, upper
            alone = not self._syntax.children(course.token, self._syntax.auxiliary)
            if self._syntax.is_gerund(course.token) and alone and course.kind is not Kind.PRESENCE:
                course.status = Status.OCCURRED

    def _is_only_said(self, below: Token, upper: Token) -> bool:
        """ "*Said* that they came": saying alone tells nothing of the event."""
        lemma = upper.lemma_.casefold()
        said = upper.pos_ in ("VERB", "AUX") and lemma in self._speech and below.dep_ in self._syntax.clause_complement
        return said and lemma not in self._words.planned and lemma not in self._words.possible

    def _is_unsaid(self, below: Token, upper: Token) -> bool:
        """ "Did *not confirm* that they came", but not "did not say *when* they came", where the coming is known."""
        syntax = self._syntax
        if upper.pos_ not in ("VERB", "AUX") or upper.lemma_.casefold() not in self._speech or below.i < upper.i:
            return False
        if below.dep_ not in syntax.clause_complement and below.dep_ not in syntax.under_negation:
            return False
        if below.dep_ in syntax.conjunct or not self._negation.is_unsaid(upper):
            return False
        asking = syntax.tags.question_word
        return not any(t.tag_ in asking for t in below.doc[below.left_edge.i : below.i])

    def _is_unverified(self, below: Token, upper: Token) -> bool:
        """ "*Reports* that they came *could not be verified*", "it was *not possible to verify* a report that"."""
        if (
            upper.lemma_.casefold() not in self._words.verifying
            or below.lemma_.casefold() not in self._words.hearsay_nouns
        ):
            return False
        above = upper.head if upper.dep_ in self._syntax.open_complement | self._syntax.clause_complement else upper
        return self._negation.is_negated(upper) or self._negation.is_negated(above)

    def _govern(self, course: _Course, below: Token, upper: Token) -> None:
        """ "*Plans* to send", "*threatened* to", "*prevented* them from", "*no* plans"."""
        words, syntax, lemma = self._words, self._syntax, upper.lemma_.casefold()
        if upper.pos_ == "NOUN" and self._negation.has_no(upper):
            course.why_unclaimed = "no " + upper.lower_
        if upper.pos_ == "NOUN" and lemma in words.speculation:
            course.why_unclaimed = "speculation"
        clause = below.dep_ in syntax.adverbial_clause or below.dep_ in syntax.clause_complement
        direct = not clause or self._tense.is_to_come(below)
        to_come = direct and self._is_to_come(course, below)
        if lemma in self._progressive and not syntax.is_gerund(upper):
            return
        if direct and lemma in words.averted and below.dep_ not in syntax.subject:
            course.why_unclaimed = "averted"
        elif lemma in words.ongoing and below.dep_ in syntax.open_complement and course.status in _SETTLED:
            course.status = Status.ONGOING
        elif to_come and lemma in words.possible:
            course.status, course.future = Status.POSSIBLE, True
        elif (
            to_come and lemma in words.planned and course.status is not Status.POSSIBLE and self._obliges(below, upper)
        ):
            plans = upper.pos_ in ("VERB", "AUX") and below.dep_ in syntax.subject and not syntax.is_passive(upper)
            if not plans:
                course.status, course.future = Status.PLANNED, True

    def _obliges(self, below: Token, upper: Token) -> bool:
        """ "*Have* to leave", but not "have 300 soldiers training"; other words of planning need no "to"."""
        return not self._tense.is_having(upper) or self._tense.has_to(below)

    def _is_to_come(self, course: _Course, below: Token) -> bool:
        """A plan governs an infinitive, a noun, a future clause; "confirmed that they came" is none."""
        form = self._tense.is_to_come(below) or self._syntax.is_gerund(below)
        return form or course.is_noun or below.pos_ == "ADP"

    def _take_modal(self, course: _Course, below: Token, upper: Token) -> None:
        """ "*Will* be able to send", "did *not* agree to send"."""
        modal = self._tense.modal(upper)
        aside = below.dep_ in self._syntax.adverbial_clause
        if modal is not None and not aside and course.status is not Status.POSSIBLE:
            course.status, course.future = modal, True
        joined_before = below.dep_ in self._syntax.conjunct and upper.i <= course.token.i
        if below.dep_ in self._syntax.under_negation and not joined_before and self._negation.is_negated(upper):
            course.polarity = Polarity.DENIED
