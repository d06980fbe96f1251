"""Which of the places of one name a text means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from service.domain.claims import Place
from service.domain.places import PlaceRecord
from worker.extraction.mentions.marking import Marked, PlaceMention, PlaceNames, find_places

# A smaller town counts only where the article names its country: most towns share their name with another.
_KNOWN_ANYWHERE = 300_000
# The same for a town that shares its name with none that is known.
_KNOWN_ALONE = 20_000
# Of two places of one name, the one at home is not meant when the other has this many times its people.
_FAR_SMALLER = 20
_LONGEST_LINK = 5
_TOKEN = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class LinkWords:
    """What stands between a place and the wider one it lies in: "Beni, *in eastern* Congo", "Tripoli *in* Libya"."""

    joiners: frozenset[str]
    fillers: frozenset[str]
    possessive: frozenset[str]

    def joins(self, between: Sequence[str]) -> bool:
        if not between or len(between) > _LONGEST_LINK:
            return False
        return between[0] in self.joiners and all(w in self.joiners or w in self.fillers for w in between)

    def owns(self, between: Sequence[str]) -> bool:
        """ "*Iraq's* Anbar", "*Ukraine's eastern* Donetsk"."""
        return bool(between) and between[0] in self.possessive and all(w in self.fillers for w in between[1:])


def read_place(
    marked: Marked, index: int, words: LinkWords, *, home: frozenset[str], owner: str | None
) -> PlaceRecord | None:
    """What the sentence's place mention `index` means; `owner` is the country of an adjective that it stands behind.

    `home` are the countries that the article names. None: none of the places that bear the name.
    """
    mention = marked.places[index]
    if owner is not None:
        own = [r for r in mention.readings if r.country == owner]
        if own:
            return own[0]
    beside = {m.readings[0].country for m in marked.places if m is not mention and m.readings}
    near = frozenset(country for country in beside if country is not None)
    return _beside(marked, index, words) or choose_reading(mention.readings, home, near)


def _beside(marked: Marked, index: int, words: LinkWords) -> PlaceRecord | None:
    """ "Columbus, Georgia", "Iraq's Anbar": the readings of which one lies in the other."""
    mention = marked.places[index]
    if index + 1 < len(marked.places):
        wider = marked.places[index + 1]
        if words.joins(_between(marked, mention, wider)):
            inner = _inside(mention.readings, wider.readings)
            if inner is not None:
                return inner
    if index > 0:
        before = marked.places[index - 1]
        between = _between(marked, before, mention)
        if words.owns(between):
            return _inside(mention.readings, before.readings)
        if words.joins(between):
            inside = {code for r in before.readings for code in (r.region, r.country) if code}
            holders = [r for r in mention.readings if r.code in inside]
            if len(holders) == 1 or (holders and len(mention.readings) > 1):
                return holders[-1]
    return None


def _between(marked: Marked, one: PlaceMention, other: PlaceMention) -> list[str]:
    return [t.lower_ for t in marked.doc[one.end : other.start]]


def _inside(readings: Sequence[PlaceRecord], wider: Sequence[PlaceRecord]) -> PlaceRecord | None:
    codes = {r.code for r in wider}
    return next((r for r in readings if {r.region, r.country} & codes and r.code not in codes), None)


@dataclass(frozen=True, slots=True)
class UnparsedPlaces:
    """Finds the places of a sentence that is not parsed. `before` are prepositions of a place where something is."""

    names: PlaceNames
    before: frozenset[str]

    def find(self, text: str, home: frozenset[str]) -> Iterator[tuple[Place, bool]]:
        """The places in order, each with whether something happens there, as far as the word before it tells."""
        words = _TOKEN.findall(text)
        for mention in find_places(words, self.names):
            record = choose_reading(mention.readings, home)
            if record is not None:
                before = words[mention.start - 1].casefold() if mention.start else ""
                yield self.names.place(record, None), before in self.before


def choose_reading(
    readings: Sequence[PlaceRecord], home: frozenset[str], near: frozenset[str] = frozenset()
) -> PlaceRecord | None:
    """The reading in a country that the article names, else the best known one; None for a small town elsewhere.

    `near` are the countries of the places beside it.
    """
    if not readings:
        return None
    best = readings[0]
    at_home = [r for r in readings if r.country in home and r.population * _FAR_SMALLER >= best.population]
    if at_home:
        return at_home[0]
    at_hand = [r for r in readings if r.country in near]
    if at_hand:
        return at_hand[0]
    if not home or best.country in home or not best.code.startswith("geonames:"):
        return best
    return None if best.population < (_KNOWN_ANYWHERE if len(readings) > 1 else _KNOWN_ALONE) else best
