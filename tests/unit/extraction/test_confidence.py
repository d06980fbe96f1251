"""How sure a claim is said to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
    Force,
    Kind,
    Personnel,
    Place,
    PlaceLevel,
    Polarity,
    Source,
    SourceType,
    Status,
)
from worker.extraction.claims.confidence import WEIGHTS, Sign, confidence, signs


def place(country: str) -> Place:
    return Place(text="there", name="There", level=PlaceLevel.COUNTRY, country=country)


PLAIN = Claim(
    kind=Kind.DEPLOYMENT,
    outcome=None,
    status=Status.OCCURRED,
    polarity=Polarity.AFFIRMED,
    force=Force(country="FR"),
    personnel=Personnel(type=None, text=None),
    count=Count(min=300, max=300, text="300"),
    locations=(place("ML"),),
    attribution=(Source(name="Reuters", type=SourceType.AGENCY, text="Reuters"),),
    evidence=(Evidence(exact="300 there", prefix="", suffix="", start=0, end=9),),
    confidence=0.0,
    reasons=("object:send",),
)


def test_signs_are_none_where_all_is_told() -> None:
    assert signs(PLAIN) == frozenset()


@pytest.mark.parametrize(
    ("claim", "sign"),
    [
        (replace(PLAIN, count=Count()), Sign.NO_FIGURE),
        (replace(PLAIN, locations=()), Sign.NO_PLACE),
        (replace(PLAIN, locations=(place("FR"),)), Sign.AT_HOME),
        (replace(PLAIN, reasons=("object:send", "place carried")), Sign.PLACE_CARRIED),
        (replace(PLAIN, attribution=()), Sign.NO_SOURCE),
        (replace(PLAIN, reasons=("nearest:send",)), Sign.LOOSE),
        (replace(PLAIN, reasons=("object:send", "force carried")), Sign.FORCE_CARRIED),
        (replace(PLAIN, reasons=("object:send", "force unknown")), Sign.FORCE_UNKNOWN),
    ],
)
def test_sign_makes_a_claim_less_sure(claim: Claim, sign: Sign) -> None:
    assert signs(claim) == {sign}
    assert confidence(claim) < confidence(PLAIN)


def test_confidence_of_a_plain_claim_is_nine_in_ten() -> None:
    assert confidence(PLAIN) >= 0.9


def test_confidence_keeps_to_the_scale_with_every_sign() -> None:
    reasons = ("near:there", "place carried", "force carried", "force unknown")
    worst = replace(PLAIN, force=None, count=Count(), locations=(), attribution=(), reasons=reasons)

    assert 0 < confidence(worst) < confidence(replace(PLAIN, reasons=reasons)) < 0.9


def test_weights_are_known_for_every_sign() -> None:
    assert set(WEIGHTS) == set(Sign)
