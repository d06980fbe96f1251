"""A woken worker, in this process."""

from __future__ import annotations

from dataclasses import replace
from itertools import count

from sqlalchemy import text

from service.storage.engine import create_engine
from tests.integration.worker.extractors import Scripted, plain, raising
from tests.integration.worker.register import Register
from worker.extraction.model import Document, Extraction
from worker.jobs import Drained, Extractor, Worker

NAMES = (f"worker-{number}" for number in count())
LONG_S = 600.0


def worker(register: Register, extractor: Extractor | None = None) -> Worker:
    return Worker(
        open_work=register.open,
        read_work=register.read,
        extractor=extractor or Scripted(),
        settings=register.settings,
        owners=NAMES,
    )


class Interrupted(Scripted):
    """Does something else in the midst of reading."""

    def __init__(self, meanwhile: object) -> None:
        super().__init__()
        object.__setattr__(self, "meanwhile", meanwhile)

    def extract(self, document: Document) -> Extraction:
        self.meanwhile()  # type: ignore[attr-defined]
        return super().extract(document)


def test_drain_reads_all_that_is_queued(register: Register) -> None:
    ids = register.submit(*(plain(str(number)) for number in range(20)))
    assert worker(register).drain(for_s=LONG_S) == Drained(done=20)
    assert set(register.status(*ids)) == {"done"}
    assert [register.claims_of(id_) for id_ in ids] == [1] * 20
    article = register.article(ids[0])
    assert article.extractor is not None
    assert (article.extractor.name, article.attempts, article.claims_count) == ("scripted", 1, 1)


def test_drain_of_an_empty_queue_does_nothing(register: Register) -> None:
    assert worker(register).drain(for_s=LONG_S) == Drained()


def test_drain_with_its_time_up_gives_back_what_it_has_not_begun(register: Register) -> None:
    ids = register.submit(*(plain(str(number)) for number in range(6)))
    ticks = iter([0.0, 0.0, 0.0, *([100.0] * 100)])
    hasty = replace(worker(register), clock=lambda: next(ticks))
    assert hasty.drain(for_s=50.0) == Drained(done=1, more=True)
    assert sorted(register.job(id_).state for id_ in ids) == ["done", *["queued"] * 5]


def test_drain_leaves_others_their_share_of_a_short_queue(register: Register) -> None:
    register.submit(*(plain(str(number)) for number in range(4)))
    seen: list[int] = []

    def look() -> None:
        with register.read() as work:
            seen.append(work.jobs.queued_count())

    worker(register, Interrupted(look)).drain(for_s=LONG_S)
    assert seen[0] == 2


def test_drain_fails_a_poisonous_article_alone(register: Register) -> None:
    first, poison, last = register.submit(plain("one"), raising("secret words"), plain("two"))
    assert worker(register).drain(for_s=LONG_S) == Drained(done=2, again=2, failed=1)
    assert register.status(first, poison, last) == ["done", "failed", "done"]
    article = register.article(poison)
    assert (article.error, article.attempts) == ("Reading this article failed: ValueError.", 3)


def test_drain_by_a_worker_that_outlived_its_lease_writes_nothing(register: Register) -> None:
    (id_,) = register.submit(plain("one"))

    def lose_the_lease() -> None:
        register.expire_leases()
        with register.open() as work:
            work.jobs.sweep(max_attempts=3)
            work.commit()

    assert worker(register, Interrupted(lose_the_lease)).drain(for_s=LONG_S).lost >= 1
    assert register.claims_of(id_) == 0
    assert register.times_done(id_) == 0


def test_drain_by_two_workers_of_one_article_keeps_one_reading(register: Register) -> None:
    (id_,) = register.submit(plain("one"))

    def be_overtaken() -> None:
        register.expire_leases()
        with register.open() as work:
            work.jobs.sweep(max_attempts=3)
            work.commit()
        assert worker(register).drain(for_s=LONG_S) == Drained(done=1)

    assert worker(register, Interrupted(be_overtaken)).drain(for_s=LONG_S) == Drained(lost=1)
    assert register.status(id_) == ["done"]
    assert (register.claims_of(id_), register.times_done(id_)) == (1, 1)


def test_drain_of_an_article_read_again_adds_no_claim(register: Register) -> None:
    (id_,) = register.submit(plain("one"))
    worker(register).drain(for_s=LONG_S)
    with register.open() as work:
        work.jobs.enqueue(id_, 1, register.article(id_).submitted_at)
        work.commit()
    assert worker(register).drain(for_s=LONG_S) == Drained(done=1)
    assert (register.claims_of(id_), register.standing_claims_of(id_)) == (1, 1)


def test_drain_keeps_what_it_read_when_its_connections_were_cut_meanwhile(register: Register) -> None:
    if register.engine.dialect.name == "sqlite":
        # It has no connections that somebody could cut.
        return
    (id_,) = register.submit(plain("one"))

    def cut() -> None:
        server = create_engine(register.settings)
        with server.connect() as connection:
            connection.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
                )
            )
        server.dispose()

    assert worker(register, Interrupted(cut)).drain(for_s=LONG_S) == Drained(done=1)
    assert (register.claims_of(id_), register.times_done(id_)) == (1, 1)
