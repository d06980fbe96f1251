"""English: joins its lexicon, its parser and the stages into one reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial

import spacy
from spacy.tokens import Doc

from service.domain.places import Gazetteer
from worker.extraction.attribution.speaker_words import parse_speakers
from worker.extraction.attribution.speeches import SourceReader
from worker.extraction.extractor import Language
from worker.extraction.frames.event_words import parse_events
from worker.extraction.frames.placing import PlaceReader, parse_places
from worker.extraction.frames.scene import Stages
from worker.extraction.frames.status import StatusReader
from worker.extraction.frames.status_words import parse_status
from worker.extraction.grammar.date_words import DateWords, parse_dates
from worker.extraction.grammar.dates import find_times
from worker.extraction.grammar.quantities import NumberRejected, find_numbers
from worker.extraction.grammar.quantity_words import QuantityWords, parse_quantities
from worker.extraction.mentions.constructions import parse_constructions
from worker.extraction.mentions.forces import ForceFinder
from worker.extraction.mentions.gate import Gate
from worker.extraction.mentions.marking import Counted, Dated, Marked, find_places, token_span
from worker.extraction.mentions.personnel import PeopleFinder, parse_personnel
from worker.extraction.mentions.syntax import parse_syntax
from worker.extraction.model import IgnoredLine, Line, Quantity, Sentence
from worker.extraction.page.boilerplate import parse_boilerplate
from worker.extraction.page.dateline import find_published
from worker.extraction.page.headline_case import HeadlineWords, parse_headlines, sentence_case
from worker.extraction.page.lines import keep_lines
from worker.extraction.page.reading import Reading
from worker.extraction.page.sentences import parse_abbreviations, split
from worker.extraction.page.transcripts import TranscriptReader, parse_transcripts
from worker.extraction.reader import ArticleReader, TextStages
from worker.extraction.words import Table

CODE = "en"


def build(lexicon: Mapping[str, Table], *, model: str, gazetteer: Gazetteer) -> Language:
    """The English reader. `lexicon` holds the tables of lexicons/en by file name; `model` names a spaCy package."""
    syntax = parse_syntax(lexicon["syntax"])
    events = parse_events(lexicon["events"])
    turns = parse_constructions(lexicon["constructions"])
    personnel = parse_personnel(lexicon["personnel"], events.tolls)
    speakers = parse_speakers(lexicon["sources"])
    status = parse_status(lexicon["status"])
    places = parse_places(lexicon["places"], speakers.verbs, speakers.officials)
    boilerplate = parse_boilerplate(lexicon["boilerplate"])
    abbreviations = parse_abbreviations(lexicon["abbreviations"])
    stages = Stages(
        syntax=syntax, turns=turns, personnel=personnel, events=events,
        places=PlaceReader(places, turns.placing, syntax, gazetteer.place, gazetteer.by_code),
        status=StatusReader(status, turns, syntax, speakers.verbs), sources=SourceReader(speakers, status, syntax),
        speech_verbs=speakers.verbs, carriers=places.carriers,
    )  # fmt: skip
    mark = _Marker(
        gazetteer,
        ForceFinder(lexicon["groups"], gazetteer, personnel.gate, turns.forces, turns.plurals),
        PeopleFinder(personnel, turns.people, turns.plurals, syntax),
        parse_quantities(lexicon["quantities"]),
        parse_dates(lexicon["dates"]),
    )

    common = (
        _words_in(lexicon["personnel"]) | _words_in(lexicon["events"]) | _words_in(lexicon["status"]) | speakers.verbs
    )
    headline_words = HeadlineWords(common=common | parse_headlines(lexicon["headlines"]), stems=turns.stems.of)

    def lines(text: str, *, title: str | None) -> tuple[tuple[Line, ...], tuple[IgnoredLine, ...]]:
        return keep_lines(text, boilerplate, title=title)

    def sentences(text: str, kept: Sequence[Line]) -> tuple[Sentence, ...]:
        return split(text, kept, abbreviations)

    text_stages = TextStages(
        keep_lines=lines,
        split=sentences,
        mark=mark,
        headline=partial(sentence_case, words=headline_words),
        transcripts=TranscriptReader(parse_transcripts(lexicon["transcripts"])),
    )
    reader = ArticleReader(
        spacy.load(model), text_stages, stages,
        Gate(
            people=personnel.gate,
            events=events.gate,
            speech=speakers.verbs | speakers.nouns | speakers.signs,
            martial=personnel.martial,
            surely_martial=personnel.surely_martial,
            stems=turns.stems,
        ),
    )  # fmt: skip
    return Language(reader=reader, find_published=partial(_published, words=boilerplate))


def _words_in(table: object) -> frozenset[str]:
    """Every word that a lexicon table holds, in lower case."""
    if isinstance(table, str):
        return frozenset(table.casefold().split())
    if isinstance(table, Mapping):
        return frozenset(word for value in table.values() for word in _words_in(value))
    if isinstance(table, list):
        return frozenset(word for value in table for word in _words_in(value))
    return frozenset()


def _published(text: str, *, words: object) -> date | None:
    return find_published(text, None, words)  # type: ignore[arg-type]


class _Marker:
    """Marks everything that is recognized in one parsed sentence."""

    def __init__(
        self,
        gazetteer: Gazetteer,
        forces: ForceFinder,
        people: PeopleFinder,
        quantities: QuantityWords,
        dates: DateWords,
    ) -> None:
        self._gazetteer, self._forces, self._people = gazetteer, forces, people
        self._quantities, self._dates = quantities, dates

    def __call__(
        self,
        index: int,
        sentence: Sentence,
        line: Line,
        reading: Reading,
        doc: Doc,
        published: date | None,
        label: str | None,
    ) -> Marked:
        words = [token.text for token in doc]
        text = reading.text
        numbers = find_numbers(text, self._quantities)
        past = find_times(text, published=published, words=self._dates, tense="past")
        future = {(t.start, t.end): t for t in find_times(text, published=published, words=self._dates, tense=None)}
        return Marked(
            index=index, sentence=sentence, line=line, reading=reading, doc=doc,
            counted=tuple(
                Counted(start=start, end=end, quantity=quantity)
                for quantity in numbers
                if isinstance(quantity, Quantity)
                for start, end in [token_span(doc, quantity.start, quantity.end)]
            ),
            rejected=tuple(n for n in numbers if isinstance(n, NumberRejected)),
            times=tuple(
                Dated(*token_span(doc, t.start, t.end), past=t, future=future.get((t.start, t.end), t)) for t in past
            ),
            places=tuple(find_places(words, self._gazetteer)), forces=tuple(self._forces.find(words)),
            people=tuple(self._people.find(doc)), label=label,
        )  # fmt: skip
