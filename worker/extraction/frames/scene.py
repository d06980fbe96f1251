"""One sentence with everything that was read in it, before its claims are drafted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from service.domain.claims import Place
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speech import Speech
from worker.extraction.attribution.speeches import SourceReader
from worker.extraction.frames.event_words import EventWords
from worker.extraction.frames.events import Event, EventLinker, Link, find_events
from worker.extraction.frames.linking import standing_links, toll_links
from worker.extraction.frames.placing import PlaceReader, PlaceRole, PlaceUse
from worker.extraction.frames.pointing import PointingReader
from worker.extraction.frames.status import StatusReader
from worker.extraction.frames.unclaimed import UnclaimedReader
from worker.extraction.mentions.belonging import ForceJoiner
from worker.extraction.mentions.constructions import Constructions
from worker.extraction.mentions.figures import FigureJoiner
from worker.extraction.mentions.forces import ForceFinder, ForceMention
from worker.extraction.mentions.groups import Group, find_groups
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.parties import Parties, force_of_side
from worker.extraction.mentions.personnel import PersonnelWords
from worker.extraction.mentions.phrases import PhraseExtent
from worker.extraction.mentions.referring import Referrer
from worker.extraction.mentions.syntax import Syntax


@dataclass(frozen=True, slots=True)
class Stages:
    """The readers that framing asks; another language brings its own words to the same ones."""

    syntax: Syntax
    turns: Constructions
    personnel: PersonnelWords
    events: EventWords
    places: PlaceReader
    pointing: PointingReader
    status: StatusReader
    sources: SourceReader
    speech_verbs: frozenset[str]
    carriers: frozenset[str]
    referrer: Referrer
    force_words: ForceFinder
    unclaimed: UnclaimedReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    marked: Marked
    groups: list[Group]
    events: list[Event]
    links: list[Link]
    uses: list[PlaceUse]
    speeches: list[Speech]

    def used_places(self) -> list[PlaceUse]:
        """The places where something happens or goes to."""
        return [use for use in self.uses if use.role in (PlaceRole.LOCATION, PlaceRole.DESTINATION)]

    def subject_forces(self, event: Event, syntax: Syntax) -> list[ForceMention]:
        """The forces that are the subjects of an event's word, in order."""
        subjects = syntax.subjects(event.token)
        return [f for s in subjects for f in self.marked.forces if f.start <= s.i < f.end]


def read_scene(
    marked: Marked,
    stages: Stages,
    speakers: SpeakerMemory,
    *,
    home: frozenset[str],
    parties: Parties,
    told: Sequence[Place],
) -> Scene:
    """Groups, events, places and speeches of a sentence.

    `home` are the countries that the article names, `told` the places told before.
    """
    speeches = stages.sources.speeches(marked, speakers)
    if any(f.form == "enemy" for f in marked.forces):
        marked = _with_enemies(marked, stages, speeches, parties, speakers)
    extent = PhraseExtent(stages.turns.groups, stages.syntax)
    forces = ForceJoiner(
        marked, stages.turns.belonging, stages.syntax, extent,
        leaving=stages.events.leaving, moving=stages.events.countries,
    )  # fmt: skip
    groups = find_groups(marked, stages.personnel, stages.turns, stages.syntax, extent=extent, forces=forces)
    FigureJoiner(marked, stages.turns.predicates, stages.syntax, forces).join(groups)
    measured = {g.strength.i for g in groups if g.strength is not None}
    events = [e for e in find_events(marked, stages.events, stages.syntax) if e.token.i not in measured]
    links = EventLinker(stages.turns.events, stages.syntax).link(events, groups)
    named = stages.places.uses(marked, home)
    uses = sorted([*named, *stages.pointing.uses(marked, named, told)], key=lambda use: use.start)
    links += toll_links(groups, stages.events, stages.turns.outcomes, stages.syntax)
    links += stages.unclaimed.losses(marked, groups, links)
    links += standing_links(marked, groups, links, uses, turns=stages.turns, syntax=stages.syntax)
    return Scene(marked=marked, groups=groups, events=events, links=links, uses=uses, speeches=speeches)


def _with_enemies(
    marked: Marked, stages: Stages, speeches: list[Speech], parties: Parties, speakers: SpeakerMemory
) -> Marked:
    """ "The enemy lost 40 men": the other side of who speaks, else of the article's own; unknown ones are left out."""
    found: list[ForceMention] = []
    for force in marked.forces:
        if force.form != "enemy":
            found.append(force)
            continue
        chain = stages.sources.chain(marked, marked.doc[force.end - 1], speeches)
        own = next((s.country for s in reversed(chain) if s.country), None) or _foe(marked, force, parties, speakers)
        side = parties.enemy_of(own) if own is not None else None
        if side is not None:
            found.append(force_of_side(force, side))
    return replace(marked, forces=tuple(found))


def _foe(marked: Marked, enemy: ForceMention, parties: Parties, speakers: SpeakerMemory) -> str | None:
    """Whose enemy it is where nobody speaks: of the force named before, of who spoke last, of the ground fought for."""
    before = [f.country for f in marked.forces if f.end <= enemy.start and f.country]
    last = speakers.last.country if speakers.last is not None else None
    countries = {country for country, _ in parties.named}
    ground = (r.country for place in marked.places for r in place.readings if r.country in countries)
    return (before[-1] if before else None) or parties.voice or last or next(ground, None) or parties.scene
