"""Reading of the gazetteer's data files, with the checks that a hand-written table needs."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from service.domain.claims import PlaceLevel
from service.domain.places.folding import fold
from service.domain.places.records import PlaceRecord
from service.domain.places.typewords import TypeWords

_PACKAGE = "service.domain.data"


class DataError(ValueError):
    """A data file is not as it must be; the message names file, line and fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    code: str
    name: str
    aliases: tuple[str, ...]
    adjectives: tuple[str, ...]
    capitals: tuple[str, ...]
    institutions: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Alias:
    """Further names of a place that the built file holds; `name` replaces the name shown, if not empty."""

    code: str
    name: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Area:
    """A place that no code list has: a stretch of several regions, or a base or landmark."""

    record: PlaceRecord
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Town:
    """A town, camp or valley that the built file lacks. `within` is the code of its region, else of its country."""

    name: str
    within: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a name means, in this order and nothing else. Several codes: the name is ambiguous."""

    name: str
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StopName:
    """A name that is not taken for a place in running text, and why (word, person, ...)."""

    name: str
    kind: str


def read_rows(text: str, *, file: str, columns: Sequence[str], unique: bool = True) -> Iterator[list[str]]:
    """Cells of each row. Raises DataError for a missing header line, other columns, or a first cell seen before."""
    lines = text.splitlines()
    head = [line for line in lines if line.startswith("#")]
    for word in ("# language:", "# source:", "# licence:"):
        if not any(line.startswith(word) for line in head):
            raise DataError(f"{file}: the header has no line {word!r}")
    seen: set[str] = set()
    header_read = False
    for number, line in enumerate(lines, 1):
        if line.startswith("#") or not line.strip():
            continue
        cells = line.split("\t")
        if not header_read:
            if cells != list(columns):
                raise DataError(f"{file}:{number}: columns are {cells}, expected {list(columns)}")
            header_read = True
            continue
        if len(cells) != len(columns):
            raise DataError(f"{file}:{number}: {len(cells)} cells, expected {len(columns)}")
        key = fold(cells[0])
        if not key or (unique and key in seen):
            raise DataError(f"{file}:{number}: {cells[0]!r} is empty or stands here twice")
        seen.add(key)
        yield cells
    if not seen:
        raise DataError(f"{file}: holds no rows")


def parse_countries(text: str, *, file: str = "countries.tsv") -> tuple[Country, ...]:
    columns = ("code", "name", "aliases", "adjectives", "capitals", "institutions")
    countries = []
    for code, name, aliases, adjectives, capitals, institutions in read_rows(text, file=file, columns=columns):
        if not adjectives:
            raise DataError(f"{file}: {code} has no adjective")
        countries.append(
            Country(
                code=code,
                name=name,
                aliases=_split(aliases, file=file),
                adjectives=_split(adjectives, file=file),
                capitals=_split(capitals, file=file),
                institutions=_split(institutions, file=file),
            )
        )
    return tuple(countries)


def parse_aliases(text: str, *, file: str = "aliases.tsv") -> tuple[Alias, ...]:
    return tuple(
        Alias(code=code, name=name, aliases=_split(aliases, file=file))
        for code, name, aliases in read_rows(text, file=file, columns=("code", "name", "aliases"))
    )


def parse_areas(text: str, *, file: str = "areas.tsv") -> tuple[Area, ...]:
    columns = ("code", "name", "region", "country", "lat", "lon", "members", "aliases")
    areas = []
    for code, name, region, country, lat, lon, members, aliases in read_rows(text, file=file, columns=columns):
        kind = code.partition(":")[0]
        if kind not in {"area", "point", "city"}:
            raise DataError(f"{file}: {code!r} is neither area: nor point: nor city:")
        record = PlaceRecord(
            code=code,
            name=name,
            level=PlaceLevel(kind),
            region=region or None,
            country=country or None,
            lat=float(lat) if lat else None,
            lon=float(lon) if lon else None,
            members=_split(members, file=file),
        )
        areas.append(Area(record=record, aliases=_split(aliases, file=file)))
    return tuple(areas)


def parse_towns(text: str, *, file: str = "towns.tsv") -> tuple[Town, ...]:
    return tuple(
        Town(name=name, within=within, aliases=_split(aliases, file=file))
        for name, within, aliases in read_rows(text, file=file, columns=("name", "within", "aliases"))
    )


def parse_borders(text: str, *, file: str = "borders.tsv") -> frozenset[frozenset[str]]:
    """Pairs of countries that a land border joins."""
    rows = read_rows(text, file=file, columns=("code", "neighbors"))
    return frozenset(frozenset((code, other)) for code, others in rows for other in _split(others, file=file))


def parse_readings(text: str, *, file: str = "readings.tsv") -> tuple[Reading, ...]:
    return tuple(
        Reading(name=name, codes=_split(codes, file=file))
        for name, codes in read_rows(text, file=file, columns=("name", "codes"))
    )


def parse_stopnames(text: str, *, file: str = "stopnames.tsv") -> tuple[StopName, ...]:
    return tuple(StopName(name=name, kind=kind) for name, kind in read_rows(text, file=file, columns=("name", "kind")))


def parse_typewords(text: str, *, file: str = "typewords.tsv") -> TypeWords:
    kinds = {fold(word): kind for word, kind in read_rows(text, file=file, columns=("word", "kind"))}
    return TypeWords(kinds=kinds)


def parse_place(line: bytes) -> PlaceRecord:
    """One row of places.tsv.gz."""
    code, level, name, within, country, lat, lon, population = line.decode().split("\t")
    is_region = level == "region"
    return PlaceRecord(
        code=code,
        name=name,
        level=PlaceLevel(level),
        region=code if is_region else within or None,
        country=country,
        lat=float(lat) if lat else None,
        lon=float(lon) if lon else None,
        population=int(population),
        within=(within or None) if is_region else None,
    )


def read_text(file: str) -> str:
    return (files(_PACKAGE) / file).read_text("utf-8")


def read_packed(file: str) -> list[bytes]:
    """Rows of a built table, as bytes: there are too many to take apart before they are asked for."""
    lines = gzip.decompress((files(_PACKAGE) / file).read_bytes()).splitlines()
    start = next(number for number, line in enumerate(lines) if not line.startswith(b"#"))
    return lines[start + 1 :]


def _split(cell: str, *, file: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in cell.split("|")) if cell else ()
    if any(not part for part in parts) or len(set(parts)) < len(parts):
        raise DataError(f"{file}: {cell!r} holds an empty or a repeated entry")
    return parts
