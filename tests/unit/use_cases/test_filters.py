"""From the names a user wrote to the places, forces and spans that are looked for."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.domain.errors import AmbiguousPlaceError, InvalidInputError, UnknownPlaceError
from service.domain.register import ClaimConditions, ClaimFilters, ForceCondition, PlaceCondition
from service.use_cases.filters import resolve_filters
from service.use_cases.regions import search_regions
from tests.unit.use_cases.fakes import FakePlaces

KURSK = PlaceCondition(region="RU-KRS")
RUSSIA = PlaceCondition(country="RU")
SUDZHA = PlaceCondition(country="RU", region="RU-KRS", name_folded="sudzha")


def resolved(**filters: Any) -> ClaimConditions:
    return resolve_filters(ClaimFilters(**filters), FakePlaces())


@pytest.mark.parametrize(("name", "place"), [("Kursk", KURSK), ("Russia", RUSSIA), ("SUDZHA", SUDZHA)])
@pytest.mark.parametrize("field", ["region", "origin"])
def test_resolve_filters_takes_any_place_for_a_region(field: str, name: str, place: PlaceCondition) -> None:
    assert getattr(resolved(**{field: (name,)}), field) == (place,)


def test_resolve_filters_takes_an_area_for_itself_and_its_members() -> None:
    bryansk, itself = PlaceCondition(region="RU-BRY"), PlaceCondition(name_folded="kursk and bryansk")
    assert resolved(region=("Kursk and Bryansk", "Kursk")).region == (itself, KURSK, bryansk)


def test_resolve_filters_takes_the_country_of_an_ambiguous_name_where_a_country_is_asked() -> None:
    assert resolved(country=("Georgia",)).country == (PlaceCondition(country="GE"),)
    with pytest.raises(AmbiguousPlaceError):
        resolved(region=("Georgia",))


def test_resolve_filters_refuses_a_region_for_a_country_with_a_hint() -> None:
    with pytest.raises(InvalidInputError) as caught:
        resolved(country=("Kursk",))
    assert caught.value.errors == {"country": ["Kursk Oblast is no country; use region=Kursk."]}


@pytest.mark.parametrize("field", ["region", "country", "origin"])
def test_resolve_filters_passes_on_unknown_places(field: str) -> None:
    with pytest.raises(UnknownPlaceError) as caught:
        resolved(**{field: ("Kusrk",)})
    assert caught.value.suggestions == ("Kursk Oblast",)


@pytest.mark.parametrize(
    ("name", "force"),
    [
        ("Russia", ForceCondition(country="RU")),
        ("ru\u0301ssia", ForceCondition(country="RU")),
        ("Russian", ForceCondition(country="RU")),
        ("Georgia", ForceCondition(country="GE")),
        ("ge ", ForceCondition(country="GE")),
        ("Wagner Group", ForceCondition(group_folded="wagner group")),
        ("Kursk", ForceCondition(group_folded="kursk")),
    ],
)
def test_resolve_filters_takes_a_force_for_a_country_or_else_a_group(name: str, force: ForceCondition) -> None:
    assert resolved(force=(name,)).force == (force,)


def test_resolve_filters_counts_whole_days_at_both_ends() -> None:
    conditions = resolved(reported_from=date(2024, 10, 25), reported_to=date(2024, 10, 25))
    assert conditions.reported_from == datetime(2024, 10, 25, tzinfo=UTC)
    assert conditions.reported_before == datetime(2024, 10, 26, tzinfo=UTC)


def test_resolve_filters_names_every_wrong_word() -> None:
    with pytest.raises(InvalidInputError) as caught:
        resolved(kind=("invasion",), status=("done", "planned"))
    assert caught.value.errors.keys() == {"kind", "status"}
    assert "'done'" in caught.value.errors["status"][0]


def test_search_regions_gives_what_the_gazetteer_finds() -> None:
    [sudzha] = search_regions("sud", gazetteer=FakePlaces())
    assert (sudzha.code, sudzha.region) == ("geonames:484907", "RU-KRS")
    assert search_regions("xyz", gazetteer=FakePlaces()) == []
    with pytest.raises(InvalidInputError):
        search_regions("sud", limit=0, gazetteer=FakePlaces())
