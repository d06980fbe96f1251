"""What must hold within a claim that a person has set."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
    Force,
    Kind,
    Outcome,
    Place,
    PlaceLevel,
    Qualifier,
    Source,
    SourceType,
    Status,
    Time,
    TimePrecision,
)
from service.domain.consistency import faults

WORDS = Evidence(exact="words", prefix="", suffix="", start=0, end=5)


def wrong(**fields: Any) -> list[str]:
    claim = Claim(**{"kind": Kind.PRESENCE, "status": Status.ONGOING, "evidence": (WORDS,), "confidence": 1, **fields})
    return [path for path, _ in faults(claim)]


@pytest.mark.parametrize("qualifier", Qualifier)
def test_each_qualifier_goes_with_its_ends_only(qualifier: Qualifier) -> None:
    """As docs/annotation.md puts figures down: of the four ways to bound one, exactly one is right."""
    ways = [(None, None), (5, None), (None, 5), (5, 5)] if qualifier != Qualifier.RANGE else [(5, None), (5, 5), (5, 9)]
    right = [way for way in ways if not wrong(count=Count(min=way[0], max=way[1], qualifier=qualifier))]
    assert len(right) == 1


def test_figures_are_in_order_and_not_negative() -> None:
    assert wrong(count=Count(min=9, max=5, qualifier=Qualifier.RANGE)) == ["count.min"]
    assert wrong(count=Count(min=-1, max=5, qualifier=Qualifier.RANGE)) == ["count.min"]
    assert wrong(count=Count(min=0, max=5, qualifier=Qualifier.RANGE)) == []


@pytest.mark.parametrize(
    ("start", "end", "precision", "path"),
    [
        (None, None, None, None),
        (None, None, TimePrecision.DAY, "time.precision"),
        ("2024-10-01", "2024-10-01", TimePrecision.DAY, None),
        ("2024-10-01", "2024-10-02", TimePrecision.DAY, "time.precision"),
        ("2024-10-01", "2024-10-31", TimePrecision.MONTH, None),
        ("2024-10-01", "2024-11-01", TimePrecision.MONTH, "time.precision"),
        ("2024-01-01", "2024-12-31", TimePrecision.YEAR, None),
        ("2024-12-01", "2025-02-28", TimePrecision.SEASON, None),
        ("2024-10-01", None, TimePrecision.RANGE, None),
        (None, "2024-10-01", TimePrecision.RANGE, None),
        ("2024-10-01", None, TimePrecision.MONTH, "time.precision"),
        ("2024-10-02", "2024-10-01", TimePrecision.RANGE, "time.end"),
        ("1979-12-24", "1989-02-15", TimePrecision.RANGE, None),
    ],
)
def test_a_time_is_as_long_as_its_precision(
    start: str | None, end: str | None, precision: TimePrecision | None, path: str | None
) -> None:
    time = Time(
        start=date.fromisoformat(start) if start else None,
        end=date.fromisoformat(end) if end else None,
        precision=precision,
    )
    assert wrong(time=time) == ([path] if path else [])


def test_only_casualties_have_an_outcome() -> None:
    assert wrong(outcome=Outcome.KILLED) == ["outcome"]
    assert wrong(kind=Kind.CASUALTIES) == ["outcome"]
    assert wrong(kind=Kind.CASUALTIES, outcome=Outcome.KILLED) == []


def test_a_force_is_a_country_or_a_group() -> None:
    assert wrong(force=Force(text="men")) == ["force"]
    assert wrong(force=Force(group="NATO")) == []


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (Place(name="Ukraine", country="UA", level=PlaceLevel.COUNTRY), None),
        (Place(name="Ukraine", level=PlaceLevel.COUNTRY), "origin.level"),
        (Place(name="Donetsk Oblast", country="UA", level=PlaceLevel.REGION), "origin.region"),
        (Place(name="Donetsk", region="UA-14", level=PlaceLevel.CITY), "origin.country"),
        (Place(name="Kashmir", level=PlaceLevel.AREA), None),
        (Place(name="A hill", level=PlaceLevel.POINT, lat=1.0), "origin.lat"),
        (Place(name="A hill", level=PlaceLevel.POINT, lat=0.0, lon=0.0), None),
    ],
)
def test_a_place_has_the_codes_of_its_level(place: Place, path: str | None) -> None:
    assert wrong(origin=place) == ([path] if path else [])


def test_the_anonymous_have_no_name() -> None:
    assert wrong(attribution=(Source(type=SourceType.OFFICIAL, name="X", anonymous=True),)) == ["attribution.anonymous"]
    assert wrong(attribution=(Source(type=SourceType.OFFICIAL, role="an official"),)) == ["attribution.anonymous"]
    assert wrong(attribution=(Source(type=SourceType.MEDIA, anonymous=True),)) == []
