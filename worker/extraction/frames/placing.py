"""Where: the places of a sentence and the part that each plays in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from service.domain.claims import Place
from service.domain.places import Gazetteer, PlaceRecord
from worker.extraction.frames.place_readings import LinkWords, read_place
from worker.extraction.mentions.constructions import PlacingWords
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.marking import FindNames, Marked, PlaceMention
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token
from worker.extraction.words import Table, expect_keys, strings

OBJECT = "object"
"""Stands for the preposition where a place hangs on its verb without one."""

_TO_HEAD_STEPS = 6
_GROUND_TOKENS = 4
# People of a town whose name stands for itself behind a name that is no place's.
_WELL_KNOWN = 300_000


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
    borders: frozenset[str]
    offices: frozenset[str]
    links: LinkWords
    speech: frozenset[str]
    officials: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceUse:
    """A place with its part in the sentence. `anchor` is the word that its preposition hangs on.

    `border` is the word for its border where only that is meant, on whichever side.
    """

    start: int
    end: int
    record: PlaceRecord | None
    role: PlaceRole
    anchor: Token | None
    preposition: str
    place: Place
    border: Token | None = None


def parse_places(table: Table, speech: frozenset[str], officials: frozenset[str]) -> PlaceWords:
    where = "places.toml"
    keys = (
        "pointing",
        "grounds",
        "wars",
        "directions",
        "carriers",
        "borders",
        "offices",
        "joiners",
        "fillers",
        "possessive",
    )
    expect_keys(table, keys, where=where)
    directions = frozenset(strings(table, "directions", where=where))
    links = LinkWords(
        joiners=frozenset(strings(table, "joiners", where=where)),
        fillers=frozenset(strings(table, "fillers", where=where)) | directions,
        possessive=frozenset(strings(table, "possessive", where=where)),
    )
    return PlaceWords(
        grounds=frozenset(strings(table, "grounds", where=where)),
        wars=frozenset(strings(table, "wars", where=where)),
        directions=directions,
        carriers=frozenset(strings(table, "carriers", where=where)),
        borders=frozenset(strings(table, "borders", where=where)),
        offices=frozenset(strings(table, "offices", where=where)),
        links=links,
        speech=speech,
        officials=officials,
    )


class PlaceReader:
    """Reads the places of a sentence. `names` finds the names of people in it, as tokens [first, past)."""

    def __init__(
        self,
        words: PlaceWords,
        turns: PlacingWords,
        syntax: Syntax,
        gazetteer: Gazetteer,
        names: FindNames,
    ) -> None:
        self._words, self._turns, self._syntax, self._gazetteer = words, turns, syntax, gazetteer
        self._names = names

    def uses(self, marked: Marked, home: frozenset[str]) -> list[PlaceUse]:
        """Every place of the sentence that is used as one. `home` are the countries that the article names."""
        grounds = list(self._owned_grounds(marked))
        found: list[PlaceUse] = []
        for index, mention in enumerate(marked.places):
            owner = next((force.country for force, ground in grounds if force.end <= mention.start <= ground + 2), None)
            record = read_place(marked, index, self._words.links, home=home, owner=owner)
            if record is not None and not self._is_persons(marked, mention, record):
                found.append(self._named(marked, mention.start, mention.end, record))
        covered = {i for m in marked.places for i in range(m.start, m.end)}
        named = {use.start for use in found}
        for force, ground in grounds:
            record = self._gazetteer.by_code(force.country or "")
            if record is None or force.start in covered or ground in covered or named & {ground + 1, ground + 2}:
                continue
            found.append(self._named(marked, force.start, ground + 1, record))
        return _own_borders(sorted(found, key=lambda use: use.start))

    def on_side_of(self, use: PlaceUse, country: str | None, others: Sequence[str]) -> PlaceUse | None:
        """The use as it is for people of a country: at a neighbor's border they stand on their own side.

        Those from afar stand on the side of the first of the `others` that is a neighbor. None where "the border" alone
        doesn't tell a side.
        """
        if use.border is None:
            return use
        unknown = use if use.record is not None else None
        other = use.place.country
        crossed = use.preposition == OBJECT or use.preposition in self._turns.across
        if crossed or country is None or other is None:
            return unknown
        beside = () if country == other else (country, *others)
        near = next((code for code in beside if self._gazetteer.are_neighbors(code, other)), None)
        record = self._gazetteer.by_code(near) if near is not None else None
        if record is None:
            return unknown
        return replace(use, record=record, place=self._gazetteer.place(record, use.place.text))

    def standing(self, token: Token, anchor: Token, place: Place) -> PlaceUse:
        """The use of a place by an adverb: "they are *there*"."""
        return PlaceUse(
            start=token.i, end=token.i + 1, record=None, role=PlaceRole.LOCATION, anchor=anchor,
            preposition=token.lower_, place=place,
        )  # fmt: skip

    def pointed(self, marked: Marked, noun: Token, place: Place) -> PlaceUse | None:
        """The use of a place by a noun that stands for it, where one is made of it."""
        use = self._use(marked, noun.i, noun.i + 1, None, place)
        return use if use.preposition else None

    def is_somewhere(self, use: PlaceUse) -> bool:
        """Whether something is or goes there: not "the war in Ukraine", "Kyiv said", "two steps from Algeria"."""
        return use.role in (PlaceRole.LOCATION, PlaceRole.DESTINATION) or use.preposition == OBJECT

    def _owned_grounds(self, marked: Marked) -> Iterable[tuple[ForceMention, int]]:
        """Countries said of a ground, with the token of the ground: "*Russian* territory", "*Iraq*'s border"."""
        for force in marked.forces:
            if force.country is None or force.form not in ("adjective", "name"):
                continue
            ground = self._ground_after(marked, force.end)
            if ground is not None:
                yield force, ground.i

    def _is_persons(self, marked: Marked, mention: PlaceMention, record: PlaceRecord) -> bool:
        """Whether the name of a town is a part of a person's or a paper's: "Major *Fitzroy*", "Asharq *Al-Awsat*"."""
        if not record.code.startswith(("geonames:", "city:")):
            return False
        doc = marked.doc
        before = doc[mention.start - 1] if mention.start else None
        if before is not None and before.pos_ == "PROPN" and record.population < _WELL_KNOWN:
            named = before.dep_ in self._syntax.qualifier and before.lower_ not in self._words.directions
            if (
                named
                and not _is_inside(before, marked.places)
                and not any(f.start <= before.i < f.end for f in marked.forces)
            ):
                return before.lower_ not in self._words.grounds
        beside = [*doc[max(0, mention.start - 1) : mention.start], *doc[mention.end : mention.end + 1]]
        if all(t.pos_ != "PROPN" for t in beside):
            return False
        names = ((first, past) for first, past in self._names(marked) if past - first > mention.end - mention.start)
        return any(first <= mention.start and mention.end <= past for first, past in names)

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

    def _named(self, marked: Marked, start: int, end: int, record: PlaceRecord) -> PlaceUse:
        return self._use(marked, start, end, record, self._gazetteer.place(record, marked.words(start, end)))

    def _use(self, marked: Marked, start: int, end: int, record: PlaceRecord | None, place: Place) -> PlaceUse:
        head, preposition = self._climb(marked, start, end)
        border = head if head.lemma_.casefold() in self._words.borders else None
        role, anchor, said = PlaceRole.OTHER, None, ""
        near = self._near_to(preposition) if preposition is not None and record is not None else None
        if preposition is not None and near is not None:
            held = near.dep_ in self._syntax.prepositional_object and self._is_ground(near)
            role, anchor, said = PlaceRole.LOCATION, near, preposition.lower_
            if held:
                role, anchor, said = self._role(marked, near.head), near.head.head, near.head.lower_
        elif preposition is not None:
            role, anchor, said = self._role(marked, preposition), preposition.head, preposition.lower_
            while anchor.pos_ == "ADP" and anchor.head.i != anchor.i:
                anchor = anchor.head
        elif head.dep_ in self._syntax.bare_place and head.head.pos_ == "VERB":
            anchor, said = head.head, OBJECT
        return PlaceUse(
            start=start, end=end, record=record, role=role, anchor=anchor, preposition=said, place=place, border=border
        )

    def _near_to(self, preposition: Token) -> Token | None:
        """ "A camp *south of* Goma", "a town *30 km from* Kunduz": what stands near the place and not in it."""
        before = preposition.nbor(-1) if preposition.i else preposition
        direction = preposition.lower_ in self._syntax.prepositions["of"] and before.lower_ in self._words.directions
        measure = preposition.lower_ in self._turns.from_ and before.lemma_.casefold() in self._turns.distances
        reach = preposition.lower_ in self._turns.as_ and before.lower_ in self._words.directions
        if not (direction or measure or reach) or before.dep_ in self._syntax.prepositional_object:
            return None
        head = before.head if before is preposition.head else preposition.head
        if head.i == preposition.i or (measure and head.lemma_.casefold() in self._turns.lying):
            return None
        return head

    def _climb(self, marked: Marked, start: int, end: int) -> tuple[Token, Token | None]:
        """The head of the phrase that the place stands in, and the preposition over it."""
        head = marked.doc[start:end].root
        for _ in range(_TO_HEAD_STEPS):
            upper = head.head
            if head.dep_ in self._syntax.prepositional_object:
                ground = self._ground_over(upper)
                if ground is None:
                    return head, upper
                head = ground
                continue
            if upper.i == head.i or upper.pos_ not in ("NOUN", "PROPN") or not self._is_part(marked, head, end):
                return head, None
            head = upper
        return head, None

    def _ground_over(self, preposition: Token) -> Token | None:
        """ "The *outskirts* of Kursk", "its *border* with Chad": the noun that a place only tells apart."""
        if preposition.lower_ in self._syntax.prepositions["of"]:
            return preposition.head if self._is_ground(preposition.head) else None
        if preposition.lower_ not in self._turns.border_with:
            return None
        beside = [preposition.head, *([preposition.nbor(-1)] if preposition.i else [])]
        return next((t for t in beside if t.lemma_.casefold() in self._words.borders), None)

    def _is_part(self, marked: Marked, head: Token, end: int) -> bool:
        """Whether the noun of the place, which ends at `end`, has the place of the noun above it."""
        if head.dep_ in self._syntax.apposition:
            return not (end < len(marked.doc) and marked.doc[end].lower_ in self._turns.onward)
        if head.dep_ in self._syntax.conjunct:
            return True
        return head.dep_ in self._syntax.place_modifier and (
            self._is_ground(head.head) or _is_inside(head.head, marked.places)
        )

    def _role(self, marked: Marked, preposition: Token) -> PlaceRole:
        lower, anchor = preposition.lower_, preposition.head
        groups = self._syntax.prepositions
        goal = lower in groups["destination"]
        if self._is_excluded(preposition) or (goal and anchor.lower_ in self._turns.no_way_to):
            return PlaceRole.OTHER
        if lower in groups["of"]:
            return self._role_of(anchor)
        if lower in groups["location"] and (self._is_no_event(marked, anchor) or self._is_passed(anchor)):
            return PlaceRole.OTHER
        if lower in groups["location"] and self._is_boarding(anchor):
            return PlaceRole.ORIGIN
        if lower in groups["origin"]:
            measured = preposition.i > 0 and preposition.nbor(-1).lemma_.casefold() in self._turns.distances
            return PlaceRole.OTHER if measured else PlaceRole.ORIGIN
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

    def _is_passed(self, anchor: Token) -> bool:
        """ "Through a *crossing* at the border": the way and no goal."""
        return anchor.dep_ in self._syntax.prepositional_object and anchor.head.lower_ in self._turns.passing

    def _is_boarding(self, anchor: Token) -> bool:
        """ "*Boarded a plane* in Brindisi": where they set out."""
        verb = anchor.head if anchor.dep_ in self._syntax.object else anchor
        return verb.pos_ == "VERB" and verb.lemma_.casefold() in self._turns.boarding

    def _is_no_event(self, marked: Marked, anchor: Token) -> bool:
        """ "The *war* in Ukraine", "the *spokesman* in Kyiv", "*said* in Kyiv": no place of the people."""
        lemma = anchor.lemma_.casefold()
        return (
            (anchor.pos_ in ("NOUN", "PROPN") and lemma in self._words.wars)
            or (anchor.pos_ in ("NOUN", "PROPN") and lemma in self._words.offices)
            or (anchor.pos_ == "NOUN" and lemma in self._words.officials and not _is_people(anchor, marked))
            or (anchor.pos_ == "VERB" and lemma in self._words.speech)
        )


def _own_borders(uses: list[PlaceUse]) -> list[PlaceUse]:
    """ "*Chad's* border with Sudan" is in Chad."""
    owned = {u.border.i for u in uses if u.border is not None and u.start < u.border.i}
    kept = (u for u in uses if u.border is None or u.start < u.border.i or u.border.i not in owned)
    shared = {u.border.i for u in uses if u.border is not None and u.start > u.border.i} & owned
    return [replace(u, border=None) if u.border is not None and u.border.i in shared else u for u in kept]


def _is_people(token: Token, marked: Marked) -> bool:
    """ "Military *advisers* in Angola", who may speak as well."""
    return any(p.type is not None and p.start <= token.i < p.end for p in marked.people)


def _is_inside(token: Token, places: Iterable[PlaceMention]) -> bool:
    return any(p.start <= token.i < p.end for p in places)
