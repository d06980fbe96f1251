"""Whose people a group is when its own words don't say: possessives, senders and owners of an event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from service.domain.claims import Kind
from worker.extraction.frames.events import Event
from worker.extraction.mentions.constructions import OwnerWords, begins_with
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_OF_US = 2

Owner = ForceMention | Literal["speaker"]


@dataclass(frozen=True, slots=True)
class OwnerFinder:
    words: OwnerWords
    syntax: Syntax

    def of(self, marked: Marked, group: Group | None, event: Event) -> Owner | None:
        """The force that owns or sends the group, "speaker" for "our soldiers", or None."""
        token = event.token
        if group is not None:
            behind = [t.lower_ for t in marked.doc[group.end : group.end + _OF_US]]
            if group.counted is not None and begins_with(behind, self.words.of_us):
                return "speaker"
            owner = self._possessor(marked, group, token)
            if owner is not None:
                return owner
            holder = self._holder(marked, group)
            if holder is not None:
                return holder
            if group.is_toll:
                return self._toll_owner(marked, group)
        if token.pos_ in ("NOUN", "PROPN"):
            return self._noun_owner(marked, token)
        return self._actor(marked, group, event)

    def _possessor(self, marked: Marked, group: Group, event: Token) -> Owner | None:
        """ "our soldiers", "its soldiers"."""
        for token in (group.head, group.top):
            for child in token.children:
                if child.lower_ in self.words.ours or self._is_own_country(child):
                    return "speaker"
                if child.lower_ in self.words.theirs:
                    owner = self._subject_force(marked, event) or _last_actor(marked, child.i, self.syntax)
                    if owner is not None:
                        return owner
        return None

    def _is_own_country(self, owner: Token, *, named: bool = False) -> bool:
        """ "*his country's* soldiers"; with `named` only a person's: "its government" is of who was named before."""
        own = self.words.ours | (self.words.persons if named else self.words.theirs)
        return owner.lemma_.casefold() in self.words.states and any(c.lower_ in own for c in owner.children)

    def _holder(self, marked: Marked, group: Group) -> ForceMention | None:
        """ "*Britain* has the largest share, *with* 13,000 soldiers"."""
        link = group.top.head
        held = group.top.dep_ in self.syntax.prepositional_object and link.lower_ in self.words.holding
        if not held or group.counted is None:
            return None
        verb = next((u for u in self.syntax.governors(link) if u.pos_ in ("VERB", "AUX")), None)
        return self._subject_force(marked, verb) if verb is not None else None

    def _actor(self, marked: Marked, group: Group | None, event: Event) -> Owner | None:
        """The force that does what the verb tells, or has it done to its own; "speaker" for "we sent"."""
        token = event.token
        passive = self.syntax.is_passive(token)
        subjects = self.syntax.subjects(token)
        ours = any(
            (s.pos_ == "PRON" and s.lower_ in self.words.ours) or self._is_own_country(s, named=True) for s in subjects
        )
        if ours and (event.trigger.kind is not Kind.CASUALTIES or token.lemma_ in self.words.suffering):
            return "speaker"
        agent = self._agent_force(marked, token) if passive else None
        if agent is not None and event.trigger.kind is not Kind.CASUALTIES:
            return agent
        if group is None:
            if passive:
                return None
        elif any(subject.i in range(group.start, group.end) for subject in self.syntax.subjects(token)):
            return None
        if event.trigger.kind is Kind.CASUALTIES and token.lemma_ not in self.words.suffering:
            return None
        return self._agent_force(marked, token) if passive else self._subject_force(marked, token)

    def harmer(self, marked: Marked, verb: Token) -> ForceMention | None:
        """Who does the harm: "*the rebels* said they killed 30 soldiers"."""
        if self.syntax.is_passive(verb):
            return _mention_below(marked, self.syntax.children(verb, self.syntax.agent))
        return self._subject_force(marked, verb)

    def _subject_force(self, marked: Marked, verb: Token) -> ForceMention | None:
        if verb.pos_ not in ("VERB", "AUX"):
            return None
        accused = self._accused(verb)
        subjects = accused or self.syntax.subjects(verb)
        for subject in subjects:
            meant = self._meant(subject, verb)
            found = named_beside(marked, meant, self.syntax) or mention_at(marked, meant)
            if found is not None:
                return found
        return self._force_above(marked, verb, pronoun=any(s.lower_ in self.words.speakers for s in subjects))

    def _accused(self, verb: Token) -> list[Token]:
        """Who does it in "accused *Rwanda* of having"."""
        upper = verb.head.head
        if verb.dep_ not in self.syntax.prepositional_clause or upper.lemma_ not in self.words.accusing:
            return []
        return self.syntax.children(upper, self.syntax.controller)

    def _meant(self, subject: Token, verb: Token) -> Token:
        """The noun that a relative pronoun stands for, in "it was *France* that sent" too."""
        if not self.syntax.is_relative_pronoun(subject):
            return subject
        if verb.dep_ in self.syntax.relative_clause and verb.head.pos_ != "AUX":
            return verb.head
        if verb.dep_ in self.syntax.relative_clause | self.syntax.clause_complement:
            return next(iter(self.syntax.children(verb.head, self.syntax.object)), subject)
        return subject

    def _force_above(self, marked: Marked, verb: Token, *, pronoun: bool) -> ForceMention | None:
        """The force of a clause or noun above the verb; `pronoun` tells that the verb's own subject is one."""
        for upper in self.syntax.governors(verb):
            found: ForceMention | None = None
            if upper.pos_ in ("NOUN", "PROPN"):
                found = _only_force(marked, upper.left_edge.i, verb.i, self.syntax)
            elif upper.pos_ in ("VERB", "AUX"):
                said = upper.pos_ == "VERB" and upper.i < verb.i and verb.dep_ in self.syntax.clause_complement
                if (pronoun and said) or verb.dep_ in self.syntax.same_subject:
                    found = self._first_subject(marked, upper)
                if found is None and verb.dep_ in self.syntax.clause_complement:
                    return None
            if found is not None:
                return found
            verb = upper
        return None

    def _first_subject(self, marked: Marked, verb: Token) -> ForceMention | None:
        mentions = (mention_at(marked, subject) for subject in self.syntax.subjects(verb))
        return next((found for found in mentions if found is not None), None)

    def _agent_force(self, marked: Marked, verb: Token) -> ForceMention | None:
        if verb.lemma_ in self.words.harming:
            return None
        return _mention_below(marked, self.syntax.children(verb, self.syntax.agent))

    def _noun_owner(self, marked: Marked, noun: Token) -> ForceMention | None:
        left = noun.left_edge.i
        inside = [f for f in marked.forces if left <= f.start and f.end <= noun.i]
        if inside:
            return inside[-1]
        if any(child.lower_ in self.words.theirs for child in noun.children):
            for verb in self.syntax.governors(noun):
                if verb.pos_ == "VERB":
                    return self._subject_force(marked, verb)
        links = self.syntax.children(noun, self.syntax.preposition)
        by = _mention_below(marked, [link for link in links if link.lower_ in self.words.by])
        arranged = noun.dep_ in self.syntax.object and noun.head.lemma_.casefold() in self.words.arranging
        return by or (self._first_subject(marked, noun.head) if arranged else None)

    def _toll_owner(self, marked: Marked, group: Group) -> ForceMention | None:
        """Whose losses: "casualties among North Korean forces", "Russian losses", "it has suffered 4,700"."""
        for token in (group.head, group.top):
            for link in self.syntax.children(token, self.syntax.preposition):
                if link.lower_ in self.words.of_toll:
                    for head in link.children:
                        found = mention_at(marked, head)
                        if found is not None and found.form != "name":
                            return found
        for verb in self.syntax.governors(group.top):
            if verb.pos_ == "VERB" and group.top.i not in [s.i for s in self.syntax.subjects(verb)]:
                found = self._subject_force(marked, verb)
                if found is not None and verb.lemma_ in self.words.suffering:
                    return found
        return None


def mention_at(marked: Marked, token: Token) -> ForceMention | None:
    """The force that a noun phrase names: its head, or an adjective or owner before its head."""
    for force in marked.forces:
        if force.start <= token.i < force.end:
            return force
    left = token.left_edge.i
    inside = [f for f in marked.forces if left <= f.start and f.end <= token.i]
    return inside[-1] if inside else None


def named_beside(marked: Marked, token: Token, syntax: Syntax) -> ForceMention | None:
    """ "Mozambique's former ruler, *Portugal*,": the country that a noun only goes round."""
    beside = syntax.children(token, syntax.apposition)
    return next((f for f in marked.forces if f.form == "name" and any(f.end - 1 == b.i for b in beside)), None)


def _mention_below(marked: Marked, links: list[Token]) -> ForceMention | None:
    mentions = (mention_at(marked, head) for link in links for head in link.children)
    return next((found for found in mentions if found is not None), None)


def _only_force(marked: Marked, start: int, end: int, syntax: Syntax) -> ForceMention | None:
    """The first force among the tokens [start, end), when they name no other."""
    inside = [f for f in marked.forces if start <= f.start and f.end <= end and not is_place(marked, f, syntax)]
    return inside[0] if len({(f.country, f.group) for f in inside}) == 1 else None


def _last_actor(marked: Marked, before: int, syntax: Syntax) -> ForceMention | None:
    forms = ("name", "capital", "group", "body", "leader")
    named = [f for f in marked.forces if f.end <= before and f.form in forms and not is_place(marked, f, syntax)]
    return named[-1] if named else None


def is_place(marked: Marked, force: ForceMention, syntax: Syntax) -> bool:
    """Whether a country's name only tells where: "*in* Mali"."""
    link = marked.doc[force.end - 1].head
    where = (syntax.prepositions[role] for role in ("location", "destination"))
    return force.form in ("name", "capital") and link.pos_ == "ADP" and any(link.lower_ in words for words in where)
