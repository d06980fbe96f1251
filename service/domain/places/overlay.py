"""The hand-written tables, laid over the built ones."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from service.domain.claims import PlaceLevel
from service.domain.places.folding import fold
from service.domain.places.names import PlaceTable
from service.domain.places.records import PlaceRecord
from service.domain.places.tables import Alias, Area, Country, DataError, Reading, StopName, Town


@dataclass(frozen=True, slots=True, kw_only=True)
class Overlay:
    """Lookups by folded name. `names` and `readings` give codes; `records` are the places changed or added."""

    records: Mapping[str, PlaceRecord]
    names: Mapping[str, tuple[str, ...]]
    readings: Mapping[str, tuple[str, ...]]
    abbreviations: frozenset[str]
    beginnings: frozenset[str]
    stopnames: Mapping[str, str]
    adjectives: Mapping[str, tuple[str, ...]]
    shown_adjectives: Mapping[str, str]
    capitals: Mapping[str, str]
    institutions: Mapping[str, str]
    region_tree: Mapping[str, tuple[str, ...]]

    def starting_with(self, prefix: str) -> list[str]:
        return sorted(name for name in self.names if name.startswith(prefix))


def build_overlay(
    places: PlaceTable,
    *,
    countries: Iterable[Country],
    aliases: Iterable[Alias],
    areas: Iterable[Area],
    towns: Iterable[Town],
    readings: Iterable[Reading],
    stopnames: Iterable[StopName],
) -> Overlay:
    """Check the tables against each other and index them. Raises DataError for a code that no table has."""
    countries, areas = tuple(countries), tuple(areas)
    records = {country.code: country_record(country, places) for country in countries}
    records |= {area.record.code: area.record for area in areas}
    named = _Names()
    for country in countries:
        named.add(country.code, [country.name, *country.aliases])
    for area in areas:
        named.add(area.record.code, [area.record.name, *area.aliases])
        check_codes(area.record.members, records, places, where=f"areas.tsv: {area.record.code}")
    for town in towns:
        record = town_record(town, records, places)
        records[record.code] = record
        named.add(record.code, [town.name, *town.aliases])
    for alias in aliases:
        held = places.by_code(alias.code) or records.get(alias.code)
        if held is None:
            raise DataError(f"aliases.tsv: no place has the code {alias.code!r}")
        if alias.name:
            records[alias.code] = replace(held, name=alias.name)
        named.add(alias.code, [*filter(None, [alias.name]), *alias.aliases])
    forced = {fold(reading.name): reading.codes for reading in readings}
    for name, codes in forced.items():
        check_codes(codes, records, places, where=f"readings.tsv: {name}")
    return Overlay(
        records=records,
        names={name: tuple(codes) for name, codes in named.codes.items()},
        readings=forced,
        abbreviations=frozenset(named.abbreviations),
        beginnings=frozenset(begun for name in (*named.codes, *forced) for begun in beginnings(name)),
        stopnames={fold(stop.name): stop.kind for stop in stopnames},
        adjectives=adjectives_of(countries),
        shown_adjectives={country.code: country.adjectives[0] for country in countries},
        capitals=one_country_each("capitals", ((c.code, c.capitals) for c in countries)),
        institutions=one_country_each("institutions", ((c.code, c.institutions) for c in countries)),
        region_tree=region_tree(places),
    )


class _Names:
    """Folded names with the codes that bear them, in the order they were given."""

    def __init__(self) -> None:
        self.codes: dict[str, list[str]] = defaultdict(list)
        self.abbreviations: set[str] = set()

    def add(self, code: str, texts: Iterable[str]) -> None:
        for text in texts:
            folded = fold(text)
            if code not in self.codes[folded]:
                self.codes[folded].append(code)
            if is_abbreviation(text):
                self.abbreviations.add(folded)


def country_record(country: Country, places: PlaceTable) -> PlaceRecord:
    """The country as built; a state that is gone is only in the hand-written table."""
    gone = PlaceRecord(code=country.code, name=country.name, level=PlaceLevel.COUNTRY, country=country.code)
    return places.by_code(country.code) or gone


def town_record(town: Town, records: Mapping[str, PlaceRecord], places: PlaceTable) -> PlaceRecord:
    """The town with the region and country of what it lies in."""
    holder = places.by_code(town.within) or records.get(town.within)
    if holder is None:
        raise DataError(f"towns.tsv: no place has the code {town.within!r}")
    code = "city:" + "-".join(fold(town.name).split())
    if code in records:
        raise DataError(f"towns.tsv: {town.name!r} stands in areas.tsv too")
    return PlaceRecord(code=code, name=town.name, level=PlaceLevel.CITY, region=holder.region, country=holder.country)


def adjectives_of(countries: Iterable[Country]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for country in countries:
        for adjective in dict.fromkeys(fold(adjective) for adjective in country.adjectives):
            found[adjective].append(country.code)
    return {adjective: tuple(codes) for adjective, codes in found.items()}


def check_codes(codes: Iterable[str], records: Mapping[str, PlaceRecord], places: PlaceTable, *, where: str) -> None:
    for code in codes:
        if code not in records and places.by_code(code) is None:
            raise DataError(f"{where}: no place has the code {code!r}")


def one_country_each(column: str, rows: Iterable[tuple[str, tuple[str, ...]]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for code, names in rows:
        for name in names:
            if found.setdefault(fold(name), code) != code:
                raise DataError(f"countries.tsv: {name!r} is among the {column} of {found[fold(name)]} and {code}")
    return found


def region_tree(places: PlaceTable) -> dict[str, tuple[str, ...]]:
    """Regions that hold others, each with all that lie in it and itself first."""
    children: dict[str, list[str]] = defaultdict(list)
    for code in places.region_codes():
        record = places.by_code(code)
        if record is not None and record.within:
            children[record.within].append(code)

    def below(code: str) -> list[str]:
        return [code, *(deeper for child in children.get(code, ()) for deeper in below(child))]

    return {code: tuple(below(code)) for code in list(children)}


def beginnings(name: str) -> list[str]:
    words = name.split()
    return [" ".join(words[:count]) for count in range(1, len(words) + 1)]


def is_abbreviation(text: str) -> bool:
    """Whether a name counts only in capitals: "US" is a country, "us" is not."""
    letters = text.replace(".", "")
    return letters.isupper() and len(letters) <= 4 and letters.isascii()
