"""Countries by adjective, capital and office."""

from __future__ import annotations

import pytest

from service.domain.places import Gazetteer, fold, gazetteer
from service.domain.places.tables import parse_countries, read_text


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


@pytest.mark.parametrize(
    ("adjective", "code"),
    [
        ("North Korean", "KP"),
        ("North Koreans", "KP"),
        ("DPRK", "KP"),
        ("South Korean", "KR"),
        ("Russian", "RU"),
        ("Ukrainians", "UA"),
        ("British", "GB"),
        ("Britons", "GB"),
        ("American", "US"),
        ("U.S.", "US"),
        ("US", "US"),
        ("Burkinabè", "BF"),
        ("Burkinabe", "BF"),
        ("Congolese", "CD"),
        ("Ivorian", "CI"),
        ("Filipino", "PH"),
        ("Philippine", "PH"),
        ("Emirati", "AE"),
        ("Swiss", "CH"),
        ("Dutch", "NL"),
        ("Soviet", "SU"),
        ("Yugoslav", "YU"),
        ("East German", "DD"),
        ("Rhodesian", "ZW"),
        ("Georgian", "GE"),
        ("Jordanian", "JO"),
        ("Nigerien", "NE"),
        ("Nigerian", "NG"),
        ("Saudi", "SA"),
        ("Spaniards", "ES"),
        ("Frenchmen", "FR"),
        ("Poles", "PL"),
        ("Kosovar", "XK"),
        ("Papua New Guinean", "PG"),
    ],
)
def test_country_by_adjective(places: Gazetteer, adjective: str, code: str) -> None:
    assert places.country_by_adjective(fold(adjective)) == code


@pytest.mark.parametrize("word", ["Korean", "Martian", "soldier", "", "s"])
def test_country_by_adjective_is_none_when_it_tells_no_one_country(places: Gazetteer, word: str) -> None:
    assert places.country_by_adjective(fold(word)) is None


def test_korean_is_the_only_adjective_of_two_countries(places: Gazetteer) -> None:
    shared = {adjective: codes for adjective, codes in places.overlay.adjectives.items() if len(codes) > 1}
    assert shared == {"korean": ("KP", "KR")}
    assert places.countries_by_adjective("koreans") == ("KP", "KR")


@pytest.mark.parametrize(
    ("name", "code"),
    [("Pyongyang", "KP"), ("Moscow", "RU"), ("Kiev", "UA"), ("Kyiv", "UA"), ("Washington", "US"), ("Tel Aviv", "IL")],
)
def test_country_by_capital(places: Gazetteer, name: str, code: str) -> None:
    assert places.country_by_capital(fold(name)) == code
    assert places.country_by_capital(fold("Vladivostok")) is None


@pytest.mark.parametrize(
    ("name", "code"),
    [("Kremlin", "RU"), ("White House", "US"), ("Pentagon", "US"), ("Downing Street", "GB"), ("Élysée", "FR")],
)
def test_country_by_institution(places: Gazetteer, name: str, code: str) -> None:
    assert places.country_by_institution(fold(name)) == code
    assert places.country_by_institution(fold("Parliament")) is None


def test_country_by_name_leaves_other_places_alone(places: Gazetteer) -> None:
    assert places.country_by_name("north korea") == "KP"
    assert places.country_by_name("kursk") is None
    assert places.country_by_name("nowhere at all") is None


def test_every_country_has_an_adjective_and_a_place(places: Gazetteer) -> None:
    countries = parse_countries(read_text("countries.tsv"))
    assert len(countries) == 249 + len(("XK", "SU", "YU", "DD", "CS"))
    assert all(country.adjectives for country in countries)
    assert all(places.resolve(country.code).country == country.code for country in countries)


def test_every_country_is_found_by_its_name_and_aliases(places: Gazetteer) -> None:
    for country in parse_countries(read_text("countries.tsv")):
        for name in (country.name, *country.aliases):
            if fold(name) not in places.overlay.readings:
                assert places.lookup(fold(name))[0].code == country.code, name


def test_country_names_are_those_of_the_built_table(places: Gazetteer) -> None:
    for country in parse_countries(read_text("countries.tsv")):
        built = places.places.by_code(country.code)
        assert built is None or built.name == country.name
