"""What cannot both hold, and what can."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from service.analysis.contradictions import contradictions
from service.domain.claims import Count, Kind, Outcome, Polarity, Qualifier, Review, Status
from service.domain.stories import Conflict
from tests.unit.analysis.claims import BELGOROD, claimed, on
from tests.unit.analysis.tellings import figure

ARRIVED = {"kind": Kind.DEPLOYMENT}
KILLED: dict[str, Any] = {"kind": Kind.CASUALTIES, "outcome": Outcome.KILLED}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"count": 3000}, {"count": 12_000}),
        ({"count": figure(10_000, 12_000)}, {"count": 9000}),
        ({"count": figure(10_000, qualifier=Qualifier.MORE_THAN)}, {"count": 9000}),
        ({"count": Count(max=500, qualifier=Qualifier.AT_MOST)}, {"count": 900}),
        ({**KILLED, "count": 300}, {**KILLED, "count": 1000}),
    ],
)
def test_figures_too_far_apart_contradict(one: dict[str, Any], other: dict[str, Any]) -> None:
    (found,) = contradictions([claimed("2", "HUR", day=2, **other), claimed("1", "NIS", **one)])
    assert (found.conflict, found.one.id, found.other.id) == (Conflict.FIGURES, "c_1", "c_2")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"count": 3000}, {"count": 3100}),
        ({"count": figure(1000, qualifier=Qualifier.MORE_THAN)}, {"count": 9000}),
        ({"count": Count(max=500, qualifier=Qualifier.AT_MOST)}, {"count": 7}),
        ({"count": 3000}, {"count": Count(min=24, qualifier=Qualifier.VAGUE, text="dozens")}),
        ({"count": 3000, **ARRIVED}, {"count": 9000, **ARRIVED}),
        ({"count": 3000}, {"count": 9000, "status": Status.PLANNED}),
        ({"count": 3000}, {"count": 9000, "part_of": "c_0"}),
        ({"count": 3000}, {"count": 9000, "review": Review.REJECTED}),
        ({"count": 3000}, {"count": 9000, "day": 20}),
        ({"count": 3000}, {"count": 9000, "locations": (BELGOROD,)}),
        ({"count": 3000, "time": on(date(2024, 1, 1))}, {"count": 9000, "time": on(date(2024, 2, 1))}),
    ],
    ids=[
        "near", "open above", "open below", "words", "moves", "plan", "part", "rejected", "later", "elsewhere", "then",
    ],
)  # fmt: skip
def test_figures_that_may_both_hold_do_not_contradict(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert contradictions([claimed("1", "NIS", **one), claimed("2", "HUR", **other)]) == []


def test_nobody_contradicts_themselves() -> None:
    assert contradictions([claimed("1", "NIS", 3000), claimed("2", "NIS", 12_000, day=2)]) == []


def test_repetition_is_no_further_contradiction() -> None:
    repeated = [claimed(str(n), "NIS", 3000, day=n) for n in range(1, 6)]
    assert len(contradictions([*repeated, claimed("9", "HUR", 12_000, day=6)])) == 1


def test_affirmed_against_denied_contradicts_with_both_sides() -> None:
    (found,) = contradictions([claimed("1", "NIS", 3000, day=3), claimed("2", "Moscow", polarity=Polarity.DENIED)])
    assert (found.conflict, found.one.id, found.other.id) == (Conflict.DENIAL, "c_2", "c_1")


def test_denial_of_something_else_contradicts_nothing() -> None:
    denial = claimed("2", "Moscow", polarity=Polarity.DENIED, **KILLED)
    assert contradictions([claimed("1", "NIS", 3000), denial]) == []
