"""Speech told by a noun or a phrase: "according to X", "the estimate that", and unnamed reports."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.claims import Source, SourceType
from worker.extraction.attribution.owners import OwnerReader
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.attribution.speakers import SpeakerReader
from worker.extraction.attribution.speech import Speech, is_medium
from worker.extraction.frames.status_words import StatusWords
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_PHRASE_WORDS = 8
_REPORT_WORDS = 7


class PhraseReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax, speakers: SpeakerReader, owners: OwnerReader) -> None:
        self._words, self._syntax, self._speakers, self._owners = words, syntax, speakers, owners
        self._media_only = frozenset(tuple(p.split()) for p in words.hearing)
        phrases = self._media_only | {tuple(p.split()) for p in words.phrases}
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for phrase in sorted(phrases, key=len, reverse=True):
            self._phrases.setdefault(phrase[0], []).append(phrase)

    def claimed(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """As "claims by Russian officials that", "Seoul's estimate that": the clause is the owner's."""
        found: list[Speech] = []
        for noun in marked.doc:
            if noun.pos_ != "NOUN" or noun.lemma_.casefold() not in self._words.nouns:
                continue
            clauses = self._syntax.children(noun, self._syntax.noun_clause | self._syntax.clause_complement)
            source = self._owners.owner(marked, noun, memory) if clauses else None
            if source is not None:
                scope = frozenset(t.i for clause in clauses for t in clause.subtree)
                found.append(Speech(verb=None, chain=(source,), scope=scope))
        return found

    def cited(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """As "according to X", "with reference to X", "by X's estimates": said of the whole sentence."""
        found: list[Speech] = []
        lowers = [t.lower_ for t in marked.doc]
        for start in range(len(lowers)):
            starting = self._phrases.get(lowers[start], ())
            phrase = next((p for p in starting if tuple(lowers[start : start + len(p)]) == p), None)
            if phrase is None:
                continue
            at = start + len(phrase)
            head = self._phrase_head(marked, at)
            source = self._cited_source(marked, head, memory) if head is not None else None
            if source is not None and (phrase not in self._media_only or is_medium(source)):
                low, high = _part_around(lowers, start)
                scope = frozenset(range(low, high)) - frozenset(range(start, at))
                found.append(Speech(verb=None, chain=(source,), scope=scope))
        return found

    def _cited_source(self, marked: Marked, head: Token, memory: SpeakerMemory) -> Source | None:
        if head.lemma_.casefold() not in self._words.nouns:
            return self._speakers.read(marked, head, memory)
        owner = self._owners.owner(marked, head, memory)
        if owner is not None:
            return owner
        definite = any(c.lower_ in self._words.definite for c in head.children)
        return (memory.last if definite else None) or self._speakers.read(marked, head, memory)

    def reckoned(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """As "by the army's count", "on American figures", "in the general's words": said of the whole sentence."""
        found: list[Speech] = []
        lowers = [t.lower_ for t in marked.doc]
        for preposition in marked.doc:
            if preposition.lower_ not in self._words.reckoned or preposition.pos_ not in ("ADP", "SCONJ"):
                continue
            for noun in self._syntax.children(preposition, self._syntax.prepositional_object):
                if noun.lemma_.casefold() not in self._words.nouns:
                    continue
                source = self._owners.owner(marked, noun, memory)
                if source is not None:
                    inside = frozenset(t.i for t in preposition.subtree)
                    scope = frozenset(range(*_part_around(lowers, preposition.i))) - inside
                    found.append(Speech(verb=None, chain=(source,), scope=scope))
        return found

    def _phrase_head(self, marked: Marked, at: int) -> Token | None:
        """The noun that a citing phrase introduces: the outermost of the words after it."""
        doc = marked.doc
        if at >= len(doc):
            return None
        token = doc[at]
        for _ in range(_PHRASE_WORDS):
            head = token.head
            near = head.i - at < _PHRASE_WORDS
            inner = token.dep_ in self._syntax.attributive and head.i > token.i and near
            if token.pos_ in ("NOUN", "PROPN", "PRON") and not inner:
                return token
            if head.i > at and head.i != token.i and near:
                token = head
            elif token.i + 1 < len(doc):
                token = doc[token.i + 1]
            else:
                return None
        return token if token.pos_ in ("NOUN", "PROPN") else None


class HearsayReader:
    """Finds who is meant by nobody in particular: one anonymous link of type media."""

    def __init__(self, words: SpeakerWords, status: StatusWords, syntax: Syntax) -> None:
        self._words, self._status, self._syntax = words, status, syntax

    def source(self, marked: Marked, event: Token) -> Source | None:
        """As in "is reportedly preparing", "is believed to", "reports of"."""
        for token in [event, *self._syntax.governors(event)]:
            adverb = next((c for c in token.children if c.lower_ in self._status.hearsay_adverbs), None)
            if adverb is not None:
                return _unnamed(marked, adverb.i, adverb.i + 1)
            if token.i == event.i:
                continue
            told = token.lemma_ in self._status.hearsay_verbs and self._syntax.is_past_participle(token)
            if told and self._syntax.is_passive(token):
                return _unnamed(marked, token.i, token.i + 1)
            if token.lemma_ in self._status.hearsay_nouns and token.pos_ == "NOUN":
                return _unnamed(marked, token.i, self._report_end(token))
        return None

    def _report_end(self, noun: Token) -> int:
        """Behind "reports circulating in the media": the noun with what stands before its own complement."""
        last = min(len(noun.doc), noun.i + _REPORT_WORDS)
        ends = (i for i in range(noun.i + 1, last) if noun.doc[i].lower_ in self._words.report_ends)
        return next(ends, last)


def _unnamed(marked: Marked, start: int, end: int) -> Source:
    return Source(type=SourceType.MEDIA, anonymous=True, text=marked.words(start, end))


def _part_around(lowers: Sequence[str], at: int) -> tuple[int, int]:
    """The words between semicolons around `at`."""
    low = max((i + 1 for i in range(at) if lowers[i] == ";"), default=0)
    high = min((i for i in range(at, len(lowers)) if lowers[i] == ";"), default=len(lowers))
    return low, high
