"""The gazetteer: names to places, places to the places that hold them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from service.domain.claims import Place, PlaceLevel
from service.domain.errors import AmbiguousPlaceError, UnknownPlaceError
from service.domain.places import tables
from service.domain.places.folding import fold
from service.domain.places.matching import is_own_name, match_longest
from service.domain.places.names import NameTable, PlaceTable, load_names, load_places
from service.domain.places.overlay import Overlay, build_overlay
from service.domain.places.records import PlaceRecord
from service.domain.places.suggestions import near_names
from service.domain.places.typewords import TypeWords

# A reading rivals the best one when it has at least this share of its people.
_RIVAL_SHARE = 0.4
_MOST_CANDIDATES = 8
_SAME_SPOT_DEGREES = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Gazetteer:
    """Places and their names. Build it with `gazetteer()`."""

    places: PlaceTable
    names: NameTable
    overlay: Overlay
    typewords: TypeWords
    borders: frozenset[frozenset[str]]

    def by_code(self, code: str) -> PlaceRecord | None:
        return self.overlay.records.get(code) or self.places.by_code(code)

    def lookup(self, folded: str) -> tuple[PlaceRecord, ...]:
        """Every reading of a folded name, best first; () when nothing bears the name.

        Countries come first, then places given the name by hand, then the others by population. A region
        has at least the people of its cities, so it comes before a city inside it.
        """
        forced = self.overlay.readings.get(folded)
        if forced is not None:
            return self._records(forced)
        named = self._records(self.overlay.names.get(folded, ()))
        built = tuple(self._shown(self.places.record(row)) for row in self.names.rows(folded))
        readings = {record.code: record for record in (*named, *built)}.values()
        return tuple(sorted(readings, key=lambda record: record.level is not PlaceLevel.COUNTRY))

    def resolve(self, name: str) -> PlaceRecord:
        """The one place a user means by a name or code.

        Type words are understood ("Kursk Oblast", "city of Kursk"), and so is a wider place after a comma
        ("Paris, Texas"). A bare name that a region shares with a city inside it means the region. Raises
        UnknownPlaceError with names that come near, AmbiguousPlaceError with codes to choose from.
        """
        text = name.strip()
        held = self.by_code(text) or (self.by_code(text.upper()) if text.isupper() or "-" in text else None)
        if held is not None:
            return held
        readings = self._readings(text)
        if not readings and text.isascii() and len(text) == 2:
            held = self.by_code(text.upper())
            if held is not None:
                return held
        if not readings:
            raise UnknownPlaceError(name, suggestions=self.suggest(text))
        rivals = self._rivals(readings, folded=fold(text))
        if len(rivals) > 1:
            raise AmbiguousPlaceError(name, candidates=[(r.code, self.label(r)) for r in rivals[:_MOST_CANDIDATES]])
        return readings[0]

    def search(self, q: str, limit: int = 10) -> list[PlaceRecord]:
        """Places for a name as it is being typed: exact readings first, then names that begin so, by people."""
        folded = fold(q)
        if not folded:
            return []
        held = self.by_code(q.strip().upper())
        exact = ([held] if held else []) + list(self._readings(q))
        begun: dict[str, PlaceRecord] = {}
        for name in (*self.overlay.starting_with(folded), *self.names.starting_with(folded, limit=400)):
            for record in self.lookup(name)[:2]:
                begun.setdefault(record.code, record)
        order = {PlaceLevel.COUNTRY: 0, PlaceLevel.AREA: 1, PlaceLevel.POINT: 1, PlaceLevel.REGION: 1}
        more = sorted(begun.values(), key=lambda r: (order.get(r.level, 2), -r.population, r.code))
        found = {record.code: record for record in (*exact, *more)}
        return list(found.values())[:limit]

    def suggest(self, name: str, limit: int = 5) -> list[str]:
        """Names of places that come near a name nothing bears; the more people, the earlier."""
        folded = fold(name)
        stripped = self.typewords.strip(folded)
        near = near_names(
            stripped[0] if stripped else folded,
            is_name=lambda other: bool(self.overlay.names.get(other)) or bool(self.names.rows(other)),
            starting_with=lambda prefix, most: self.names.starting_with(prefix, limit=most),
            limit=limit,
        )
        edits = near[: 4 * limit]
        best = [readings[0] for other in edits if (readings := self.lookup(other))]
        best.sort(key=lambda record: (record.level is PlaceLevel.CITY, -record.population))
        return list(dict.fromkeys(record.name for record in best))[:limit]

    def contains(self, outer: PlaceRecord, inner: PlaceRecord) -> bool:
        """Whether everything at `inner` is at `outer`.

        A place contains itself, a country its regions and cities, an area what lies in its members; an area
        lies in what contains all its members.
        """
        if outer.code == inner.code:
            return True
        if outer.members:
            return any((member := self.by_code(code)) and self.contains(member, inner) for code in outer.members)
        if inner.members:
            members = [self.by_code(code) for code in inner.members]
            return all(member is not None and self.contains(outer, member) for member in members)
        if outer.level is PlaceLevel.COUNTRY:
            return inner.country == outer.code
        if outer.level is PlaceLevel.REGION:
            return outer.code in self._region_chain(inner)
        return False

    def codes_within(self, record: PlaceRecord) -> tuple[str, ...]:
        """Country and region codes that a filter by this place covers, itself among them where it has one.

        A city or point gives the code of its region, or else of its country.
        """
        if record.members:
            parts = [self.by_code(code) for code in record.members]
            codes = [code for part in parts if part is not None for code in self.codes_within(part)]
            return tuple(dict.fromkeys(codes))
        if record.level is PlaceLevel.COUNTRY:
            return (record.code,)
        if record.level is PlaceLevel.REGION:
            return self.overlay.region_tree.get(record.code, (record.code,))
        code = record.region or record.country
        return (code,) if code else ()

    def place(self, record: PlaceRecord, text: str | None) -> Place:
        return Place(
            name=record.name,
            region=record.region,
            country=record.country,
            level=record.level,
            lat=record.lat,
            lon=record.lon,
            text=text,
        )

    def label(self, record: PlaceRecord) -> str:
        """A name that tells a place from others of its name: "Paris, Texas, United States"."""
        region = self.by_code(record.region) if record.region and record.region != record.code else None
        country = self.by_code(record.country) if record.country and record.country != record.code else None
        parts = [record.name, region and region.name, country and country.name]
        return ", ".join(dict.fromkeys(part for part in parts if part))

    def longest_match(self, words: Sequence[str], start: int) -> tuple[int, tuple[PlaceRecord, ...]] | None:
        """The longest place name that begins at a token of running text: how many tokens, and its readings."""
        return match_longest(self, words, start)

    def country_by_adjective(self, folded: str) -> str | None:
        """The country of an adjective or demonym, plurals included; None when it is unknown or of two countries."""
        found = self.countries_by_adjective(folded)
        return found[0] if len(found) == 1 else None

    def countries_by_adjective(self, folded: str) -> tuple[str, ...]:
        """Every country an adjective may mean: "korean" gives KP and KR."""
        return self.overlay.adjectives.get(folded) or self.overlay.adjectives.get(folded.removesuffix("s"), ())

    def adjective_of(self, country: str) -> str | None:
        """As it is written: "North Korean" of KP."""
        return self.overlay.shown_adjectives.get(country)

    def country_by_capital(self, folded: str) -> str | None:
        """The country whose capital this is, for "Moscow denied"."""
        return self.overlay.capitals.get(folded)

    def country_by_institution(self, folded: str) -> str | None:
        """The country an office stands for: "kremlin", "white house"."""
        return self.overlay.institutions.get(folded)

    def capital_of(self, country: str) -> PlaceRecord | None:
        """The first of the country's capitals."""
        name = next((name for name, code in self.overlay.capitals.items() if code == country), None)
        return next((r for r in self.lookup(name) if r.country == country), None) if name else None

    def are_neighbors(self, one: str, other: str) -> bool:
        """Whether a land border joins two countries, past ones among them."""
        return frozenset((one, other)) in self.borders

    def country_by_name(self, folded: str) -> str | None:
        """The country of this name, when the name means a country before anything else."""
        readings = self.lookup(folded)
        return readings[0].code if readings and readings[0].level is PlaceLevel.COUNTRY else None

    def _readings(self, text: str) -> tuple[PlaceRecord, ...]:
        folded = fold(text)
        readings = self.lookup(folded)
        if readings:
            return readings
        inner, comma, outer = text.rpartition(",")
        if comma and inner.strip() and outer.strip():
            wider = self._readings(outer)
            return tuple(r for r in self._readings(inner) if any(self.contains(w, r) for w in wider))
        stripped = self.typewords.strip(folded)
        if stripped is None:
            return ()
        bare, word = stripped
        return self.typewords.preferred(self.lookup(bare), word)

    def _rivals(self, readings: Sequence[PlaceRecord], *, folded: str) -> list[PlaceRecord]:
        """The best reading and those that may as well be meant.

        A place that only bears the name in another language is no rival to one that is called so.
        """
        best = readings[0]
        rivals = [best]
        forced = folded in self.overlay.readings
        own_name = is_own_name(folded, best)
        for other in readings[1:]:
            if self.contains(best, other) or self.contains(other, best) or is_same_spot(best, other):
                continue
            hand_written = best.level in {PlaceLevel.AREA, PlaceLevel.POINT}
            country_first = best.level is PlaceLevel.COUNTRY and other.level is not PlaceLevel.COUNTRY
            as_big = other.population >= _RIVAL_SHARE * max(best.population, 1)
            as_named = is_own_name(folded, other) or not own_name
            if forced or (as_big and as_named and not hand_written and not country_first):
                rivals.append(other)
        return rivals

    def _region_chain(self, record: PlaceRecord) -> set[str]:
        chain: set[str] = set()
        code = record.region
        while code and code not in chain:
            chain.add(code)
            held = self.by_code(code)
            code = held.within if held else None
        return chain

    def _records(self, codes: Iterable[str]) -> tuple[PlaceRecord, ...]:
        return tuple(record for code in codes if (record := self.by_code(code)) is not None)

    def _shown(self, record: PlaceRecord) -> PlaceRecord:
        return self.overlay.records.get(record.code, record)


def is_same_spot(one: PlaceRecord, other: PlaceRecord) -> bool:
    """Whether two records are a city and its own region or two tiers of region, filed under different parents.

    They are of one country, not both cities, and within half a degree of each other.
    """
    if one.country != other.country or one.level is other.level is PlaceLevel.CITY:
        return False
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return False
    return max(abs(one.lat - other.lat), abs(one.lon - other.lon)) < _SAME_SPOT_DEGREES


@cache
def gazetteer() -> Gazetteer:
    """The gazetteer with its packaged data, read once per process."""
    places = load_places()
    typewords = tables.parse_typewords(tables.read_text("typewords.tsv"))
    overlay = build_overlay(
        places,
        countries=tables.parse_countries(tables.read_text("countries.tsv")),
        aliases=tables.parse_aliases(tables.read_text("aliases.tsv")),
        areas=tables.parse_areas(tables.read_text("areas.tsv")),
        towns=tables.parse_towns(tables.read_text("towns.tsv")),
        readings=tables.parse_readings(tables.read_text("readings.tsv")),
        stopnames=tables.parse_stopnames(tables.read_text("stopnames.tsv")),
    )
    borders = tables.parse_borders(tables.read_text("borders.tsv"))
    return Gazetteer(places=places, names=load_names(), overlay=overlay, typewords=typewords, borders=borders)
