"""Figures side by side: what is compared, what is kept apart, and what is never made up."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from typing import Any

import pytest

from service.analysis.estimates import estimates
from service.domain.claims import Count, Kind, Outcome, Polarity, Qualifier, Status
from service.domain.estimates import Estimate, Telling
from service.domain.figures import Basis
from tests.unit.analysis.tellings import figure, told


def side_by_side(*tellings: Telling) -> list[Estimate]:
    return estimates(tellings, people="North Korean personnel", place="Kursk Oblast")


def the_one(*tellings: Telling) -> Estimate:
    (estimate,) = side_by_side(*tellings)
    return estimate


def spread(estimate: Estimate) -> tuple[int, int | None, int] | None:
    return (estimate.range.min, estimate.range.max, estimate.range.origins) if estimate.range else None


def test_range_is_over_the_latest_figure_of_each_origin() -> None:
    estimate = the_one(
        told("NIS", figure(10_000), day=1),
        told("NIS", figure(11_000), day=5),
        told("HUR", figure(12_000), day=3),
    )
    assert spread(estimate) == (11_000, 12_000, 2)
    nis = estimate.origins[0]
    assert [one.count.min for one in nis.tellings] == [10_000, 11_000]
    assert nis.latest == nis.tellings[1]


def test_latest_figure_is_the_one_said_last_even_if_it_is_old() -> None:
    estimate = the_one(told("NIS", figure(10_000), day=1, last=9), told("NIS", figure(11_000), day=5))
    assert spread(estimate) == (10_000, 10_000, 1)


def test_repetition_adds_no_origin() -> None:
    once = the_one(told("NIS", figure(10_000)))
    often = the_one(told("NIS", figure(10_000), last=20, claims=14, articles=14))
    assert spread(once) == spread(often)


def test_estimate_does_not_depend_on_the_order_in_which_it_was_told() -> None:
    tellings = [
        told("NIS", figure(10_000), day=1),
        told("NIS", figure(11_000), day=1),
        told("HUR", Count(), day=1, polarity=Polarity.DENIED),
        told("Kyiv", figure(500, qualifier=Qualifier.AT_LEAST), day=2),
    ]
    answers = {tuple(map(repr, side_by_side(*order))) for order in itertools.permutations(tellings)}
    assert len(answers) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"status": Status.PLANNED},
        {"status": Status.POSSIBLE},
        {"is_part": True},
        {"count": Count(min=200, qualifier=Qualifier.VAGUE, text="hundreds")},
        {"count": Count()},
        {"polarity": Polarity.DENIED},
    ],
    ids=["planned", "possible", "part", "vague", "no figure", "denied"],
)
def test_range_leaves_out(other: dict[str, Any]) -> None:
    other = {"count": figure(90_000), **other}
    assert spread(the_one(told("NIS", figure(10_000)), told("HUR", **other))) == (10_000, 10_000, 1)


@pytest.mark.parametrize(
    "other",
    [
        {"kind": Kind.DEPLOYMENT, "basis": Basis.FLOW},
        {"kind": Kind.WITHDRAWAL, "basis": Basis.FLOW},
        {"kind": Kind.DEPLOYMENT, "basis": Basis.CUMULATIVE},
        {"kind": Kind.CASUALTIES, "basis": Basis.LOSSES, "outcome": Outcome.KILLED},
        {"count": figure(1000, additional=True)},
    ],
    ids=["flow", "withdrawal", "cumulative", "losses", "additional"],
)
def test_figures_of_another_kind_stand_apart(other: dict[str, Any]) -> None:
    found = side_by_side(told("NIS", figure(10_000)), told("NIS", **{"count": figure(1000), **other}))
    assert [spread(one) for one in found] == [(10_000, 10_000, 1), (1000, 1000, 1)]


def test_killed_and_wounded_are_not_one_figure() -> None:
    losses: dict[str, Any] = {"kind": Kind.CASUALTIES, "basis": Basis.LOSSES}
    found = side_by_side(
        told("NIS", figure(300), outcome=Outcome.KILLED, **losses),
        told("NIS", figure(2700), outcome=Outcome.WOUNDED, **losses),
    )
    assert {(one.outcome, spread(one)) for one in found} == {
        (Outcome.KILLED, (300, 300, 1)),
        (Outcome.WOUNDED, (2700, 2700, 1)),
    }


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([figure(1000, qualifier=Qualifier.MORE_THAN), figure(3000)], (1000, None)),
        ([figure(10_000, 12_000), figure(11_000)], (10_000, 12_000)),
        ([Count(max=500, qualifier=Qualifier.AT_MOST), figure(400)], (400, 500)),
        ([figure(7), figure(7)], (7, 7)),
    ],
)
def test_range_keeps_bounds_as_they_were_said(counts: Sequence[Count], expected: tuple[int, int | None]) -> None:
    estimate = the_one(*(told(f"origin {n}", count) for n, count in enumerate(counts)))
    assert estimate.range is not None
    assert (estimate.range.min, estimate.range.max) == expected


def test_denial_of_presence_denies_deployment_but_no_losses() -> None:
    denial = told("Moscow", polarity=Polarity.DENIED)
    arrived, lost = side_by_side(
        told("NIS", figure(3000), kind=Kind.DEPLOYMENT, basis=Basis.FLOW),
        told("NIS", figure(300), kind=Kind.CASUALTIES, basis=Basis.LOSSES, outcome=Outcome.KILLED),
        denial,
    )
    assert arrived.denials == (denial,)
    assert lost.denials == ()


def test_denial_of_what_nobody_said_is_told_all_the_same() -> None:
    denial = told("Moscow", polarity=Polarity.DENIED)
    estimate = the_one(denial)
    assert estimate.denials == (denial,)
    assert estimate.origins == ()
    assert estimate.sentence == "Nobody gives a figure of North Korean personnel in Kursk Oblast; Moscow denies it."


def test_nothing_told_is_no_estimate() -> None:
    assert side_by_side() == []


@pytest.mark.parametrize(
    ("tellings", "sentence"),
    [
        (
            [told("NIS", figure(10_000, qualifier=Qualifier.MORE_THAN)), told("HUR", figure(12_000))],
            "Estimates of North Korean personnel in Kursk Oblast range from more than 10,000 (NIS) to 12,000 (HUR).",
        ),
        (
            [told("NIS", figure(3000)), told("Moscow", polarity=Polarity.DENIED)],
            "Estimates of North Korean personnel in Kursk Oblast rest on one origin: 3,000 (NIS); Moscow denies it.",
        ),
        (
            [told("NIS", figure(3000)), told("HUR", figure(3000))],
            "Estimates of North Korean personnel in Kursk Oblast agree on 3,000 (2 origins, HUR among them).",
        ),
        (
            [told("NIS", figure(5000), status=Status.PLANNED)],
            "Planned or possible are North Korean personnel in Kursk Oblast: 5,000 (NIS).",
        ),
        (
            [told("NIS", figure(3000)), told("HUR", figure(10_000, 12_000), status=Status.POSSIBLE)],
            (
                "Estimates of North Korean personnel in Kursk Oblast rest on one origin: 3,000 (NIS); "
                "planned or possible: 10,000–12,000 (HUR)."
            ),
        ),
        (
            [told("NIS", Count(min=24, qualifier=Qualifier.VAGUE, text="dozens"))],
            "No number is given, but \u201cdozens\u201d (NIS).",
        ),
        (
            [told(f"Ministry {n}", polarity=Polarity.DENIED, day=n) for n in range(1, 6)],
            (
                "Nobody gives a figure of North Korean personnel in Kursk Oblast; "
                "Ministry 1, Ministry 2, Ministry 3 and 2 more deny it."
            ),
        ),
    ],
)
def test_sentence(tellings: Sequence[Telling], sentence: str) -> None:
    assert the_one(*tellings).sentence == sentence


def test_sentence_of_losses_and_additions() -> None:
    killed: dict[str, Any] = {"kind": Kind.CASUALTIES, "basis": Basis.LOSSES, "outcome": Outcome.KILLED}
    assert the_one(told("NIS", figure(300, qualifier=Qualifier.AT_LEAST), **killed)).sentence == (
        "Estimates of North Korean personnel killed in Kursk Oblast rest on one origin: at least 300 (NIS)."
    )
    more = told("NIS", figure(1000, additional=True), kind=Kind.DEPLOYMENT, basis=Basis.FLOW)
    assert the_one(more).sentence == (
        "Estimates of further North Korean personnel sent to Kursk Oblast rest on one origin: 1,000 (NIS)."
    )


def test_sentence_says_nothing_where_no_figure_was_given() -> None:
    assert the_one(told("NIS")).sentence is None
