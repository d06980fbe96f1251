"""Counted people whom no event claims by the parse: the loss told behind them, else the event word nearest to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from service.domain.claims import Kind
from worker.extraction.frames.event_words import Trigger
from worker.extraction.frames.events import Event, Link
from worker.extraction.frames.judging import is_civil_too
from worker.extraction.frames.placing import PlaceRole, PlaceUse
from worker.extraction.mentions.constructions import Constructions
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_GOING = Trigger(id="going", kind=Kind.DEPLOYMENT, outcome=None, whose="near", strong=False)
_LEAVING = Trigger(id="leaving", kind=Kind.WITHDRAWAL, outcome=None, whose="near", strong=False)
_BEING = Trigger(id="being", kind=Kind.PRESENCE, outcome=None, whose="near", strong=False)
_CLIMBS = 6
_REACH_TOKENS = 25
_BEGINS_OBJECT = frozenset({"DET", "NUM", "NOUN", "PROPN"})


class UnclaimedReader:
    """Reads one sentence's counted people once more, by what stands near them rather than by the parse's arrows."""

    def __init__(self, turns: Constructions, syntax: Syntax) -> None:
        self._words, self._lifeless, self._syntax = turns.unclaimed, turns.events.lifeless, syntax
        self._outcomes = turns.unclaimed.outcomes

    def losses(self, marked: Marked, groups: list[Group], links: list[Link]) -> list[Link]:
        """ "Left 16 of them *dead*", "saw four soldiers *killed*", "with 12 *wounded*"."""
        lost = {link.group.head.i for link in links if link.group and link.event.trigger.kind is Kind.CASUALTIES}
        found = []
        for group in groups:
            if group.is_toll or group.head.i in lost or not self._is_counted(group) or self._is_within(group, groups):
                continue
            if group.people is None and group.force is None and not self._stands_beside_lost(marked, group, links):
                continue
            told = self._told_behind(marked, group)
            if told is not None:
                found.append(Link(event=told, group=group, pronoun=None, how="behind"))
                links = [*links, found[-1]]
        return found

    def _is_within(self, group: Group, groups: list[Group]) -> bool:
        """ "Eight soldiers *from a battalion* were killed": people who only tell who the others are."""
        link = group.top.head
        if group.top.dep_ not in self._syntax.prepositional_object or link.pos_ != "ADP":
            return False
        return any(other is not group and other.covers(link.head) for other in groups)

    def _stands_beside_lost(self, marked: Marked, group: Group, links: list[Link]) -> bool:
        """Whether a bare figure goes on with soldiers lost before it: "30 soldiers killed, *a dozen* missing"."""
        if any(p.sort is PeopleSort.CIVILIAN for p in marked.people):
            return False
        return any(
            link.group is not None and link.group.people is not None and link.group.end <= group.start
            for link in links
            if link.event.trigger.kind is Kind.CASUALTIES
        )

    def _told_behind(self, marked: Marked, group: Group) -> Event | None:
        doc, at = marked.doc, max(group.end, group.head.i + 1, group.top.i + 1)
        while at < len(doc) and (doc[at].pos_ == "ADV" or doc[at].lower_ in self._words.before_loss):
            at += 1
        if at >= len(doc) or at - group.end > _CLIMBS:
            return None
        token = doc[at]
        outcome = self._outcomes.get(token.lower_)
        if outcome is None or self._acts(token):
            return None
        trigger = Trigger(id="told_behind", kind=Kind.CASUALTIES, outcome=outcome, whose="behind", strong=True)
        return Event(token=token, trigger=trigger)

    def _acts(self, token: Token) -> bool:
        """ "300 soldiers *killed* five rebels": they are not the ones who fell."""
        behind = token.nbor(1) if token.i + 1 < len(token.doc) else None
        if self._syntax.children(token, self._syntax.object):
            return not self._syntax.is_past_participle(token)
        return behind is not None and behind.pos_ in _BEGINS_OBJECT and token.tag_ in self._syntax.tags.past

    def _is_counted(self, group: Group) -> bool:
        return group.counted is not None or group.single is not None

    def nearest(self, group: Group, events: list[Event]) -> Iterator[Link]:
        """The events of the group's clause, then those above it, that may be its own, nearest first."""
        if group.counted is None or (group.people is None and group.force is None and not group.rest):
            return
        if self._are_dead(group):
            return
        if not group.counted.quantity.bounded:
            return
        if group.people is not None and group.people.sort not in (PeopleSort.TYPED, PeopleSort.GENERIC):
            return
        verb = self._verb_over(group.top)
        if verb is None:
            return
        clause = {t.i for t in self._clause(verb)}
        near = [e for e in events if e.token.i in clause and abs(e.token.i - group.top.i) <= _REACH_TOKENS]
        for event in sorted(near, key=lambda e: (not e.trigger.strong, abs(e.token.i - group.top.i))):
            if self._may_befall(event, group):
                yield Link(event=event, group=group, pronoun=None, how="nearest")

    def by_place(self, group: Group, uses: list[PlaceUse]) -> Link | None:
        """What the places of a clause make of soldiers whose verb no lexicon knows: "4,000 soldiers are *combing*".

        Going to a place is a deployment, out of one a withdrawal; anything else is done where they are.
        """
        if not self._are_surely_military(group) or self._are_dead(group):
            return None
        verb = next((u for u in self._syntax.governors(group.top) if u.pos_ in ("VERB", "AUX")), None)
        own = {group.top.i, group.head.i} | ({verb.i} if verb is not None else set())
        roles = {use.role for use in uses if use.anchor is not None and use.anchor.i in own}
        if roles <= {PlaceRole.OTHER} or (verb is not None and verb.lemma_.casefold() in self._words.untold):
            return None
        if PlaceRole.DESTINATION in roles:
            trigger = _GOING
        elif PlaceRole.ORIGIN in roles:
            trigger = _LEAVING
        else:
            trigger = _BEING
        event = Event(token=verb or group.top, trigger=replace(trigger, noun=verb is None))
        return Link(event=event, group=group, pronoun=None, how="by place")

    def _are_surely_military(self, group: Group) -> bool:
        if group.counted is None or group.people is None or group.people.sort is not PeopleSort.TYPED:
            return False
        return group.counted.quantity.bounded and not is_civil_too(group.personnel)

    def _are_dead(self, group: Group) -> bool:
        """ "*The bodies* of 12 soldiers", "*coffins* with six soldiers"."""
        top = group.top
        holder = top.head.head if top.dep_ in self._syntax.prepositional_object else top
        return top.lower_ in self._lifeless or holder.lower_ in self._lifeless

    def _verb_over(self, token: Token) -> Token | None:
        """The verb that the people hang on, unless they only qualify another noun: "an attack *on* 300 soldiers"."""
        for _ in range(_CLIMBS):
            head = token.head
            if head.i == token.i:
                return None
            if head.pos_ in ("VERB", "AUX"):
                return head
            if head.pos_ == "ADP" and head.lower_ not in self._words.carrying:
                return None
            if head.pos_ not in ("ADP", "NOUN", "PROPN", "NUM"):
                return None
            if head.pos_ in ("NOUN", "PROPN") and token.dep_ not in self._syntax.conjunct | self._syntax.apposition:
                return None
            token = head
        return None

    def _clause(self, verb: Token) -> Iterator[Token]:
        """The verb and those that share its subject, up and down."""
        yield verb
        joined = self._syntax.conjunct | self._syntax.open_complement
        for child in verb.children:
            if child.dep_ in joined and child.pos_ in ("VERB", "AUX") and not self._has_own_subject(child):
                yield child
        if verb.dep_ in joined and verb.head.pos_ in ("VERB", "AUX") and not self._has_own_subject(verb):
            yield verb.head

    def _has_own_subject(self, verb: Token) -> bool:
        return bool(self._syntax.children(verb, self._syntax.subject))

    def _may_befall(self, event: Event, group: Group) -> bool:
        """Whether the people stand where the event's own people may stand."""
        token, whose = event.token, event.trigger.whose
        if event.trigger.noun or event.trigger.measures:
            return False
        before = group.top.i < token.i
        if whose == "object" and not self._syntax.is_passive(token):
            return not before
        if whose == "either":
            return True
        return before
