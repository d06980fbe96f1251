"""What the gazetteer knows of one place."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import PlaceLevel


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceRecord:
    """One place.

    `code` is ISO 3166-1 alpha-2 (3166-3 for states that are gone), ISO 3166-2, "geonames:<id>", or, of our
    own, "area:<name>", "point:<name>" or "city:<name>".

    `region` is the ISO 3166-2 code the place lies in; a region names itself. `within` is the next wider
    region where regions nest (Pampanga lies in Central Luzon). `members` are the codes an area is made
    of. `population` orders readings of a name; for a region it is the sum of its cities.
    """

    code: str
    name: str
    level: PlaceLevel
    region: str | None = None
    country: str | None = None
    lat: float | None = None
    lon: float | None = None
    population: int = 0
    within: str | None = None
    members: tuple[str, ...] = ()
