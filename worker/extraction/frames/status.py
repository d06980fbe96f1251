"""Whether an event is told as done, going on, planned or possible; affirmed or denied; or not claimed at all."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from service.domain.claims import Kind, Polarity, Status
from worker.extraction.frames.events import Event
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import LineKind
from worker.extraction.words import Table, expect_keys, strings, subtable


@dataclass(frozen=True, slots=True)
class StatusWords:
    """Source: lexicons/<language>/status.toml, which says what each group means."""

    planned_modals: frozenset[str]
    possible_modals: frozenset[str]
    planned: frozenset[str]
    possible: frozenset[str]
    ongoing: frozenset[str]
    denying: frozenset[str]
    negators: frozenset[str]
    unclaimed: frozenset[str]
    averted: frozenset[str]
    speculation: frozenset[str]
    untrue: frozenset[str]
    hearsay_adverbs: frozenset[str]
    hearsay_verbs: frozenset[str]
    hearsay_nouns: frozenset[str]


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


def parse_status(table: Table) -> StatusWords:
    where = "status.toml"
    expect_keys(table, ("modals", "governors", "polarity", "hearsay"), where=where)
    modals, governors = subtable(table, "modals", where=where), subtable(table, "governors", where=where)
    polarity, hearsay = subtable(table, "polarity", where=where), subtable(table, "hearsay", where=where)
    expect_keys(modals, ("planned", "possible"), where=where)
    expect_keys(governors, ("planned", "possible", "ongoing"), where=where)
    expect_keys(polarity, ("denying", "negators", "unclaimed", "averted", "speculation", "untrue"), where=where)
    expect_keys(hearsay, ("adverbs", "verbs", "nouns"), where=where)

    def group(part: Table, key: str) -> frozenset[str]:
        return frozenset(strings(part, key, where=where))

    return StatusWords(
        planned_modals=group(modals, "planned"), possible_modals=group(modals, "possible"),
        planned=group(governors, "planned"), possible=group(governors, "possible"), ongoing=group(governors, "ongoing"),
        denying=group(polarity, "denying"), negators=group(polarity, "negators"), unclaimed=group(polarity, "unclaimed"),
        averted=group(polarity, "averted"), speculation=group(polarity, "speculation"), untrue=group(polarity, "untrue"),
        hearsay_adverbs=group(hearsay, "adverbs"), hearsay_verbs=group(hearsay, "verbs"), hearsay_nouns=group(hearsay, "nouns"),
    )  # fmt: skip


_SETTLED = (Status.OCCURRED, Status.ONGOING)


class StatusReader:
    def __init__(self, words: StatusWords, syntax: Syntax, speech_verbs: frozenset[str]) -> None:
        self._words, self._syntax, self._speech = words, syntax, speech_verbs

    def read(self, event: Event, group: Group | None, line: LineKind) -> StatusReading:
        token = event.token
        own = self._tense(event, line)
        polarity, denier = self._polarity(event, group)
        status, future = own
        claimed, why = True, None
        seen: list[Token] = [token]
        for upper in self._syntax.governors(token):
            below = seen[-1]
            seen.append(upper)
            lemma = upper.lemma_.casefold()
            if upper.pos_ == "ADP" and below.tag_ != "VB":
                continue
            if below.dep_ in self._syntax.conjunct and upper.pos_ in ("VERB", "AUX"):
                continue
            if self._is_called_untrue(upper) and below.dep_ not in self._syntax.adverbial_clause:
                polarity = Polarity.DENIED
            if lemma in self._words.denying and denier is None:
                if self._is_negated(upper) or self._coordinated_negation(upper):
                    claimed, why = False, "neither confirmed nor denied"
                elif below.dep_ not in self._syntax.subject or self._syntax.is_passive(upper):
                    polarity, denier = Polarity.DENIED, upper
                    if token.tag_ == "VBG":
                        status = Status.OCCURRED
                continue
            if below.dep_ in self._syntax.subject and not token.pos_ == "NOUN" and below is not token:
                continue
            complement = (
                below.dep_
                in self._syntax.open_complement
                | self._syntax.noun_clause
                | self._syntax.prepositional_object
                | {"dobj", "pobj", "prep", "amod", "compound", "nsubj", "nsubjpass", "advcl", "ccomp"}
            )
            if (
                upper.pos_ in ("VERB", "AUX")
                and below.dep_ in self._syntax.clause_complement
                and lemma in self._speech
                and lemma not in self._words.planned | self._words.possible
            ):
                continue
            if not complement:
                continue
            if upper.pos_ == "NOUN" and any(c.lower_ == "no" for c in upper.children):
                claimed, why = False, "no " + upper.lower_
            if upper.lemma_.casefold() in self._words.speculation and upper.pos_ == "NOUN":
                claimed, why = False, "speculation"
            direct = below.dep_ not in ("advcl", "ccomp") or below.tag_ == "VB"
            if lemma in self._words.averted and direct and below.dep_ not in self._syntax.subject:
                claimed, why = False, "averted"
            elif lemma in self._words.ongoing and below.dep_ in self._syntax.open_complement and status in _SETTLED:
                status = Status.ONGOING
            elif direct and self._infinitive_or_noun(below, token) and lemma in self._words.possible:
                status, future = Status.POSSIBLE, True
            elif (
                direct
                and self._infinitive_or_noun(below, token)
                and lemma in self._words.planned
                and status is not Status.POSSIBLE
            ):
                if not (
                    upper.pos_ in ("VERB", "AUX")
                    and below.dep_ in self._syntax.subject
                    and not self._syntax.is_passive(upper)
                ):
                    status, future = Status.PLANNED, True
            if upper.pos_ in ("VERB", "AUX") and (
                token.pos_ == "NOUN" or below.dep_ in self._syntax.open_complement | {"prep", "acomp", "pcomp"}
            ):
                modal = self._modal(upper)
                if modal is not None and status is not Status.POSSIBLE and below.dep_ != "advcl":
                    status, future = modal, True
                if (
                    self._is_negated(upper)
                    and below.dep_
                    in self._syntax.open_complement | self._syntax.object | {"prep", "pcomp", "acomp", "conj"}
                    and (below.dep_ != "conj" or upper.i > token.i)
                ):
                    polarity = Polarity.DENIED
        if token.tag_ == "VB" and self._is_negated(token) and any(c.lower_ == "to" for c in token.children):
            claimed, why = False, "an undertaking not to"
        if claimed and (condition := self._condition(seen)) is not None:
            claimed, why = False, condition
        return StatusReading(status=status, polarity=polarity, claimed=claimed, why=why, denier=denier, future=future)

    def _is_called_untrue(self, verb: Token) -> bool:
        """ "It is not true that", "the claim that ... is fake"."""
        for child in verb.children:
            if child.dep_ in self._syntax.predicate | self._syntax.object:
                if child.lemma_.casefold() in self._words.untrue:
                    return not self._is_negated(verb)
                if child.lower_ == "true":
                    return self._is_negated(verb)
        if verb.lemma_ in ("correspond", "match") and self._is_negated(verb):
            return any(t.lower_ in ("reality", "truth", "facts") for t in verb.subtree)
        return False

    def _infinitive_or_noun(self, below: Token, token: Token) -> bool:
        """A plan governs what is still to come: an infinitive, a noun, a future clause; not "confirmed that they came"."""
        return below.tag_ == "VB" or token.pos_ == "NOUN" or below.pos_ == "ADP" or below.tag_ == "VBG"

    def _tense(self, event: Event, line: LineKind) -> tuple[Status, bool]:
        token, kind = event.token, event.trigger.kind
        if event.trigger.status is not None:
            return event.trigger.status, True
        if (
            line in (LineKind.TITLE, LineKind.HEADING)
            and token.i > 0
            and token.tag_ in ("VB", "VBP", "NN")
            and token.doc[token.i - 1].lower_ == "to"
        ):
            return Status.PLANNED, True
        if event.trigger.noun and kind is Kind.PRESENCE:
            past = next((u for u in self._syntax.governors(token) if u.pos_ in ("VERB", "AUX")), None)
            if past is not None and past.tag_ == "VBD" and past.lemma_ not in self._speech:
                return Status.OCCURRED, False
        if event.trigger.noun:
            return (Status.ONGOING if kind is Kind.PRESENCE else Status.OCCURRED), False
        modal = self._modal(token)
        if modal is not None:
            demand = modal is Status.POSSIBLE and any(c.lower_ in ("should", "must") for c in token.children)
            if demand and event.trigger.whose == "subject" and kind is Kind.DEPLOYMENT:
                return Status.PLANNED, True
            return modal, True
        auxiliaries = {child.lemma_.casefold() for child in self._syntax.children(token, self._syntax.auxiliary)}
        forms = {child.lower_ for child in self._syntax.children(token, self._syntax.auxiliary)}
        if token.tag_ in ("VB", "VBN") and "to" in auxiliaries:
            finite = token.dep_ in ("ROOT", "relcl") or (
                token.dep_ in self._syntax.open_complement and token.head.lemma_ == "be"
            )
            return (Status.PLANNED, True) if finite or token.dep_ in ("acl",) else (Status.OCCURRED, False)
        if token.tag_ == "VBG":
            return (Status.OCCURRED if kind is Kind.CASUALTIES else Status.ONGOING), False
        if token.tag_ in ("VBZ", "VBP"):
            headline = line in (LineKind.TITLE, LineKind.HEADING) and kind is not Kind.PRESENCE
            return (Status.OCCURRED if headline or kind is Kind.CASUALTIES else Status.ONGOING), False
        if token.tag_ in ("VBN", "VBD"):
            if "have" in auxiliaries:
                return (Status.ONGOING if kind is Kind.PRESENCE and forms & {"been"} else Status.OCCURRED), False
            if forms & {"is", "are", "being", "'re", "'s"}:
                return (Status.OCCURRED if kind is Kind.CASUALTIES else Status.ONGOING), False
            if token.dep_ in self._syntax.noun_clause and kind is Kind.PRESENCE:
                return Status.ONGOING, False
        return Status.OCCURRED, False

    def _modal(self, verb: Token) -> Status | None:
        for child in self._syntax.children(verb, self._syntax.auxiliary):
            if child.lower_ in self._words.planned_modals:
                return Status.PLANNED
            if child.lower_ in self._words.possible_modals:
                return Status.POSSIBLE
        if verb.dep_ in self._syntax.conjunct and verb.head.pos_ in ("VERB", "AUX") and verb.tag_ == "VB":
            return self._modal(verb.head)
        return None

    def _is_negated(self, token: Token) -> bool:
        if any(c.dep_ in self._syntax.negation or c.lower_ == "never" for c in token.children):
            return True
        window = [t.lower_ for t in token.doc[max(0, token.i - 4) : token.i]]
        return any(
            pair in (("no", "circumstances"), ("no", "way"), ("no", "longer"))
            for pair in zip(window, window[1:], strict=False)
        )

    def _coordinated_negation(self, token: Token) -> bool:
        window = token.doc[max(0, token.i - 4) : token.i]
        return any(t.lower_ in ("neither", "nor") for t in window)

    def _polarity(self, event: Event, group: Group | None) -> tuple[Polarity, Token | None]:
        denied = self._is_negated(event.token)
        tokens = [event.token, *([group.head, group.top] if group else [])]
        for token in tokens:
            if token.pos_ in ("NOUN", "PROPN", "NUM", "PRON"):
                denied = denied or any(c.lower_ in ("no", "neither") and c.dep_ == "det" for c in token.children)
                denied = denied or token.lower_ in ("none", "nobody")
        if group is not None:
            before = [t.lower_ for t in group.head.doc[max(0, group.head.i - 5) : group.head.i]]
            denied = denied or any(
                a in ("not", "n't") and b in ("one", "a", "any") for a, b in zip(before, before[1:], strict=False)
            )
        if group is not None and group.counted is not None:
            first = group.counted.start
            denied = denied or (
                first > 0 and group.counted.quantity.max == 1 and token.doc[first - 1].lower_ in ("not", "n't")
            )
        return (Polarity.DENIED if denied else Polarity.AFFIRMED), None

    def _condition(self, chain: list[Token]) -> str | None:
        doc = chain[0].doc
        if doc[-1].lower_ == "?" or (len(doc) > 1 and doc[-2].lower_ == "?" and doc[-1].is_punct):
            return "question"
        if doc[0].lower_ in ("were", "should", "had") and doc[0].pos_ == "AUX":
            return "condition"
        for token in chain:
            marks = [c.lower_ for c in token.children if c.dep_ in self._syntax.marker | {"advmod"}]
            for mark in marks:
                if mark in self._words.unclaimed and token.pos_ in ("VERB", "AUX"):
                    return "condition"
        first = chain[0]
        infinitive = first.tag_ == "VB" and any(c.lower_ == "to" for c in first.children)
        if infinitive and first.dep_ in self._syntax.adverbial_clause:
            return "aim"
        return None
