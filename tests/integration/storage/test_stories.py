"""Stories and contradictions over what is held, in both stores."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.domain.claims import Count, Kind, Polarity, Qualifier
from service.domain.errors import InvalidInputError, NotFoundError
from service.domain.register import ClaimFilters, ClaimQuery, Page
from service.domain.stories import Contradiction, Story
from service.storage.unit_of_work import UnitOfWork
from service.use_cases import stories as use_case
from service.use_cases.articles import retract_article
from service.use_cases.claims import find_claims
from service.use_cases.stories import find_contradictions, find_stories, get_story
from tests.integration.storage.building import DESK, DONETSK, KURSK, NOW, RUSSIA, SUDZHA, a_claim, held
from tests.integration.storage.test_tellings import MOSCOW, NIS, YONHAP, said

HOUR = timedelta(hours=1)
EVERYTHING = ClaimFilters()
KURSK_ONLY = ClaimFilters(region=("Kursk",))


def ask(engine: Engine, filters: ClaimFilters = EVERYTHING, **more: Any) -> Page[Story]:
    with UnitOfWork.reading(engine) as work:
        return find_stories(work, filters, desk=DESK, **more)


def show(engine: Engine, id_: str, **more: Any) -> Story:
    with UnitOfWork.reading(engine) as work:
        return get_story(work, id_, desk=DESK, **more)


def disputes(engine: Engine, filters: ClaimFilters = EVERYTHING) -> tuple[Contradiction, ...]:
    with UnitOfWork.reading(engine) as work:
        return find_contradictions(work, filters, desk=DESK).data


def test_second_outlet_that_repeats_an_agency_is_one_story_of_one_origin(engine: Engine) -> None:
    held(engine, [said(1500, NIS)], text="One.", outlet="First Paper")
    held(engine, [said(1500, YONHAP, NIS)], text="Two.", outlet="Second Paper")
    (story,) = ask(engine).data
    assert [origin.origin.name for origin in story.origins] == ["National Intelligence Service"]
    assert (story.articles, story.outlets) == (2, ("First Paper", "Second Paper"))


def test_any_claim_of_a_story_finds_it(engine: Engine) -> None:
    held(engine, [said(1500, NIS)], text="One.", published_on=date(2024, 10, 24))
    held(engine, [said(1500, MOSCOW)], text="Two.", published_on=date(2024, 10, 25))
    (story,) = ask(engine).data
    assert len(story.claims) == 2
    for claim in story.claims:
        assert show(engine, f"s_{claim.id.removeprefix('c_')}-RU-KRS") == story


def test_story_page_and_story_say_the_same_whatever_was_asked_for(engine: Engine) -> None:
    held(engine, [said(1500, NIS, locations=(SUDZHA,)), said(9000, NIS, locations=(KURSK, DONETSK))], text="One.")
    held(engine, [said(1500, MOSCOW)], text="Two.")
    held(engine, [said(None, MOSCOW, polarity=Polarity.DENIED, locations=(RUSSIA,))], text="Three.")
    everything = {story.id: story for story in ask(engine).data}
    assert len(everything) == 3
    asked = [
        ({"region": ("Kursk",)}, 2),
        ({"region": ("Sudzha",)}, 1),
        ({"country": ("RU",)}, 2),
        ({"country": ("UA",)}, 1),
        ({"force": ("KP",), "kind": ("presence",)}, 3),
        ({"kind": ("withdrawal",)}, 0),
    ]
    for filters, many in asked:
        found = ask(engine, ClaimFilters(**filters)).data  # type: ignore[arg-type]
        assert len(found) == many
        assert all(story == everything[story.id] == show(engine, story.id) for story in found)


def test_story_pages_follow_one_another_and_stay_those_of_their_moment(engine: Engine) -> None:
    ids = [held(engine, [said(10**n, NIS)], text=f"Text {n}.") for n in range(1, 6)]
    first = ask(engine, limit=2)
    for id_ in ids:
        with UnitOfWork(engine) as work:
            retract_article(work, id_, desk=DESK, now=NOW + HOUR)
    second = ask(engine, limit=2, cursor=first.next_cursor)
    third = ask(engine, limit=2, cursor=second.next_cursor)
    assert third.next_cursor is None
    assert len({story.id for page in (first, second, third) for story in page.data}) == 5
    assert ask(engine).data == ()
    with pytest.raises(InvalidInputError):
        ask(engine, KURSK_ONLY, limit=2, cursor=first.next_cursor)


def test_story_as_of_is_what_was_known_then(engine: Engine) -> None:
    first = held(engine, [said(1500, NIS)], text="One.")
    (story,) = ask(engine).data
    with UnitOfWork(engine) as work:
        retract_article(work, first, desk=DESK, now=NOW + HOUR)
    assert ask(engine).data == ()
    assert ask(engine, as_of=NOW).data == (story,)
    assert show(engine, story.id, as_of=NOW) == story
    for id_, when in ((story.id, None), (story.id, NOW - HOUR)):
        with pytest.raises(NotFoundError):
            show(engine, id_, as_of=when)


@pytest.mark.parametrize("id_", ["s_nothing-RU-KRS", "c_1", "s_", "s_-RU"])
def test_unknown_story_is_not_found(engine: Engine, id_: str) -> None:
    with pytest.raises(NotFoundError):
        show(engine, id_)


def test_denial_has_no_story_of_its_own(engine: Engine) -> None:
    held(engine, [said(None, MOSCOW, polarity=Polarity.DENIED)])
    with UnitOfWork.reading(engine) as work:
        (claim,) = find_claims(work, ClaimQuery(), desk=DESK).data
    with pytest.raises(NotFoundError):
        show(engine, f"s_{claim.id.removeprefix('c_')}-RU-KRS")


def test_too_many_claims_to_compare_are_refused(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    held(engine, [a_claim(str(n), at=n) for n in range(4)])
    monkeypatch.setattr(use_case, "MOST_CLAIMS", 3)
    with pytest.raises(InvalidInputError, match="answered"):
        ask(engine)


def test_contradictions_give_both_sides(engine: Engine) -> None:
    held(engine, [said(3000, NIS), said(12_000, MOSCOW)], text="One.", published_on=date(2024, 11, 1))
    (found,) = disputes(engine)
    assert {found.one.count.min, found.other.count.min} == {3000, 12_000}
    assert disputes(engine, KURSK_ONLY) == (found,)
    assert disputes(engine, ClaimFilters(country=("UA",))) == ()


def test_contradiction_finds_the_denial_for_the_whole_country(engine: Engine) -> None:
    arrived = said(3000, NIS, kind=Kind.DEPLOYMENT)
    held(engine, [arrived, said(None, MOSCOW, polarity=Polarity.DENIED, locations=(RUSSIA,))])
    (found,) = disputes(engine, ClaimFilters(region=("Kursk",), kind=("deployment",)))
    assert {found.one.polarity, found.other.polarity} == {"affirmed", "denied"}


def test_vague_words_contradict_nothing(engine: Engine) -> None:
    dozens = a_claim(count=Count(min=24, qualifier=Qualifier.VAGUE, text="dozens"))
    held(engine, [said(3000, NIS), dozens])
    assert disputes(engine) == ()
