"""Place names in running text: what is taken for a place, and what only looks like one."""

from __future__ import annotations

import re

import pytest

from service.domain.places import Gazetteer, gazetteer


@pytest.fixture(scope="module")
def places() -> Gazetteer:
    return gazetteer()


def tokens(text: str) -> list[str]:
    return re.findall(r"\w+(?:['’.]\w+)*|[^\w\s]", text)


def found(places: Gazetteer, text: str) -> list[tuple[str, str]]:
    """(words matched, code of the first reading) along a text, longest first, not overlapping."""
    words, at, matches = tokens(text), 0, []
    while at < len(words):
        match = places.longest_match(words, at)
        if match is None:
            at += 1
            continue
        count, readings = match
        matches.append((" ".join(words[at : at + count]), readings[0].code))
        at += count
    return matches


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at the New York post", [("New York", "US-NY")]),
        ("troops in Kursk", [("Kursk", "RU-KRS")]),
        ("in the Kursk region near Sudzha", [("Kursk region", "RU-KRS"), ("Sudzha", "geonames:486816")]),
        ("KURSK REGION", [("KURSK REGION", "RU-KRS")]),
        ("the Kursk and Belgorod regions", [("Kursk", "RU-KRS"), ("Belgorod regions", "RU-BEL")]),
        ("city of Kursk", [("city of Kursk", "geonames:538560")]),
        ("province of Nineveh", [("province of Nineveh", "IQ-NI")]),
        ("the state of Georgia", [("state of Georgia", "US-GA")]),
        ("the republic of Georgia", [("republic of Georgia", "GE")]),
        ("Kursk's villages", [("Kursk's", "RU-KRS")]),
        ("Russia’s Kursk", [("Russia’s", "RU"), ("Kursk", "RU-KRS")]),
        ("Deir ez-Zor and Al-Hasakah", [("Deir ez - Zor", "SY-DY"), ("Al - Hasakah", "SY-HA")]),
        ("the al-Tanf garrison", [("al - Tanf garrison", "point:tanf")]),
        ("Port-au-Prince", [("Port - au - Prince", "geonames:3718426")]),
        ("in Côte d’Ivoire", [("Côte d’Ivoire", "CI")]),
        ("Trinidad and Tobago", [("Trinidad and Tobago", "TT")]),
        ("Syria and Iraq", [("Syria", "SY"), ("Iraq", "IQ")]),
        ("the Donetsk People's Republic", [("Donetsk People's Republic", "UA-14")]),
        ("Clark Air Base", [("Clark Air Base", "PH-PAM-point")]),
        ("the Yavoriv training ground", [("Yavoriv training ground", "point:yavoriv")]),
        ("on the Korean peninsula", [("Korean peninsula", "area:korean-peninsula")]),
        ("the Baltic states", [("Baltic states", "area:baltics")]),
        ("South Korea", [("South Korea", "KR")]),
        ("US and UK troops", [("US", "US"), ("UK", "GB")]),
        ("U.S soldiers", [("U.S", "US")]),
        ("Vladimir region", [("Vladimir region", "RU-VLA")]),
        ("Курська область", [("Курська область", "RU-KRS")]),
        ("북한 쿠르스크", [("북한", "KP"), ("쿠르스크", "RU-KRS")]),
    ],
)
def test_longest_match_finds_places(places: Gazetteer, text: str, expected: list[tuple[str, str]]) -> None:
    wanted = [(words, code.replace("PH-PAM-point", "point:clark")) for words, code in expected]
    assert found(places, text) == wanted


@pytest.mark.parametrize(
    "text",
    [
        "they told us to go",
        "of the most nice reading man",
        "Of the men, most left.",
        "Reading the report",
        "Nice words",
        "Most troops left.",
        "Man killed",
        "Bar none",
        "March 5",
        "May 2024",
        "Police said",
        "Battle group",
        "Split decision",
        "Mobile brigade",
        "Vladimir Putin",
        "Volodymyr Zelensky",
        "Lloyd Austin said",
        "Victoria Nuland",
        "John Kirby",
        "Kim Jong Un",
        "Secretary Gates",
        "the Azov Brigade",
        "the State Duma",
        "a Geran drone",
        "the White House",
        "the Kremlin",
        "I’ve seen",
        "NIS said",
        "Car bomb",
        "Western officials",
        "Eastern Command",
        "Central Command",
        "The New York Times",
        "The Washington Post",
        "the Kyiv Independent",
        "kursk",
        "russia",
    ],
)
def test_longest_match_passes_over_other_words(places: Gazetteer, text: str) -> None:
    assert found(places, text) == []


def test_longest_match_ends_at_punctuation(places: Gazetteer) -> None:
    assert found(places, "New. York") == []
    assert found(places, "South, Sudan") == [("Sudan", "SD")]


def test_longest_match_survives_any_start(places: Gazetteer) -> None:
    words = ["-", "'", "’s", "", "city", "of", "the"]
    assert [places.longest_match(words, start) for start in range(len(words) + 1)] == [None] * 8


def test_longest_match_reads_a_hostile_text(places: Gazetteer) -> None:
    words = ["city", "of", "the"] * 5_000 + ["-"] * 5_000 + ["San"] * 5_000
    assert [start for start in range(len(words)) if places.longest_match(words, start)] == []


def test_longest_match_gives_readings_best_first(places: Gazetteer) -> None:
    match = places.longest_match(["Kursk"], 0)
    assert match is not None
    assert [record.code for record in match[1]] == ["RU-KRS", "geonames:538560"]
    match = places.longest_match(["Georgia"], 0)
    assert match is not None
    assert [record.code for record in match[1]] == ["GE", "US-GA"]
