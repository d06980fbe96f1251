"""Speech told by where words stand, where a parse tells nothing: colons, speakers at the end."""

from __future__ import annotations

from service.domain.claims import Source
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.attribution.speakers import SpeakerReader
from worker.extraction.attribution.speech import Speech, is_medium
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Span, Token, Tree

_LONGEST_SPEAKER = 18
_LONGEST_MEDIUM = 4
_SHORTEST_SAID = 4
_LONGEST_SIGN = 6
_LONGEST_APPOSITION = 14


class LayoutReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax, speakers: SpeakerReader) -> None:
        self._words, self._syntax, self._speakers = words, syntax, speakers

    def inverted(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """As "Belarus, says the president, has sent 300": set apart, with the speaker behind the verb."""
        doc, lemma = marked.doc, verb.lemma_.casefold()
        if verb.i < 2 or doc[verb.i - 1].text not in (",", '"') or lemma not in self._words.verbs:
            return None
        if lemma in self._words.telling or verb.tag_ not in self._syntax.tags.past_form | self._syntax.tags.present:
            return None
        end = self._phrase_end(doc, verb.i + 1)
        if any(t.lemma_.casefold() in self._words.nouns for t in doc[verb.i + 1 : end]):
            return None
        if end == verb.i + 1 or not self._speakers.is_sure(marked, verb.i + 1, end):
            return None
        if any(t.dep_ in self._syntax.clause_complement and t.i > end for t in verb.children):
            return None
        source = self._speakers.read_span(marked, verb.i + 1, end, memory)
        scope = frozenset(range(len(doc))) - frozenset(range(verb.i, end))
        return Speech(verb=verb, chain=(source,), scope=scope) if source is not None else None

    def subjectless(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """As trailing, for a verb behind a noun that the parse gave elsewhere: "... in Kharkiv, the staff said"."""
        if verb.pos_ != "VERB" or verb.i == 0 or verb.nbor(-1).pos_ not in ("NOUN", "PROPN"):
            return None
        clauses = self._syntax.subject | self._syntax.clause_complement
        return None if self._syntax.children(verb, clauses) else self.trailing(marked, verb, memory)

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

    def _speaker_start(self, doc: Tree, end: int, *, apposed: bool) -> int | None:
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
            clause = before.tag_ in self._syntax.tags.clause_word and inner <= 0
            if clause and before.lower_ not in self._words.links:
                return None
            start -= 1
        return start

    def colon(self, marked: Marked, memory: SpeakerMemory) -> list[Speech]:
        """As "The minister was blunt: "We have no troops there."": whoever acts before the colon speaks behind it.

        So does a known speaker who stands alone there: "NATO: 300 soldiers have left".
        """
        doc = marked.doc
        first = next((i for i in range(1, min(_LONGEST_SIGN, len(doc))) if doc[i].text == ":"), None)
        if first is not None and self._words.known.find_all([t.text for t in doc[:first]]):
            source = self._speakers.read_span(marked, 0, first, memory)
            if source is not None:
                return [Speech(verb=None, chain=(source,), scope=frozenset(range(first, len(doc))))]
        for at in range(1, len(doc) - 2):
            if doc[at].text == ":" and doc[at + 1].text == '"':
                source = self._before_colon(marked, at, memory)
                if source is not None:
                    return [Speech(verb=None, chain=(source,), scope=frozenset(range(at, len(doc))))]
        return []

    def _before_colon(self, marked: Marked, at: int, memory: SpeakerMemory) -> Source | None:
        """Who acts in the clause before the colon at `at`, or is all that stands there."""
        subjects = [t for t in marked.doc[:at] if t.dep_ in self._syntax.subject]
        if subjects:
            return self._speakers.read(marked, subjects[0], memory)
        alone = at <= _LONGEST_SIGN and all(t.pos_ not in ("VERB", "AUX", "NUM") for t in marked.doc[:at])
        return self._speakers.read_span(marked, 0, at, memory) if alone else None

    def unparsed(self, marked: Marked, memory: SpeakerMemory, covered: frozenset[int]) -> list[Speech]:
        """Speakers beside a verb of speech, for the words that no parsed speech covers: "Kyiv claims to have killed".

        Parsers take many such verbs for nouns, or give the speaker to another word.
        """
        doc = marked.doc
        if len(covered) >= len(doc):
            return []
        for verb in doc:
            if verb.lemma_.casefold() not in self._words.verbs or verb.i in covered:
                continue
            if verb.tag_ in self._syntax.tags.gerund or verb.pos_ == "PROPN" or _is_in_phrase(verb):
                continue
            speech = self._beside(marked, verb, memory)
            left = speech.scope - covered if speech is not None else ()
            if speech is not None and any(not doc[i].is_punct and doc[i].pos_ != "SCONJ" for i in left):
                return [speech]
        return []

    def _beside(self, marked: Marked, verb: Token, memory: SpeakerMemory) -> Speech | None:
        """The speech of a verb whose speaker stands right before it, or behind it where a comma or quote precedes."""
        doc, end = marked.doc, verb.i
        while end > 0 and doc[end - 1].lower_ in self._words.between:
            end -= 1
        if any(t.dep_ in self._syntax.negation for t in doc[end : verb.i]):
            return None
        comma = end > 0 and doc[end - 1].text in (",", '"')
        if comma and verb.lemma_.casefold() not in self._words.telling | self._words.clausal:
            behind = self._phrase_end(doc, verb.i + 1)
            if self._speakers.is_sure(marked, verb.i + 1, behind):
                source = self._speakers.read_span(marked, verb.i + 1, behind, memory)
                return Speech(verb=verb, chain=(source,), scope=frozenset(range(verb.i))) if source else None
        end -= comma
        start = self._speaker_start(doc, end, apposed=comma)
        if start is None or not self._speakers.is_sure(marked, start, end) or not self._tells(verb, doc[start:end]):
            return None
        opening = not any(t.pos_ in ("VERB", "AUX") for t in doc[:start])
        scope = range(verb.i + 1, self._part_end(doc, verb.i)) if opening else range(start)
        source = self._speakers.read_span(marked, start, end, memory)
        return Speech(verb=verb, chain=(source,), scope=frozenset(scope)) if source is not None else None

    def _tells(self, verb: Token, speaker: Span) -> bool:
        """Verbs that only sometimes report need a clause behind them, or a document before: "footage shows 30 dead"."""
        if verb.lemma_.casefold() not in self._words.clausal:
            return True
        clause = verb.i + 1 < len(verb.doc) and verb.nbor(1).pos_ == "SCONJ"
        return clause or any(t.lemma_.casefold() in self._words.documents for t in speaker)

    def _phrase_end(self, doc: Tree, start: int) -> int:
        """Where the speaker that begins at `start` ends: before a comma, a quote, a clause or the stop."""
        end = start
        while end < len(doc) and end - start < _LONGEST_SPEAKER and not doc[end].is_punct:
            if doc[end].tag_ in self._syntax.tags.clause_word and doc[end].lower_ not in self._words.links:
                break
            end += 1
        behind = end + 1
        if end < len(doc) and doc[end].text == ",":
            while behind < len(doc) and behind - end < _LONGEST_APPOSITION and not doc[behind].is_punct:
                behind += 1
            aside = doc[end + 1 : behind]
            names = any(t.pos_ == "PROPN" or t.lemma_.casefold() in self._words.roles for t in aside)
            if names and not any(t.pos_ in ("VERB", "AUX", "CCONJ", "NUM") for t in aside):
                return behind
        return end

    def _part_end(self, doc: Tree, start: int) -> int:
        """Where what is said ends: at a semicolon, or at a contrast behind a comma."""
        for at in range(start + 1, len(doc)):
            if doc[at].text == ";" or (doc[at].lower_ in self._words.contrasts and doc[at - 1].text == ","):
                return at
        return len(doc)


def _is_in_phrase(word: Token) -> bool:
    """Whether a word stands within a phrase, where it is no verb: "in a *report* by", "to *claim*".

    A capital before it may have been taken for an adjective: "*Kyiv* claims".
    """
    before = word.nbor(-1) if word.i > 0 else None
    if before is None or (before.pos_ == "ADJ" and not before.is_lower):
        return False
    return before.pos_ in ("DET", "ADJ", "ADP", "PART", "NUM")
