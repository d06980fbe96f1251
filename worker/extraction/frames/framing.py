"""Frames: who, how many, where and when of each event of a sentence, as drafts of claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.domain.claims import Force, Kind, Outcome, PersonnelType, Place, Polarity, Source, Status, Time
from worker.extraction.attribution.speech import Speech
from worker.extraction.claims.context import refine_places
from worker.extraction.claims.drafts import Draft, Said, Told
from worker.extraction.claims.voices import in_quotes, voice_of
from worker.extraction.frames.choosing import places_for
from worker.extraction.frames.events import Event, Link
from worker.extraction.frames.judging import is_event, is_people, is_somewhere, is_whole_army, kind_of, people_text
from worker.extraction.frames.linking import best_links
from worker.extraction.frames.outcomes import outcome_of
from worker.extraction.frames.parts import find_parts, is_cued
from worker.extraction.frames.placing import OBJECT, PlaceRole, PlaceUse
from worker.extraction.frames.retelling import is_retelling, needs_told, retold, told_before
from worker.extraction.frames.scene import Scene, Stages, read_scene
from worker.extraction.frames.shares import resolve_shares
from worker.extraction.frames.sharing import (
    Pair,
    gapped,
    is_part_only,
    paired,
    shares_figure,
    sharing_figures,
    with_allies,
)
from worker.extraction.frames.status import StatusReading
from worker.extraction.frames.timing import dating_for
from worker.extraction.frames.whose import ForceReader, as_force
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.model import LineKind
from worker.extraction.parsing.tree import Token

_ANNOUNCED_SENTENCES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """An event's places. `bound`: it is a departure *for* them and so a movement there; `departs`: it leaves them."""

    chosen: list[PlaceUse]
    locations: tuple[Place, ...]
    origin: Place | None
    bound: bool = False
    departs: bool = False

    @property
    def kind(self) -> Kind | None:
        """What the places make of the event, whatever its word alone says."""
        return Kind.DEPLOYMENT if self.bound else Kind.WITHDRAWAL if self.departs else None


class Framer:
    """Drafts the claims of one sentence after another; `told` carries what later sentences lean on."""

    def __init__(self, stages: Stages, told: Told, home: frozenset[str]) -> None:
        self._stages, self._told, self._home = stages, told, home
        self._forces = ForceReader(stages, told)

    def frame(self, marked: Marked) -> list[Draft]:
        syntax, turns, told = self._stages.syntax, self._stages.turns, self._told
        scene = read_scene(
            marked, self._stages, told.speakers, home=self._home, parties=told.parties, told=told.pointed_to
        )
        marked = scene.marked
        resolve_shares(marked, scene.groups, told, turns.parts)
        here: list[Force] = []
        pairs: list[Pair] = []
        links = best_links(scene.links, syntax)
        for link in links:
            if link.group is not None and shares_figure(link.group, scene.groups, syntax):
                continue
            if is_part_only(scene, link, told, turns.parts):
                continue
            draft = self._draft(scene, link, here, [d for d, _ in pairs])
            if draft is None or _is_joint_outcome(draft, link, pairs):
                continue
            if draft.force is not None:
                here.append(draft.force)
            pairs.append((draft, link.group))
            pairs += with_allies(scene, link, draft, turns, syntax)
        paired(scene, links, pairs, turns.sharing, syntax)
        pairs += self._unclaimed(scene, pairs, here)
        pairs += sharing_figures(scene, pairs, told, turns, syntax)
        pairs += gapped(scene, pairs, turns.sharing)
        find_parts(marked, pairs, told, turns.parts)
        drafts = [draft for draft, _ in pairs]
        self._remember(scene, drafts)
        return drafts

    def _unclaimed(self, scene: Scene, pairs: list[Pair], here: list[Force]) -> list[Pair]:
        """Claims of counted people whom no event has by the parse: by the event word nearest, or by their place."""
        framed = {id(group) for _, group in pairs}
        found: list[Pair] = []
        for group in scene.groups:
            if id(group) in framed or group.counted is None or group.is_toll or self._is_withheld(scene, group):
                continue
            if group.is_gapped or any(g.whole is group for g in scene.groups):
                continue
            by_place = self._stages.unclaimed.by_place(group, scene.uses)
            for link in (*self._stages.unclaimed.nearest(group, scene.events), *([by_place] if by_place else ())):
                draft = self._draft(scene, link, here)
                if draft is not None:
                    found.append((draft, group))
                    break
        return found

    def _is_withheld(self, scene: Scene, group: Group) -> bool:
        """Whether an event of the group's is told as a condition, a question or an aim, or shares its figure."""
        if shares_figure(group, scene.groups, self._stages.syntax) or is_cued(
            scene.marked, group, self._stages.turns.parts
        ):
            return True
        own = [link for link in scene.links if link.group is group]
        return any(not self._stages.status.read(k.event, group, scene.marked.line.kind).claimed for k in own)

    def _draft(self, scene: Scene, link: Link, here: list[Force], drafted: Sequence[Draft] = ()) -> Draft | None:
        """`here` and `drafted` are the forces and the drafts of the sentence so far."""
        marked, group, event = scene.marked, link.group, link.event
        syntax, turns = self._stages.syntax, self._stages.turns
        reading = self._stages.status.read(event, group, marked.line.kind)
        if not reading.claimed:
            return None
        if group is not None and group.strength is not None:
            points = needs_told(group.strength, turns.retelling)
            before = None
            if is_retelling(link, turns, syntax) and (scene.speeches or not points):
                before = told_before(marked, link, drafted, self._told)
            if before is not None:
                return retold(self._filled(scene, link, reading, before.force, ""), before)
            if points:
                return None
        force, how_force = self._forces.read(scene, link, here)
        if group is not None and group.counted is None and event.trigger.kind is Kind.CASUALTIES:
            group.counted = group.single
        denied = reading.polarity is Polarity.DENIED
        if not is_people(link, force, how_force, turns.judging, denied=denied):
            return None
        where = self._where(scene, link, force)
        if group is None and not event.trigger.strong and where.locations and force is not None:
            refine_places(self._told.drafts, where.locations, force, marked.index)
        somewhere = is_somewhere(link, turns.judging, syntax)
        if not (where.chosen or somewhere) and is_whole_army(link, turns.judging, syntax):
            return None
        if not is_event(link, force, how_force, where.chosen, syntax, somewhere=somewhere, denied=denied):
            return None
        if force is None and event.trigger.kind is Kind.DEPLOYMENT and where.origin and where.origin.country:
            force, how_force = Force(country=where.origin.country, text=where.origin.text), "from origin"
        return self._filled(scene, link, reading, force, how_force, where=where)

    def _filled(
        self,
        scene: Scene,
        link: Link,
        reading: StatusReading,
        force: Force | None,
        how_force: str,
        *,
        where: _Where | None = None,
    ) -> Draft:
        """The draft with every field that the sentence tells."""
        marked, group, event = scene.marked, link.group, link.event
        syntax, turns = self._stages.syntax, self._stages.turns
        where = where or self._where(scene, link, force)
        reading, time = self._timed(marked, event, reading)
        counted = group.counted if group is not None else None
        span = marked.article_span(counted.start, counted.end) if counted is not None else None
        return Draft(
            kind=where.kind or kind_of(event, reading, where.chosen, turns.judging, syntax),
            outcome=outcome_of(event, turns.outcomes, syntax),
            status=reading.status,
            polarity=reading.polarity,
            force=force,
            personnel=group.personnel if group is not None else PersonnelType.TROOPS,
            personnel_text=people_text(marked, group),
            quantity=counted.quantity if counted is not None else None,
            count_span=span,
            counted_spans=[span] if span is not None else [],
            locations=where.locations,
            origin=where.origin,
            transport=self._transport(marked, event.token),
            time=time,
            chain=self._chain(scene, event.token, reading),
            spans=[marked.reading.span(0, len(marked.reading.text))],
            sentence=marked.index,
            line=marked.sentence.line,
            line_kind=marked.line.kind,
            reasons=_reasons(link, how_force),
            suffices=event.trigger.suffices,
            quoted=in_quotes(
                marked.reading.article, marked.line.start, marked.article_span(event.token.i, event.token.i + 1)[0]
            ),
            shifted=self._is_shifted(event.token),
            at_once=self._is_at_once(event, reading),
        )

    def _is_at_once(self, event: Event, reading: StatusReading) -> bool:
        """ "Eight *were killed*", but not "*have been* killed"."""
        auxiliaries = self._stages.syntax.children(event.token, self._stages.syntax.auxiliary)
        have = self._stages.turns.tense.have
        return reading.status is Status.OCCURRED and not any(a.lemma_.casefold() in have for a in auxiliaries)

    def _timed(self, marked: Marked, event: Event, reading: StatusReading) -> tuple[StatusReading, Time | None]:
        """The event's time; a movement that is told as going on, but for a day to come, is planned."""
        syntax, speech = self._stages.syntax, self._stages.speech_verbs
        moves = event.trigger.kind in (Kind.DEPLOYMENT, Kind.WITHDRAWAL) and not event.trigger.noun
        if moves and reading.status is Status.ONGOING:
            coming = dating_for(marked, event.token, syntax, speech, future=True)
            if coming is not None and coming.ahead:
                return replace(reading, status=Status.PLANNED, future=True), coming.time
        dating = dating_for(marked, event.token, syntax, speech, future=reading.future)
        return reading, dating.time if dating is not None else None

    def _where(self, scene: Scene, link: Link, force: Force | None) -> _Where:
        bound = self._bound_for(scene, link.event)
        if bound is not None:
            left = (use for use in scene.uses if use.preposition == OBJECT and use.anchor == link.event.token)
            origin = next(left, self._places(scene, link, force)[1])
            return _Where(chosen=[bound], locations=(bound.place,), origin=origin.place if origin else None, bound=True)
        chosen, origin = self._places(scene, link, force)
        if not chosen and origin is not None and self._departs(link.event, origin, force):
            return _Where(chosen=[origin], locations=(origin.place,), origin=None, departs=True)
        locations = tuple(use.place for use in chosen)
        if link.event.trigger.kind is Kind.CASUALTIES:
            origin = None
        return _Where(chosen=chosen, locations=locations, origin=origin.place if origin else None)

    def _departs(self, event: Event, origin: PlaceUse, force: Force | None) -> bool:
        """ "*Flew out of* Pemba": of people abroad, who go nowhere that is told, it is a withdrawal."""
        words, syntax = self._stages.turns.framing, self._stages.syntax
        particles = (c.lower_ for c in event.token.children if c.pos_ != "ADP" or not c.children)
        arrives = any(particle in words.arriving for particle in particles)
        goes = arrives or bool(syntax.objects_behind(event.token, syntax.prepositions["destination"]))
        moves = event.trigger.kind is Kind.DEPLOYMENT and event.token.lemma_ in words.departing and not goes
        return moves and force is not None and force.country not in (None, origin.place.country)

    def _places(self, scene: Scene, link: Link, force: Force | None) -> tuple[list[PlaceUse], PlaceUse | None]:
        country = force.country if force is not None else None
        heard = (use for use in scene.uses if not self._is_speakers(scene, link, use))
        beside = self._bystanders(scene, link)
        sided = (self._stages.places.on_side_of(use, country, beside) for use in heard)
        owners = {f.start for f in (g.force for g in scene.groups if g.people is None and g.counted) if f is not None}
        uses = [use for use in sided if use is not None and not self._has_own_figure(scene, use, owners)]
        others = {e.token.i for e in scene.events if e.token.i != link.event.token.i and not e.trigger.noun}
        chosen, origin = places_for(link.event, link.group, uses, others, syntax=self._stages.syntax)
        if not chosen and link.event.trigger.waits:
            chosen = [use for use in scene.uses if use.role is not PlaceRole.OTHER][:1]
        return chosen, origin

    def _bystanders(self, scene: Scene, link: Link) -> list[str]:
        """The countries on whose side of a border others may be: who speaks of them, and where the article is from."""
        chain = self._stages.sources.chain(scene.marked, link.event.token, scene.speeches)
        told = (*(source.country for source in reversed(chain)), self._told.parties.voice)
        return [country for country in told if country is not None]

    def _has_own_figure(self, scene: Scene, use: PlaceUse, owners: set[int]) -> bool:
        """ "... to Juba; *Togo* 90", "nine from *Uruguay*": a country that only tells whose a figure is."""
        named = any(f.start <= use.start < f.end for f in scene.marked.forces)
        figures = (g.counted.start for g in scene.groups if g.people is None and g.counted is not None)
        return named and (use.start in owners or use.end in figures)

    def _is_speakers(self, scene: Scene, link: Link, use: PlaceUse) -> bool:
        """For "..., the army in Accra said": the place of who speaks is not the event's."""
        for speech in scene.speeches:
            if speech.verb is None or speech.verb.i == link.event.token.i:
                continue
            for subject in self._stages.syntax.subjects(speech.verb):
                edges = range(subject.left_edge.i, subject.right_edge.i + 1)
                if use.start in edges and link.event.token.i not in edges:
                    return True
        return False

    def _bound_for(self, scene: Scene, event: Event) -> PlaceUse | None:
        """ "Left *for Kursk*", "left Gao *for Kidal*", where the verb alone is a withdrawal."""
        if not event.trigger.bound_for:
            return None
        words = self._stages.turns.framing.bound_for
        left = {event.token.i, *(place.i for place in self._stages.syntax.objects(event.token))}
        return next((u for u in scene.uses if u.anchor and u.anchor.i in left and u.preposition in words), None)

    def _transport(self, marked: Marked, event: Token) -> str | None:
        """What carried the people, as it stands: "Il-76 transport planes"."""
        arguments = self._stages.syntax.prepositional_object | self._stages.syntax.object
        for token in event.subtree:
            carries = token.dep_ in arguments and token.lemma_.casefold() in self._stages.carriers
            if carries and token.head.lower_ in self._stages.turns.framing.aboard:
                return marked.words(token.left_edge.i, token.i + 1)
        return None

    def _chain(self, scene: Scene, event: Token, reading: StatusReading) -> tuple[Source, ...]:
        chain = self._stages.sources.chain(scene.marked, event, scene.speeches)
        if reading.denier is not None:
            for speech in scene.speeches:
                if speech.verb is not None and speech.verb.i == reading.denier.i:
                    chain = (*[c for c in chain if c not in speech.chain], *speech.chain)
        label = self._told.label
        if label is not None:
            return chain if label in chain else (label, *chain)
        return chain

    def _is_shifted(self, event: Token) -> bool:
        """ "They *had* left", "they *would* leave": the tense of what somebody is reported to have said."""
        auxiliaries = self._stages.syntax.children(event, self._stages.syntax.auxiliary)
        return any(a.lower_ in self._stages.turns.framing.shifted for a in auxiliaries)

    # ---- what later sentences lean on

    def _remember(self, scene: Scene, drafts: list[Draft]) -> None:
        told, marked = self._told, scene.marked
        syntax = self._stages.syntax
        for event in scene.events:
            if event.trigger.strong and event.trigger.kind is not Kind.CASUALTIES:
                told.forces += [(marked.index, as_force(marked, f), None) for f in scene.subject_forces(event, syntax)]
        for group in scene.groups:
            if group.force is not None and group.people is not None and not group.is_toll:
                told.forces.append((marked.index, as_force(marked, group.force), group))
        told.forces += [(marked.index, draft.force, None) for draft in drafts if draft.force is not None]
        told.drafts += drafts
        happening = scene.used_places()
        for use in scene.uses:
            told.see(use.place, marked, happens=use in happening)
        for speech in scene.speeches:
            if speech.points_back:
                self._announce(speech, marked.index)

        voice = voice_of(scene.speeches)
        if voice:
            heard = tuple(dict.fromkeys(link for speech in scene.speeches for link in speech.chain))
            sentence = marked.sentence
            told.said.append(Said(marked.index, sentence.line, voice, heard, sentence.start, sentence.end))

    def _announce(self, speech: Speech, sentence: int) -> None:
        """ "This was announced by X": X is the source of what was told before without one."""
        for draft in self._told.drafts:
            summary = draft.line_kind is not LineKind.PROSE
            if not draft.chain and (summary or sentence - draft.sentence <= _ANNOUNCED_SENTENCES):
                draft.chain = speech.chain
                draft.reasons.append("source announced after")


def _is_joint_outcome(draft: Draft, link: Link, pairs: list[Pair]) -> bool:
    """Whether "wounded" only completes the "killed or" before it."""
    return link.group is not None and any(
        group is link.group and told.outcome is Outcome.KILLED_OR_WOUNDED and draft.kind is Kind.CASUALTIES
        for told, group in pairs
    )


def _reasons(link: Link, how_force: str) -> list[str]:
    reasons = [f"{link.how}:{link.event.trigger.id}"]
    if how_force != "named":
        reasons.append(f"force {how_force}")
    if not link.event.trigger.strong:
        reasons.append("weak event")
    return reasons
