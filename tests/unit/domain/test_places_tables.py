"""The data files and their loader."""

from __future__ import annotations

import pytest

from service.domain.places import fold, gazetteer
from service.domain.places.overlay import build_overlay
from service.domain.places.tables import (
    Alias,
    Area,
    Country,
    DataError,
    Reading,
    parse_aliases,
    parse_areas,
    parse_countries,
    parse_stopnames,
)

HEAD = "# language: English\n# source: test\n# licence: none\n"


def test_fold_makes_spellings_of_a_name_equal() -> None:
    assert fold("Donets'k") == fold("DONETSK") == "donetsk"
    assert fold("Deir ez-Zor") == fold("deir  ez zor") == "deir ez zor"
    assert fold("Côte d’Ivoire") == fold("Cote d'Ivoire")
    assert fold("U.S.") == "us"
    assert fold("Łódź") == "lodz"
    assert fold("Київ") == fold("КИЇВ")
    assert fold("Trinidad & Tobago") == "trinidad and tobago"
    assert fold("쿠르스크") == "쿠르스크"


def test_fold_keeps_different_names_apart() -> None:
    assert fold("Niger") != fold("Nigeria")
    assert fold("Курск") != fold("Kursk")


@pytest.mark.parametrize("name", ["Kursk", "Киïв", "Côte d’Ivoire", "İncirlik", "St. John's", "  A--B  ", "", "ﬁ"])
def test_fold_of_a_folded_name_is_itself(name: str) -> None:
    assert fold(fold(name)) == fold(name)


def test_read_rows_refuses_a_file_without_licence() -> None:
    with pytest.raises(DataError, match="licence"):
        parse_aliases("# language: en\n# source: x\ncode\tname\taliases\nRU\t\tx\n")


def test_read_rows_refuses_unknown_columns() -> None:
    with pytest.raises(DataError, match="columns"):
        parse_aliases(HEAD + "code\tname\taliases\tnotes\nRU\t\tx\ty\n")


def test_read_rows_refuses_a_short_row() -> None:
    with pytest.raises(DataError, match="2 cells"):
        parse_aliases(HEAD + "code\tname\taliases\nRU\tx\n")


def test_read_rows_refuses_a_repeated_key() -> None:
    with pytest.raises(DataError, match="twice"):
        parse_stopnames(HEAD + "name\tkind\nNice\tword\nnice\tword\n")


def test_read_rows_refuses_an_empty_file() -> None:
    with pytest.raises(DataError, match="no rows"):
        parse_stopnames(HEAD + "name\tkind\n")


def test_parse_refuses_empty_and_repeated_entries() -> None:
    with pytest.raises(DataError, match="repeated"):
        parse_aliases(HEAD + "code\tname\taliases\nRU\t\tx|x\n")
    with pytest.raises(DataError, match="empty"):
        parse_aliases(HEAD + "code\tname\taliases\nRU\t\tx|\n")


def test_parse_countries_refuses_a_country_without_adjective() -> None:
    columns = "code\tname\taliases\tadjectives\tcapitals\tinstitutions\n"
    with pytest.raises(DataError, match="adjective"):
        parse_countries(HEAD + columns + "RU\tRussia\t\t\tMoscow\t\n")


def test_parse_areas_refuses_another_kind_of_code() -> None:
    columns = "code\tname\tregion\tcountry\tlat\tlon\tmembers\taliases\n"
    with pytest.raises(DataError, match="neither"):
        parse_areas(HEAD + columns + "RU-KRS\tKursk\t\tRU\t\t\t\t\n")


def overlay_of(
    *, countries: list[Country] | None = None, aliases: list[Alias] | None = None, areas: list[Area] | None = None
) -> None:
    build_overlay(
        gazetteer().places,
        countries=countries or [],
        aliases=aliases or [],
        areas=areas or [],
        towns=[],
        readings=[],
        stopnames=[],
    )


def test_overlay_refuses_an_alias_of_an_unknown_code() -> None:
    with pytest.raises(DataError, match="XX-1"):
        overlay_of(aliases=[Alias(code="XX-1", name="", aliases=("Nowhere",))])


def test_overlay_refuses_a_reading_of_an_unknown_code() -> None:
    with pytest.raises(DataError, match="XX-1"):
        build_overlay(
            gazetteer().places,
            countries=[],
            aliases=[],
            areas=[],
            towns=[],
            readings=[Reading(name="Nowhere", codes=("XX-1",))],
            stopnames=[],
        )


def test_overlay_refuses_a_capital_of_two_countries() -> None:
    def country(code: str) -> Country:
        return Country(code=code, name=code, aliases=(), adjectives=(code,), capitals=("Georgetown",), institutions=())

    with pytest.raises(DataError, match="Georgetown"):
        overlay_of(countries=[country("GY"), country("AA")])


def test_built_names_are_folded_sorted_and_known() -> None:
    places = gazetteer()
    names = [line.split(b"\t")[0] for line in places.names._lines]
    assert names == sorted(set(names))
    assert all(fold(name.decode()) == name.decode() for name in names[::101])
    assert max(row for name in names[::101] for row in places.names.rows(name.decode())) < len(places.places)


def test_built_regions_take_their_country_from_their_code() -> None:
    places = gazetteer()
    records = [places.places.by_code(code) for code in places.places.region_codes()]
    assert len(records) > 4_000
    assert all(record is not None and record.country == record.code[:2] for record in records)


def test_built_codes_are_unique() -> None:
    places = gazetteer()
    codes = {places.places.record(row).code for row in range(len(places.places))}
    assert len(codes) == len(places.places)
