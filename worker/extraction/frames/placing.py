"""Where: which of a sentence's places an event goes to, comes from or happens at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from spacy.tokens import Token

from service.domain.claims import Kind, Place, PlaceLevel
from service.domain.places import PlaceRecord
from worker.extraction.frames.events import Event
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked, PlaceMention
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.words import Table, expect_keys, strings

_TO_HEAD_STEPS = 4
_DETAIL_TOKENS = 8
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
        syntax: Syntax,
        make: Callable[[PlaceRecord, str | None], Place],
        by_code: Callable[[str], PlaceRecord | None],
    ) -> None:
        self._words, self._syntax, self._make, self._by_code = words, syntax, make, by_code

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
        for token in marked.doc[at : at + 4]:
            if token.lemma_.casefold() in self._words.grounds and token.pos_ in ("NOUN", "PROPN"):
                return token
            if token.pos_ not in ("ADJ", "NOUN", "PROPN") and token.lower_ not in ("'s", "-"):
                return None
        return None

    def _use(self, marked: Marked, start: int, end: int, record: PlaceRecord) -> PlaceUse:
        head = marked.doc[start:end].root
        preposition: Token | None = None
        for _ in range(_TO_HEAD_STEPS + 2):
            upper = head.head
            if head.dep_ in self._syntax.prepositional_object:
                ground = upper.head
                if (
                    upper.lower_ == "of"
                    and ground.lemma_.casefold() in self._words.grounds
                    and ground.pos_ in ("NOUN", "PROPN")
                ):
                    head = ground
                    continue
                preposition = upper
                break
            nominal = upper.pos_ in ("NOUN", "PROPN") and upper.i != head.i
            if head.dep_ in self._syntax.conjunct | self._syntax.apposition and nominal:
                if (
                    head.dep_ in self._syntax.apposition
                    and end < len(marked.doc)
                    and marked.doc[end].lower_ in ("to", "in", "into")
                ):
                    break
                head = upper
                continue
            if (
                head.dep_ in ("compound", "nmod", "amod", "poss", "npadvmod")
                and nominal
                and (upper.lemma_.casefold() in self._words.grounds or _is_inside(upper, marked.places))
            ):
                head = upper
                continue
            break
        role, anchor, said = PlaceRole.OTHER, None, ""
        if preposition is not None:
            said, anchor = preposition.lower_, preposition.head
            role = self._role(preposition)
            while anchor.pos_ == "ADP" and anchor.head.i != anchor.i:
                anchor = anchor.head
        elif head.dep_ in self._syntax.object | {"npadvmod"} and head.head.pos_ == "VERB":
            anchor, role = head.head, PlaceRole.OTHER
            said = "object"
        text = marked.words(start, end)
        return PlaceUse(
            start=start,
            end=end,
            record=record,
            role=role,
            anchor=anchor,
            preposition=said,
            place=self._make(record, text),
        )

    def _role(self, preposition: Token) -> PlaceRole:
        lower, anchor = preposition.lower_, preposition.head
        if lower == "of" and anchor.lower_ == "out":
            return PlaceRole.ORIGIN
        groups = self._syntax.prepositions
        if (
            anchor.lemma_.casefold() in self._words.wars
            and anchor.pos_ in ("NOUN", "PROPN")
            and lower in groups["location"]
        ):
            return PlaceRole.OTHER
        if anchor.lemma_.casefold() in self._words.officials and anchor.pos_ == "NOUN" and lower in groups["location"]:
            return PlaceRole.OTHER
        if anchor.lemma_.casefold() in self._words.speech and anchor.pos_ == "VERB" and lower in groups["location"]:
            return PlaceRole.OTHER
        if lower in groups["origin"]:
            return PlaceRole.ORIGIN
        if lower in ("for",) and anchor.pos_ != "VERB":
            return PlaceRole.OTHER
        if lower in groups["destination"]:
            return PlaceRole.DESTINATION
        if lower in groups["location"]:
            return PlaceRole.LOCATION
        if (
            lower == "of"
            and anchor.pos_ in ("NOUN",)
            and anchor.lemma_ in ("invasion", "occupation", "outside", "inside", "part", "out")
        ):
            return PlaceRole.ORIGIN if anchor.lemma_ == "out" else PlaceRole.LOCATION
        return PlaceRole.OTHER


def _is_inside(token: Token, places: Iterable[PlaceMention]) -> bool:
    return any(p.start <= token.i < p.end for p in places)


def choose_reading(readings: tuple[PlaceRecord, ...], home: frozenset[str]) -> PlaceRecord | None:
    """The reading whose country the article names elsewhere, else the best known one; None for a small town elsewhere."""
    if not readings:
        return None
    best = readings[0]
    at_home = [r for r in readings if r.country in home and r.population * _FAR_SMALLER >= best.population]
    if at_home:
        return at_home[0]
    small = best.level in (PlaceLevel.CITY, PlaceLevel.POINT) and best.population < _KNOWN_ANYWHERE
    return None if small and home and len(readings) > 1 and best.country not in home else best


def places_for(
    event: Event, group: Group | None, uses: list[PlaceUse], others: set[int], *, syntax: Syntax
) -> tuple[list[PlaceUse], PlaceUse | None]:
    """The event's places, best first and with what is joined to them, and its place of origin.

    `others` are the tokens of the sentence's other events, whose places are not this one's.
    """
    kind, token = event.trigger.kind, event.token
    scored: list[tuple[float, PlaceUse]] = []
    origin: PlaceUse | None = None
    subtree = {t.i for t in token.subtree}
    own = {token.i}
    if group is not None:
        own |= {group.head.i, group.top.i}
    leaving = kind is Kind.WITHDRAWAL
    for use in uses:
        if use.role is PlaceRole.OTHER:
            direct = use.preposition == "object" and use.anchor is not None and use.anchor.i == token.i
            if not direct or event.trigger.whose == "object":
                continue
        role = use.role
        if role is PlaceRole.ORIGIN and not leaving:
            if use.anchor is not None and (use.anchor.i in own or use.start in subtree) and origin is None:
                origin = use
            continue
        score = 0.0
        if use.anchor is not None and use.anchor.i == token.i:
            score = 10.0
        elif use.anchor is not None and use.anchor.i in own:
            score = 8.0
        elif use.anchor is not None and use.anchor.i in others:
            score = 2.5
        elif use.start in subtree:
            score = 6.0
        else:
            score = 4.0 if _same_clause(use, token, syntax) else 1.5
        if kind is Kind.DEPLOYMENT and role is PlaceRole.DESTINATION:
            score += 3.0
        if leaving:
            score += 4.0 if role is PlaceRole.ORIGIN else (-5.0 if role is PlaceRole.DESTINATION else 0.0)
        if kind in (Kind.PRESENCE, Kind.CASUALTIES) and role is PlaceRole.LOCATION:
            score += 1.5
        score -= min(2.0, abs(use.start - token.i) / 15)
        scored.append((score, use))
    scored.sort(key=lambda pair: (-pair[0], pair[1].start))
    if not scored or scored[0][0] <= 0.5:
        return [], origin
    best = scored[0][1]
    chosen = [best]
    for _, use in sorted(scored[1:], key=lambda pair: pair[1].start):
        near = use.anchor is not None and best.anchor is not None and use.anchor.i == best.anchor.i
        inside = _holds(best.place, use.place) and use.role is best.role and 0 < use.start - best.end <= _DETAIL_TOKENS
        if inside or (near and use.preposition == best.preposition and abs(use.start - best.end) <= 6):
            chosen.append(use)
    return most_specific(chosen), origin


def _same_clause(use: PlaceUse, event: Token, syntax: Syntax) -> bool:
    """Whether the verb over a place is also over the event, or the event itself."""
    if use.anchor is None:
        return True
    above = {upper.i for upper in syntax.governors(event)} | {event.i}
    holder = use.anchor
    while holder.pos_ not in ("VERB", "AUX") and holder.head.i != holder.i:
        holder = holder.head
    return holder.i in above or holder.pos_ not in ("VERB", "AUX")


def most_specific(uses: list[PlaceUse]) -> list[PlaceUse]:
    """Without the places that hold another of the list: "Sudzha in the Kursk region" is Sudzha."""
    kept: list[PlaceUse] = []
    for use in uses:
        holds_other = any(other is not use and _holds(use.place, other.place) for other in uses)
        if not holds_other and all(use.place != k.place for k in kept):
            kept.append(use)
    return kept


def _holds(outer: Place, inner: Place) -> bool:
    if outer.level is PlaceLevel.COUNTRY:
        return inner.country == outer.country and inner.level is not PlaceLevel.COUNTRY
    if outer.level is PlaceLevel.REGION:
        return inner.region == outer.region and inner.level in (PlaceLevel.CITY, PlaceLevel.POINT)
    return False
