"""Words that stand for a place told before: "there", "the country", "the capital", "where"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.domain.claims import Place, PlaceLevel
from service.domain.places import Gazetteer
from worker.extraction.frames.placing import PlaceReader, PlaceUse
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token
from worker.extraction.words import Table, expect_keys, strings

_REMEMBERED = 12
# "In Arauca, *a province on the Venezuelan border*, where": what may stand between a place and its clause.
_ASIDE_TOKENS = 12


class Pointer(StrEnum):
    """What a noun with an article points back to."""

    COUNTRY = "country"
    TERRITORY = "territory"
    REGION = "region"
    TOWN = "town"
    CAPITAL = "capital"
    BORDER = "border"


@dataclass(frozen=True, slots=True)
class PointingWords:
    """Source: lexicons/<language>/places.toml."""

    nouns: Mapping[str, Pointer]
    determiners: frozenset[str]
    own: frozenset[str]
    adverbs: frozenset[str]
    relative: frozenset[str]
    perfect: frozenset[str]


def parse_pointing(table: Table) -> PointingWords:
    where = "places.toml [pointing]"
    kinds = [kind.value for kind in Pointer]
    expect_keys(table, (*kinds, "determiners", "own", "adverbs", "relative", "perfect"), where=where)
    return PointingWords(
        nouns={noun: Pointer(kind) for kind in kinds for noun in strings(table, kind, where=where)},
        determiners=frozenset(strings(table, "determiners", where=where)),
        own=frozenset(strings(table, "own", where=where)),
        adverbs=frozenset(strings(table, "adverbs", where=where)),
        relative=frozenset(strings(table, "relative", where=where)),
        perfect=frozenset(strings(table, "perfect", where=where)),
    )


class PointingReader:
    """Finds the words that point to a place and the place that they mean."""

    def __init__(self, words: PointingWords, places: PlaceReader, syntax: Syntax, gazetteer: Gazetteer) -> None:
        self._words, self._places, self._syntax, self._gazetteer = words, places, syntax, gazetteer

    def uses(self, marked: Marked, named: Sequence[PlaceUse], told: Sequence[Place]) -> list[PlaceUse]:
        """Uses of places by words that point to them. `named` are those named in the sentence, `told` those before."""
        found: list[PlaceUse] = []
        taken = {i for use in named for i in range(use.start, use.end)}
        for token in marked.doc:
            if token.i in taken:
                continue
            if token.lower_ in self._words.relative and token.tag_ in self._syntax.tags.question_word:
                use = self._relative(token, named)
            else:
                use = self._pointed(marked, token, named, told)
            if use is not None:
                found.append(use)
        return found

    def _relative(self, token: Token, named: Sequence[PlaceUse]) -> PlaceUse | None:
        """ "Iraq, *where* they serve": the place right before; where they *had* served is told by the way."""
        if any(c.lower_ in self._words.perfect for c in self._syntax.children(token.head, self._syntax.auxiliary)):
            return None
        before = [u for u in named if u.border is None and u.end <= token.i <= u.end + _ASIDE_TOKENS]
        return self._places.standing(token, token.head, before[-1].place) if before else None

    def _pointed(
        self, marked: Marked, token: Token, named: Sequence[PlaceUse], told: Sequence[Place]
    ) -> PlaceUse | None:
        adverb = token.lower_ in self._words.adverbs and token.tag_ in self._syntax.tags.adverb
        kind = self._words.nouns.get(token.lower_) if token.pos_ in ("NOUN", "PROPN") else None
        if kind is Pointer.BORDER and any(c.lower_ in self._words.own for c in token.children):
            return self._own_country(marked, token)
        if not adverb and (kind is None or not self._points_back(token)):
            return None
        somewhere = [use for use in named if self._places.is_somewhere(use)]
        placed = {i for use in somewhere for i in range(use.start, use.end)}
        own = {force.country for force in marked.forces if force.start not in placed}
        if kind is not None and any(use.anchor == token for use in somewhere):
            return None
        if kind is Pointer.COUNTRY and own and token.head.lower_ in self._syntax.prepositions["of"]:
            goal = token.head.head.head.lower_ in self._syntax.prepositions["destination"]
            return self._own_country(marked, token) if goal else None
        here = [use.place for use in somewhere if use.end <= token.i]
        before = [*told[-_REMEMBERED:], *here]
        place = before[-1] if adverb and before else None
        if kind is not None:
            foreign = [p for p in here if p.country not in own]
            place = self._meant(kind, foreign or [p for p in before if p.country not in own] or before)
        if place is None:
            return None
        place = replace(place, text=marked.words(token.i, token.i + 1))
        return self._places.standing(token, token.head, place) if adverb else self._places.pointed(marked, token, place)

    def _own_country(self, marked: Marked, noun: Token) -> PlaceUse | None:
        """ "*Poland* moved soldiers to the east of *the country*": the only country that acts before."""
        forms = ("name", "capital")
        acting = {
            f.country
            for f in marked.forces
            if f.end <= noun.i and f.form in forms and marked.doc[f.end - 1].dep_ in self._syntax.subject
        }
        record = self._gazetteer.by_code(next(iter(acting)) or "") if len(acting) == 1 else None
        if record is None:
            return None
        place = self._gazetteer.place(record, marked.words(noun.i, noun.i + 1))
        use = self._places.pointed(marked, noun, place)
        return replace(use, border=None) if use is not None else None

    def _points_back(self, noun: Token) -> bool:
        """Whether only an article or a direction stands with the noun: not "the Kursk region", "the city of"."""
        children = list(noun.children)
        if not any(c.lower_ in self._words.determiners for c in children):
            return False
        after = noun.nbor(1).lower_ if noun.i + 1 < len(noun.doc) else ""
        names = any(c.pos_ == "PROPN" for c in children if c.i < noun.i)
        return not names and after not in self._syntax.prepositions["of"] and noun.dep_ not in self._syntax.qualifier

    def _meant(self, kind: Pointer, before: Sequence[Place]) -> Place | None:
        """The last place told that a noun of this kind may stand for."""
        if kind in {Pointer.COUNTRY, Pointer.CAPITAL, Pointer.BORDER}:
            countries = [p.country for p in reversed(before) if p.country]
            if not countries:
                return None
            # The one told most, the last of those told as often.
            country = max(countries, key=countries.count)
            capital = kind is Pointer.CAPITAL
            record = self._gazetteer.capital_of(country) if capital else self._gazetteer.by_code(country)
            return self._gazetteer.place(record, None) if record is not None else None
        if kind is Pointer.TERRITORY:
            return before[-1] if before else None
        regional = next((p for p in reversed(before) if p.level is not PlaceLevel.COUNTRY), None)
        if kind is Pointer.TOWN or regional is None or regional.region is None:
            return regional
        record = self._gazetteer.by_code(regional.region)
        return self._gazetteer.place(record, None) if record is not None else regional
