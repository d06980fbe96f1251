"""English: joins its lexicon, its parser and the stages into one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

from service.domain.places import Gazetteer
from worker.extraction.attribution.person_names import PersonNames
from worker.extraction.attribution.speaker_words import parse_speakers
from worker.extraction.attribution.speeches import SourceReader
from worker.extraction.extractor import Language
from worker.extraction.frames.event_words import parse_events
from worker.extraction.frames.place_readings import UnparsedPlaces
from worker.extraction.frames.placing import PlaceReader, parse_places
from worker.extraction.frames.pointing import PointingReader, parse_pointing
from worker.extraction.frames.scene import Stages
from worker.extraction.frames.status import StatusReader
from worker.extraction.frames.status_words import parse_status
from worker.extraction.frames.unclaimed import UnclaimedReader
from worker.extraction.grammar.date_words import parse_dates
from worker.extraction.grammar.quantity_words import parse_quantities
from worker.extraction.mentions.constructions import parse_constructions
from worker.extraction.mentions.forces import ForceFinder
from worker.extraction.mentions.gate import Gate
from worker.extraction.mentions.marker import Marker
from worker.extraction.mentions.personnel import PeopleFinder, parse_personnel
from worker.extraction.mentions.referring import Referrer
from worker.extraction.mentions.syntax import parse_syntax
from worker.extraction.mentions.voice import VoiceReader
from worker.extraction.model import IgnoredLine, Line, Sentence
from worker.extraction.page.boilerplate import parse_boilerplate
from worker.extraction.page.dateline import find_published
from worker.extraction.page.headline_case import HeadlineWords, parse_headlines, sentence_case
from worker.extraction.page.lines import keep_lines
from worker.extraction.page.sentences import parse_abbreviations, split
from worker.extraction.page.transcripts import TranscriptReader, parse_transcripts
from worker.extraction.parsing.parser import Parser
from worker.extraction.reader import ArticleReader, TextStages
from worker.extraction.words import Table, subtable, words_in

CODE = "en"


def build(lexicon: Mapping[str, Table], *, model: str, gazetteer: Gazetteer) -> Language:
    """The English reader. `lexicon` holds the tables of lexicons/en by file name; `model` names a spaCy package."""
    syntax = parse_syntax(lexicon["syntax"])
    events = parse_events(lexicon["events"])
    turns = parse_constructions(lexicon["constructions"])
    personnel = parse_personnel(lexicon["personnel"], events.tolls, turns.plurals)
    speakers = parse_speakers(lexicon["sources"])
    status = parse_status(lexicon["status"])
    places = parse_places(lexicon["places"], speakers.verbs, speakers.officials)
    pointing = parse_pointing(subtable(lexicon["places"], "pointing", where="places.toml"))
    names = PersonNames(speakers, syntax).find_all
    place_reader = PlaceReader(places, turns.placing, syntax, gazetteer, names)
    boilerplate = parse_boilerplate(lexicon["boilerplate"])
    abbreviations = parse_abbreviations(lexicon["abbreviations"])
    forces = ForceFinder(lexicon["groups"], gazetteer, personnel.gate, turns.forces, turns.plurals)
    stages = Stages(
        syntax=syntax, turns=turns, personnel=personnel, events=events,
        places=place_reader, pointing=PointingReader(pointing, place_reader, syntax, gazetteer),
        status=StatusReader(status, turns, syntax, speakers.verbs), sources=SourceReader(speakers, status, syntax),
        speech_verbs=speakers.verbs, carriers=places.carriers, force_words=forces,
        referrer=Referrer(turns.forces, syntax, names),
        unclaimed=UnclaimedReader(turns, syntax),
    )  # fmt: skip
    quantities = parse_quantities(lexicon["quantities"])
    marker = Marker(
        places=gazetteer,
        forces=forces,
        people=PeopleFinder(personnel, turns.people, turns.plurals, syntax),
        quantities=quantities,
        dates=parse_dates(lexicon["dates"]),
        names=names,
    )

    common = words_in(lexicon["personnel"]) | words_in(lexicon["events"]) | words_in(lexicon["status"]) | speakers.verbs
    headline_words = HeadlineWords(common=common | parse_headlines(lexicon["headlines"]), stems=turns.stems.of)

    def lines(text: str, *, title: str | None) -> tuple[tuple[Line, ...], tuple[IgnoredLine, ...]]:
        return keep_lines(text, boilerplate, title=title)

    def sentences(text: str, kept: Sequence[Line]) -> tuple[Sentence, ...]:
        return split(text, kept, abbreviations)

    transcripts = TranscriptReader(parse_transcripts(lexicon["transcripts"]))
    text_stages = TextStages(
        keep_lines=lines,
        split=sentences,
        mark=marker.mark,
        places=UnparsedPlaces(gazetteer, syntax.prepositions["location"] | syntax.prepositions["destination"]),
        headline=partial(sentence_case, words=headline_words),
        transcripts=transcripts,
        voice=VoiceReader(gazetteer, transcripts.dateline_end).voice,
    )
    reader = ArticleReader(
        Parser(model), text_stages, stages,
        Gate(
            people=personnel.gate,
            events=events.gate,
            speech=speakers.verbs | speakers.nouns | speakers.signs,
            persons=speakers.personal,
            pronouns=speakers.personal | speakers.impersonal | speakers.plural,
            martial=personnel.martial,
            surely_martial=personnel.surely_martial,
            idle=status.unclaimed.sports | status.unclaimed.fiction | status.unclaimed.business,
            stems=turns.stems,
            numerals=quantities.openers,
            existing=turns.predicates.existing,
            countries_of=gazetteer.countries_by_adjective,
        ),
    )  # fmt: skip

    def published(text: str) -> date | None:
        return find_published(text, None, boilerplate)

    return Language(reader=reader, find_published=published)
