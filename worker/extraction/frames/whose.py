"""Whose people an event befalls: named in the phrase, told by a sender or owner, or carried from before."""

from __future__ import annotations

from service.domain.claims import Force, Kind, PersonnelType
from worker.extraction.attribution.speech import PASSING_ON
from worker.extraction.claims.drafts import Told
from worker.extraction.frames.events import Link
from worker.extraction.frames.judging import people_text
from worker.extraction.frames.owners import OwnerFinder, mention_at
from worker.extraction.frames.placing import PlaceRole
from worker.extraction.frames.scene import Scene, Stages
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.parsing.tree import Token

_CARRIED_SENTENCES = 2
_LOST_SENTENCES = 3
_LIST_MARKS = frozenset({",", ";"})

Found = tuple[Force | None, str]
"""A force and how it was found: named, carried, speaker, from origin or unknown."""


def as_force(marked: Marked, mention: ForceMention) -> Force:
    return mention.force(marked.words(mention.start, mention.end))


class ForceReader:
    """Finds the force of a link; `told` is what the article told up to this sentence."""

    def __init__(self, stages: Stages, told: Told) -> None:
        self._stages, self._told = stages, told
        self._owners = OwnerFinder(stages.turns.owners, stages.syntax)

    def read(self, scene: Scene, link: Link, here: list[Force]) -> Found:
        """`here` are the forces of the claims drafted so far in this sentence."""
        group, marked = link.group, scene.marked
        if group is not None and group.force is not None:
            return self._of_the_joint(scene, link) or as_force(marked, group.force), "named"
        for find in (self._of_the_name_before, self._of_the_counted, self._of_the_body):
            found = find(scene, link)
            if found is not None:
                return found, "carried"
        owner = self._owners.of(marked, group, link.event)
        if owner == "speaker":
            return self._of_the_speaker(scene, link)
        if isinstance(owner, ForceMention):
            counted = group is not None and group.counted is not None
            return as_force(marked, owner), "named" if counted or owner.form != "leader" else "carried"
        if self._is_nonstate(group) or self._is_done_by_fighters(link) or self._is_owned_by_fighters(link):
            fighters = self._of_the_fighters()
            return fighters, "carried" if fighters is not None else "of others"
        if self._is_strangers(link):
            mission = self._told.parties.mission()
            return (Force(group=mission), "carried") if mission is not None else (None, "of others")
        joined = self._of_the_joined(scene, link)
        return (joined, "named") if joined is not None else self._told_before(scene, link, here)

    def _told_before(self, scene: Scene, link: Link, here: list[Force]) -> Found:
        """The force of people whom neither their own words nor an owner or sender tells."""
        local = self._of_the_police(scene, link) or self._of_the_government(scene, link)
        if local is not None:
            return local, "carried"
        harmer = self._harmer(scene, link)
        carried = self._from_sentence(scene, link, here) or self._from_article(scene, link)
        home = self._of_the_hometown(scene, link)
        if home is not None and not self._is_posted(carried, home):
            return home, "carried"
        own = self._of_the_official(scene, link) if _may_be_the_speakers(link) else None
        if harmer is not None:
            carried, own = _unless(carried, harmer) or self._of_the_lost(scene, link, harmer), _unless(own, harmer)
        if own is not None and (carried is None or self._tells_its_losses(link, own, carried)):
            return own, "speaker"
        return (carried, "carried") if carried is not None else (None, "unknown")

    def _of_the_joint(self, scene: Scene, link: Link) -> Force | None:
        """ "*The UN* has 3,000 soldiers from Ghana, Nepal and India": one figure of several countries' people."""
        group = link.group
        if group is None or group.counted is None or not group.allies or link.how != "object":
            return None
        holders = (mention_at(scene.marked, s) for s in self._stages.syntax.subjects(link.event.token))
        joint = (h for h in holders if h is not None and h.country is None and h.group is not None)
        return next((as_force(scene.marked, h) for h in joint), None)

    # ---- armed groups of no state

    def _is_nonstate(self, group: Group | None) -> bool:
        """ "Militants": whatever was told before, they are no state's force."""
        if group is None or group.people is None:
            return False
        return group.head.lemma_.casefold() in self._stages.personnel.nonstate

    def _is_done_by_fighters(self, link: Link) -> bool:
        """ "The rebels lost 30 men": the men are theirs."""
        if link.how not in ("object", "nearest") or link.event.token.lemma_ not in self._stages.turns.owners.suffering:
            return False
        subjects = self._stages.syntax.subjects(link.event.token)
        return any(s.lemma_.casefold() in self._stages.personnel.nonstate for s in subjects)

    def _is_owned_by_fighters(self, link: Link) -> bool:
        """ "The separatists admitted that *their* fighters had fallen"."""
        group, syntax = link.group, self._stages.syntax
        heads = (group.head, group.top) if group is not None and group.people is not None else ()
        if not any(c.lower_ in self._stages.turns.owners.theirs for head in heads for c in head.children):
            return False
        above = (syntax.children(upper, syntax.subject) for upper in syntax.governors(link.event.token))
        subjects = next((found for found in above if found), [])
        return any(s.lemma_.casefold() in self._stages.personnel.nonstate for s in subjects)

    def _is_strangers(self, link: Link) -> bool:
        """ "Foreign troops", and those whom "its allies" send."""
        words, syntax = self._stages.turns.owners, self._stages.syntax
        heads = {link.group.head, link.group.top} if link.group is not None and link.group.people is not None else set()
        foreign = any(c.lower_ in words.foreign for h in heads for c in syntax.children(h, syntax.qualifier))
        senders = syntax.subjects(link.event.token) if link.how == "object" else []
        return foreign or any(s.lemma_.casefold() in words.strangers for s in senders)

    def _of_the_fighters(self) -> Force | None:
        """The armed group told of last, else the only one that the article names."""
        parties = self._told.parties
        last = (force for _, force, _ in reversed(self._told.forces) if force.group in parties.fighters)
        side = parties.fighting_group()
        return next(last, Force(country=side[0], group=side[1]) if side is not None else None)

    # ---- losses

    def _of_the_police(self, scene: Scene, link: Link) -> Force | None:
        """ "Gunmen killed two policemen in Mosul": police are of the place, unless others are told to work there."""
        group = link.group
        if group is None or group.people is None or group.personnel is not PersonnelType.POLICE or group.definite:
            return None
        settled = link.event.trigger.kind in (Kind.CASUALTIES, Kind.PRESENCE)
        here = {use.place.country for use in scene.uses if use.role is PlaceRole.LOCATION}
        told = (d.force for d in self._told.drafts if d.personnel is PersonnelType.POLICE and d.force is not None)
        abroad = any(force.country not in here for force in told)
        country = next(iter(here)) if settled and not abroad and len(here) == 1 else None
        return Force(country=country) if country is not None else None

    def _of_the_government(self, scene: Scene, link: Link) -> Force | None:
        """ "Forty *government soldiers* were killed there": of the country where they are."""
        group, syntax = link.group, self._stages.syntax
        if group is None or group.people is None or link.event.trigger.kind not in (Kind.CASUALTIES, Kind.PRESENCE):
            return None
        qualifiers = syntax.children(group.head, syntax.qualifier)
        if not any(noun.lower_ in self._stages.turns.owners.governing for noun in qualifiers):
            return None
        here = {use.place.country for use in scene.uses if use.role is PlaceRole.LOCATION}
        country = next(iter(here)) if len(here) == 1 else None
        return Force(country=country) if country is not None else None

    def _harmer(self, scene: Scene, link: Link) -> Force | None:
        """Who did the harm, whose people the harmed are not."""
        if link.event.trigger.kind is not Kind.CASUALTIES or link.how not in ("object", "subject"):
            return None
        suffered = link.event.token.lemma_ in self._stages.turns.owners.suffering
        if suffered or (link.how == "subject" and not self._stages.syntax.is_passive(link.event.token)):
            return None
        mention = self._owners.harmer(scene.marked, link.event.token)
        return as_force(scene.marked, mention) if mention is not None else None

    def _of_the_lost(self, scene: Scene, link: Link, harmer: Force | None = None) -> Force | None:
        """Whose losses were told last, best those of people called by the same noun, unless they were the harmer's."""
        noun = people_text(scene.marked, link.group)
        near = (d for d in reversed(self._told.drafts) if scene.marked.index - d.sentence <= _LOST_SENTENCES)
        lost = [d for d in near if d.kind is Kind.CASUALTIES and d.force is not None and not _is_same(d.force, harmer)]
        return next((d.force for d in lost if noun and d.personnel_text == noun), lost[0].force if lost else None)

    # ---- what the article tells

    def _of_the_name_before(self, scene: Scene, link: Link) -> Force | None:
        """ "France has offered 600 soldiers, *Italy between 250 and 300*": the verb is that of the clause before."""
        group, marked = link.group, scene.marked
        if group is None or group.people is not None or group.counted is None:
            return None
        force = next((f for f in marked.forces if f.end == group.counted.start), None)
        if force is None or force.country is None or force.start == 0:
            return None
        before = marked.doc[force.start - 1]
        listed = before.text in _LIST_MARKS or before.lower_ in self._stages.turns.sharing.before_force
        return as_force(marked, force) if listed else None

    def _of_the_counted(self, scene: Scene, link: Link) -> Force | None:
        """ "11,000 North Korean servicemen are there, and Moscow has agreed to 6,000 more": of the same people."""
        group = link.group
        if group is None or group.people is not None or group.counted is None or not group.counted.quantity.additional:
            return None
        before = [g for g in scene.groups if g.force is not None and g.people is not None and g.end <= group.start]
        return as_force(scene.marked, before[-1].force) if before and before[-1].force is not None else None

    def _of_the_body(self, scene: Scene, link: Link) -> Force | None:
        """ "The new force is to total 4,000 soldiers": the body that the figure measures."""
        if not link.event.trigger.measures:
            return None
        for subject in self._stages.syntax.subjects(link.event.token):
            body = self._antecedent(subject, link.event.token)
            known = self._told.force_of_noun(body.lemma_.casefold())
            if known is not None and mention_at(scene.marked, body) is None:
                return known
        return None

    def _antecedent(self, subject: Token, verb: Token) -> Token:
        if not self._stages.syntax.is_relative_pronoun(subject):
            return subject
        return next((u for u in self._stages.syntax.governors(verb) if u.pos_ == "NOUN"), subject)

    def _of_the_speaker(self, scene: Scene, link: Link) -> Found:
        """ "our soldiers", and what a government says it decided: the country that speaks."""
        chain = self._stages.sources.chain(scene.marked, link.event.token, scene.speeches)
        voice = self._told.said[-1] if self._told.said else None
        near = voice is not None and scene.marked.sentence.line - voice.line <= 1
        last = voice.chain if voice is not None and near and not chain else ()
        country = next((s.country for s in (*reversed(chain), *reversed(last)) if s.country), None)
        country = country or self._told.parties.home
        return (Force(country=country), "speaker") if country else (None, "unknown")

    def _of_the_official(self, scene: Scene, link: Link) -> Force | None:
        """What a government or army tells of soldiers whom nobody else has: its own."""
        chain = self._stages.sources.chain(scene.marked, link.event.token, scene.speeches)
        country = next((s.country for s in reversed(chain) if s.country and s.type not in PASSING_ON), None)
        return Force(country=country) if country else None

    def _of_the_hometown(self, scene: Scene, link: Link) -> Force | None:
        """ "3,000 paratroopers *from Ivanovo*": of the country of the place, unless they only set out there."""
        group = link.group
        if group is None or group.people is None or link.event.trigger.kind is Kind.WITHDRAWAL:
            return None
        links = self._stages.syntax.children(group.head, self._stages.syntax.preposition)
        starts = {link.i + 1 for link in links if link.lower_ in self._stages.syntax.prepositions["origin"]}
        place = next((p for p in scene.marked.places if p.start in starts and p.readings[0].country), None)
        return Force(country=place.readings[0].country) if place is not None else None

    def _is_posted(self, force: Force | None, home: Force) -> bool:
        """Whether people of the force were told to be in the other's country: then they may come from there."""
        return force is not None and any(
            _is_same(d.force, force) and any(p.country == home.country for p in d.locations)
            for d in self._told.drafts
            if d.force is not None
        )

    def _of_the_joined(self, scene: Scene, link: Link) -> Force | None:
        """ "2,000 soldiers took part *in the CSTO mission*": the body that they serve in."""
        words, syntax = self._stages.turns.owners, self._stages.syntax
        verb = link.event.token
        if link.how != "subject" or verb.lemma_.casefold() not in words.serving:
            return None
        heads = [verb, *syntax.objects(verb)]
        bodies = [noun for head in heads for noun in syntax.objects_behind(head, words.within)]
        found = (mention_at(scene.marked, noun) for noun in bodies)
        mention = next((m for m in found if m is not None and m.form in ("group", "body")), None)
        return as_force(scene.marked, mention) if mention is not None else None

    def _tells_its_losses(self, link: Link, own: Force, carried: Force) -> bool:
        """ "Eight soldiers were killed, the army said": its own, unless its enemy's were spoken of."""
        group = link.group
        if link.event.trigger.kind is not Kind.CASUALTIES or group is None or group.people is None or group.definite:
            return False
        enemy = self._told.parties.enemy_of(own.country) if own.country else None
        return enemy != (carried.country, carried.group)

    def _from_sentence(self, scene: Scene, link: Link, here: list[Force]) -> Force | None:
        group = link.group
        if not (_points_back(link) or (group is not None and group.counted is not None)):
            return None
        before = [g for g in scene.groups if g.force is not None and g.end <= link.event.token.i and g is not group]
        if group is None or group.people is None:
            before = [g for g in before if not self._speaks(scene, g)]
        if before and before[-1].force is not None:
            return as_force(scene.marked, before[-1].force)
        return here[-1] if here else None

    def _speaks(self, scene: Scene, group: Group) -> bool:
        """ "A *NATO officer* said that half of them had left": who speaks is not who is spoken of."""
        verbs = (speech.verb for speech in scene.speeches if speech.verb is not None)
        return any(subject.i == group.top.i for verb in verbs for subject in self._stages.syntax.subjects(verb))

    def _from_article(self, scene: Scene, link: Link) -> Force | None:
        group, told = link.group, self._told
        more = group is not None and group.counted is not None and group.counted.quantity.additional
        if more and (force := self._of_the_others(link, scene.marked.index)) is not None:
            return force
        if group is not None and (group.definite or (more and group.people is not None)):
            same = told.force_of_noun(group.head.lemma_.casefold())
            if same is not None:
                return same
        if group is not None:
            body = self._of_the_owning_body(group) or self._of_the_total(group, scene.marked.index)
            if body is not None:
                return body
        if not told.forces or self._is_sent_by_stranger(link):
            return None
        distance = scene.marked.index - told.forces[-1][0]
        lost = link.event.trigger.kind is Kind.CASUALTIES and (_points_back(link) or distance <= 1)
        if lost and (force := self._of_the_lost(scene, link)) is not None:
            return force
        if _points_back(link) or more:
            last = told.last_people()
            if last is not None and (group is None or group.definite or distance <= _CARRIED_SENTENCES):
                return last
        if group is not None and group.counted is not None and distance <= 1:
            return told.forces[-1][1]
        return None

    def _of_the_others(self, link: Link, sentence: int) -> Force | None:
        """ "*Another* 2,000 are to arrive": those of whom the same was told last."""
        kind = link.event.trigger.kind
        near = (d for d in reversed(self._told.drafts) if sentence - d.sentence <= _LOST_SENTENCES)
        return next((d.force for d in near if d.kind is kind and d.numbered and d.force is not None), None)

    def _of_the_owning_body(self, group: Group) -> Force | None:
        """ "the *mission's* 13,000 soldiers": the body told before."""
        owners = [c for c in self._stages.syntax.children(group.head, self._stages.syntax.modifier) if c.pos_ == "NOUN"]
        bodies = (self._told.force_of_noun(owner.lemma_.casefold()) for owner in owners)
        return next((force for force in bodies if force is not None), None)

    def _of_the_total(self, group: Group, sentence: int) -> Force | None:
        if group.people is not None or group.counted is None:
            return None
        return self._told.force_of_total(group.counted.quantity, sentence)

    def _is_sent_by_stranger(self, link: Link) -> bool:
        """Whether somebody who is no known force sends them, so that no force told before is theirs."""
        if link.how != "object":
            return False
        subjects = self._stages.syntax.subjects(link.event.token)
        return any(s.pos_ == "PROPN" or (s.pos_ == "NOUN" and s.i > 0 and s.text[:1].isupper()) for s in subjects)


def _is_same(one: Force, other: Force | None) -> bool:
    return other is not None and (one.country, one.group) == (other.country, other.group)


def _unless(force: Force | None, harmer: Force) -> Force | None:
    return None if force is None or _is_same(force, harmer) else force


def _may_be_the_speakers(link: Link) -> bool:
    """Whether the link tells of soldiers by their noun, and not of what another did to them or sent."""
    group = link.group
    if group is None or group.people is None:
        return False
    named = any(c.text[:1].isdigit() and c.i < group.head.i for c in group.head.children)
    return group.people.sort is PeopleSort.TYPED or (group.people.sort is PeopleSort.FORMATION and named)


def _points_back(link: Link) -> bool:
    """Whether the people are named by a pronoun, a bare figure or a definite noun."""
    group = link.group
    return group is None or group.definite or group.people is None or group.is_toll
