"""Saving what was extracted: once in effect, with ids that last."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from service.domain.claims import Count, Force, Qualifier, Review, Time, TimePrecision
from service.domain.errors import ConflictError, NotFoundError, NotReadyError
from service.domain.register import ArticleFilters, ArticleStatus, ArticleView, ClaimView
from service.storage.tables import change_log, claims
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import (
    article_claims,
    article_diagnostics,
    article_text,
    get_article,
    list_articles,
    reprocess_article,
    reprocess_older_than,
    retract_article,
    retry_article,
    retry_failed,
)
from service.use_cases.claims import get_claim
from service.use_cases.reviews import GivenReview, review_claim, version_tag
from tests.integration.storage.building import (
    DESK,
    DONETSK,
    NOW,
    SUDZHA,
    a_claim,
    extracted,
    held,
    save,
    submit,
)

URL = "https://paper.example/one"


def standing(engine: Engine, article_id: str) -> tuple[ClaimView, ...]:
    with UnitOfWork.reading(engine) as work:
        return article_claims(work, article_id, desk=DESK).data


def article(engine: Engine, article_id: str) -> ArticleView:
    with UnitOfWork.reading(engine) as work:
        return get_article(work, article_id, desk=DESK)


def kinds_logged(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return list(connection.scalars(select(change_log.c.kind).order_by(change_log.c.seq)))


def rows(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(claims)).scalar_one()


def test_save_extraction_gives_the_claims_as_extracted(engine: Engine) -> None:
    total = a_claim("total", time=Time(start=date(2024, 10, 1), precision=TimePrecision.MONTH, text="October"))
    part = a_claim("part", at=100, part_of=0, locations=(SUDZHA, DONETSK), origin=SUDZHA, transport="trains")
    id_ = held(engine, [total, part], published_on=date(2024, 10, 25))
    first, second = standing(engine, id_)
    assert (first.locations, first.count, first.time, first.evidence) == (
        total.locations,
        total.count,
        total.time,
        total.evidence,
    )
    assert (second.locations, second.origin, second.transport) == (part.locations, SUDZHA, "trains")
    assert (first.part_of, second.part_of) == (None, first.id)
    assert (first.reported_at, first.reported_at_source) == (datetime(2024, 10, 25, tzinfo=UTC), "published")
    assert (first.extractor.version, first.review) == ("1.0", Review.UNREVIEWED)


def test_save_extraction_finishes_the_article(engine: Engine) -> None:
    id_ = submit(engine, text=None, html="<p>Hello</p>").article.id
    read = extracted(
        a_claim(),
        text="Hello",
        title="Found title",
        outlet="Found Outlet",
        published_on=date(2024, 10, 25),
        published_source="html",
        language="en",
    )
    with UnitOfWork.reading(engine) as work, pytest.raises(NotReadyError):
        article_text(work, id_, desk=DESK)
    with UnitOfWork.reading(engine) as work, pytest.raises(NotReadyError):
        article_diagnostics(work, id_, desk=DESK)
    assert save(engine, id_, read, now=NOW + timedelta(seconds=5))
    view = article(engine, id_)
    assert (view.status, view.claims_count, view.finished_at) == (ArticleStatus.DONE, 1, NOW + timedelta(seconds=5))
    assert (view.title, view.outlet, view.language) == ("Found title", "Found Outlet", "en")
    assert (view.published_at, view.published_at_source) == (datetime(2024, 10, 25, tzinfo=UTC), "html")
    with UnitOfWork.reading(engine) as work:
        assert article_text(work, id_, desk=DESK) == "Hello"
        assert article_diagnostics(work, id_, desk=DESK) == {"reason": None}


def test_save_extraction_keeps_what_was_given(engine: Engine) -> None:
    given = datetime(2024, 1, 2, 12, tzinfo=UTC)
    id_ = submit(engine, title="Given", outlet="Given Outlet", published_at=given, language="uk").article.id
    save(engine, id_, extracted(title="Found", outlet="Found", published_on=date(2020, 1, 1), published_source="text"))
    view = article(engine, id_)
    assert (view.title, view.outlet, view.language) == ("Given", "Given Outlet", "uk")
    assert (view.published_at, view.published_at_source) == (given, "given")


def test_reported_at_of_an_undated_article_is_its_submission(engine: Engine) -> None:
    claim = standing(engine, held(engine, [a_claim()]))[0]
    assert (claim.reported_at, claim.reported_at_source) == (NOW, "submitted")


def test_save_extraction_twice_writes_once(engine: Engine) -> None:
    id_ = submit(engine).article.id
    read = extracted(a_claim("one"), a_claim("one", at=50), a_claim("two", at=90))
    save(engine, id_, read)
    before = standing(engine, id_)
    logged = kinds_logged(engine)
    save(engine, id_, read, now=NOW + timedelta(hours=1))
    assert standing(engine, id_) == before
    assert (rows(engine), kinds_logged(engine)) == (3, logged)
    assert len({claim.id for claim in before}) == 3
    assert logged == ["claim_created"] * 3 + ["article_done"]


def test_save_extraction_takes_figures_and_names_beyond_all_columns(engine: Engine) -> None:
    force = Force(group="Γ" * 5000, text="…")
    id_ = held(engine, [a_claim(count=Count(min=10**30, qualifier=Qualifier.EXACT), force=force)], outlet="Ж" * 500)
    [claim] = standing(engine, id_)
    assert (claim.count.min, claim.force) == (10**30, force)


def test_save_extraction_of_a_superseded_version_writes_nothing(engine: Engine) -> None:
    id_ = submit(engine, url=URL).article.id
    submit(engine, "Other text.", url=URL)
    assert not save(engine, id_, extracted(a_claim()), version=1)
    assert (rows(engine), article(engine, id_).status) == (0, ArticleStatus.QUEUED)


def test_save_extraction_of_a_retracted_article_writes_nothing(engine: Engine) -> None:
    id_ = submit(engine).article.id
    with UnitOfWork(engine) as work:
        retract_article(work, id_, desk=DESK, now=NOW)
    assert not save(engine, id_, extracted(a_claim()))
    assert (rows(engine), article(engine, id_).status) == (0, ArticleStatus.RETRACTED)


def test_load_for_extraction_gives_what_was_posted_even_after_reading(engine: Engine) -> None:
    given = datetime.fromisoformat("2024-10-25T23:30:00-05:00")
    id_ = submit(engine, text=None, html="<p>x</p>", published_at=given, url=URL).article.id
    save(engine, id_, extracted(text="x", title="Found"))
    with UnitOfWork.reading(engine) as work:
        read = work.articles.load_for_extraction(id_, 1)
        assert read is not None
        assert (read.html, read.text, read.title, read.url) == ("<p>x</p>", None, None, URL)
        assert read.published_on == date(2024, 10, 25)
        assert work.articles.load_for_extraction(id_, 2) is None


def review(engine: Engine, claim_id: str) -> None:
    with UnitOfWork(engine) as work:
        seen = version_tag(get_claim(work, claim_id, desk=DESK))
        review_claim(work, claim_id, GivenReview(decision=Review.CONFIRMED), seen=[seen], desk=DESK, now=NOW)


def test_reprocessing_keeps_id_and_review_of_unchanged_content(engine: Engine) -> None:
    kept, changed, gone = a_claim("kept"), a_claim("changed", at=10), a_claim("gone", at=20)
    id_ = held(engine, [kept, changed, gone])
    old = {claim.evidence[0].exact: claim.id for claim in standing(engine, id_)}
    review(engine, old["kept"])
    with UnitOfWork(engine) as work:
        assert reprocess_article(work, id_, desk=DESK, now=NOW).status == ArticleStatus.QUEUED
    assert len(standing(engine, id_)) == 3
    save(engine, id_, extracted(kept, replace(changed, transport="trains")), extractor="2.0")
    new = {claim.evidence[0].exact: claim for claim in standing(engine, id_)}
    assert new.keys() == {"kept", "changed"}
    assert (new["kept"].id, new["kept"].review) == (old["kept"], Review.CONFIRMED)
    assert new["changed"].id != old["changed"]
    with UnitOfWork.reading(engine) as work, pytest.raises(NotFoundError):
        get_claim(work, old["gone"], desk=DESK)


def test_reprocessing_keeps_id_and_review_where_only_confidence_changed(engine: Engine) -> None:
    id_ = held(engine, [a_claim(confidence=0.5)])
    old = standing(engine, id_)[0]
    review(engine, old.id)
    save(engine, id_, extracted(a_claim(confidence=0.7)), extractor="2.0")
    new = standing(engine, id_)[0]
    assert (new.id, new.review, new.confidence) == (old.id, Review.CONFIRMED, 0.7)
    assert kinds_logged(engine)[-2:] == ["claim_revised", "article_done"]


def test_reprocessing_back_and_forth_gives_the_old_id_again(engine: Engine) -> None:
    id_ = held(engine, [a_claim("a")])
    old = standing(engine, id_)[0].id
    save(engine, id_, extracted(a_claim("b")), extractor="2.0")
    save(engine, id_, extracted(a_claim("a")), extractor="3.0")
    assert [claim.id for claim in standing(engine, id_)] == [old]


def test_claims_table_takes_no_claim_twice(engine: Engine) -> None:
    held(engine, [a_claim()])
    with engine.begin() as connection:
        row = dict(connection.execute(select(claims)).one()._mapping)
    del row["row_id"]
    with engine.begin() as connection, pytest.raises(IntegrityError):
        connection.execute(claims.insert().values(**row))


def test_retract_article_ends_its_claims_and_shows_it_as_retracted(engine: Engine) -> None:
    id_ = held(engine, [a_claim()])
    for _ in range(2):
        with UnitOfWork(engine) as work:
            retract_article(work, id_, desk=DESK, now=NOW)
    assert standing(engine, id_) == ()
    assert (article(engine, id_).status, article(engine, id_).claims_count) == (ArticleStatus.RETRACTED, 0)
    assert kinds_logged(engine)[-2:] == ["claim_retracted", "article_retracted"]


def test_reprocess_article_refuses_a_retracted_one(engine: Engine) -> None:
    id_ = held(engine, [a_claim()])
    with UnitOfWork(engine) as work:
        retract_article(work, id_, desk=DESK, now=NOW)
    with UnitOfWork(engine) as work, pytest.raises(ConflictError):
        reprocess_article(work, id_, desk=DESK, now=NOW)


def test_retry_article_takes_up_a_failed_one_and_no_done_one(engine: Engine) -> None:
    failed, done = submit(engine, "Fails.").article.id, held(engine, [a_claim()])
    with UnitOfWork(engine) as work:
        work.articles.set_status(failed, 1, ArticleStatus.FAILED, now=NOW, error="It is too long.")
        work.commit()
    assert (article(engine, failed).status, article(engine, failed).error) == (ArticleStatus.FAILED, "It is too long.")
    with UnitOfWork(engine) as work:
        again = retry_article(work, failed, desk=DESK, now=NOW)
    assert (again.status, again.error, again.finished_at) == (ArticleStatus.QUEUED, None, None)
    with UnitOfWork(engine) as work, pytest.raises(ConflictError):
        retry_article(work, done, desk=DESK, now=NOW)


def test_retry_failed_takes_up_all_failed_ones(engine: Engine) -> None:
    ids = [submit(engine, f"Text {n}.").article.id for n in range(3)]
    with UnitOfWork(engine) as work:
        for id_ in ids[:2]:
            work.articles.set_status(id_, 1, ArticleStatus.FAILED, now=NOW, error="No.")
        work.commit()
    taken = []
    for _ in range(3):
        with UnitOfWork(engine) as work:
            taken.append(retry_failed(work, desk=DESK, now=NOW, limit=1))
    assert taken == [1, 1, 0]


def test_reprocess_older_than_compares_versions_by_their_numbers(engine: Engine) -> None:
    by = {}
    for version in ("0.9.0", "0.10.0", "0.10.1"):
        by[version] = submit(engine, f"Text {version}.").article.id
        save(engine, by[version], extracted(a_claim()), extractor=version)
    with UnitOfWork(engine) as work:
        assert reprocess_older_than(work, "0.10.0", desk=DESK, now=NOW) == 1
    assert article(engine, by["0.9.0"]).status == ArticleStatus.QUEUED
    assert article(engine, by["0.10.0"]).status == ArticleStatus.DONE


def test_list_articles_pages_last_submitted_first(engine: Engine) -> None:
    ids = [submit(engine, f"Text {n}.", now=NOW + timedelta(minutes=n // 2)).article.id for n in range(7)]
    seen: list[str] = []
    cursor = None
    while True:
        with UnitOfWork.reading(engine) as work:
            page = list_articles(work, ArticleFilters(), desk=DESK, limit=2, cursor=cursor)
        seen += [one.id for one in page.data]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert sorted(seen) == sorted(ids)
    assert seen[0] == ids[6]


def test_list_articles_filters(engine: Engine) -> None:
    done = held(engine, [a_claim()], url=URL, outlet="The Páper")
    other = submit(engine, "Other.", external_id="e1", now=NOW + timedelta(days=2)).article.id
    cases = {
        ArticleFilters(status=("done",)): [done],
        ArticleFilters(outlet=("the paper",)): [done],
        ArticleFilters(url=(URL,)): [done],
        ArticleFilters(external_id=("e1",)): [other],
        ArticleFilters(submitted_to=date(2025, 1, 2)): [done],
        ArticleFilters(submitted_from=date(2025, 1, 3)): [other],
        ArticleFilters(url=("https://unknown.example",)): [],
    }
    with UnitOfWork.reading(engine) as work:
        for filters, ids in cases.items():
            assert [one.id for one in list_articles(work, filters, desk=DESK).data] == ids, filters
