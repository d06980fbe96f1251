"""How sure a claim is said to be."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.domain.claims import Claim, Count, Evidence, Force, Kind, Personnel, Place, PlaceLevel, Polarity, Status
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
    worst = replace(PLAIN, force=None, count=Count(), locations=(), reasons=("force carried", "force unknown"))

    assert 0 < confidence(worst) < 0.1


def test_weights_are_known_for_every_sign() -> None:
    assert set(WEIGHTS) == set(Sign)
