"""Which claim of a new reading takes the place of an old one."""

from __future__ import annotations

from typing import Any

import pytest

from service.domain.claims import Claim, Count, Evidence, Force, Kind, Place, PlaceLevel, Polarity, Qualifier, Status
from service.domain.succession import alike, heirs

KURSK = Place(name="Kursk Oblast", region="RU-KRS", country="RU", level=PlaceLevel.REGION)


def a_claim(words: str = "five hundred men are in Kursk", **changed: Any) -> Claim:
    values: dict[str, Any] = {
        "kind": Kind.PRESENCE,
        "status": Status.ONGOING,
        "force": Force(country="KP"),
        "count": Count(min=500, max=500, qualifier=Qualifier.EXACT),
        "locations": (KURSK,),
        "evidence": (Evidence(exact=words, prefix="", suffix="", start=0, end=len(words)),),
        "confidence": 0.5,
    }
    return Claim(**{**values, **changed})


@pytest.mark.parametrize(
    ("changed", "agreeing"),
    [
        ({}, 5),
        ({"status": Status.PLANNED, "transport": "trains"}, 5),
        ({"words": "men are in Kursk"}, 5),
        ({"count": Count()}, 4),
        ({"count": Count(), "locations": ()}, 3),
        ({"polarity": Polarity.DENIED, "count": Count(), "force": None}, 2),
        ({"words": "six hundred are in Oryol"}, 0),
    ],
)
def test_alike_counts_what_agrees_about_the_same_words(changed: dict[str, Any], agreeing: int) -> None:
    assert alike(a_claim(), a_claim(**changed)) == agreeing
    assert alike(a_claim(**changed), a_claim()) == agreeing


def test_heirs_are_one_to_one_and_the_likest() -> None:
    far, near, stranger = a_claim(count=Count(), locations=()), a_claim(count=Count()), a_claim("other words")
    assert heirs([[a_claim()]], [far, stranger, near]) == {0: 2}
    assert heirs([[a_claim()], [a_claim()]], [far, near]) == {0: 1, 1: 0}
    assert heirs([[a_claim()], [a_claim()]], [near]) == {0: 0}
    assert heirs([[a_claim()]], [stranger]) == {}


def test_heirs_know_a_claim_by_its_correction_too() -> None:
    corrected = a_claim(count=Count(min=7, max=7, qualifier=Qualifier.EXACT), force=None, locations=())
    assert heirs([[a_claim()]], [corrected]) == {}
    assert heirs([[a_claim(), corrected]], [corrected]) == {0: 0}
