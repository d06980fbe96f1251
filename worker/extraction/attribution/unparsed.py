"""Speech told by where words stand, where a parse tells nothing: colons, headlines, speakers at the end."""

from __future__ import annotations

from spacy.tokens import Doc, Span, Token

from service.domain.claims import Source
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.attribution.speakers import SpeakerMemory, SpeakerReader
from worker.extraction.attribution.speech import Speech
from worker.extraction.attribution.spoken import is_medium
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax

_LONGEST_TITLE_SPEAKER = 6
_LONGEST_SPEAKER = 18
_LONGEST_MEDIUM = 4
_SHORTEST_SAID = 4
_DASHES = ("—", "–", "-", "|")


class LayoutReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax, speakers: SpeakerReader) -> None:
        self._words, self._syntax, self._speakers = words, syntax, speakers

    def trailing(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """As "..., the ambassador, Ivan Petrov, told Interfax": a speaker at the end that the parse gave elsewhere."""
        doc, lemma = marked.doc, verb.lemma_.casefold()
        finite = verb.pos_ == "VERB" and verb.tag_ in self._syntax.tags.past_form | self._syntax.tags.present
        if not finite or lemma not in self._words.verbs:
            return None
        end = verb.i - 1 if verb.i > 0 and doc[verb.i - 1].text == "," else verb.i
        start = self._speaker_start(doc, end, apposed=end < verb.i)
        if start is None or not _SHORTEST_SAID <= start < end:
            return None
        if not any(t.pos_ in ("VERB", "AUX") for t in doc[: start - 1]):
            return None
        source = self._speakers.read_span(marked, start, end, memory)
        if source is None:
            return None
        chain = [source]
        if lemma in self._words.telling and verb.i + 1 < len(doc):
            behind = min(len(doc), verb.i + 1 + _LONGEST_MEDIUM)
            told = self._speakers.read_span(marked, verb.i + 1, behind, SpeakerMemory())
            if told is not None and is_medium(told):
                chain.insert(0, told)
        return Speech(verb=verb, chain=tuple(chain), scope=frozenset(range(start)))

    def _speaker_start(self, doc: Doc, end: int, *, apposed: bool) -> int | None:
        """Where the phrase that ends at `end` begins behind a comma or quote; None where a clause comes first.

        `apposed`: a comma before the verb closes an apposition, so the first comma inside belongs to the phrase.
        """
        inner = int(apposed)
        start = end
        while start > 0 and end - start < _LONGEST_SPEAKER:
            before = doc[start - 1]
            if before.text in (",", '"') and inner == 0:
                break
            inner -= before.text == ","
            clause = before.tag_ in self._syntax.tags.clause_word
            if clause and before.lower_ not in self._words.links:
                return None
            start -= 1
        return start

    def colon(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """As "The minister was blunt: "We have no troops there."": whoever acts before the colon speaks behind it."""
        doc = marked.doc
        for at in range(2, len(doc) - 2):
            if doc[at].text == ":" and doc[at + 1].text == '"':
                subjects = [t for t in doc[:at] if t.dep_ in self._syntax.subject]
                source = self._speakers.read(marked, subjects[0], memory) if subjects else None
                if source is not None:
                    return [Speech(verb=None, chain=(source,), scope=frozenset(range(at, len(doc))))]
        return []

    def headline(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """As "NATO: 300 killed", "... - The Times"."""
        doc = marked.doc
        for at in range(1, len(doc) - 1):
            if doc[at].text == ":" and at <= _LONGEST_TITLE_SPEAKER:
                source, scope = self._speakers.read(marked, doc[:at].root, memory), range(at, len(doc))
            elif doc[at].text in _DASHES and len(doc) - at - 1 <= _LONGEST_TITLE_SPEAKER:
                source, scope = self._signed(marked, doc[at + 1 :], memory), range(at)
            else:
                continue
            if source is not None:
                return [Speech(verb=None, chain=(source,), scope=frozenset(scope))]
        return []

    def _signed(self, marked: Marked, tail: Span, memory: SpeakerMemory) -> Source | None:
        """The source behind a headline's dash, when it begins with a known name or is an official."""
        words = [t.text for t in tail]
        known = self._words.known.find_all(words)
        first = int(words[0].lower() in self._words.articles)
        named = bool(known) and known[0][0] <= first
        official = tail.root.lemma_.casefold() in self._words.officials
        return self._speakers.read(marked, tail.root, memory) if named or official else None
