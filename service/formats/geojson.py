"""Claims on a map: GeoJSON as RFC 7946 has it, longitudes before latitudes, in degrees of WGS 84."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from service.formats.flat import Claim, flat
from service.formats.listed import listed

Position: TypeAlias = tuple[float, float]
"""Longitude, latitude."""
PLACES: Final = "places"
ROUTE: Final = "route"


def as_geojson(claims: Iterable[Claim]) -> Iterator[str]:
    """A FeatureCollection: of each claim its places, and its route where it tells of one.

    The places are a Point or MultiPoint, or null where nothing is known to draw: each claim has this feature. The
    route is a line from the origin to each place, cut in two where it crosses the antimeridian. `feature` tells them
    apart; both have the properties of their claim.
    """
    opening = '{"type":"FeatureCollection","features":['
    yield from listed((feature for claim in claims for feature in _features(claim)), opening=opening, closing="]}")


def _features(claim: Claim) -> Iterator[dict[str, Any]]:
    places = [position for place in claim["locations"] if (position := _position(place))]
    yield _feature(claim, PLACES, id_=claim["id"], geometry=_points(places))
    origin = _position(claim["origin"])
    lines = [part for place in places if origin and place != origin for part in _line(origin, place)]
    if lines:
        yield _feature(claim, ROUTE, id_=f"{claim['id']}/{ROUTE}", geometry=_lines(lines))


def _feature(claim: Claim, kind: str, *, id_: str, geometry: dict[str, Any] | None) -> dict[str, Any]:
    return {"type": "Feature", "id": id_, "geometry": geometry, "properties": {"feature": kind, **flat(claim)}}


def _position(place: Claim | None) -> Position | None:
    if place is None or place["lat"] is None or place["lon"] is None:
        return None
    return place["lon"], place["lat"]


def _points(places: list[Position]) -> dict[str, Any] | None:
    different = list(dict.fromkeys(places))
    if not different:
        return None
    if len(different) == 1:
        return {"type": "Point", "coordinates": different[0]}
    return {"type": "MultiPoint", "coordinates": different}


def _lines(lines: list[list[Position]]) -> dict[str, Any]:
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _line(start: Position, end: Position) -> list[list[Position]]:
    """The straight line on the map, or the shorter way round in two lines, each on its side of the antimeridian."""
    (x0, y0), (x1, y1) = start, end
    if abs(x1 - x0) <= 180:
        return [[start, end]]
    edge = 180.0 if x0 > 0 else -180.0
    whole = x1 + 2 * edge - x0
    y = y0 + (y1 - y0) * (edge - x0) / whole
    parts = [[start, (edge, y)], [(-edge, y), end]]
    # A place on the antimeridian itself is on both sides already.
    return [part for part in parts if part[0] != part[1]]
