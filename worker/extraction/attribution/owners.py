"""Whose statement: "a report by X", "figures that X released", "X's estimates", "American estimates"."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.claims import Source, SourceType
from worker.extraction.attribution.speaker_memory import SpeakerMemory
from worker.extraction.attribution.speaker_words import SpeakerWords
from worker.extraction.attribution.speakers import SpeakerReader
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_LONGEST_OWNER = 4


class OwnerReader:
    def __init__(self, words: SpeakerWords, syntax: Syntax, speakers: SpeakerReader) -> None:
        self._words, self._syntax, self._speakers = words, syntax, speakers

    def owner(self, marked: Marked, noun: Token, memory: SpeakerMemory) -> Source | None:
        """Whose noun of speech it is, or None where it is nobody's."""
        for head in self._behind(noun):
            source = self._speakers.read(marked, head, memory)
            if source is not None:
                return source
        for child in self._syntax.children(noun, self._syntax.attributive):
            if child.pos_ in ("NOUN", "PROPN"):
                source = self._speakers.read(marked, child, memory)
                if source is not None:
                    return self._owning(marked, noun, source)
        return self._national(marked, noun)

    def _behind(self, noun: Token) -> Iterator[Token]:
        """The nouns that may own the noun from behind it."""
        syntax, words = self._syntax, self._words
        for child in noun.rights:
            if child.dep_ in syntax.preposition and child.lower_ in words.owners:
                yield from self._single(child)
            if child.lemma_.casefold() not in words.shared:
                continue
            if child.dep_ in syntax.noun_clause:
                agents = (
                    c for c in child.children if c.lower_ in syntax.prepositions["by"] or c.lower_ in words.owners
                )
                yield from (head for c in agents for head in syntax.children(c, syntax.prepositional_object))
            elif child.dep_ in syntax.relative_clause:
                subjects = syntax.children(child, syntax.subject)
                yield from (s for s in subjects if not syntax.is_relative_pronoun(s))

    def _single(self, preposition: Token) -> Iterator[Token]:
        """The preposition's noun, unless it is what a count is of: "an estimate *of* 300 soldiers"."""
        for head in self._syntax.children(preposition, self._syntax.prepositional_object):
            counted = preposition.lower_ in self._syntax.prepositions["of"] and (
                head.tag_ in self._syntax.tags.plural_noun or self._syntax.children(head, self._syntax.number)
            )
            if not counted:
                yield head

    def _owning(self, marked: Marked, noun: Token, source: Source) -> Source:
        start = noun.left_edge.i
        text = marked.words(start, noun.i + 1)
        country = next((f.country for f in marked.forces if start <= f.start < noun.i), source.country)
        return Source(
            name=source.name, type=source.type, organization=source.organization, role=source.role or text,
            country=country, anonymous=source.anonymous, text=text,
        )  # fmt: skip

    def _national(self, marked: Marked, noun: Token) -> Source | None:
        """ "*American* estimates", "by a *Western* count": officials of that country, whoever they are."""
        start = noun.left_edge.i
        force = next((f for f in marked.forces if start <= f.start and f.end <= noun.i and f.form == "adjective"), None)
        region = any(t.lower_ in self._words.regions for t in marked.doc[start : noun.i])
        if (force is None and not region) or noun.i - start > _LONGEST_OWNER:
            return None
        role = marked.words(start, noun.i + 1)
        return Source(
            type=SourceType.OFFICIAL, role=role, country=force.country if force else None, anonymous=True, text=role
        )
