"""When: which of a sentence's date phrases dates an event."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.domain.claims import Time
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token


@dataclass(frozen=True, slots=True)
class Dating:
    """An event's time. `ahead`: still to come where the words leave it open, as in "is sending 300 on Monday"."""

    time: Time
    ahead: bool


def dating_for(marked: Marked, event: Token, syntax: Syntax, speech: frozenset[str], *, future: bool) -> Dating | None:
    """The phrase nearest to the event that is not the day of a report or speech."""
    best: tuple[tuple[bool, int, int], Dating] | None = None
    clause = {t.i for t in event.subtree}
    for dated in marked.times:
        start, end = dated.start, dated.end
        mention = dated.future if future else dated.past
        root = marked.doc[start:end].root
        holder = _verb_above(root, event, syntax)
        told = holder is not None and holder.i != event.i
        if holder is not None and told and (holder.lemma_.casefold() in speech or _is_apart(holder, event, syntax)):
            continue
        unread = mention.time.start is None and mention.time.end is None
        distance = (unread, 0 if start in clause else 1, abs(start - event.i))
        if best is None or distance < best[0]:
            best = (distance, Dating(replace(mention.time, text=marked.words(start, end)), dated.ahead))
    return best[1] if best else None


def _is_apart(verb: Token, event: Token, syntax: Syntax) -> bool:
    return _is_aside(verb, event, syntax) or _is_further(verb, event, syntax)


def _is_further(verb: Token, event: Token, syntax: Syntax) -> bool:
    """Whether a further event in a tense of its own has the date: "has sent 250 and *will send* 100 in July"."""
    if verb.dep_ not in syntax.conjunct or verb.head.i != event.i:
        return False
    own, first = ({a.lower_ for a in syntax.children(v, syntax.auxiliary)} for v in (verb, event))
    return bool(own) and own != first


def _is_aside(verb: Token, event: Token, syntax: Syntax) -> bool:
    """Whether a clause about one of the event's people or places has the date: "troops *who came in May* are there"."""
    aside = verb.dep_ in syntax.relative_clause or (verb.dep_ in syntax.noun_clause and verb.i < event.i)
    return aside and any(upper.i == event.i for upper in syntax.governors(verb))


def _verb_above(token: Token, event: Token, syntax: Syntax) -> Token | None:
    for upper in syntax.governors(token):
        if upper.i == event.i or upper.pos_ in ("VERB", "AUX"):
            return upper
    return None
