"""POST /articles: the table of identities, on a real store."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from service.domain.errors import ConflictError, InProgressError, InvalidInputError
from service.domain.identity import digest
from service.domain.register import ArticleStatus, Submission
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.tables import article_versions, articles, idempotency_keys, jobs
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import article_claims, retract_article
from service.use_cases.submit import submit_article
from tests.integration.storage.building import DESK, NOW, a_claim, held, submit

URL = "https://paper.example/one"


def count(engine: Engine, table: Any) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def test_submit_writes_article_version_and_job(engine: Engine) -> None:
    submitted = submit(engine, url=URL, title="A title", published_at=datetime(2024, 10, 25, tzinfo=UTC))
    assert submitted.accepted
    article = submitted.article
    assert (article.status, article.version, article.published_at_source) == (ArticleStatus.QUEUED, 1, "given")
    assert (article.url, article.title, article.submitted_at) == (URL, "A title", NOW)
    assert (count(engine, articles), count(engine, article_versions), count(engine, jobs)) == (1, 1, 1)


@pytest.mark.parametrize("names", [{"external_id": "e1"}, {"url": URL}, {"external_id": "e1", "url": URL}, {}])
def test_submit_same_again_gives_the_article_held(engine: Engine, names: dict[str, Any]) -> None:
    first = submit(engine, **names)
    again = submit(engine, now=NOW + timedelta(days=1), **names)
    assert (again.accepted, again.article) == (False, first.article)
    assert count(engine, jobs) == 1


@pytest.mark.parametrize("names", [{"external_id": "e1"}, {"url": URL}, {"external_id": "e1", "url": URL}])
@pytest.mark.parametrize(
    "change", [{"text": "Other text."}, {"title": "Other"}, {"published_at": NOW}, {"outlet": "Paper"}]
)
def test_submit_changed_gives_a_new_version(engine: Engine, names: dict[str, Any], change: dict[str, Any]) -> None:
    first = submit(engine, **names)
    changed = submit(engine, **names, **change)
    assert (changed.accepted, changed.article.id, changed.article.version) == (True, first.article.id, 2)


def test_submit_new_version_ends_the_claims_of_the_old(engine: Engine) -> None:
    id_ = held(engine, [a_claim()], url=URL)
    submit(engine, "Other text.", url=URL)
    with UnitOfWork.reading(engine) as work:
        assert article_claims(work, id_, desk=DESK).data == ()


def test_submit_without_a_known_name_keeps_the_name(engine: Engine) -> None:
    submit(engine, external_id="e1", url=URL)
    again = submit(engine, external_id="e1")
    assert (again.accepted, again.article.url) == (False, URL)


def test_submit_with_a_new_external_id_for_a_known_url_adopts_it(engine: Engine) -> None:
    first = submit(engine, url=URL)
    again = submit(engine, url=URL, external_id="e1")
    assert (again.accepted, again.article.id) == (False, first.article.id)
    assert submit(engine, external_id="e1").article.id == first.article.id


def test_submit_with_a_new_url_moves_the_article(engine: Engine) -> None:
    first = submit(engine, external_id="e1", url=URL)
    moved = submit(engine, external_id="e1", url=URL + "/moved")
    assert (moved.accepted, moved.article.id, moved.article.version) == (True, first.article.id, 2)
    assert submit(engine, url=URL).article.id != first.article.id


def test_submit_under_a_url_given_up_by_the_article_first_known_by_it(engine: Engine) -> None:
    first = submit(engine, url=URL)
    submit(engine, url=URL, external_id="e1")
    submit(engine, url=URL + "/moved", external_id="e1")
    other = submit(engine, url=URL)
    assert other.accepted
    assert other.article.id != first.article.id
    assert submit(engine, url=URL).article.id == other.article.id


def test_submit_names_of_two_articles_conflict(engine: Engine) -> None:
    submit(engine, external_id="e1")
    submit(engine, url=URL)
    with pytest.raises(ConflictError):
        submit(engine, external_id="e1", url=URL)


def test_submit_url_held_under_another_external_id_conflicts(engine: Engine) -> None:
    submit(engine, external_id="e1", url=URL)
    with pytest.raises(ConflictError):
        submit(engine, external_id="e2", url=URL)


def test_submit_same_text_under_other_names_gives_its_own_article(engine: Engine) -> None:
    ids = {
        submit(engine).article.id,
        submit(engine, url=URL).article.id,
        submit(engine, url=URL + "/two").article.id,
        submit(engine, external_id="e1").article.id,
    }
    assert len(ids) == 4


def test_submit_bare_text_with_another_title_gives_a_new_version(engine: Engine) -> None:
    first = submit(engine)
    other = submit(engine, title="A title")
    assert (other.accepted, other.article.id, other.article.version) == (True, first.article.id, 2)


@pytest.mark.parametrize("names", [{"external_id": "e1"}, {"url": URL}, {}])
def test_submit_after_retraction_gives_a_new_version(engine: Engine, names: dict[str, Any]) -> None:
    first = submit(engine, **names)
    with UnitOfWork(engine) as work:
        assert retract_article(work, first.article.id, desk=DESK, now=NOW).status == ArticleStatus.RETRACTED
    again = submit(engine, **names)
    assert (again.accepted, again.article.id, again.article.version) == (True, first.article.id, 2)
    assert again.article.status == ArticleStatus.QUEUED


def test_submit_html_and_text_of_the_same_letters_are_two(engine: Engine) -> None:
    assert submit(engine, "same").article.id != submit(engine, text=None, html="same").article.id


@pytest.mark.parametrize("names", [{"external_id": "e1"}, {"url": URL}, {}])
def test_submit_of_the_same_at_once_accepts_one(engine: Engine, names: dict[str, Any]) -> None:
    with ThreadPoolExecutor(8) as pool:
        submitted = [future.result() for future in [pool.submit(submit, engine, **names) for _ in range(8)]]
    assert sum(one.accepted for one in submitted) == 1
    assert len({one.article.id for one in submitted}) == 1
    assert (count(engine, articles), count(engine, jobs)) == (1, 1)


def test_submit_of_changes_at_once_gives_each_its_version(engine: Engine) -> None:
    submit(engine, url=URL)
    texts = [f"Text {n}." for n in range(6)]
    with ThreadPoolExecutor(6) as pool:
        versions = [
            future.result().article.version for future in [pool.submit(submit, engine, text, url=URL) for text in texts]
        ]
    assert sorted(versions) == [2, 3, 4, 5, 6, 7]


def test_submit_keeps_text_code_point_for_code_point(engine: Engine) -> None:
    text = "\ufeff e\u0301 \r\n\u2028 \U0001f600\t\x7f "
    id_ = submit(engine, text).article.id
    with UnitOfWork.reading(engine) as work:
        assert work.articles.text(id_, desk=DESK) == text


def keyed(engine: Engine, text: str, key: str, *, now: datetime = NOW) -> tuple[str, bool, int]:
    with UnitOfWork(engine) as work:
        submission = Submission(text=text, url=URL)
        one = submit_article(work, submission, desk=DESK, now=now, idempotency_key=key)
    return one.article.id, one.accepted, one.article.version


def test_submit_with_a_key_again_gives_the_same_answer(engine: Engine) -> None:
    first = keyed(engine, "First.", "k1")
    keyed(engine, "Second.", "k2")
    # Without the key this late retry would bring back the first text as version 3.
    assert keyed(engine, "First.", "k1") == (first[0], True, 2)


def test_submit_with_a_key_of_another_article_is_refused(engine: Engine) -> None:
    keyed(engine, "First.", "k1")
    with pytest.raises(InvalidInputError) as caught:
        keyed(engine, "Second.", "k1")
    assert "Idempotency-Key" in caught.value.errors


def test_submit_with_one_key_of_many_articles_at_once_accepts_one(engine: Engine) -> None:
    def submit_one(number: int) -> str | None:
        try:
            with UnitOfWork(engine) as work:
                submission = Submission(text=f"Text {number}.")
                return submit_article(work, submission, desk=DESK, now=NOW, idempotency_key="k1").article.id
        except (InvalidInputError, InProgressError):
            return None

    with ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(submit_one, range(8))) - {None}
    assert len(ids) == 1
    assert (count(engine, articles), count(engine, jobs), count(engine, idempotency_keys)) == (1, 1, 1)


@pytest.mark.service
def test_submit_with_a_key_that_another_is_using_is_told_so(migrated_postgres: str) -> None:
    engine = create_engine(Settings(database_url=migrated_postgres))
    with UnitOfWork(engine) as other:
        assert other.articles.hold_key(digest("idempotency", "k-held"), desk=DESK)
        with pytest.raises(InProgressError):
            keyed(engine, "First.", "k-held")
        assert keyed(engine, "First.", "k-other")[1]
    # Whoever held it has given up: the key is free again.
    assert keyed(engine, "First.", "k-held")[2] == 1
    engine.dispose()


def test_submit_drops_keys_of_the_day_before(engine: Engine) -> None:
    keyed(engine, "First.", "k1")
    keyed(engine, "First.", "k2", now=NOW + timedelta(hours=25))
    assert count(engine, idempotency_keys) == 1


def test_submit_forgets_a_key_after_a_day(engine: Engine) -> None:
    keyed(engine, "First.", "k1")
    assert keyed(engine, "Second.", "k1", now=NOW + timedelta(hours=25))[1:] == (True, 2)
