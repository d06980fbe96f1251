"""Looking up names of places."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.claims import PlaceLevel
from service.use_cases.checks import check_limit
from service.use_cases.places import AnyPlaceNames, place_names


@dataclass(frozen=True, slots=True, kw_only=True)
class RegionView:
    """A place that `region=` understands, by its code or any of its names."""

    code: str
    name: str
    level: PlaceLevel
    region: str | None
    country: str | None
    lat: float | None
    lon: float | None


def search_regions(q: str, *, limit: int = 20, gazetteer: AnyPlaceNames | None = None) -> list[RegionView]:
    """Best first; empty where nothing comes near."""
    check_limit(limit)
    found = (gazetteer or place_names()).search(q, limit)
    return [
        RegionView(
            code=place.code,
            name=place.name,
            level=place.level,
            region=place.region,
            country=place.country,
            lat=place.lat,
            lon=place.lon,
        )
        for place in found
    ]
