"""Events of movement, presence and loss in a sentence, and which group of people each befalls."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import Kind
from worker.extraction.frames.event_words import EventWords, Trigger
from worker.extraction.mentions.constructions import EventTurns
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_NEAR_TOKENS = 10
_LONGEST_LIST = 12
_LONGEST_WAY = 3

Argument = tuple[Token, str]
"""A token that an event befalls and the construction that says so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    token: Token
    trigger: Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An event and the group it befalls. `group` is None where a pronoun stands for people named before.

    `how` names the construction, for the claim's reasons: subject, object, clause, noun, toll, near.
    """

    event: Event
    group: Group | None
    pronoun: Token | None
    how: str


def find_events(marked: Marked, words: EventWords, syntax: Syntax) -> list[Event]:
    """Every word of the sentence that tells an event, in order."""
    found: list[Event] = []
    for token in marked.doc:
        lemma = token.lemma_.casefold()
        if token.pos_ in ("VERB", "AUX"):
            if token.dep_ in syntax.auxiliary or token.dep_ in syntax.adjective:
                continue
            for trigger in words.verbs.get(lemma, ()):
                if token.i + 1 < len(marked.doc) and token.nbor(1).lower_ in trigger.unless:
                    continue
                if not _is_in_its_voice(token, trigger, syntax):
                    continue
                if trigger.is_turn and trigger.whose == "object" and not _has_object(token, syntax):
                    continue
                if _is_complete(token, trigger):
                    found.append(Event(token=token, trigger=trigger))
                    if trigger.is_turn:
                        break
        elif token.pos_ in ("NOUN", "PROPN") and lemma in words.nouns:
            found.append(Event(token=token, trigger=words.nouns[lemma]))
    return found


def _is_in_its_voice(verb: Token, trigger: Trigger, syntax: Syntax) -> bool:
    """Whether the verb stands in the voice that the trigger asks for, and captors are told where it needs them."""
    if not syntax.is_passive(verb):
        return not trigger.passive
    if trigger.captors and not syntax.children(verb, syntax.agent):
        return False
    return not (trigger.active and trigger.whose == "subject")


def _has_object(verb: Token, syntax: Syntax) -> bool:
    """Whether anybody can be its object: who "flew out" alone was flown by nobody."""
    return (
        syntax.is_passive(verb)
        or bool(syntax.objects(verb))
        or (verb.i + 1 < len(verb.doc) and verb.nbor(1).pos_ == "NUM")
    )


def _is_complete(verb: Token, trigger: Trigger) -> bool:
    """Whether the words that the trigger asks for stand beside the verb or hang on it."""
    if trigger.particles and not any(child.lower_ in trigger.particles for child in verb.children):
        return False
    if trigger.barred and _beside(verb, trigger.barred):
        return False
    return not trigger.companions or _beside(verb, trigger.companions)


def _beside(verb: Token, companions: frozenset[str]) -> bool:
    near = verb.doc[max(0, verb.i - 2) : verb.i + _NEAR_TOKENS]
    return any(t.lower_ in companions for t in (*near, *verb.children) if t.i != verb.i)


@dataclass(frozen=True, slots=True)
class EventLinker:
    """Joins events to the groups that they befall."""

    turns: EventTurns
    syntax: Syntax

    def link(self, events: list[Event], groups: list[Group]) -> list[Link]:
        """One event and one group are joined at most once."""
        links: dict[tuple[int, int], Link] = {}
        for event in events:
            for argument, how in self._arguments(event, groups):
                for link in self._links(event, argument, how, groups):
                    links.setdefault((event.token.i, link.group.head.i if link.group else -1), link)
        return list(links.values())

    def _links(self, event: Event, argument: Token, how: str, groups: list[Group]) -> list[Link]:
        found = _groups_at(argument, groups) or self._named_by(argument, groups)
        found = self._counted_within(argument, found, groups) or found or self._held_by(argument, groups)
        if found:
            told = [g for g in found if self._may_tell(event, g) and self._may_hold(event, g, groups)]
            return [Link(event=event, group=group, pronoun=None, how=how) for group in told]
        if argument.lower_ in self.turns.nobody and not self._are_ours(event, argument):
            return []
        if argument.pos_ != "PRON" and argument.lower_ not in self.turns.many:
            return []
        if self._is_of_a_thing(argument, event.token, groups):
            return []
        antecedent = self._antecedent(argument, groups)
        if antecedent is not None:
            return [Link(event=event, group=antecedent, pronoun=None, how="clause")]
        return [Link(event=event, group=None, pronoun=argument, how=how)]

    def _are_ours(self, event: Event, argument: Token) -> bool:
        """ "*We* are not withdrawing from Iraq"."""
        return argument.lower_ in self.turns.we and event.token.lemma_ in self.turns.own_moves

    def _may_tell(self, event: Event, group: Group) -> bool:
        """Weak words say nothing of people whom another verb has counted, and of the dead only that they are dead."""
        if group.top.lower_ in self.turns.lifeless:
            return event.trigger.kind is Kind.CASUALTIES
        return not group.measured or event.trigger.strong

    def _may_hold(self, event: Event, group: Group, groups: list[Group]) -> bool:
        """Whether who holds people is their enemy: "*rebels* hold 22 Congolese soldiers", but not "NATO holds"."""
        if not event.trigger.captors or self.syntax.is_passive(event.token):
            return True
        captors = [g for s in self.syntax.subjects(event.token) for g in _groups_at(s, groups)]
        if group.force is None or group in captors:
            return False
        return any(_are_fighters(g) and g.force != group.force for g in captors)

    def _arguments(self, event: Event, groups: list[Group]) -> list[Argument]:
        if event.trigger.noun:
            return self._noun_arguments(event.token)
        if event.trigger.ground and self._holds_people(event.token, groups):
            return []
        return self._verb_arguments(event, groups) or self._group_beside(event, groups)

    def _holds_people(self, verb: Token, groups: list[Group]) -> bool:
        passive = self.syntax.is_passive(verb)
        held = self.syntax.subjects(verb) if passive else self.syntax.objects(verb)
        return any(_groups_at(token, groups) for token in held)

    def _verb_arguments(self, event: Event, groups: list[Group]) -> list[Argument]:
        verb, whose = event.token, event.trigger.whose
        subjects, objects = self.syntax.subjects(verb), self.syntax.objects(verb) + self._figures_below(verb, groups)
        if whose == "subject":
            by = (
                [t for t in self._agents(verb) if t.pos_ != "PROPN" or _groups_at(t, groups)]
                if self.syntax.is_passive(verb)
                else []
            )
            return [(token, "subject") for token in by or subjects]
        if self.syntax.is_passive(verb):
            if event.trigger.active:
                return []
            return [(token, "subject") for token in subjects] or [(token, "object") for token in objects]
        if event.trigger.brings:
            return [(token, "object") for token in self.syntax.objects_behind(verb, self.turns.bringing)]
        if whose == "object":
            if event.trigger.measures:
                objects += self.syntax.objects_behind(verb, self.turns.to_figure)
            return [(token, "object") for token in objects]
        if objects and any(_groups_at(token, groups) or token.pos_ == "PRON" for token in objects):
            return [(token, "object") for token in objects]
        return [(token, "subject") for token in subjects] if not objects else []

    def _figures_below(self, verb: Token, groups: list[Group]) -> list[Token]:
        """ "Withdrew *around 3,000* of its troops", where the parser takes the bound for a preposition."""
        inside = {i for g in groups if g.counted is not None for i in range(g.counted.start, g.counted.end)}
        links = [c for c in self.syntax.children(verb, self.syntax.preposition) if c.i in inside and c.i > verb.i]
        return [c for link in links for c in self.syntax.children(link, self.syntax.prepositional_object)]

    def _agents(self, verb: Token) -> list[Token]:
        """ "A hub staffed *by 100 men*"."""
        links = self.syntax.children(verb, self.syntax.agent)
        return [
            one
            for link in links
            for c in self.syntax.children(link, self.syntax.prepositional_object)
            for one in self.syntax.conjuncts(c)
        ]

    def _group_beside(self, event: Event, groups: list[Group]) -> list[Argument]:
        """The group right beside a verb that the parse gave to another: "In the fighting 17 soldiers were killed"."""
        verb = event.token
        if event.trigger.whose == "object" and not self.syntax.is_passive(verb):
            return [(g.head, "object") for g in groups if g.start == verb.i + 1]
        first = min([c.i for c in self.syntax.children(verb, self.syntax.auxiliary)], default=verb.i)
        found = [g for g in groups if first in (g.end, g.force.end if g.force is not None else g.end)]
        return [(g.head, "clause") for g in found]

    def _noun_arguments(self, noun: Token) -> list[Argument]:
        """ "deployment of troops", "troop deployment", "their involvement"."""
        found: list[Token] = []
        for child in noun.children:
            if child.dep_ in self.syntax.preposition and child.lower_ in self.turns.of_people:
                inner = self.syntax.children(child, self.syntax.prepositional_object)
                found += [one for c in inner for one in self.syntax.conjuncts(c)]
            elif child.dep_ in self.syntax.modifier and child.i < noun.i:
                found.append(child)
        if noun.dep_ in self.syntax.subject:
            if noun.head.lemma_ in self.turns.involving:
                found += self.syntax.objects(noun.head)
            for verb in self.syntax.conjuncts(noun.head):
                if verb.lemma_ in self.turns.involving and not self.syntax.children(verb, self.syntax.subject):
                    found += self.syntax.objects(verb)
        return [(token, "noun") for token in found]

    def _named_by(self, argument: Token, groups: list[Group]) -> list[Group]:
        """Forces that stand before or behind the noun: "*Wagner* columns moved"."""
        beside = self.syntax.name_beside
        return [g for g in groups if g.force is not None and g.head.head.i == argument.i and g.head.dep_ in beside]

    def _counted_within(self, argument: Token, found: list[Group], groups: list[Group]) -> list[Group]:
        """ "A contingent of aircraft and 200 airmen": the people that a body without a figure holds."""
        bodies = [g for g in found if g.counted is None and g.people is not None and g.people.sort is PeopleSort.BODY]
        if not found or len(bodies) < len(found):
            return []
        inside = {t.i for t in argument.subtree}
        return [
            g
            for g in groups
            if g.counted is not None
            and g.people is not None
            and g.head.i in inside
            and g.head.dep_ in self.syntax.listed
            and g.end - argument.i < _LONGEST_LIST
        ]

    def _held_by(self, argument: Token, groups: list[Group]) -> list[Group]:
        """ "PRT-7, *consisting of* 120 soldiers", "a convoy *carrying* 40 marines": the people held."""
        if argument.pos_ not in ("NOUN", "PROPN") or argument.lower_ in self.turns.lifeless:
            return []
        return [
            g
            for g in groups
            if g.counted is not None
            and g.people is not None
            and g.people.sort is PeopleSort.TYPED
            and any(u.lemma_.casefold() in self.turns.holding for u in self._between(argument, g.top))
        ]

    def _between(self, upper: Token, lower: Token) -> list[Token]:
        """The prepositions and participles that lead from a noun to one inside its phrase."""
        found: list[Token] = []
        while len(found) < _LONGEST_WAY and lower.head.i != lower.i:
            lower = lower.head
            if lower.i == upper.i:
                return found
            if lower.pos_ != "ADP" and lower.dep_ not in self.syntax.noun_clause:
                return []
            found.append(lower)
        return []

    def _is_of_a_thing(self, pronoun: Token, verb: Token, groups: list[Group]) -> bool:
        """ "*Lashkar-e-Omar*, which is based in Pakistan": a name right before the clause that is nobody's we know."""
        if pronoun.lower_ not in self.turns.which or verb.dep_ not in self.syntax.relative_clause:
            return False
        named = verb.head
        return named.pos_ == "PROPN" and named.i < pronoun.i and not any(g.covers(named) for g in groups)

    def _antecedent(self, pronoun: Token, groups: list[Group]) -> Group | None:
        """The group that a relative pronoun stands for; parsers often name the nearest noun, which may be no people."""
        if pronoun.tag_ not in self.syntax.tags.relative_word:
            return None
        before = [g for g in groups if g.end <= pronoun.i and not g.is_toll]
        if not before:
            return None
        last = before[-1]
        joined = last.head.dep_ in self.syntax.conjunct and last.counted is None
        first = next((g for g in before if joined and g.counted is not None and last.head.head.i == g.head.i), None)
        return first or last


def _are_fighters(group: Group) -> bool:
    """Men of no state's: "gunmen", "Hamas"."""
    if group.force is None:
        return group.people is not None and group.people.sort is PeopleSort.TYPED
    return group.force.group is not None and group.force.country is not None


def _groups_at(token: Token, groups: list[Group]) -> list[Group]:
    people = [g for g in groups if not g.is_toll]
    return [g for g in people if g.covers(token)] or [g for g in people if g.top.i == token.i]
