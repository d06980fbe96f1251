"""Stories that editors merged and split stay so, in both stores."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.domain.errors import ChangedMeanwhileError, ConflictError, InvalidInputError, NotFoundError
from service.domain.register import AuditFilters, ChangeKind
from service.domain.stories import Story
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.audit import list_audit, purge_article
from service.use_cases.changes import list_changes
from service.use_cases.story_reviews import merge_stories, split_story, story_tag
from tests.integration.storage.building import DESK, DONETSK, NOW, held
from tests.integration.storage.test_stories import ask, show
from tests.integration.storage.test_tellings import MOSCOW, NIS, said

HOUR = timedelta(hours=1)


def merge(engine: Engine, one: Story, other: Story, **more: Any) -> Story:
    with UnitOfWork(engine) as work:
        given = {"comment": "One wave.", "seen": [story_tag(one)], "desk": DESK, "now": NOW + HOUR}
        return merge_stories(work, one.id, other.id, **{**given, **more})


def split(engine: Engine, story: Story, *claims: str, **more: Any) -> Story:
    with UnitOfWork(engine) as work:
        given = {"comment": "Another wave.", "seen": [story_tag(story)], "desk": DESK, "now": NOW + HOUR}
        return split_story(work, story.id, claims, **{**given, **more})


def two(engine: Engine) -> tuple[Story, Story]:
    """Of 1,500 and of 9,000."""
    held(engine, [said(1500, NIS), said(9000, MOSCOW)], text="One.")
    small, large = sorted(ask(engine).data, key=lambda story: story.min or 0)
    return small, large


def sizes(engine: Engine) -> list[int]:
    return sorted(len(story.claims) for story in ask(engine).data)


def test_merged_stories_are_one_and_stay_so_when_more_comes_in(engine: Engine) -> None:
    merged = merge(engine, *two(engine))
    assert (merged.min, merged.max) == (1500, 9000)
    assert ask(engine).data == (merged,)
    held(engine, [said(1520, NIS), said(9100, NIS), said(40, NIS)], text="Two.")
    assert sizes(engine) == [1, 4]


def test_split_story_is_two_and_stays_so_when_more_comes_in(engine: Engine) -> None:
    held(engine, [said(1500, NIS), said(1510, MOSCOW)], text="One.")
    (story,) = ask(engine).data
    taken = split(engine, story, story.claims[1].id)
    assert [claim.id for claim in taken.claims] == [story.claims[1].id]
    held(engine, [said(1505, NIS)], text="Two.")
    assert sizes(engine) == [1, 2]


def test_merged_stories_can_be_split_again(engine: Engine) -> None:
    small, large = two(engine)
    merged = merge(engine, small, large)
    split(engine, merged, large.claims[0].id)
    assert sizes(engine) == [1, 1]


def test_decisions_are_in_audit_and_changes_and_not_in_the_past(engine: Engine) -> None:
    small, large = two(engine)
    merged = merge(engine, small, large)
    split(engine, merged, large.claims[0].id, now=NOW + 2 * HOUR)
    assert len(ask(engine, as_of=NOW).data) == 2
    assert len(ask(engine, as_of=NOW + HOUR).data) == 1
    with UnitOfWork.reading(engine) as work:
        done = list_audit(work, AuditFilters(action=("stories_merged", "story_split")), desk=DESK).data
        kinds = [change.kind for change in list_changes(work, desk=DESK).data]
    assert [entry.note for entry in done] == [f"{merged.id}: Another wave.", f"{small.id} and {large.id}: One wave."]
    assert kinds[-2:] == [ChangeKind.STORIES_MERGED, ChangeKind.STORY_SPLIT]


def test_story_that_changed_meanwhile_is_not_judged(engine: Engine) -> None:
    small, large = two(engine)
    held(engine, [said(1520, NIS)], text="Two.")
    with pytest.raises(ChangedMeanwhileError):
        merge(engine, small, large)
    with pytest.raises(ChangedMeanwhileError):
        split(engine, small, small.claims[0].id)


def test_of_many_who_judge_one_state_one_wins(engine: Engine) -> None:
    small, large = two(engine)

    def attempt(_: int) -> bool:
        try:
            merge(engine, small, large)
        except (ChangedMeanwhileError, ConflictError):
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(8))) == 1


def test_stories_that_cannot_be_one_are_not_merged(engine: Engine) -> None:
    small, _ = two(engine)
    held(engine, [said(1500, NIS, locations=(DONETSK,))], text="Two.")
    elsewhere = next(story for story in ask(engine).data if story.subject.place == "UA-14")
    for other in (small, elsewhere):
        with pytest.raises(ConflictError):
            merge(engine, small, other)


@pytest.mark.parametrize("comment", ["", " ", "x" * 3000, "\x00"])
def test_decision_needs_a_reason(engine: Engine, comment: str) -> None:
    small, large = two(engine)
    with pytest.raises(InvalidInputError):
        merge(engine, small, large, comment=comment)


def test_split_takes_some_claims_of_the_story_and_not_all(engine: Engine) -> None:
    small, large = two(engine)
    for claims in ([], [small.claims[0].id], [large.claims[0].id], ["c_unknown"]):
        with pytest.raises(InvalidInputError):
            split(engine, small, *claims)


def test_unknown_story_is_not_judged(engine: Engine) -> None:
    small, _ = two(engine)
    with UnitOfWork(engine) as work, pytest.raises(NotFoundError):
        merge_stories(work, small.id, "s_unknown-RU-KRS", comment="One.", seen=[], desk=DESK, now=NOW)


def test_erasing_an_article_erases_what_was_decided_about_its_claims(engine: Engine) -> None:
    merged = merge(engine, *two(engine))
    held(engine, [said(1520, NIS)], text="Two.")
    with UnitOfWork(engine) as work:
        purge_article(work, merged.claims[0].article_id, reason="A court said so.", desk=DESK, now=NOW)
    (left,) = ask(engine).data
    assert show(engine, left.id).claims == left.claims
    with UnitOfWork.reading(engine) as work:
        assert work.stories.pins(revision=work.claims.revision(desk=DESK), desk=DESK) == {}
