"""What a worker does with the jobs it leased, with a queue in memory and a database that may go away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import count
from typing import Any, Self, cast

import pytest
from celery.exceptions import SoftTimeLimitExceeded

from service.domain.errors import StorageUnavailableError
from service.domain.extracted import ArticleToRead, ExtractedArticle
from service.domain.tallies import Counts, Tally
from service.settings import Settings
from service.storage.jobs import LeasedJob
from service.storage.unit_of_work import UnitOfWork
from worker.extraction.model import Diagnostics, Document, Extraction, IgnoredLine
from worker.jobs import AWAY, Drained, Extractor, Worker, extracted_article, why

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


@dataclass
class Store:
    """Jobs, articles and claims in memory; `away` is asked before each transaction."""

    queued: list[LeasedJob] = field(default_factory=list)
    running: dict[int, LeasedJob] = field(default_factory=dict)
    saved: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    versions_seen: list[tuple[str, str]] = field(default_factory=list)
    superseded: set[str] = field(default_factory=set)
    counts: Counter[tuple[Tally, str]] = field(default_factory=Counter)
    away: Callable[[], bool] = lambda: False

    # The unit of work and its repositories in one.
    @property
    def jobs(self) -> Self:
        return self

    articles = claims = tallies = jobs

    def open(self) -> UnitOfWork:
        return cast("UnitOfWork", self)

    def __enter__(self) -> Self:
        if self.away():
            raise StorageUnavailableError("away")
        return self

    def __exit__(self, *_: object) -> None: ...

    def commit(self) -> None: ...

    def now(self) -> datetime:
        return NOON

    def queued_count(self, *, at_most: int) -> int:
        return min(len(self.queued), at_most)

    def lease(self, owner: str, limit: int, lease_s: float) -> list[LeasedJob]:
        leased, self.queued = self.queued[:limit], self.queued[limit:]
        return [replace(job, owner=owner) for job in leased]

    def release(self, owner: str) -> int:
        self.released.append(owner)
        return 0

    def start(self, job: LeasedJob, lease_s: float) -> LeasedJob | None:
        began = replace(job, attempt=job.attempt + 1)
        self.running[job.id] = began
        return began

    def finish(self, job: LeasedJob) -> bool:
        return self.running.get(job.id) == job

    def fail(self, job: LeasedJob, reason: str, *, max_attempts: int) -> str:
        self.failures.append(reason)
        return "failed"

    def add(self, counts: Counts) -> None:
        self.counts += Counter(counts)

    def load_for_extraction(self, article_id: str, version: int) -> ArticleToRead | None:
        if article_id in self.superseded:
            return None
        return ArticleToRead(
            article_id=article_id,
            version=version,
            text=article_id,
            html=None,
            title=None,
            url=None,
            outlet=None,
            published_on=None,
            language=None,
        )

    def save_extraction(
        self,
        article_id: str,
        version: int,
        extraction: ExtractedArticle,
        *,
        extractor_name: str,
        extractor_version: str,
        now: datetime,
    ) -> bool:
        self.saved.append(extraction.text)
        self.versions_seen.append((extractor_name, extractor_version))
        return True


@dataclass
class Fake:
    """An extractor that raises what it is given."""

    error: Exception | None = None
    name: str = "fake"
    version: str = "7"

    def extract(self, document: Document) -> Extraction:
        if self.error is not None:
            raise self.error
        return Extraction(text=document.text or "")


def store(*articles: str, **options: Any) -> Store:
    return Store(
        queued=[
            LeasedJob(id=number, article_id=article, version=1, attempt=0, owner="")
            for number, article in enumerate(articles)
        ],
        **options,
    )


def drain(held: Store, extractor: Extractor | None = None) -> Drained:
    return made(held, extractor).drain(for_s=1.0)


def made(held: Store, extractor: Extractor | None = None, *, clock: Callable[[], float] = lambda: 0.0) -> Worker:
    return Worker(
        open_work=held.open,
        read_work=held.open,
        extractor=extractor or Fake(),
        settings=Settings(),
        owners=iter(["a", "b", "c", "d"]),
        clock=clock,
        sleep=lambda _: None,
    )


def test_drain_keeps_what_each_article_gave_under_the_extractor_s_name() -> None:
    held = store("one", "two")
    assert drain(held) == Drained(done=2)
    assert held.saved == ["one", "two"]
    assert held.versions_seen == [("fake", "7")] * 2


def test_drain_closes_the_job_of_a_version_that_was_superseded_and_keeps_nothing() -> None:
    held = store("old", superseded={"old"})
    assert drain(held) == Drained(done=1)
    assert held.saved == []


def test_drain_saves_what_it_read_once_the_database_is_back() -> None:
    # Counting, leasing and starting succeed, then two savings fail.
    answers = iter([False, False, False, True, True])
    held = store("one", away=lambda: next(answers, False))
    assert drain(held) == Drained(done=1)
    assert held.saved == ["one"]


def test_drain_gives_up_quietly_when_the_database_is_away() -> None:
    held = store("one", away=lambda: True)
    assert drain(held) == Drained()
    assert (held.saved, held.failures) == ([], [])


def test_drain_gives_back_what_it_held_once_the_database_is_there() -> None:
    # Counting, leasing and starting succeed; then the database stays away for longer than saving is tried.
    answers = iter([False] * 3 + [True] * 8)
    held = store("one", "two", away=lambda: next(answers, False))
    assert drain(held) == Drained(done=1)
    assert (held.failures, held.released, held.saved) == ([AWAY], ["a"], ["two"])


def test_drain_asks_to_be_called_again_while_it_can_give_nothing_back() -> None:
    answers = iter([False] * 2)
    held = store("one", away=lambda: next(answers, True))
    ticks = count()
    worker = made(held, clock=lambda: float(next(ticks)))
    assert worker.drain(for_s=5.0) == Drained(more=True)
    held.away = lambda: False
    assert worker.drain(for_s=5.0) == Drained()
    assert held.released == ["a"]


def test_drain_counts_what_it_read_and_how_long_it_took() -> None:
    held = store("one", "two", "old", superseded={"old"})
    ticks = count()
    made(held, clock=lambda: float(next(ticks))).drain(for_s=100.0)
    assert held.counts[Tally.FINISHED, "done"] == 2
    assert held.counts[Tally.FINISHED, "superseded"] == 1
    assert held.counts[Tally.SECONDS, "1.0"] == 2
    assert held.counts[Tally.SECONDS_SUM, ""] == 2


def test_drain_counts_what_it_gave_back_as_failed_by_the_database() -> None:
    answers = iter([False] * 3 + [True] * 8)
    held = store("one", "two", away=lambda: next(answers, False))
    drain(held)
    assert held.counts[Tally.FAILURES, "database"] == 1


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (ValueError("five hundred soldiers of the article"), "Reading this article failed: ValueError."),
        (SoftTimeLimitExceeded(), "Reading this article took longer than 60 seconds."),
        (MemoryError(), "Reading this article took more memory than there is."),
        (RecursionError(), "Reading this article failed: RecursionError."),
    ],
)
def test_drain_gives_a_reason_that_quotes_nothing(error: Exception, reason: str) -> None:
    held = store("one")
    assert drain(held, Fake(error=error)) == Drained(failed=1)
    assert held.failures == [reason]


def test_why_says_the_limit_that_was_set() -> None:
    assert why(SoftTimeLimitExceeded(), soft_limit_s=2.5) == "Reading this article took longer than 2.5 seconds."


def test_extracted_article_turns_diagnostics_into_plain_data() -> None:
    extraction = Extraction(text="Menu", diagnostics=Diagnostics(ignored=(IgnoredLine(start=0, end=4, reason="menu"),)))
    diagnostics = extracted_article(extraction).diagnostics
    assert diagnostics["ignored"] == [{"start": 0, "end": 4, "reason": "menu"}]
