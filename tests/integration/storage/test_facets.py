"""Facets: each field counted over what all filters but its own find."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import Engine

from service.domain.claims import Force, Source, SourceType
from service.domain.errors import InvalidInputError
from service.domain.register import ClaimFilters, ClaimQuery, GroupKey
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.articles import retract_article
from service.use_cases.claims import find_claims
from service.use_cases.facets import FACETS, Facets, find_facets
from tests.integration.storage.building import DESK, NOW, a_claim, held
from tests.integration.storage.test_filters import CASES, store

__all__ = ["store"]


def facets(engine: Engine, *fields: GroupKey, limit: int = 10, **filters: Any) -> Facets:
    with UnitOfWork.reading(engine) as work:
        return find_facets(work, ClaimFilters(**filters), fields=fields, limit=limit, desk=DESK)


def counts(engine: Engine, field: GroupKey, **filters: Any) -> dict[str, int]:
    return {value.value: value.claims for value in facets(engine, field, **filters).facets[field].values}


def test_facets_count_values_largest_first_and_name_them(store: Engine) -> None:
    found = facets(store, GroupKey.REGION, GroupKey.KIND)
    assert (found.claims, found.articles) == (7, 2)
    region, kind = found.facets["region"], found.facets["kind"]
    assert [(value.value, value.name, value.claims, value.articles) for value in region.values] == [
        ("RU-KRS", "Kursk Oblast", 3, 1),
        ("UA-14", "Donetsk Oblast", 2, 2),
    ]
    assert (region.more, region.without) == (False, 3)
    assert [(value.value, value.name, value.claims) for value in kind.values] == [
        ("presence", "presence", 5),
        ("casualties", "casualties", 1),
        ("deployment", "deployment", 1),
    ]
    assert kind.without == 0


def test_facet_leaves_out_its_own_filter_and_keeps_the_others(store: Engine) -> None:
    found = facets(store, GroupKey.KIND, GroupKey.STATUS, kind=("deployment",), force=("KP",))
    assert found.claims == 1
    assert {value.value: value.claims for value in found.facets["kind"].values} == {"presence": 3, "deployment": 1}
    assert {value.value: value.claims for value in found.facets["status"].values} == {"planned": 1}


@pytest.mark.parametrize("field", FACETS)
def test_facet_says_what_its_filter_would_find(store: Engine, field: GroupKey) -> None:
    """But of a source, which a filter looks for in the whole chain."""
    asked: list[dict[str, Any]] = [{}, {"q": ("-both",)}, {"polarity": ("affirmed",), "personnel": ("engineers",)}]
    for filters in asked:
        for value, number in counts(store, field, **filters).items():
            narrowed = {**filters, field.value: (value,)}
            with UnitOfWork.reading(store) as work:
                found = find_claims(work, ClaimQuery(filters=ClaimFilters(**narrowed)), desk=DESK).data
            assert len(found) == number


def test_facets_count_what_aggregates_do(store: Engine) -> None:
    for given, expected in CASES:
        with UnitOfWork.reading(store) as work:
            rows = aggregate(work, ClaimFilters(**given), group_by=("outcome",), desk=DESK)
        found = facets(store, GroupKey.OUTCOME, **given)
        assert found.claims == len(expected)
        if "outcome" not in given:
            outcome = found.facets["outcome"]
            assert {row["outcome"]: row["claims"] for row in rows if row["outcome"]} == {
                value.value: value.claims for value in outcome.values
            }
            assert outcome.without == sum(int(row["claims"] or 0) for row in rows if row["outcome"] is None)


def test_facet_keeps_to_its_limit_and_breaks_ties_by_value(engine: Engine) -> None:
    said = ["б", "a", "B", "Z", "é"]
    held(
        engine,
        [
            *(
                a_claim(f"words {n}", force=Force(group=name), attribution=(Source(type=SourceType.PERSON, name=name),))
                for n, name in enumerate(said)
            ),
            *(a_claim(f"more {n}", force=None, attribution=()) for n in range(9)),
        ],
    )
    for limit, more in ((1, True), (4, True), (5, False), (6, False)):
        for field in (GroupKey.FORCE, GroupKey.SOURCE):
            facet = facets(engine, field, limit=limit).facets[field]
            assert [value.value for value in facet.values] == ["B", "Z", "a", "é", "б"][:limit]
            assert (facet.more, facet.without) == (more, 9)


def test_facets_of_nothing_are_empty(engine: Engine) -> None:
    found = facets(engine, *FACETS)
    assert found.claims == 0
    assert all((facet.values, facet.more, facet.without) == ((), False, 0) for facet in found.facets.values())


def test_facets_count_what_stood_then(engine: Engine) -> None:
    id_ = held(engine, [a_claim()])
    with UnitOfWork(engine) as work:
        retract_article(work, id_, desk=DESK, now=NOW.replace(year=2026))
    with UnitOfWork.reading(engine) as work:
        asked: dict[str, Any] = {"fields": (GroupKey.KIND,), "desk": DESK}
        assert find_facets(work, ClaimFilters(), **asked).claims == 0
        then = find_facets(work, ClaimFilters(), as_of=NOW.date(), **asked)
    assert then.facets["kind"].values[0].claims == then.claims == 1


@pytest.mark.parametrize("limit", [0, 101])
def test_facets_refuse_a_limit(engine: Engine, limit: int) -> None:
    with pytest.raises(InvalidInputError):
        facets(engine, GroupKey.KIND, limit=limit)
