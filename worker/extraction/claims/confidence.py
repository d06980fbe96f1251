"""How sure a claim is, from the signs that its making left behind."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from math import exp

from service.domain.claims import Claim


class Sign(StrEnum):
    """What makes a claim less sure."""

    NO_FIGURE = "no figure"
    NO_PLACE = "no place"
    AT_HOME = "in the force's own country"
    PLACE_CARRIED = "place carried"
    FORCE_CARRIED = "force carried"
    FORCE_UNKNOWN = "force unknown"
    NO_SOURCE = "no source"
    LOOSE = "told loosely"


# Log odds of being right: of a claim without signs, and what each sign adds. They are the rounded weights that
# `python tools/calibrate.py seeds seeds/blind` prints, a logistic regression on the known claims of these articles.
# They are also what the rules were written against, so that on other articles the odds are lower.
BASE = 2.5
WEIGHTS: Mapping[Sign, float] = {
    Sign.NO_FIGURE: -0.6,
    Sign.NO_PLACE: -1.2,
    Sign.AT_HOME: -0.8,
    Sign.PLACE_CARRIED: -0.5,
    Sign.FORCE_CARRIED: -0.2,
    Sign.FORCE_UNKNOWN: -0.4,
    Sign.NO_SOURCE: -0.6,
    Sign.LOOSE: -0.4,
}


_LOOSE = ("noun:", "toll:", "clause:", "near:", "nearest:", "by place:")
"""Constructions in which no verb has the people as its subject or object."""


def signs(claim: Claim) -> frozenset[Sign]:
    """Needs no `confidence` in the claim."""
    at_home = claim.force is not None and any(place.country == claim.force.country for place in claim.locations)
    found = {
        Sign.NO_FIGURE: claim.count.min is None and claim.count.max is None,
        Sign.NO_PLACE: not claim.locations,
        Sign.AT_HOME: at_home,
        Sign.PLACE_CARRIED: "place carried" in claim.reasons,
        Sign.FORCE_CARRIED: "force carried" in claim.reasons,
        Sign.FORCE_UNKNOWN: "force unknown" in claim.reasons,
        Sign.NO_SOURCE: not claim.attribution,
        Sign.LOOSE: any(reason.startswith(_LOOSE) for reason in claim.reasons[:1]),
    }
    return frozenset(sign for sign, holds in found.items() if holds)


def confidence(claim: Claim) -> float:
    """The share of claims with the same signs that are right, to two places."""
    return round(1 / (1 + exp(-BASE - sum(WEIGHTS[sign] for sign in signs(claim)))), 2)
