"""GeoJSON as RFC 7946 has it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.formats.geojson import as_geojson
from tests.unit.formats.claims import a_bare_claim, a_claim, a_place

VLADIVOSTOK, KAMCHATKA, ALASKA, FIJI = (131.9, 43.1), (158.6, 53.0), (-149.9, 61.2), (180.0, -16.8)


def features(*claims: dict[str, Any]) -> list[dict[str, Any]]:
    whole = json.loads("\n".join(as_geojson(claims)))
    assert list(whole) == ["type", "features"]
    assert whole["type"] == "FeatureCollection"
    found: list[dict[str, Any]] = whole["features"]
    assert all(list(feature) == ["type", "id", "geometry", "properties"] for feature in found)
    return found


def geometries(**changed: Any) -> list[Any]:
    return [feature["geometry"] for feature in features(a_claim(**changed))]


def test_geojson_of_no_claims_is_an_empty_collection() -> None:
    assert features() == []


def test_geojson_points_at_each_place_once() -> None:
    assert geometries() == [{"type": "Point", "coordinates": [36.2, 51.7]}]
    both = [a_place(), a_place(37.8, 48.0), a_place(name="the Kursk region")]
    assert geometries(locations=both) == [{"type": "MultiPoint", "coordinates": [[36.2, 51.7], [37.8, 48.0]]}]


def test_geojson_of_what_has_no_place_to_draw_is_null() -> None:
    assert geometries(locations=[]) == [None]
    assert geometries(locations=[a_place(None, None)]) == [None]
    # Whence they came is not where they are said to be.
    assert geometries(locations=[], origin=a_place()) == [None]


def test_geojson_takes_zero_for_a_coordinate() -> None:
    assert geometries(locations=[a_place(0.0, 0.0)]) == [{"type": "Point", "coordinates": [0.0, 0.0]}]


def test_geojson_draws_the_route_from_an_origin() -> None:
    places, route = features(a_claim(origin=a_place(*VLADIVOSTOK, name="Vladivostok")))
    assert places["geometry"]["type"] == "Point"
    assert route["geometry"] == {"type": "LineString", "coordinates": [[131.9, 43.1], [36.2, 51.7]]}
    assert (places["id"], route["id"]) == ("c_1", "c_1/route")
    assert (places["properties"].pop("feature"), route["properties"].pop("feature")) == ("places", "route")
    assert places["properties"] == route["properties"]


def test_geojson_draws_no_route_to_where_they_set_out_or_from_nowhere() -> None:
    assert len(geometries(origin=a_place())) == 1
    assert len(geometries(origin=a_place(None, None))) == 1


def test_geojson_draws_a_line_to_each_place() -> None:
    _, route = geometries(origin=a_place(*VLADIVOSTOK), locations=[a_place(), a_place(*KAMCHATKA)])
    assert route["type"] == "MultiLineString"
    assert len(route["coordinates"]) == 2


@pytest.mark.parametrize(
    ("start", "end", "lines"),
    [
        (KAMCHATKA, ALASKA, [[[158.6, 53.0], [180.0, 56.407]], [[-180.0, 56.407], [-149.9, 61.2]]]),
        (ALASKA, KAMCHATKA, [[[-149.9, 61.2], [-180.0, 56.407]], [[180.0, 56.407], [158.6, 53.0]]]),
        ((170.0, 0.0), (-170.0, 10.0), [[[170.0, 0.0], [180.0, 5.0]], [[-180.0, 5.0], [-170.0, 10.0]]]),
    ],
)
def test_geojson_cuts_routes_at_the_antimeridian(start: Any, end: Any, lines: list[Any]) -> None:
    _, route = geometries(origin=a_place(*start), locations=[a_place(*end)])
    assert route["type"] == "MultiLineString"
    assert [[[x, round(y, 3)] for x, y in line] for line in route["coordinates"]] == lines


def test_geojson_does_not_cut_what_ends_at_the_antimeridian_or_lies_half_way_round() -> None:
    _, route = geometries(origin=a_place(*FIJI), locations=[a_place(*ALASKA)])
    assert route == {"type": "LineString", "coordinates": [[-180.0, -16.8], [-149.9, 61.2]]}
    _, route = geometries(origin=a_place(-90.0, 0.0), locations=[a_place(90.0, 0.0)])
    assert route["type"] == "LineString"


LON, LAT = st.floats(-180, 180), st.floats(-90, 90)


@given(LON, LAT, LON, LAT)
def test_geojson_keeps_to_the_globe_and_takes_no_line_further_than_half_way_round(
    x0: float, y0: float, x1: float, y1: float
) -> None:
    for geometry in geometries(origin=a_place(x0, y0), locations=[a_place(x1, y1)])[1:]:
        lines = geometry["coordinates"] if geometry["type"] == "MultiLineString" else [geometry["coordinates"]]
        for line in lines:
            assert all(-180 <= x <= 180 and -90 <= y <= 90 for x, y in line)
            assert abs(line[0][0] - line[-1][0]) <= 180


def test_geojson_has_the_columns_of_csv_for_properties() -> None:
    (feature,) = features(a_bare_claim())
    assert feature["properties"]["id"] == "c_1"
    assert feature["properties"]["count_min"] is None
