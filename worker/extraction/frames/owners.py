"""Whose people a group is when its own words don't say: possessives, senders and owners of an event."""

from __future__ import annotations

from typing import Literal

from spacy.tokens import Token

from service.domain.claims import Kind
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax

_OURS = frozenset({"our", "my", "we", "us", "ours"})
_SPEAKERS = frozenset({"it", "they", "he", "she"})
_THEIRS = frozenset({"its", "their", "his", "her", "whose"})


_SUFFERING = frozenset(
    {"suffer", "sustain", "take", "lose", "have", "incur", "see", "record", "acknowledge", "admit", "put", "report"}
)


def belongs_to(
    marked: Marked, group: Group | None, event: Token, syntax: Syntax, *, kind: Kind
) -> ForceMention | Literal["speaker"] | None:
    """The force that owns or sends the group, "speaker" for "our soldiers", or None."""
    if group is not None:
        for token in (group.head, group.top):
            for child in token.children:
                if child.lower_ in _OURS:
                    return "speaker"
                if child.lower_ in _THEIRS:
                    owner = _subject_force(marked, event, syntax) or _last_actor(marked, child.i)
                    if owner is not None:
                        return owner
        if group.is_toll:
            return _toll_owner(marked, group, syntax)
    if event.pos_ in ("NOUN", "PROPN"):
        return _noun_owner(marked, event, syntax)
    if group is not None and any(subject.i in range(group.start, group.end) for subject in syntax.subjects(event)):
        return None
    if group is None and syntax.is_passive(event):
        return None
    if kind is Kind.CASUALTIES and event.lemma_ not in _SUFFERING:
        return None
    if syntax.is_passive(event):
        return _agent_force(marked, event, syntax)
    return _subject_force(marked, event, syntax)


def mention_at(marked: Marked, token: Token) -> ForceMention | None:
    """The force that a noun phrase names: its head, or an adjective or owner before its head."""
    for force in marked.forces:
        if force.start <= token.i < force.end:
            return force
    left = token.left_edge.i
    inside = [f for f in marked.forces if left <= f.start and f.end <= token.i]
    return inside[-1] if inside else None


def _subject_force(marked: Marked, verb: Token, syntax: Syntax) -> ForceMention | None:
    if verb.pos_ not in ("VERB", "AUX"):
        return None
    pronoun = False
    for subject in syntax.subjects(verb):
        relative = subject.tag_ in ("WDT", "WP") and verb.dep_ in syntax.relative_clause
        found = mention_at(marked, verb.head if relative else subject)
        if found is not None:
            return found
        pronoun = pronoun or subject.lower_ in _SPEAKERS
    for upper in syntax.governors(verb):
        if pronoun and upper.pos_ == "VERB" and upper.i < verb.i and verb.dep_ in syntax.clause_complement:
            for subject in syntax.subjects(upper):
                found = mention_at(marked, subject)
                if found is not None:
                    return found
        if upper.pos_ in ("NOUN", "PROPN"):
            inside = [
                f
                for f in marked.forces
                if upper.left_edge.i <= f.start and f.end <= verb.i and f.start >= upper.left_edge.i
            ]
            if len({(f.country, f.group) for f in inside}) == 1:
                return inside[0]
        if upper.pos_ in ("VERB", "AUX"):
            for subject in syntax.subjects(upper):
                found = mention_at(marked, subject)
                if found is not None and verb.dep_ in syntax.open_complement | syntax.noun_clause | {
                    "pcomp",
                    "conj",
                    "advcl",
                }:
                    return found
            if verb.dep_ in syntax.clause_complement:
                return None
        verb = upper
    return None


def _agent_force(marked: Marked, verb: Token, syntax: Syntax) -> ForceMention | None:
    for child in verb.children:
        if child.dep_ in syntax.agent:
            for head in child.children:
                found = mention_at(marked, head)
                if found is not None and verb.lemma_ not in ("kill", "wound", "capture", "eliminate"):
                    return found
    return None


def _noun_owner(marked: Marked, noun: Token, syntax: Syntax) -> ForceMention | None:
    left = noun.left_edge.i
    inside = [f for f in marked.forces if left <= f.start and f.end <= noun.i]
    if inside:
        return inside[-1]
    if any(child.lower_ in _THEIRS for child in noun.children):
        for verb in syntax.governors(noun):
            if verb.pos_ == "VERB":
                return _subject_force(marked, verb, syntax)
    for child in noun.children:
        if child.dep_ in syntax.preposition and child.lower_ in ("by", "of"):
            for head in child.children:
                found = mention_at(marked, head)
                if found is not None and child.lower_ == "by":
                    return found
    return None


def _toll_owner(marked: Marked, group: Group, syntax: Syntax) -> ForceMention | None:
    """Whose losses: "casualties among North Korean forces", "Russian losses", "it has suffered 4,700"."""
    for token in (group.head, group.top):
        for child in token.children:
            if child.dep_ in syntax.preposition and child.lower_ in ("among", "of", "by", "for", "in", "from"):
                for head in child.children:
                    found = mention_at(marked, head)
                    if found is not None and found.form != "name":
                        return found
    for verb in syntax.governors(group.top):
        if verb.pos_ == "VERB" and group.top.i not in [s.i for s in syntax.subjects(verb)]:
            found = _subject_force(marked, verb, syntax)
            if found is not None and verb.lemma_ in _SUFFERING:
                return found
    return None


def _last_actor(marked: Marked, before: int) -> ForceMention | None:
    named = [f for f in marked.forces if f.end <= before and f.form in ("name", "capital", "group")]
    return named[-1] if named else None
