"""What workers count is what came of the articles: with failures, deaths, many at once, and nothing twice."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from service.domain.causes import Cause
from service.domain.register import Submission
from service.domain.tallies import Reason, Tally, of_failures, of_reading
from service.storage.engine import create_engine
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.submit import submit_article
from tests.integration.worker.register import DESK, Register
from worker.extraction.model import Document, Extraction
from worker.jobs import Worker
from worker.owners import lease_names
from worker.sweeper import Sweeper


@dataclass
class Reader:
    """Raises on articles that say so."""

    name: str = "reader"
    version: str = "1"

    def extract(self, document: Document) -> Extraction:
        text = document.text or ""
        if text == "memory":
            raise MemoryError
        if text == "error":
            raise ValueError(text)
        return Extraction(text=text)


class Nobody:
    def wake(self) -> None: ...


def drain(register: Register) -> None:
    Worker(
        open_work=register.open,
        read_work=register.read,
        extractor=Reader(),
        settings=register.settings,
        owners=lease_names(),
    ).drain(for_s=60.0)


def counts(register: Register) -> dict[tuple[str, str], float]:
    """Those that are not seconds."""
    with register.read() as work:
        read = work.tallies.read()
    return {
        (tally.value, label): number
        for (tally, label), number in read.items()
        if tally not in (Tally.SECONDS, Tally.SECONDS_SUM)
    }


def test_each_attempt_and_each_end_is_counted_once(register: Register) -> None:
    register.submit("fine", "also fine", "memory", "error")
    drain(register)
    assert counts(register) == {
        ("attempts", "done"): 2,
        ("attempts", "again"): 4,
        ("attempts", "failed"): 2,
        ("finished", "done"): 2,
        ("finished", "failed"): 2,
        ("failures", "memory"): 3,
        ("failures", "error"): 3,
    }
    with register.read() as work:
        read = work.tallies.read()
    assert sum(number for (tally, _), number in read.items() if tally == Tally.SECONDS) == 2


def test_deaths_and_leases_that_ran_out_are_counted_by_the_sweep(register: Register) -> None:
    register.submit("one", "two", "three")
    with register.open() as work:
        (first, *_) = work.jobs.lease("gone", 3, 60.0)
        work.jobs.start(first, 60.0)
        work.commit()
    register.expire_leases()
    Sweeper(lambda: create_engine(register.settings), Nobody(), register.settings).sweep()
    assert counts(register) == {
        ("expired", "leased"): 2,
        ("expired", "running"): 1,
        ("failures", "death"): 1,
        ("attempts", "again"): 1,
    }


def test_what_was_rolled_back_was_not_counted(register: Register) -> None:
    with register.open() as work:
        work.tallies.add(of_failures(Reason.ERROR, again=1, given_up=0))
    assert counts(register) == {}


@pytest.mark.parametrize("workers", [4])
def test_counts_of_many_at_once_are_lost_by_none_and_nobody_waits_in_a_circle(register: Register, workers: int) -> None:
    def count(number: int) -> None:
        # Whoever counts names the same rows, in whatever order.
        for round_ in range(10):
            with UnitOfWork(register.engine) as work:
                one, other = of_reading(seconds=0.2, claims=2), of_failures(Reason.TIME, again=1, given_up=1)
                work.tallies.add({**one, **other} if (number + round_) % 2 else {**other, **one})
                work.commit()

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(count, range(workers)))
    told = counts(register)
    assert told["claims", ""] == 2 * 10 * workers
    assert told["failures", "time"] == 2 * 10 * workers


def test_a_job_tells_the_request_that_queued_it_last(register: Register) -> None:
    def queue(text: str, cause: Cause) -> None:
        with UnitOfWork(register.engine, cause=cause) as work:
            article = Submission(text=text, external_id="one")
            submit_article(work, article, desk=DESK, now=work.now())

    def leased() -> Cause:
        with register.open() as work:
            (job,) = work.jobs.lease(next(names), 1, 60.0)
            begun = work.jobs.start(job, 60.0)
            assert begun is not None
            work.jobs.finish(begun)
            work.commit()
        return job.cause

    names = lease_names()
    first = Cause(request_id="first", traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
    queue("words", first)
    assert leased() == first
    queue("other words", Cause(request_id="second"))
    assert leased() == Cause(request_id="second")
