"""Another figure for people told of before: "the rebels put the number at 150", "diplomats say it is 3,000"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.domain.claims import Polarity, Status
from worker.extraction.claims.drafts import Draft, Told
from worker.extraction.frames.events import Link
from worker.extraction.mentions.constructions import Constructions, RetellingWords
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_NEAR_SENTENCES = 2
_MOST_TIMES = 30
"""Two counts of the same people differ by less."""


def is_retelling(link: Link, turns: Constructions, syntax: Syntax) -> bool:
    """Whether the link is a bare number, told of nobody by name: "*the figure*", "*their number*", "*it*"."""
    group = link.group
    if group is None or group.people is not None or group.force is not None or group.strength is None:
        return False
    words, noun = turns.retelling, group.strength
    if noun.lower_ in words.pronouns:
        return True
    if noun.lemma_.casefold() not in words.nouns:
        return False
    beside = [c for c in noun.children if c.i < noun.i or c.dep_ in syntax.preposition]
    plain = all(c.lower_ in words.pointing or c.lower_ in turns.predicates.plain for c in beside)
    return plain and any(c.lower_ in words.pointing for c in beside)


def needs_told(noun: Token, words: RetellingWords) -> bool:
    """Whether the word means nothing by itself: "it", "the toll"."""
    return noun.lower_ in words.pronouns or noun.lemma_.casefold() in words.tolls


def told_before(marked: Marked, link: Link, here: Sequence[Draft], told: Told) -> Draft | None:
    """The figure that is told anew: the last one of the sentence, else of the two before it."""
    group = link.group
    if group is None or group.counted is None:
        return None
    counted = group.counted
    last = next((c for c in reversed(marked.counted) if c.end <= counted.start), None)
    if last is not None and not any(d.count_span == marked.article_span(last.start, last.end) for d in here):
        return None
    near = [d for d in told.drafts if 0 < marked.index - d.sentence <= _NEAR_SENTENCES]
    near = [d for d in near if marked.sentence.line - d.line <= 1]
    for draft in (*reversed(here), *reversed(near)):
        if draft.numbered and draft.part_of is None:
            own = counted.quantity.min or counted.quantity.max or 0
            other = draft.figure[0] or draft.figure[1] or 0
            return draft if own <= other * _MOST_TIMES and other <= own * _MOST_TIMES else None
    return None


def retold(draft: Draft, before: Draft) -> Draft:
    """What was told before, with the figure, words and source of the draft that tells it anew."""
    status = draft.status if draft.status in (Status.PLANNED, Status.POSSIBLE) else before.status
    return replace(
        draft, kind=before.kind, outcome=before.outcome, status=status, polarity=Polarity.AFFIRMED,
        force=before.force, personnel=before.personnel, locations=before.locations, origin=before.origin,
        time=before.time, at_once=before.at_once, reasons=["noun:figure", "figure told anew"],
    )  # fmt: skip
