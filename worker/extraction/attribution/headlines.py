"""Who says so in a headline: "NATO: 300 killed", "... – army spokesman", "..., Seoul says", "..., says Seoul"."""

from __future__ import annotations

from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.attribution.speakers import SpeakerReader
from worker.extraction.attribution.speech import Speech
from worker.extraction.mentions.marking import Marked

_LONGEST_SPEAKER = 7
_LONGEST_NAME = 3
_DASHES = ("—", "–", "--", "-")


class HeadlineReader:
    def __init__(self, words: SpeakerWords, speakers: SpeakerReader) -> None:
        self._words, self._speakers = words, speakers

    def speeches(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """The speaker whom the headline's punctuation sets apart, at its end or before its first colon."""
        doc, end = marked.doc, len(marked.doc)
        while end > 1 and doc[end - 1].is_punct:
            end -= 1
        for at in range(end - 2, max(0, end - 2 - _LONGEST_SPEAKER), -1):
            mark = doc[at].text
            divides = mark in (",", ":") or (mark in _DASHES and bool(doc[at - 1].whitespace_))
            speech = self._closing(marked, at, end, memory) if divides else None
            if speech is not None:
                return [speech]
        colon = next((i for i in range(1, min(end, _LONGEST_SPEAKER + 1)) if doc[i].text == ":"), None)
        if colon is None or not self._may_sign(marked, 0, colon):
            return []
        source = self._speakers.read_span(marked, 0, colon, memory)
        return [Speech(verb=None, chain=(source,), scope=frozenset(range(colon, len(doc))))] if source else []

    def _closing(self, marked: Marked, at: int, end: int, memory: SpeakerMemory) -> Speech | None:
        """The speaker in the words [at + 1, end), with a verb of speech before or behind, or with none."""
        doc, first = marked.doc, at + 1
        verb = next((i for i in range(first, end) if doc[i].lemma_.casefold() in self._words.verbs), None)
        if verb is None:
            span = (first, end) if doc[at].text != "," and self._may_sign(marked, first, end) else None
        elif verb == first:
            span = (first + 1, end)
        else:
            span = (first, verb)
        if span is None or span[0] >= span[1]:
            return None
        if verb is not None and not self._speakers.is_sure(marked, *span) and doc[span[1] - 1].pos_ != "PROPN":
            return None
        source = self._speakers.read_span(marked, *span, memory)
        return Speech(verb=None, chain=(source,), scope=frozenset(range(at))) if source is not None else None

    def _may_sign(self, marked: Marked, start: int, end: int) -> bool:
        """Whether words without a verb of speech are a speaker's: a role, a known name or a surname, and no rubric."""
        phrase = marked.doc[start:end]
        if any(t.lower_ in self._words.rubrics or t.like_num for t in phrase):
            return False
        if self._speakers.is_sure(marked, start, end):
            return True
        placed = any(p.start < end and p.end > start for p in marked.places)
        return not placed and len(phrase) <= _LONGEST_NAME and all(t.pos_ == "PROPN" for t in phrase)
