"""Claims survive JSON."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
    Force,
    Kind,
    Outcome,
    Personnel,
    PersonnelType,
    Place,
    PlaceLevel,
    Polarity,
    Qualifier,
    Source,
    SourceType,
    Status,
    Time,
    TimePrecision,
    Unit,
)
from service.storage.claim_codec import content, decode, encode

FULL = Claim(
    kind=Kind.CASUALTIES,
    outcome=Outcome.KILLED_OR_WOUNDED,
    status=Status.POSSIBLE,
    polarity=Polarity.DENIED,
    force=Force(country="KP", group="Storm Corps", text="Storm Corps"),
    personnel=Personnel(type=PersonnelType.SPECIAL_FORCES, text="commandos"),
    count=Count(
        min=2,
        max=None,
        qualifier=Qualifier.AT_LEAST,
        additional=True,
        unit=Unit(echelon="battalion", number=2),
        text="2",
    ),
    locations=(Place(name="Kursk Oblast", region="RU-KRS", country="RU", level=PlaceLevel.REGION, lat=51.7, lon=36.2),),
    origin=Place(name="Vladivostok", region="RU-PRI", country="RU", level=PlaceLevel.CITY, text="Vladivostok"),
    transport="Il-76",
    time=Time(start=date(2024, 10, 1), end=date(2024, 10, 31), precision=TimePrecision.MONTH, text="in October"),
    attribution=(Source(type=SourceType.OFFICIAL, role="official", country="UA", anonymous=True, text="an official"),),
    evidence=(Evidence(exact="words", prefix="a ", suffix=".", start=2, end=7),),
    confidence=0.93,
    reasons=("denied",),
)
BARE = Claim(
    kind=Kind.PRESENCE,
    status=Status.ONGOING,
    evidence=(Evidence(exact="words", prefix="", suffix="", start=0, end=5),),
    confidence=1 / 3,
)


def test_decode_gives_back_what_was_encoded() -> None:
    for claim in (FULL, BARE, replace(FULL, personnel=Personnel(text="people"))):
        assert decode(json.loads(json.dumps(encode(claim)))) == claim


def test_encode_gives_what_json_gives_back() -> None:
    assert json.loads(json.dumps(encode(FULL))) == encode(FULL)


def test_encode_leaves_the_total_to_its_column() -> None:
    assert encode(replace(FULL, part_of=3)) == encode(FULL)


def test_content_is_the_same_wherever_the_words_stand_and_however_sure() -> None:
    moved = Evidence(exact="words", prefix="b ", suffix="!", start=90, end=95)
    assert content(encode(replace(FULL, confidence=0.1, reasons=(), evidence=(moved,)))) == content(encode(FULL))


def test_content_differs_with_any_word() -> None:
    said = content(encode(FULL))
    assert content(encode(replace(FULL, transport="Il-62"))) != said
    assert content(encode(replace(FULL, polarity=Polarity.AFFIRMED))) != said
    assert content(encode(replace(FULL, evidence=(replace(FULL.evidence[0], exact="other"),)))) != said
