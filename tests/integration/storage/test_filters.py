"""Each filter finds what it should and leaves a near miss; figures by group are those of the claims found."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from service.domain.claims import (
    Count,
    Force,
    Kind,
    Outcome,
    Personnel,
    PersonnelType,
    Polarity,
    Qualifier,
    Source,
    SourceType,
    Status,
    Time,
)
from service.domain.errors import AmbiguousPlaceError, InvalidInputError, UnknownPlaceError
from service.domain.register import ClaimFilters, ClaimQuery
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.claims import find_claims
from tests.integration.storage.building import DESK, DONBAS, DONETSK, KASHMIR, KURSK, RUSSIA, SUDZHA, a_claim, held

# Two articles; each claim is known by its words.
FIRST = {
    "kursk": a_claim("kursk", kind=Kind.DEPLOYMENT, status=Status.PLANNED, origin=RUSSIA),
    "sudzha": a_claim(
        "sudzha",
        at=10,
        locations=(SUDZHA, KURSK),
        origin=SUDZHA,
        count=Count(min=1000, qualifier=Qualifier.MORE_THAN),
        time=Time(start=date(2024, 11, 1), end=date(2024, 11, 30)),
        personnel=Personnel(type=PersonnelType.ENGINEERS),
    ),
    "both": a_claim(
        "both", at=20, locations=(SUDZHA, DONETSK), polarity=Polarity.DENIED, time=Time(start=date(2024, 12, 1))
    ),
}
SECOND = {
    "country": a_claim(
        "country",
        locations=(RUSSIA,),
        force=Force(country="RU", group="Wagner Group"),
        count=Count(max=300, qualifier=Qualifier.AT_MOST),
        time=Time(end=date(2024, 10, 15)),
        attribution=(
            Source(name="The New York Times", type=SourceType.OUTLET),
            Source(type=SourceType.OFFICIAL, role="Ukrainian official", organization="Pentagon"),
        ),
    ),
    "nowhere": a_claim(
        "nowhere",
        at=10,
        locations=(),
        kind=Kind.CASUALTIES,
        outcome=Outcome.KILLED,
        force=None,
        count=Count(),
        attribution=(),
    ),
    "areas": a_claim("areas", at=30, locations=(DONBAS, KASHMIR), force=None, attribution=(), count=Count()),
    "vague": a_claim("vague", at=20, locations=(DONETSK,), count=Count(min=2, qualifier=Qualifier.VAGUE)),
}


@pytest.fixture
def store(engine: Engine) -> Engine:
    held(engine, list(FIRST.values()), text="First.", published_on=date(2024, 10, 25), outlet="Kyiv Pápers")
    held(engine, list(SECOND.values()), text="Second.", published_on=date(2024, 12, 30), outlet="Other")
    return engine


EVERYTHING = {*FIRST, *SECOND}

CASES: list[tuple[dict[str, Any], set[str]]] = [
    ({}, EVERYTHING),
    ({"region": ("Kursk Oblast",)}, {"kursk", "sudzha", "both"}),
    ({"region": ("RU-KRS",)}, {"kursk", "sudzha", "both"}),
    ({"region": ("Sudzha",)}, {"sudzha", "both"}),
    ({"region": ("Russia",)}, {"kursk", "sudzha", "both", "country"}),
    ({"region": ("UA-14",)}, {"both", "vague"}),
    ({"region": ("Donbas",)}, {"both", "vague", "areas"}),
    ({"region": ("Kashmir",)}, {"areas"}),
    ({"region": ("UA-14", "Sudzha")}, {"sudzha", "both", "vague"}),
    ({"country": ("RU",)}, {"kursk", "sudzha", "both", "country"}),
    ({"country": ("ua",)}, {"both", "vague", "areas"}),
    ({"country": ("GE",)}, set()),
    ({"country": ("Georgia",)}, set()),
    ({"region": ("RU-KRS",), "country": ("UA",)}, {"both"}),
    ({"origin": ("Russia",)}, {"kursk", "sudzha"}),
    ({"origin": ("RU-KRS",)}, {"sudzha"}),
    ({"force": ("KP",)}, {"kursk", "sudzha", "both", "vague"}),
    ({"force": ("kp",)}, {"kursk", "sudzha", "both", "vague"}),
    ({"force": ("North Korean",)}, {"kursk", "sudzha", "both", "vague"}),
    ({"force": ("North Korea",)}, {"kursk", "sudzha", "both", "vague"}),
    ({"force": ("dprk",)}, {"kursk", "sudzha", "both", "vague"}),
    ({"force": ("wagner group",)}, {"country"}),
    ({"force": ("Wagner",)}, set()),
    ({"kind": ("deployment", "casualties")}, {"kursk", "nowhere"}),
    ({"outcome": ("killed",)}, {"nowhere"}),
    ({"outcome": ("wounded",)}, set()),
    ({"status": ("planned",)}, {"kursk"}),
    ({"polarity": ("denied",)}, {"both"}),
    ({"personnel": ("engineers",)}, {"sudzha"}),
    ({"min_count": 5001}, {"sudzha", "vague"}),
    ({"min_count": 5000}, {"kursk", "sudzha", "both", "vague"}),
    ({"max_count": 300}, {"country", "vague"}),
    ({"max_count": 999}, {"country", "vague"}),
    ({"min_count": 301, "max_count": 999}, {"vague"}),
    ({"from_": date(2024, 12, 1)}, {"both"}),
    ({"from_": date(2024, 11, 30)}, {"sudzha", "both"}),
    ({"to": date(2024, 10, 1)}, {"country"}),
    ({"to": date(2024, 11, 1)}, {"country", "sudzha"}),
    ({"from_": date(2024, 10, 16), "to": date(2024, 10, 31)}, set()),
    ({"reported_from": date(2024, 10, 26)}, {*SECOND}),
    ({"reported_to": date(2024, 10, 25)}, {*FIRST}),
    ({"reported_to": date(2024, 10, 24)}, set()),
    ({"reported_from": datetime(2024, 10, 25, 0, 0, 1, tzinfo=UTC)}, {*SECOND}),
    ({"reported_to": datetime(2024, 10, 25, tzinfo=UTC)}, {*FIRST}),
    ({"reported_to": date.max}, EVERYTHING),
    ({"source": ("vadym skibitskyi",)}, {"kursk", "sudzha", "both", "vague"}),
    ({"source": ("hur",)}, {"kursk", "sudzha", "both", "vague"}),
    ({"source": ("Pentagon", "nobody")}, {"country"}),
    ({"source": ("The New York Times",)}, {"country"}),
    ({"source": ("New York",)}, set()),
    ({"outlet": ("kyiv papers",)}, {*FIRST}),
    ({"article": ("a_unknown",)}, set()),
    ({"q": ("kyivan",)}, set()),
    ({"q": ("SUDZHA",)}, {"sudzha", "both"}),
    ({"q": ("sudzha",), "origin": ("RU-KRS",)}, {"sudzha"}),
    ({"q": ("Kursk",), "region": ("RU-KRS",), "polarity": ("affirmed",)}, {"kursk", "sudzha"}),
    ({"kind": ("presence",), "polarity": ("affirmed",), "region": ("Kursk Oblast",)}, {"sudzha"}),
]


def test_find_claims_filters(store: Engine) -> None:
    """All cases on one store: filling one for each would take most of the time."""
    with UnitOfWork.reading(store) as work:
        found = [
            sorted(
                claim.evidence[0].exact
                for claim in find_claims(work, ClaimQuery(filters=ClaimFilters(**given)), desk=DESK).data
            )
            for given, _ in CASES
        ]
    assert found == [sorted(expected) for _, expected in CASES]


def test_aggregate_counts_what_find_claims_finds(store: Engine) -> None:
    with UnitOfWork.reading(store) as work:
        counted = [aggregate(work, ClaimFilters(**given), group_by=(), desk=DESK)[0]["claims"] for given, _ in CASES]
    assert counted == [len(expected) for _, expected in CASES]


REFUSED: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"region": ("Kurks Oblastt",)}, UnknownPlaceError),
    ({"region": ("Georgia",)}, AmbiguousPlaceError),
    ({"country": ("Kursk Oblast",)}, InvalidInputError),
    ({"country": ("Nowhereland",)}, UnknownPlaceError),
    ({"kind": ("invasion",)}, InvalidInputError),
    ({"min_count": 3, "max_count": 2}, InvalidInputError),
    ({"min_count": 2**63}, InvalidInputError),
    ({"from_": date(2024, 2, 1), "to": date(2024, 1, 1)}, InvalidInputError),
    ({"reported_from": date(2024, 2, 1), "reported_to": date(2024, 1, 1)}, InvalidInputError),
    ({"reported_from": datetime(2024, 2, 1)}, InvalidInputError),  # noqa: DTZ001 - the zone is missing on purpose
    ({"source": ("a\x00b",)}, InvalidInputError),
    ({"q": ("Kursk", " -& ")}, InvalidInputError),
    ({"q": ("word " * 33,)}, InvalidInputError),
]


def test_find_claims_refuses(engine: Engine) -> None:
    with UnitOfWork.reading(engine) as work:
        for given, error in REFUSED:
            with pytest.raises(error):
                find_claims(work, ClaimQuery(filters=ClaimFilters(**given)), desk=DESK)


def groups(store: Engine, *group_by: str, **filters: Any) -> list[tuple[Any, ...]]:
    with UnitOfWork.reading(store) as work:
        found = aggregate(work, ClaimFilters(**filters), group_by=group_by, desk=DESK)
    return [tuple(group.values()) for group in found]


def test_aggregate_by_region_counts_a_claim_once_in_each_of_its_regions(store: Engine) -> None:
    assert groups(store, "region") == [
        ("RU-KRS", 3, 1, 1000, 5000),
        ("UA-14", 2, 2, 5000, 5000),
        (None, 3, 1, None, 300),
    ]


def test_aggregate_by_region_and_country_counts_a_claim_once_in_each_pair(store: Engine) -> None:
    assert groups(store, "region", "country") == [
        ("RU-KRS", "RU", 3, 1, 1000, 5000),
        ("UA-14", "UA", 2, 2, 5000, 5000),
        (None, "RU", 1, 1, None, 300),
        (None, "UA", 1, 1, None, None),
        (None, None, 1, 1, None, None),
    ]


def test_aggregate_without_keys_gives_one_group(store: Engine) -> None:
    with UnitOfWork.reading(store) as work:
        assert aggregate(work, ClaimFilters(), group_by=(), desk=DESK) == [
            {"claims": 7, "articles": 2, "min": 1000, "max": 5000}
        ]


def test_aggregate_leaves_vague_floors_out_of_min_and_max(store: Engine) -> None:
    assert groups(store, "country", kind=("presence",), reported_from=date(2024, 11, 1)) == [
        ("RU", 1, 1, None, 300),
        ("UA", 2, 1, None, None),
    ]


KEYS: dict[str, list[str | None]] = {
    "day": ["2024-10-25", "2024-12-30"],
    "week": ["2024-W43", "2025-W01"],
    "month": ["2024-10", "2024-12"],
    "year": ["2024"],
    "country": ["RU", "UA", None],
    "force": ["KP", "RU", None],
    "kind": ["casualties", "deployment", "presence"],
    "outcome": ["killed", None],
    "status": ["ongoing", "planned"],
    "polarity": ["affirmed", "denied"],
    "personnel": ["engineers", None],
    "outlet": ["Kyiv Pápers", "Other"],
    "source": ["Pentagon", "Vadym Skibitskyi", None],
}


def test_aggregate_by_each_key(store: Engine) -> None:
    assert {key: [group[0] for group in groups(store, key)] for key in KEYS} == KEYS


def test_aggregate_by_several_keys(store: Engine) -> None:
    assert groups(store, "month", "country", "polarity", region=("RU-KRS",)) == [
        ("2024-10", "RU", "affirmed", 2, 1, 1000, 5000),
        ("2024-10", "RU", "denied", 1, 1, 5000, 5000),
        ("2024-10", "UA", "denied", 1, 1, 5000, 5000),
    ]


@pytest.mark.parametrize("group_by", [("colour",), ("kind", "kind")])
def test_aggregate_refuses(store: Engine, group_by: tuple[str, ...]) -> None:
    with UnitOfWork.reading(store) as work, pytest.raises(InvalidInputError):
        aggregate(work, ClaimFilters(), group_by=group_by, desk=DESK)


@pytest.mark.parametrize("places", [(KURSK, RUSSIA), (RUSSIA, KURSK), (KURSK, KURSK)])
def test_claim_of_a_region_and_its_country_counts_for_the_region_whichever_is_named_first(
    engine: Engine, places: Any
) -> None:
    held(engine, [a_claim(locations=places)])
    with UnitOfWork.reading(engine) as work:
        by_both = aggregate(work, ClaimFilters(), group_by=("region", "country"), desk=DESK)
        by_country = aggregate(work, ClaimFilters(), group_by=("country",), desk=DESK)
    assert [(row["region"], row["country"], row["claims"]) for row in by_both] == [("RU-KRS", "RU", 1)]
    assert [(row["country"], row["claims"]) for row in by_country] == [("RU", 1)]
