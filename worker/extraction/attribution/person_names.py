"""Names of people in a speaker's phrase, told by titles, capitals and what stands beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from service.domain.claims import PlaceLevel
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.mentions.marking import Marked, PlaceMention
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Span, Token, Tree

_SHORTEST_NAME = 3
_KNOWN_PLACE_PEOPLE = 50_000


@dataclass(frozen=True, slots=True)
class PersonNames:
    """Finds what a recognizer of names would; it would take as long as the parse, for these few phrases."""

    words: SpeakerWords
    syntax: Syntax

    def find(self, marked: Marked, start: int, end: int) -> tuple[int, int] | None:
        """The first name of a person among the tokens [start, end), without titles, as tokens [first, past).

        It is told of the phrase of a speaker: "a friend *in X*" names no person.
        """
        phrase = marked.doc[start:end]
        names = self._names(marked, start, end)
        return next((n for n in names if not self._is_led_in(phrase, n[0], alone=n[1] - n[0] == 1)), None)

    def find_all(self, marked: Marked) -> list[tuple[int, int]]:
        """Every name of a person in a sentence."""
        return list(self._names(marked, 0, len(marked.doc)))

    def _names(self, marked: Marked, start: int, end: int) -> Iterator[tuple[int, int]]:
        doc = marked.doc
        if not any(token.pos_ == "PROPN" for token in doc[start:end]):
            return
        taken = self._taken(marked, start, end)
        at = start
        while at < end:
            past = self._past(doc, at, end, taken)
            if past > at and self._is_person(doc[start:end], at, past):
                yield at, past
            at = max(past, at + 1)

    def _taken(self, marked: Marked, start: int, end: int) -> set[int]:
        """Tokens that belong to something else: forces, places, dates, institutions, titles."""
        doc = marked.doc
        bodies = [force for force in marked.forces if force.form != "leader"]
        taken = {i for force in bodies for i in range(force.start, force.end)}
        taken |= {i for dated in marked.times for i in range(dated.start, dated.end)}
        known = self.words.known.find_all([token.text for token in doc[start:end]])
        taken |= {start + i for first, past, _ in known for i in range(first, past)}
        taken |= {token.i for token in doc[start:end] if self._is_title(token)}
        for place in marked.places:
            if not self._is_surname(doc, place, start, taken):
                taken |= set(range(place.start, place.end))
        return taken

    def _is_surname(self, doc: Tree, place: PlaceMention, start: int, taken: Collection[int]) -> bool:
        """Whether a place's name is rather a person's: "Lloyd *Austin*", "*Shamil* Basayev", and of hamlets any."""
        if place.end > place.start + 1:
            return False
        if place.readings[0].population < _KNOWN_PLACE_PEOPLE and place.readings[0].level is PlaceLevel.CITY:
            return True
        name, before, after = doc[place.start], place.start - 1, place.end
        named_before = before >= start and before not in taken and doc[before].head.i == name.i
        named_behind = after < len(doc) and after not in taken and name.head.i == after
        return (named_before and doc[before].pos_ == "PROPN") or (named_behind and doc[after].pos_ == "PROPN")

    def _is_title(self, token: Token) -> bool:
        lower = token.lower_.strip(".")
        lemma = token.lemma_.casefold()
        bodies = self.words.roles | self.words.organizations
        return lower in self.words.styles or lemma in bodies or lower in bodies

    def _past(self, doc: Tree, start: int, end: int, taken: Collection[int]) -> int:
        """Behind the name that begins at `start`, hyphens and particles within it included."""
        if not self._may_name(doc[start], taken):
            return start
        past = start + 1
        while True:
            if past < end and self._may_name(doc[past], taken):
                past += 1
            elif self._is_hyphened(doc, past, past - start):
                past += 2
            else:
                linked = past
                while linked < end and (doc[linked].text == "-" or doc[linked].lower_ in self.words.particles):
                    linked += 1
                if linked == past or linked >= end or not self._may_name(doc[linked], taken):
                    return past
                past = linked + 1

    def _is_hyphened(self, doc: Tree, at: int, words: int) -> bool:
        """Whether a hyphen at `at` goes on the name, even where the parse ends the phrase: "Han Moo*-jin*"."""
        if at + 1 >= len(doc) or doc[at].text != "-" or doc[at - 1].whitespace_ or doc[at].whitespace_:
            return False
        return doc[at + 1].pos_ == "PROPN" or (words > 1 and doc[at + 1].pos_ != "VERB")

    def _may_name(self, token: Token, taken: Collection[int]) -> bool:
        text = token.text
        written = text[:1].isupper() and not (len(text) > 1 and text.isupper() and "." not in text)
        return written and token.pos_ == "PROPN" and token.i not in taken

    def _is_person(self, phrase: Span, first: int, past: int) -> bool:
        """Whether the capitalized words [first, past) name a person, and not a part of some body's name."""
        doc, alone = phrase.doc, past - first == 1
        article = first > phrase.start and doc[first - 1].lower_ in self.words.articles
        if alone and (article or len(doc[first].text) < _SHORTEST_NAME):
            return False
        after = doc[past] if past < len(doc) else None
        if after is None or after.tag_ in self.syntax.tags.possessive_ending:
            return after is None
        if past >= phrase.end:
            return True
        return after.pos_ not in ("NOUN", "PROPN") and (not alone or after.pos_ != "ADP")

    def _is_led_in(self, phrase: Span, first: int, *, alone: bool) -> bool:
        """Whether what stands before a name makes it no speaker's: "in X", "the X", "for National X", "daily X"."""
        if first == phrase.start:
            return False
        doc, at = phrase.doc, first - 1
        before = doc[at]
        if before.pos_ in ("DET", "ADP") or before.lower_ in self.words.articles | self.words.papers:
            return True
        while at > phrase.start and doc[at].lower_ in self.words.styles:
            at -= 1
        return alone and (before.pos_ == "ADJ" or (at < first - 1 and doc[at].pos_ == "ADP"))
