"""According to whom: the acts of speech in a sentence, what each covers, and the chain over an event."""

from __future__ import annotations

from service.domain.claims import Source
from worker.extraction.attribution.cited import HearsayReader, PhraseReader
from worker.extraction.attribution.headlines import HeadlineReader
from worker.extraction.attribution.owners import OwnerReader
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.attribution.speakers import SpeakerReader
from worker.extraction.attribution.speech import PASSING_ON, Speech
from worker.extraction.attribution.spoken import VerbReader
from worker.extraction.attribution.unparsed import LayoutReader
from worker.extraction.frames.status_words import StatusWords
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.phrasebook import tokenize
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.model import LineKind
from worker.extraction.parsing.tree import Token


class SourceReader:
    def __init__(self, words: SpeakerWords, status: StatusWords, syntax: Syntax) -> None:
        self._words = words
        self._speakers = SpeakerReader(words, syntax)
        owners = OwnerReader(words, syntax, self._speakers)
        self._verbs = VerbReader(words, syntax, self._speakers, owners)
        self._phrases = PhraseReader(words, syntax, self._speakers, owners)
        self._layout = LayoutReader(words, syntax, self._speakers)
        self._headlines = HeadlineReader(words, self._speakers)
        self._hearsay = HearsayReader(words, status, syntax)

    def speeches(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        memory.begin(marked.index, marked.sentence.line)
        found = []
        for token in marked.doc:
            speech = (
                self._layout.inverted(marked, token, memory)
                or self._layout.subjectless(marked, token, memory)
                or self._verbs.speech(marked, token, memory)
                or self._layout.trailing(marked, token, memory)
            )
            if speech is not None:
                found.append(speech)
        found += self._layout.colon(marked, memory)
        found += self._phrases.claimed(marked, memory)
        found += self._phrases.cited(marked, memory)
        found += self._phrases.reckoned(marked, memory)
        if marked.line.kind in (LineKind.TITLE, LineKind.HEADING, LineKind.BULLET):
            found += self._headlines.speeches(marked, memory)
        found += self._layout.unparsed(marked, memory, frozenset().union(*(s.scope for s in found)))
        self._speakers.see(marked, memory)
        return found

    def labelled(self, label: str, memory: SpeakerMemory) -> Source | None:
        """The speaker whom the label of a transcript's line names; None for "", a label without a name."""
        return self._speakers.label(label, memory) if label else None

    def knows(self, name: str) -> bool:
        """Whether a name is that of a known outlet, agency or institution."""
        return bool(self._words.known.find_all(tokenize(name)))

    def credited(self, line: str) -> Source | None:
        """The outlet or agency that a line such as "Source: Anadolu" credits with the whole article."""
        label, colon, rest = line.partition(":")
        if not colon or label.strip().casefold() not in self._words.credit:
            return None
        named = self._words.known.find_all(tokenize(rest))
        if not named:
            return None
        known = named[0][2]
        return Source(name=known.name, type=known.type, country=known.country, text=rest.strip())

    def chain(self, marked: Marked, event: Token, speeches: list[Speech]) -> tuple[Source, ...]:
        """From the outlet to the original speaker: wider speech first, media before those they cite."""
        over = [s for s in speeches if event.i in s.scope and not s.points_back]
        over.sort(key=lambda s: -len(s.scope))
        links: list[Source] = []
        for speech in over:
            links += [link for link in speech.chain if link not in links]
        if not links:
            hearsay = self._hearsay.source(marked, event)
            links = [hearsay] if hearsay is not None else []
        return tuple(sorted(links, key=lambda link: link.type not in PASSING_ON))
