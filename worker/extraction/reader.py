"""Reads one article in one language: lines, sentences, gate, parse, mentions, frames, merging."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from service.domain.claims import Claim, Count, Evidence, Personnel, PlaceLevel
from worker.extraction.claims.confidence import confidence
from worker.extraction.claims.context import (
    carry_force,
    carry_places,
    credit,
    inherit,
    list_total,
    named_in_full,
    placed,
)
from worker.extraction.claims.drafts import Draft, Told
from worker.extraction.claims.merging import merge
from worker.extraction.claims.story import Story, carry_story, carry_times
from worker.extraction.claims.voices import Voices
from worker.extraction.diagnosing import Diagnosis
from worker.extraction.frames.framing import Framer
from worker.extraction.frames.place_readings import UnparsedPlaces
from worker.extraction.frames.scene import Stages
from worker.extraction.mentions.forces import settle
from worker.extraction.mentions.gate import Gate
from worker.extraction.mentions.marking import Marked, Passage
from worker.extraction.mentions.parties import Parties, read_parties
from worker.extraction.model import Diagnostics, IgnoredLine, Line, LineKind, Quantity, Sentence
from worker.extraction.page.reading import Reading, read
from worker.extraction.page.transcripts import TranscriptReader, Turn
from worker.extraction.parsing.parser import Parser
from worker.extraction.parsing.tree import Tree

_CONTEXT_CHARS = 32
PARSED_CHARS = 500_000
"""More of one article is not parsed: it is fifty times a long read, and takes less than half of the time allowed."""
MOST_DRAFTS = 1_000
"""What stands behind so many statements is not read: to compare each with all others takes their number squared."""


@dataclass(frozen=True, slots=True)
class ReadArticle:
    claims: tuple[Claim, ...]
    diagnostics: Diagnostics


@dataclass(frozen=True, slots=True)
class TextStages:
    """What cuts a text into sentences and marks what stands in each."""

    keep_lines: Callable[..., tuple[tuple[Line, ...], tuple[IgnoredLine, ...]]]
    split: Callable[[str, Sequence[Line]], tuple[Sentence, ...]]
    mark: Callable[[Passage, Tree, date | None], Marked]
    headline: Callable[[str], str]
    places: UnparsedPlaces
    transcripts: TranscriptReader
    voice: Callable[[str, Sequence[Line]], str | None]


class ArticleReader:
    def __init__(self, parser: Parser, text: TextStages, stages: Stages, gate: Gate) -> None:
        self._parser, self._text, self._stages, self._gate = parser, text, stages, gate

    def read(self, text: str, *, title: str | None, published: date | None) -> ReadArticle:
        """The article's claims. Offsets index `text`; date phrases count from `published`."""
        lines, ignored = self._text.keep_lines(text, title=title)
        martial = self._gate.is_martial(text)
        sentences = self._text.split(text, lines)
        diagnosis = Diagnosis(text, ignored)
        worth, aside = self._passages(text, lines, sentences, martial=martial)
        passages, left = within_reach(worth)
        diagnosis.leave([(p.sentence.start, p.sentence.end) for p in left])
        marked = self._marked(passages, published)
        named = Counter(f.country for m in marked for f in m.forces if f.country)
        marked = [replace(m, forces=settle(m.forces, named)) for m in marked]
        home = frozenset(named) | _known_countries(marked)
        parties = self._parties(text, lines, marked)
        marked = self._stages.referrer.refer(marked, parties)
        told = Told(parties=parties)
        framer = Framer(self._stages, told, home)
        drafts: list[Draft] = []
        for at, one in enumerate(marked):
            if len(drafts) >= MOST_DRAFTS:
                diagnosis.leave([(m.sentence.start, m.sentence.end) for m in marked[at:]])
                break
            while aside and aside[0].index < one.index:
                self._see_places(aside.popleft(), told, home)
            if one.label is None:
                told.label = None
            else:
                told.label = self._stages.sources.labelled(one.label, told.speakers)
            drafts += framer.frame(one) or self._item(one, drafts)
            diagnosis.see(one, self._stages, home)
        carry_places(drafts)
        carry_force(drafts, [force for _, force, group in told.forces if group is not None], parties)
        if not martial and not any(self._gate.is_martial(p.reading.text) for p in passages):
            drafts = named_in_full(drafts)
        claims_from = merge(placed(drafts))
        carry_places(claims_from)
        carry_story(claims_from, Story(told.mentions))
        Voices(told.said, told.drafts).carry(claims_from)
        carry_times(claims_from)
        bylines = (text[line.start : line.end] for line in lines if line.kind is LineKind.BYLINE)
        credit(claims_from, next((s for b in bylines if (s := self._stages.sources.credited(b)) is not None), None))
        claims = tuple(self._claim(text, draft, claims_from) for draft in claims_from)
        return ReadArticle(claims=claims, diagnostics=diagnosis.finish(claims_from, told.said))

    def _marked(self, passages: Sequence[Passage], published: date | None) -> list[Marked]:
        """The passages parsed and marked, in order."""
        docs = self._parser.parse(passage.reading.text for passage in passages)
        return [self._text.mark(passage, doc, published) for passage, doc in zip(passages, docs, strict=True)]

    def _parties(self, text: str, lines: Sequence[Line], marked: Sequence[Marked]) -> Parties:
        words = self._stages.force_words
        return read_parties(marked, voice=self._text.voice(text, lines), sides=words.sides, fighters=words.fighters)

    def _see_places(self, aside: Passage, told: Told, home: frozenset[str]) -> None:
        """Remembers the places of a sentence that is not parsed: later ones may mean them."""
        for place, happens in self._text.places.find(aside.reading.text, home):
            told.see(place, aside, happens=happens)

    def _passages(
        self, text: str, lines: Sequence[Line], sentences: Sequence[Sentence], *, martial: bool
    ) -> tuple[list[Passage], deque[Passage]]:
        """The sentences that pass the gate and those that don't, in order, without labels and datelines.

        Headlines are in plain case.
        """
        readings = [read(text, s.start, s.end) for s in sentences]
        passed = self._gate.passing(
            [r.text for r in readings], [lines[s.line].kind for s in sentences], martial=martial
        )
        passages: list[Passage] = []
        aside: deque[Passage] = deque()
        turns = self._turns(lines, sentences, readings)
        label: str | None = None
        sign: str | None = None
        for index, (sentence, reading) in enumerate(zip(sentences, readings, strict=True)):
            line, rest = lines[sentence.line], reading
            if index in turns:
                turn = turns[index]
                label, sign, cut = turn.speaker, turn.sign, turn.cut
                rest = reading.behind(cut) if cut else reading
            if index not in passed:
                aside.append(Passage(index=index, sentence=sentence, line=line, reading=rest, label=label))
                continue
            if line.kind in (LineKind.TITLE, LineKind.HEADING):
                rest = replace(rest, text=self._text.headline(rest.text))
            if rest.text:
                passages.append(
                    Passage(
                        index=index,
                        sentence=sentence,
                        line=line,
                        reading=rest,
                        label=label if label is not None else sign,
                    )
                )
        return passages, aside

    def _turns(
        self, lines: Sequence[Line], sentences: Sequence[Sentence], readings: Sequence[Reading]
    ) -> dict[int, Turn]:
        """Whose turn it is, by the index of each line's first sentence. No heading has a dateline."""
        first = [i for i, s in enumerate(sentences) if i == 0 or sentences[i - 1].line != s.line]
        turns = dict(zip(first, self._text.transcripts.turns([readings[i].text for i in first]), strict=True))
        speakers = self._stages.sources
        turns = {i: t if t.sign is None or speakers.knows(t.sign) else replace(t, sign=None) for i, t in turns.items()}
        headings = (i for i in first if lines[sentences[i].line].kind in (LineKind.TITLE, LineKind.HEADING))
        return turns | {i: replace(turns[i], cut=0, sign=None) for i in headings if not turns[i].labelled}

    def _item(self, marked: Marked, drafts: list[Draft]) -> list[Draft]:
        """A list's item with a figure and no event of its own is a part of the total that the list is of."""
        if marked.line.kind is not LineKind.BULLET:
            return []
        total = list_total(marked.line, drafts, {d.sentence: d.line for d in drafts})
        items = [c for c in marked.counted if c.quantity.min is not None]
        people = [p for p in marked.people if p.type is not None]
        if total is None or not items or not people:
            return []
        counted, who = items[0], people[-1]
        if total.quantity is None or (total.quantity.max or 0) < (counted.quantity.min or 0):
            return []
        span = marked.article_span(counted.start, counted.end)
        return [
            inherit(
                total, quantity=replace(counted.quantity, additional=False), count_span=span, counted_spans=[span],
                personnel=who.type, personnel_text=marked.words(who.start, who.end), sentence=marked.index,
                line=marked.sentence.line, line_kind=LineKind.PROSE,
                spans=[marked.reading.span(0, len(marked.reading.text))],
                reasons=["list:item", "part of a total"],
            )
        ]  # fmt: skip

    def _claim(self, text: str, draft: Draft, drafts: Sequence[Draft]) -> Claim:
        claim = Claim(
            kind=draft.kind, outcome=draft.outcome, status=draft.status, polarity=draft.polarity, force=draft.force,
            personnel=Personnel(type=draft.personnel, text=draft.personnel_text),
            count=_count(text, draft.quantity, draft.count_span),
            locations=draft.locations, origin=draft.origin, transport=draft.transport,
            **({"time": draft.time} if draft.time is not None else {}), attribution=draft.chain,
            part_of=next((i for i, d in enumerate(drafts) if d is draft.part_of), None),
            evidence=tuple(_evidence(text, start, end) for start, end in draft.spans), confidence=0.0,
            reasons=tuple(draft.reasons),
        )  # fmt: skip
        return replace(claim, confidence=confidence(claim))


def _known_countries(marked: Sequence[Marked]) -> frozenset[str]:
    """The countries of the regions that an article names, though never the country."""
    first = (mention.readings[0] for one in marked for mention in one.places if mention.readings)
    wide = (PlaceLevel.CITY, PlaceLevel.COUNTRY)
    return frozenset(r.country for r in first if r.country is not None and r.level not in wide)


def within_reach(passages: Sequence[Passage]) -> tuple[list[Passage], list[Passage]]:
    """The passages up to PARSED_CHARS, and those behind them, which are left unread."""
    total = 0
    for index, passage in enumerate(passages):
        total += len(passage.reading.text)
        if total > PARSED_CHARS:
            return list(passages[:index]), list(passages[index:])
    return list(passages), []


def _count(text: str, quantity: Quantity | None, span: tuple[int, int] | None) -> Count:
    if quantity is None or span is None:
        return Count()
    return Count(
        min=quantity.min, max=quantity.max, qualifier=quantity.qualifier, additional=quantity.additional,
        unit=quantity.unit, text=text[span[0] : span[1]],
    )  # fmt: skip


def _evidence(text: str, start: int, end: int) -> Evidence:
    return Evidence(
        exact=text[start:end], prefix=text[max(0, start - _CONTEXT_CHARS) : start],
        suffix=text[end : end + _CONTEXT_CHARS], start=start, end=end,
    )  # fmt: skip
