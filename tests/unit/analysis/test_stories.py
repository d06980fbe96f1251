"""Which claims tell one story, and what it shows."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.analysis.grouping import group
from service.analysis.stories import read_story_id, stories, story_id
from service.analysis.subjects import members
from service.domain.claims import Count, Force, Kind, Outcome, Place, PlaceLevel, Polarity, Qualifier, Review, Status
from service.domain.register import ClaimView
from service.domain.stories import Story
from tests.unit.analysis.claims import BELGOROD, KURSK, RUSSIA, claimed, on
from tests.unit.analysis.tellings import figure

OCTOBER = on(date(2024, 10, 1), date(2024, 10, 31))
KILLED = {"kind": Kind.CASUALTIES, "outcome": Outcome.KILLED}


def told(*claims: ClaimView) -> list[set[str]]:
    return [{claim.id.removeprefix("c_") for claim in story.claims} for story in stories(claims)]


def the_one(*claims: ClaimView) -> Story:
    (story,) = stories(claims)
    return story


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"count": 3000}, {"count": figure(3100, qualifier=Qualifier.APPROXIMATE)}),
        ({"count": 10_000}, {"count": figure(10_000, 12_000)}),
        ({"count": figure(10_000, qualifier=Qualifier.MORE_THAN)}, {"count": 12_000}),
        ({"count": Count(max=500, qualifier=Qualifier.AT_MOST)}, {"count": 400}),
        ({}, {"count": Count(min=24, qualifier=Qualifier.VAGUE, text="dozens")}),
        ({"time": OCTOBER}, {"day": 2}),
        ({"time": on(date(2024, 10, 20))}, {"time": on(date(2024, 10, 27))}),
        ({"locations": (KURSK, BELGOROD)}, {"locations": (KURSK, RUSSIA)}),
    ],
    ids=["about", "range", "more than", "up to", "words", "undated", "a week apart", "one place in common"],
)
def test_claims_of_the_same_content_are_one_story(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert {"1", "2"} in told(claimed("1", "NIS", **one), claimed("2", "HUR", **other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"count": 3000}, {"count": 10_000}),
        ({"count": 3000}, {}),
        ({"count": 3000}, {"count": figure(3000, additional=True)}),
        ({}, {"kind": Kind.DEPLOYMENT}),
        ({**KILLED, "count": 300}, {**KILLED, "outcome": Outcome.WOUNDED, "count": 300}),
        ({}, {"force": Force(country="RU")}),
        ({}, {"force": None}),
        ({}, {"force": Force(group="Wagner Group")}),
        ({}, {"locations": (BELGOROD,)}),
        ({}, {"locations": (RUSSIA,)}),
        ({}, {"locations": ()}),
        ({"time": on(date(2024, 10, 20))}, {"time": on(date(2024, 10, 28))}),
        ({"count": figure(3000, qualifier=Qualifier.MORE_THAN)}, {"count": 9000}),
    ],
)
def test_claims_of_other_content_are_stories_of_their_own(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert {"1", "2"} not in told(claimed("1", "NIS", **one), claimed("2", "HUR", **other))


def some_claims(seed: int) -> list[ClaimView]:
    rng = random.Random(seed)
    counts = [Count(), figure(3000), figure(3200), figure(3000, 5000), figure(10_000), figure(900, additional=True)]
    return [
        claimed(
            str(n),
            rng.choice(["NIS", "HUR", "Kyiv"]),
            rng.choice(counts),
            day=rng.randint(1, 28),
            time=rng.choice([OCTOBER, on(date(2024, 9, rng.randint(1, 30)))]),
            kind=rng.choice([Kind.PRESENCE, Kind.DEPLOYMENT]),
            locations=rng.choice([(KURSK,), (KURSK, BELGOROD), (RUSSIA,), ()]),
            polarity=rng.choice([Polarity.AFFIRMED] * 4 + [Polarity.DENIED]),
        )
        for n in range(rng.randint(1, 30))
    ]


@given(st.integers(min_value=0, max_value=10**6))
def test_stories_are_the_same_in_whatever_order_claims_came(seed: int) -> None:
    claims = some_claims(seed)
    shuffled = random.Random(seed + 1).sample(claims, len(claims))
    assert stories(shuffled) == stories(claims)


@given(st.integers(min_value=0, max_value=10**6))
def test_stories_hold_each_affirmed_claim_once_in_each_of_its_places(seed: int) -> None:
    claims = some_claims(seed)
    held = [(claim.id, story.subject.place) for story in stories(claims) for claim in story.claims]
    assert sorted(held) == sorted(
        (claim.id, member.subject.place)
        for claim in claims
        if claim.polarity is Polarity.AFFIRMED
        for member in members(claim)
    )


@given(st.integers(min_value=0, max_value=10**6))
def test_one_more_claim_parts_no_story(seed: int) -> None:
    """It joins some or stands by itself: what was together stays together."""
    *before, new = [*some_claims(seed), claimed("new", "NIS", 3100)]
    after = [{claim.id for claim in story.claims} for story in stories([*before, new])]
    for story in stories(before):
        ids = {claim.id for claim in story.claims}
        assert any(ids <= grown for grown in after)


def test_story_shows_figures_by_origin_first_and_last_and_outlets() -> None:
    story = the_one(
        claimed("1", "NIS", 10_000, day=1, outlet="First Paper"),
        claimed("2", "NIS", 10_500, day=4, outlet="Second Paper"),
        claimed("3", "HUR", figure(10_000, 12_000), day=2, outlet="First Paper"),
        claimed("4", "NIS", 10_500, day=9, outlet=None, article_id="a_3"),
    )
    assert (story.min, story.max, story.articles, story.outlets) == (10_000, 12_000, 3, ("First Paper", "Second Paper"))
    assert (story.first_reported_at.day, story.last_reported_at.day) == (1, 9)
    by_origin = {one.origin.name: [(t.count.min, t.claims) for t in one.tellings] for one in story.origins}
    assert by_origin == {"NIS": [(10_000, 1), (10_500, 2)], "HUR": [(10_000, 1)]}
    assert story.id == "s_1-RU-KRS"


def test_story_bears_the_name_of_the_region_though_claims_name_a_town() -> None:
    sudzha = Place(name="Sudzha", region="RU-KRS", country="RU", level=PlaceLevel.CITY)
    story = the_one(claimed("1", "NIS", 3000, locations=(sudzha,)))
    assert (story.subject.place, story.place_name) == ("RU-KRS", "Kursk Oblast")


@pytest.mark.parametrize(
    ("denial", "is_tied"),
    [
        ({}, True),
        ({"locations": (RUSSIA,)}, True),
        ({"locations": ()}, True),
        ({"kind": Kind.DEPLOYMENT}, True),
        ({"force": None}, True),
        ({"count": 3000}, True),
        ({"day": 28}, True),
        ({"locations": (BELGOROD,)}, False),
        ({"force": Force(country="RU")}, False),
        ({"kind": Kind.WITHDRAWAL}, False),
        (KILLED, False),
        ({"count": 12_000}, False),
        ({"time": on(date(2023, 1, 1))}, False),
    ],
)
def test_denials_are_tied_to_what_they_deny(denial: dict[str, Any], is_tied: bool) -> None:
    story = the_one(claimed("1", "NIS", 3000), claimed("2", "Moscow", polarity=Polarity.DENIED, **denial))
    assert [one.origin.name for one in story.denials] == ["Moscow"] * is_tied


def test_denial_alone_tells_no_story() -> None:
    assert stories([claimed("1", "Moscow", polarity=Polarity.DENIED)]) == []


def test_rejected_claims_are_in_no_story() -> None:
    assert told(claimed("1", "NIS", 3000), claimed("2", "HUR", 3000, review=Review.REJECTED)) == [{"1"}]


@pytest.mark.parametrize(
    ("parts", "adds_up"),
    [
        ((1000, 5000), True),
        ((1000, 2000), True),
        ((4000, 5000), False),
        ((1000, figure(5000, qualifier=Qualifier.AT_LEAST)), None),
        ((1000, Count()), None),
    ],
)
def test_parts_add_up_or_do_not(parts: tuple[Any, Any], adds_up: bool | None) -> None:
    total = claimed("0", "NIS", 6000, status=Status.PLANNED)
    # Parts are of other sizes, yet they are told with their total.
    pieces = [claimed(str(n), "NIS", count, part_of="c_0") for n, count in enumerate(parts, 1)]
    story = next(one for one in stories([total, *pieces]) if total in one.claims)
    (found,) = story.sums
    assert (found.adds_up, len(found.parts)) == (adds_up, 2)


def test_pinned_claims_stay_together_and_apart() -> None:
    """What a reviewer merged or split stays so, and what comes later goes where most of its links are."""
    claims = [
        claimed("1", "NIS", 3000),
        claimed("2", "HUR", 3050),
        claimed("3", "Kyiv", 3020),
        claimed("4", "NATO", 9000),
        claimed("5", "Seoul", 3010),
        claimed("6", "Bonn", 3030),
    ]
    told_in = [member for claim in claims for member in members(claim)]
    pins = {("c_1", "RU-KRS"): "a", ("c_2", "RU-KRS"): "b", ("c_3", "RU-KRS"): "b", ("c_4", "RU-KRS"): "a"}
    for order in (told_in, told_in[::-1]):
        found = [{member.claim.id for member in one} for one in group(order, pins=pins)]
        assert found == [{"c_1", "c_4"}, {"c_2", "c_3", "c_5", "c_6"}]


def test_many_claims_are_grouped_in_short_time() -> None:
    """Five thousand, of a hundred figures over a year: the pairs that are looked at are those of islands."""
    first = date(2024, 1, 1)
    claims = [
        claimed(str(n), "NIS", 1000 * (1 + n % 100), time=on(first + timedelta(days=n % 365))) for n in range(5000)
    ]
    assert sum(len(story.claims) for story in stories(claims)) == 5000


@pytest.mark.parametrize("place", ["RU-KRS", "RU", ""])
def test_story_ids_are_read_as_they_are_written(place: str) -> None:
    assert read_story_id(story_id("c_abc", place)) == ("c_abc", place)


def test_other_ids_are_no_stories() -> None:
    assert read_story_id("c_abc-RU") is None
