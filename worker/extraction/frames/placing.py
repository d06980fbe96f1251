"""Where: the places of a sentence and the part that each plays in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from spacy.tokens import Token

from service.domain.claims import Place, PlaceLevel
from service.domain.places import PlaceRecord
from worker.extraction.mentions.constructions import PlacingWords
from worker.extraction.mentions.marking import Marked, PlaceMention
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.words import Table, expect_keys, strings

OBJECT = "object"
"""Stands for the preposition where a place hangs on its verb without one."""

_TO_HEAD_STEPS = 6
_GROUND_TOKENS = 4
# A smaller town counts only where the article names its country: most towns share their name with another.
_KNOWN_ANYWHERE = 300_000
# Of two places of one name, the one at home is not meant when the other has this many times its people.
_FAR_SMALLER = 20


class PlaceRole(StrEnum):
    DESTINATION = "destination"
    LOCATION = "location"
    ORIGIN = "origin"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PlaceWords:
    """Source: lexicons/<language>/places.toml."""

    grounds: frozenset[str]
    wars: frozenset[str]
    directions: frozenset[str]
    carriers: frozenset[str]
    speech: frozenset[str]
    officials: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceUse:
    """A place with its part in the sentence. `anchor` is the word that its preposition hangs on."""

    start: int
    end: int
    record: PlaceRecord | None
    role: PlaceRole
    anchor: Token | None
    preposition: str
    place: Place


def parse_places(table: Table, speech: frozenset[str], officials: frozenset[str]) -> PlaceWords:
    where = "places.toml"
    expect_keys(table, ("grounds", "wars", "directions", "carriers"), where=where)
    return PlaceWords(
        grounds=frozenset(strings(table, "grounds", where=where)),
        wars=frozenset(strings(table, "wars", where=where)),
        directions=frozenset(strings(table, "directions", where=where)),
        carriers=frozenset(strings(table, "carriers", where=where)),
        speech=speech,
        officials=officials,
    )


class PlaceReader:
    """Reads the places of a sentence. `make` builds a Place from a record and its words."""

    def __init__(
        self,
        words: PlaceWords,
        turns: PlacingWords,
        syntax: Syntax,
        make: Callable[[PlaceRecord, str | None], Place],
        by_code: Callable[[str], PlaceRecord | None],
    ) -> None:
        self._words, self._turns, self._syntax, self._make, self._by_code = words, turns, syntax, make, by_code

    def uses(self, marked: Marked, home: frozenset[str]) -> list[PlaceUse]:
        """Every place of the sentence that is used as one. `home` are the countries that the article names."""
        found: list[PlaceUse] = []
        for index, mention in enumerate(marked.places):
            record = self._with_neighbor(marked, index) or choose_reading(mention.readings, home)
            if record is not None:
                found.append(self._use(marked, mention.start, mention.end, record))
        covered = {i for m in marked.places for i in range(m.start, m.end)}
        for force in marked.forces:
            if force.country is None or force.form not in ("adjective", "name") or force.start in covered:
                continue
            ground = self._ground_after(marked, force.end)
            record = self._by_code(force.country)
            if ground is not None and record is not None:
                found.append(self._use(marked, force.start, ground.i + 1, record))
        return sorted(found, key=lambda use: use.start)

    def _with_neighbor(self, marked: Marked, index: int) -> PlaceRecord | None:
        """ "Columbus, Georgia": the readings of which one lies in the other."""
        mention = marked.places[index]
        if index + 1 < len(marked.places):
            wider = marked.places[index + 1]
            if marked.doc[mention.end : wider.start].text == ",":
                codes = {r.code for r in wider.readings}
                return next(
                    (r for r in mention.readings if {r.region, r.country} & codes and r.code not in codes), None
                )
        if index > 0:
            inner = marked.places[index - 1]
            if marked.doc[inner.end : mention.start].text == ",":
                inside = {code for r in inner.readings for code in (r.region, r.country) if code}
                regions = [r for r in mention.readings if r.code in inside]
                return regions[-1] if len(regions) == 1 or (regions and len(mention.readings) > 1) else None
        return None

    def _ground_after(self, marked: Marked, at: int) -> Token | None:
        """ "Russian *territory*", "Polish *soil*", "Russian military training *sites*"."""
        for token in marked.doc[at : at + _GROUND_TOKENS]:
            if self._is_ground(token):
                return token
            inside = token.pos_ in ("ADJ", "NOUN", "PROPN") or token.lower_ == "-"
            if not inside and token.lower_ not in self._turns.possessive:
                return None
        return None

    def _is_ground(self, token: Token) -> bool:
        return token.lemma_.casefold() in self._words.grounds and token.pos_ in ("NOUN", "PROPN")

    def _use(self, marked: Marked, start: int, end: int, record: PlaceRecord) -> PlaceUse:
        head, preposition = self._climb(marked, start, end)
        role, anchor, said = PlaceRole.OTHER, None, ""
        if preposition is not None:
            role, anchor, said = self._role(preposition), preposition.head, preposition.lower_
            while anchor.pos_ == "ADP" and anchor.head.i != anchor.i:
                anchor = anchor.head
        elif head.dep_ in self._syntax.bare_place and head.head.pos_ == "VERB":
            anchor, said = head.head, OBJECT
        place = self._make(record, marked.words(start, end))
        return PlaceUse(start=start, end=end, record=record, role=role, anchor=anchor, preposition=said, place=place)

    def _climb(self, marked: Marked, start: int, end: int) -> tuple[Token, Token | None]:
        """The head of the phrase that the place stands in, and the preposition over it."""
        head = marked.doc[start:end].root
        for _ in range(_TO_HEAD_STEPS):
            upper = head.head
            if head.dep_ in self._syntax.prepositional_object:
                if upper.lower_ not in self._syntax.prepositions["of"] or not self._is_ground(upper.head):
                    return head, upper
                head = upper.head
                continue
            if upper.i == head.i or upper.pos_ not in ("NOUN", "PROPN") or not self._is_part(marked, head, end):
                return head, None
            head = upper
        return head, None

    def _is_part(self, marked: Marked, head: Token, end: int) -> bool:
        """Whether the noun of the place, which ends at `end`, has the place of the noun above it."""
        if head.dep_ in self._syntax.apposition:
            return not (end < len(marked.doc) and marked.doc[end].lower_ in self._turns.onward)
        if head.dep_ in self._syntax.conjunct:
            return True
        return head.dep_ in self._syntax.place_modifier and (
            self._is_ground(head.head) or _is_inside(head.head, marked.places)
        )

    def _role(self, preposition: Token) -> PlaceRole:
        lower, anchor = preposition.lower_, preposition.head
        groups = self._syntax.prepositions
        if self._is_excluded(preposition):
            return PlaceRole.OTHER
        if lower in groups["of"]:
            return self._role_of(anchor)
        if lower in groups["location"] and self._is_no_event(anchor):
            return PlaceRole.OTHER
        if lower in groups["origin"]:
            return PlaceRole.ORIGIN
        if lower in self._turns.for_ and anchor.pos_ != "VERB":
            return PlaceRole.OTHER
        if lower in groups["destination"]:
            return PlaceRole.DESTINATION
        return PlaceRole.LOCATION if lower in groups["location"] else PlaceRole.OTHER

    def _is_excluded(self, preposition: Token) -> bool:
        """ "To Niger, *not to* Mali"."""
        if preposition.i == 0:
            return False
        before = preposition.nbor(-1)
        return before.dep_ in self._syntax.negation and self._syntax.is_contrast(before)

    def _role_of(self, anchor: Token) -> PlaceRole:
        """The part of a place behind "of": "out *of Kursk*", "the invasion *of Kursk*"."""
        if anchor.lower_ in self._turns.out:
            return PlaceRole.ORIGIN
        if anchor.pos_ != "NOUN" or anchor.lemma_ not in self._turns.place_of:
            return PlaceRole.OTHER
        return PlaceRole.ORIGIN if anchor.lemma_ in self._turns.out else PlaceRole.LOCATION

    def _is_no_event(self, anchor: Token) -> bool:
        """ "The *war* in Ukraine", "the *spokesman* in Kyiv", "*said* in Kyiv": no place of the people."""
        lemma = anchor.lemma_.casefold()
        return (
            (anchor.pos_ in ("NOUN", "PROPN") and lemma in self._words.wars)
            or (anchor.pos_ == "NOUN" and lemma in self._words.officials)
            or (anchor.pos_ == "VERB" and lemma in self._words.speech)
        )


def _is_inside(token: Token, places: Iterable[PlaceMention]) -> bool:
    return any(p.start <= token.i < p.end for p in places)


def choose_reading(readings: tuple[PlaceRecord, ...], home: frozenset[str]) -> PlaceRecord | None:
    """The reading in a country that the article names, else the best known one; None for a small town elsewhere."""
    if not readings:
        return None
    best = readings[0]
    at_home = [r for r in readings if r.country in home and r.population * _FAR_SMALLER >= best.population]
    if at_home:
        return at_home[0]
    small = best.level in (PlaceLevel.CITY, PlaceLevel.POINT) and best.population < _KNOWN_ANYWHERE
    return None if small and home and len(readings) > 1 and best.country not in home else best
