"""What befell the people of a casualties event: "killed or wounded" is one outcome unless each has its people."""

from __future__ import annotations

from service.domain.claims import Kind, Outcome
from worker.extraction.frames.events import Event
from worker.extraction.mentions.constructions import OutcomeWords
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token


def outcome_of(event: Event, words: OutcomeWords, syntax: Syntax) -> Outcome | None:
    if event.trigger.kind is not Kind.CASUALTIES:
        return None
    outcome, token = event.trigger.outcome, event.token
    beside = {t.lower_ for t in token.doc[max(0, token.i - 2) : token.i + 4]}
    wounded = bool(beside & words.wounded)
    if outcome is Outcome.KILLED and wounded and beside & words.and_or:
        return outcome if _has_people_behind(token, syntax) else Outcome.KILLED_OR_WOUNDED
    joined = tuple(t.lower_ for t in token.doc[max(0, token.i - 2) : token.i])
    if outcome is Outcome.WOUNDED and joined in words.dead_or:
        return Outcome.KILLED_OR_WOUNDED
    if outcome is Outcome.KILLED_OR_WOUNDED and beside & words.dead and not wounded:
        return Outcome.KILLED
    return outcome


def _has_people_behind(token: Token, syntax: Syntax) -> bool:
    """ "12 were killed and *30* wounded"."""
    if any(t.pos_ == "NUM" for t in token.doc[token.i + 1 : token.i + 4]):
        return True
    joined = syntax.children(token, syntax.conjunct)
    return any(c.i > token.i for one in joined for c in syntax.children(one, syntax.subject))


def toll_outcome(group: Group, words: OutcomeWords) -> Outcome | None:
    """ "4,500 killed and wounded" counts both."""
    doc, at = group.head.doc, group.head.i
    around = {t.lower_ for t in doc[max(0, at - 3) : at + 4]}
    if around & words.dead and around & words.wounded and around & words.and_or:
        near = {t.lower_ for t in doc[max(0, at - 2) : at + 3]}
        own_figure = any(t.pos_ == "NUM" for t in doc[max(0, at - 1) : at + 3] if t.i != at)
        if not own_figure and near & words.and_or:
            return Outcome.KILLED_OR_WOUNDED
    return group.people.outcome if group.people is not None else None
