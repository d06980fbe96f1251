"""The table of identities, without a store: what is new, held, changed or at odds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from service.domain.errors import ConflictError, InProgressError, InvalidInputError
from service.domain.register import Submission
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.submit import Submitted, submit_article
from tests.unit.use_cases.fakes import FakeUnitOfWork

NOW = datetime(2025, 1, 2, tzinfo=UTC)
URL = "https://paper.example/one"


def submit(
    work: FakeUnitOfWork, text: str = "Some text.", *, key: str | None = None, now: datetime = NOW, **fields: Any
) -> Submitted:
    submission = Submission(text=text, **fields)
    return submit_article(cast("UnitOfWork", work), submission, desk="default", now=now, idempotency_key=key)


def test_submit_article_queues_what_is_new_and_commits() -> None:
    work = FakeUnitOfWork()
    submitted = submit(work, url=URL)
    assert submitted.accepted
    assert work.jobs.queued == [(submitted.article.id, 1)]
    assert work.commits == 1


def test_submit_article_queues_nothing_for_what_is_held() -> None:
    work = FakeUnitOfWork()
    first = submit(work, url=URL)
    assert submit(work, url=URL) == Submitted(article=first.article, accepted=False)
    assert len(work.jobs.queued) == 1


def test_submit_article_ends_the_claims_of_the_version_before() -> None:
    work = FakeUnitOfWork()
    id_ = submit(work, url=URL).article.id
    assert submit(work, "Other.", url=URL).article.version == 2
    assert work.claims.ended == [(id_, 1, "article_superseded")]
    assert work.jobs.queued == [(id_, 1), (id_, 2)]


def test_submit_article_takes_up_a_retracted_one() -> None:
    work = FakeUnitOfWork()
    first = submit(work)
    work.articles.retract(first.article.id)
    again = submit(work)
    assert (again.accepted, again.article.version) == (True, 2)


def test_submit_article_refuses_names_of_two_articles() -> None:
    work = FakeUnitOfWork()
    submit(work, url=URL)
    submit(work, external_id="e1")
    with pytest.raises(ConflictError, match="two different articles"):
        submit(work, url=URL, external_id="e1")
    assert work.commits == 2


def test_submit_article_looks_again_when_a_rival_was_quicker() -> None:
    work = FakeUnitOfWork()
    work.articles.rival = Submission(text="Some text.", url=URL)
    submitted = submit(work, url=URL)
    assert (submitted.accepted, submitted.article.id) == (False, "a_rival")
    assert work.jobs.queued == []


def test_submit_article_with_a_remembered_key_answers_as_before() -> None:
    work = FakeUnitOfWork()
    first = submit(work, key="k1")
    again = submit(work, key="k1")
    assert (again.accepted, again.article) == (True, first.article)
    assert len(work.jobs.queued) == 1


def test_submit_article_with_a_key_used_for_another_is_refused() -> None:
    work = FakeUnitOfWork()
    submit(work, key="k1")
    with pytest.raises(InvalidInputError) as caught:
        submit(work, "Other.", key="k1")
    assert list(caught.value.errors) == ["Idempotency-Key"]


def test_submit_article_forgets_a_key_after_a_day() -> None:
    work = FakeUnitOfWork()
    submit(work, key="k1")
    assert submit(work, "Other.", key="k1", now=NOW + timedelta(hours=25)).accepted


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"text": ""}, "text"),
        ({"text": " \n\u2003"}, "text"),
        ({"text": "a\x00b"}, "text"),
        ({"text": "half \ud83d a pair"}, "text"),
        ({"text": None}, "text"),
        ({"html": "<p>both</p>"}, "html"),
        ({"title": "a\x00b"}, "title"),
        ({"external_id": " "}, "external_id"),
        ({"url": "u" * 4001}, "url"),
        ({"outlet": "o" * 501}, "outlet"),
        ({"published_at": datetime(2025, 1, 1)}, "published_at"),  # noqa: DTZ001 - the zone is missing on purpose
        ({"published_at": datetime.min.replace(tzinfo=UTC)}, "published_at"),
    ],
)
def test_submit_article_refuses_by_field(fields: dict[str, Any], wrong: str) -> None:
    work = FakeUnitOfWork()
    with pytest.raises(InvalidInputError) as caught:
        submit(work, **{"text": "Some text.", **fields})
    assert list(caught.value.errors) == [wrong]
    assert work.jobs.queued == []


def test_submit_article_under_a_key_in_use_is_told_so_and_takes_nothing() -> None:
    work = FakeUnitOfWork()
    work.articles.keys_in_use = True
    with pytest.raises(InProgressError):
        submit(work, key="k1")
    assert work.jobs.queued == []
    submit(work)
    assert len(work.jobs.queued) == 1
