"""Erasing an article for good, and the audit that tells of it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError

from service.domain.access import LOCAL, Actor
from service.domain.claims import Review
from service.domain.errors import ConflictError, GoneError, InvalidInputError, NotFoundError, PurgedError
from service.domain.register import Action, AuditEntry, AuditFilters
from service.settings import Settings
from service.storage.tables import metadata
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import article_claims, get_article, reprocess_article, retract_article
from service.use_cases.audit import list_audit, purge_article, readmit_article
from service.use_cases.reviews import GivenReview, review_claim, version_tag
from tests.integration.storage.building import DESK, KURSK, NOW, a_claim, extracted, held, save, submit

ADMIN = Actor(key="k1", name="counsel")
WORDS = "Zwölfhundert soldiers of the Quixotic Brigade are in Kursk."
TRACES = ("quixotic", "zwölfhundert", "secret-slug", "secret-id", "secret headline", "secret author", "secret gazette")
"""In lower case."""
INDEXED = (*TRACES, "zwolfhundert", "headline")


def article(engine: Engine) -> str:
    """Of two versions, both read, with a claim corrected and with faults told."""
    known: dict[str, Any] = {"title": "Secret headline", "author": "Secret Author", "outlet": "Secret Gazette"}
    names: dict[str, Any] = {"url": "https://wire.example/secret-slug", "external_id": "secret-id"}
    id_ = held(engine, [a_claim("Quixotic Brigade", locations=(KURSK,))], text=WORDS, **names, **known)
    submit(engine, WORDS + " More.", **names, **known)
    claim = a_claim("Zwölfhundert soldiers", locations=(KURSK,))
    assert save(engine, id_, extracted(claim, text=WORDS + " More.", outlet="Secret Gazette"), version=2)
    with UnitOfWork(engine) as work:
        (read,) = article_claims(work, id_, desk=DESK).data
        correction = {"transport": "Quixotic carts", "count": {"min": 9, "max": 9, "qualifier": "exact"}}
        given = GivenReview(decision=Review.CORRECTED, correction=correction, comment="Not Zwölfhundert; Quixotic.")
        review_claim(work, read.id, given, seen=[version_tag(read)], desk=DESK, now=NOW)
    with engine.begin() as connection:
        failed = text("UPDATE article_versions SET error = 'Quixotic' WHERE article_id = :id")
        connection.execute(failed, {"id": id_})
    return id_


def purge(engine: Engine, id_: str) -> None:
    with UnitOfWork(engine) as work:
        purge_article(work, id_, reason="A court said so.", desk=DESK, now=NOW, by=ADMIN)


def audited(engine: Engine, **filters: tuple[str, ...]) -> list[AuditEntry]:
    with UnitOfWork.reading(engine) as work:
        return list(list_audit(work, AuditFilters(**filters), desk=DESK).data)  # type: ignore[arg-type]


def everything(engine: Engine) -> str:
    with engine.connect() as connection:
        names = inspect(engine).get_table_names()
        assert set(names) >= set(metadata.tables)
        rows = (row for name in names for row in connection.execute(text(f"SELECT * FROM {name}")))
        return "\n".join(str(tuple(row)) for row in rows).lower()


def test_purge_leaves_no_trace_in_any_table(engine: Engine) -> None:
    id_ = article(engine)
    assert all(trace in everything(engine) for trace in TRACES)
    purge(engine, id_)
    left = everything(engine)
    assert not [trace for trace in INDEXED if trace in left]
    assert id_ in left


@pytest.mark.parametrize("store_settings", ["sqlite"], indirect=True)
def test_purge_leaves_no_trace_in_the_files_of_sqlite(engine: Engine, store_settings: Settings) -> None:
    def on_disk() -> list[str]:
        raw = b"".join(path.read_bytes() for path in store_settings.data_dir.glob("muster.db*")).lower()
        return [trace for trace in INDEXED if trace.encode() in raw]

    # What else is indexed shares pages with what is erased.
    held(engine, [a_claim("quiet soldiers")], text="Quiet soldiers.")
    id_ = article(engine)
    held(engine, [a_claim("quite another unit")], text="Quite another unit.")
    assert {"quixotic", "zwolfhundert", "headline"} <= set(on_disk())
    purge(engine, id_)
    assert on_disk() == []


def test_purge_leaves_a_tombstone_in_audit_and_change_log(engine: Engine) -> None:
    id_ = article(engine)
    with UnitOfWork.reading(engine) as work:
        before = work.claims.revision(desk=DESK)
    purge(engine, id_)
    (entry,) = audited(engine, action=("article_purged",))
    assert (entry.actor, entry.key, entry.article_id, entry.version) == ("counsel", "k1", id_, 2)
    assert entry.note == "A court said so."
    with engine.connect() as connection:
        last = connection.execute(
            text("SELECT kind, claim_id FROM change_log WHERE revision = :revision ORDER BY seq"),
            {"revision": before + 1},
        ).all()
    assert [row.kind for row in last] == ["claim_retracted", "article_purged"]
    with UnitOfWork.reading(engine) as work, pytest.raises(GoneError, match="2025-01-02"):
        get_article(work, id_, desk=DESK)


def test_purge_of_what_is_not_there_is_refused(engine: Engine) -> None:
    with UnitOfWork(engine) as work, pytest.raises(NotFoundError):
        purge_article(work, "a_none", reason="Why.", desk=DESK, now=NOW)
    id_ = article(engine)
    with UnitOfWork(engine) as work, pytest.raises(NotFoundError):
        purge_article(work, id_, reason="Why.", desk="other", now=NOW)
    purge(engine, id_)
    with UnitOfWork(engine) as work, pytest.raises(GoneError):
        purge_article(work, id_, reason="Why.", desk=DESK, now=NOW)


@pytest.mark.parametrize("reason", ["", "  ", "a" * 1001, "a\x00b"])
def test_purge_needs_a_reason(engine: Engine, reason: str) -> None:
    id_ = article(engine)
    with UnitOfWork(engine) as work, pytest.raises(InvalidInputError):
        purge_article(work, id_, reason=reason, desk=DESK, now=NOW)


@pytest.mark.parametrize(
    "again",
    [
        {"text": "Other words.", "url": "https://wire.example/secret-slug"},
        {"text": "Other words.", "external_id": "secret-id"},
        {"text": WORDS},
        {"text": WORDS + " More.", "url": "https://elsewhere.example/"},
    ],
    ids=["its url", "its external_id", "its first words", "its last words elsewhere"],
)
def test_what_was_purged_is_refused_when_it_is_posted_again(engine: Engine, again: dict[str, Any]) -> None:
    id_ = article(engine)
    purge(engine, id_)
    with pytest.raises(PurgedError, match=id_):
        submit(engine, **again)
    assert submit(engine, "Other words.", url="https://wire.example/other").accepted


def test_html_that_was_purged_is_known_again(engine: Engine) -> None:
    page = "<p>Quixotic soldiers.</p>"
    id_ = submit(engine, None, html=page).article.id
    assert save(engine, id_, extracted(text="Quixotic soldiers."))
    purge(engine, id_)
    with pytest.raises(PurgedError):
        submit(engine, None, html=page, url="https://elsewhere.example/")


def test_readmitted_article_may_be_posted_and_purged_again(engine: Engine) -> None:
    id_ = article(engine)
    purge(engine, id_)
    with UnitOfWork(engine) as work:
        readmit_article(work, id_, reason="Appeal.", desk=DESK, now=NOW, by=ADMIN)
    with UnitOfWork(engine) as work, pytest.raises(ConflictError):
        readmit_article(work, id_, reason="Appeal.", desk=DESK, now=NOW)
    submitted = submit(engine, WORDS, url="https://wire.example/secret-slug")
    assert (submitted.accepted, submitted.article.version) == (True, 1)
    assert save(engine, submitted.article.id, extracted(a_claim("Quixotic Brigade"), text=WORDS))
    purge(engine, submitted.article.id)
    with pytest.raises(PurgedError):
        submit(engine, WORDS)


def test_a_worker_that_reads_what_is_purged_keeps_nothing(engine: Engine) -> None:
    id_ = submit(engine, WORDS).article.id
    with UnitOfWork(engine) as work:
        (leased,) = work.jobs.lease("worker", 1, 60)
        job = work.jobs.start(leased, 60)
        work.commit()
    assert job is not None
    purge(engine, id_)
    with UnitOfWork(engine) as work:
        assert not work.jobs.finish(job)
        assert work.jobs.fail(job, "Broke.", max_attempts=3) is None
        assert work.articles.load_for_extraction(id_, 1) is None
        saved = work.claims.save_extraction(
            id_, 1, extracted(a_claim()), extractor_name="x", extractor_version="1", now=NOW
        )
        assert not saved
        work.commit()
    assert WORDS.lower() not in everything(engine)


def test_deeds_are_audited_once_and_newest_first(engine: Engine) -> None:
    id_ = held(engine, [a_claim()])
    submit(engine)  # held already: nothing is done
    with UnitOfWork(engine) as work:
        reprocess_article(work, id_, desk=DESK, now=NOW, by=ADMIN)
    for _ in range(2):
        with UnitOfWork(engine) as work:
            retract_article(work, id_, desk=DESK, now=NOW, by=ADMIN)
    entries = audited(engine)
    assert [entry.action for entry in entries] == [
        Action.ARTICLE_RETRACTED,
        Action.ARTICLE_REPROCESSED,
        Action.ARTICLE_SUBMITTED,
    ]
    assert [entry.actor for entry in entries] == ["counsel", "counsel", LOCAL.name]
    assert all((entry.article_id, entry.version) == (id_, 1) for entry in entries)


def test_audit_is_paged_and_filtered(engine: Engine) -> None:
    ids = [submit(engine, f"Text {n}.", now=NOW + timedelta(days=n)).article.id for n in range(5)]
    seen: list[str | None] = []
    cursor = None
    while True:
        with UnitOfWork.reading(engine) as work:
            page = list_audit(work, AuditFilters(), desk=DESK, limit=2, cursor=cursor)
        seen += [entry.article_id for entry in page.data]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == ids[::-1]
    assert [entry.article_id for entry in audited(engine, article=(ids[3],))] == [ids[3]]
    assert audited(engine, key=("k9",)) == []
    with UnitOfWork.reading(engine) as work:
        days = AuditFilters(at_from=(NOW + timedelta(days=1)).date(), at_to=(NOW + timedelta(days=2)).date())
        assert [entry.article_id for entry in list_audit(work, days, desk=DESK).data] == [ids[2], ids[1]]
        assert list_audit(work, AuditFilters(), desk="other").data == ()


@pytest.mark.parametrize("statement", ["UPDATE audit_log SET actor = 'nobody'", "DELETE FROM audit_log"])
def test_audit_can_only_be_added_to(engine: Engine, statement: str) -> None:
    submit(engine)
    with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
        connection.execute(text(statement))
    assert len(audited(engine)) == 1
