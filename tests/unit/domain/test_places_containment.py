"""What lies in what, and the place that a claim gets."""

from __future__ import annotations

import pytest

from service.domain.claims import Place, PlaceLevel
from service.domain.places import Gazetteer, gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("RU", "Kursk"),
        ("RU", "Sudzha"),
        ("Kursk", "Sudzha"),
        ("Kursk", "Kursk"),
        ("Kursk", "city of Kursk"),
        ("UA", "Crimea"),
        ("UA", "Simferopol"),
        ("Donbas", "Donetsk"),
        ("Donbas", "Bakhmut"),
        ("UA", "Donbas"),
        ("Baltic states", "Vilnius"),
        ("Central Luzon", "Pampanga"),
        ("Central Luzon", "Clark Air Base"),
        ("PH", "Clark Air Base"),
        ("England", "GB-LND"),
        ("Iraqi Kurdistan", "Erbil"),
        ("Africa, not", "Africa, not"),
    ],
)
def test_contains_what_lies_inside(places: Gazetteer, outer: str, inner: str) -> None:
    if outer == "Africa, not":
        outer = inner = "Africa"
    assert places.contains(places.resolve(outer), places.resolve(inner))


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ("Kursk", "RU"),
        ("Kursk", "Belgorod"),
        ("Kursk", "Bakhmut"),
        ("UA", "Kursk"),
        ("RU", "Crimea"),
        ("RU", "Sevastopol"),
        ("Donetsk", "Donbas"),
        ("Donbas", "Kharkiv"),
        ("Baltic states", "Minsk"),
        ("RU", "Europe"),
        ("RS", "XK"),
        ("city of Kursk", "Kursk"),
    ],
)
def test_contains_nothing_else(places: Gazetteer, outer: str, inner: str) -> None:
    assert not places.contains(places.resolve(outer), places.resolve(inner))


@pytest.mark.parametrize(
    ("name", "codes"),
    [
        ("RU", {"RU"}),
        ("Kursk", {"RU-KRS"}),
        ("Sudzha", {"RU-KRS"}),
        ("Donbas", {"UA-14", "UA-09"}),
        ("Baltic states", {"EE", "LV", "LT"}),
        ("Bagram", {"AF-PAR"}),
        ("Diego Garcia", {"IO"}),
        ("Persian Gulf", set()),
    ],
)
def test_codes_within_are_what_a_filter_covers(places: Gazetteer, name: str, codes: set[str]) -> None:
    assert set(places.codes_within(places.resolve(name))) == codes


def test_codes_within_a_region_of_regions_are_all_of_them(places: Gazetteer) -> None:
    assert {"PH-03", "PH-PAM"} <= set(places.codes_within(places.resolve("Central Luzon")))


def test_place_carries_what_is_known_and_the_words(places: Gazetteer) -> None:
    record = places.resolve("Kursk")
    assert places.place(record, "Kursk region") == Place(
        name="Kursk Oblast",
        region="RU-KRS",
        country="RU",
        level=PlaceLevel.REGION,
        lat=record.lat,
        lon=record.lon,
        text="Kursk region",
    )
    assert record.lat == pytest.approx(51.7, abs=0.5)
    assert record.lon == pytest.approx(36.2, abs=0.5)


def test_place_of_an_area_has_a_name_and_no_codes(places: Gazetteer) -> None:
    found = places.place(places.resolve("Sahel"), None)
    assert (found.name, found.region, found.country, found.level) == ("Sahel", None, None, PlaceLevel.AREA)
