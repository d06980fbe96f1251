"""A woken worker: leases jobs, reads each article, and keeps what it gave in one transaction.

Everything here is safe to run twice: the queue's fence lets one run through, and claims bear ids
made from their content.
"""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol, cast

from celery.exceptions import SoftTimeLimitExceeded
from structlog.contextvars import bound_contextvars

from service.domain.errors import StorageUnavailableError
from service.domain.extracted import ArticleToRead, ExtractedArticle
from service.domain.signing import sign
from service.domain.tallies import Reason, of_failures, of_reading, of_superseded
from service.faults import told
from service.settings import Settings
from service.storage.jobs import LeasedJob
from service.storage.unit_of_work import UnitOfWork
from service.telemetry import OFF, Tracing, trace_id
from worker.extraction.model import Document, Extraction
from worker.plain import to_plain

SAVE_AGAIN_S = (0.1, 0.3, 1.0, 3.0)
"""Waits between attempts to save: what was read outlives a short absence of the database."""

AWAY_S = 1.0
"""Between two looks whether the database is back."""
AWAY = "The database went away while this article was read."

_log = logging.getLogger(__name__)


class Extractor(Protocol):
    """Reads articles; `name` and `version` are kept with what it found."""

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def extract(self, document: Document) -> Extraction: ...


@dataclass(slots=True, kw_only=True)
class Drained:
    """What one wake-up came to. `lost` jobs had gone to others; `more`: some were left when time was up."""

    done: int = 0
    again: int = 0
    failed: int = 0
    lost: int = 0
    more: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Abandoned:
    """A lease that could not be given back, and the job that was begun last under it."""

    owner: str
    begun: LeasedJob | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worker:
    """`owners` gives a name that was never used before; `clock` is monotonic, in seconds."""

    open_work: Callable[[], UnitOfWork]
    read_work: Callable[[], UnitOfWork]
    extractor: Extractor
    settings: Settings
    owners: Iterator[str]
    clock: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    tracing: Tracing = OFF
    abandoned: list[Abandoned] = field(default_factory=list)

    def drain(self, *, for_s: float) -> Drained:
        """Reads articles until none is queued or `for_s` seconds have gone by.

        When the database goes away it gives up, and what it held then goes back as soon as the database is there:
        to wait for the lease to run out would take far longer.
        """
        until = self.clock() + for_s
        drained = Drained()
        while self.clock() < until:
            try:
                self._give_back_abandoned()
                if not self._read_some(drained, until=until):
                    return drained
            except StorageUnavailableError:
                if not self.abandoned:
                    _log.warning("The database is away")
                    return drained
                _log.warning("The database is away; what was not read goes back when it is there again")
                self.sleep(AWAY_S)
        drained.more = True
        return drained

    def _read_some(self, drained: Drained, *, until: float) -> bool:
        """One lease. False when nothing was queued."""
        with self.read_work() as work:
            queued = work.jobs.queued_count(at_most=self.settings.batch * self.settings.workers)
        if queued == 0:
            return False
        owner = next(self.owners)
        left: list[LeasedJob] = []
        begun: LeasedJob | None = None
        try:
            with self.tracing.span("lease") as span:
                left = self._lease(owner, queued)
                leased, leased_in = bool(left), self.tracing.traceparent()
                span.tell("muster.jobs", len(left))
            while left and self.clock() < until:
                begun = replace(left[0], attempt=left[0].attempt + 1)
                self._read_one(left.pop(0), drained, leased_in=leased_in)
        except StorageUnavailableError:
            self.abandoned.append(Abandoned(owner=owner, begun=begun))
            left.clear()
            raise
        finally:
            if left:
                self._give_back(owner)
        return leased

    def _lease(self, owner: str, queued: int) -> list[LeasedJob]:
        # The others get their share of a short queue.
        share = -(-queued // max(1, self.settings.workers))
        with self.open_work() as work:
            leased = work.jobs.lease(owner, min(self.settings.batch, share), self.settings.lease_s)
            work.commit()
        return leased

    def _give_back_abandoned(self) -> None:
        """Raises StorageUnavailableError, and goes on from there when called again."""
        while self.abandoned:
            abandoned = self.abandoned[0]
            with self.open_work() as work:
                state = None
                if abandoned.begun is not None:
                    # It changes nothing where the job was finished or never begun.
                    state = work.jobs.fail(abandoned.begun, AWAY, max_attempts=self.settings.max_attempts)
                work.jobs.release(abandoned.owner)
                _count_failure(work, Reason.DATABASE, state)
                work.commit()
            self.abandoned.pop(0)

    def _give_back(self, owner: str) -> None:
        # Where this fails, the leases run out.
        with suppress(StorageUnavailableError), self.open_work() as work:
            work.jobs.release(owner)
            work.commit()

    def _read_one(self, leased: LeasedJob, drained: Drained, *, leased_in: str | None) -> None:
        """`leased_in` is the span of the lease; the article's own is part of the trace of the request behind it."""
        cause = {"request_id": leased.cause.request_id} if leased.cause.request_id else {}
        about: dict[str, str | int] = {
            "article_id": leased.article_id,
            "version": leased.version,
            "attempt": leased.attempt + 1,
            **cause,
        }
        with self.tracing.span(
            "read article", kind="consumer", parent=leased.cause.traceparent, links=[leased_in], **about
        ):
            traced = trace_id(self.tracing.traceparent())
            with bound_contextvars(**about, **({"trace_id": traced} if traced else {})):
                self._read_bound(leased, drained)

    def _read_bound(self, leased: LeasedJob, drained: Drained) -> None:
        with self.open_work() as work:
            job = work.jobs.start(leased, self.settings.lease_s)
            article = work.articles.load_for_extraction(leased.article_id, leased.version)
            work.commit()
        if job is None:
            drained.lost += 1
            return
        began = self.clock()
        try:
            extracted = None if article is None else self._extract(article)
            seconds = self.clock() - began
            kept = self._save(job, extracted, seconds=seconds)
        except StorageUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever an article does to the extractor, the others go on
            self._note_failure(job, error, drained)
            return
        if kept and extracted is None:
            _log.info("Article changed since it was queued; nothing was read")
        elif kept and extracted is not None:
            _log.info("Article read", extra={"claims": len(extracted.claims), "seconds": round(seconds, 3)})
        drained.done += kept
        drained.lost += not kept

    def _extract(self, article: ArticleToRead) -> ExtractedArticle:
        with self.tracing.span("extract"):
            return extracted_article(self.extractor.extract(document(article)))

    def _save(self, job: LeasedJob, extracted: ExtractedArticle | None, *, seconds: float) -> bool:
        """False when the job was lost meanwhile; then nothing was written."""
        for wait_s in SAVE_AGAIN_S:
            try:
                return self._save_once(job, extracted, seconds=seconds)
            except StorageUnavailableError:
                self.sleep(wait_s * random.uniform(0.5, 1.0))  # noqa: S311 - spreads the retries
        return self._save_once(job, extracted, seconds=seconds)

    def _save_once(self, job: LeasedJob, extracted: ExtractedArticle | None, *, seconds: float) -> bool:
        with self.tracing.span("save") as span, self.open_work() as work:
            span.tell("muster.claims", len(extracted.claims) if extracted else None)
            if not work.jobs.finish(job):
                _log.warning("Article was taken up by another worker; nothing of this run is kept")
                return False
            if extracted is None:
                work.tallies.add(of_superseded())
            else:
                work.claims.save_extraction(
                    job.article_id,
                    job.version,
                    extracted,
                    extractor_name=self.extractor.name,
                    extractor_version=self.extractor.version,
                    now=work.now(),
                )
                work.tallies.add(of_reading(seconds=seconds, claims=len(extracted.claims)))
            work.commit()
            return True

    def _note_failure(self, job: LeasedJob, error: Exception, drained: Drained) -> None:
        reason = why(error, soft_limit_s=self.settings.soft_limit_s)
        with self.open_work() as work:
            state = work.jobs.fail(job, reason, max_attempts=self.settings.max_attempts)
            _count_failure(work, kind(error), state)
            work.commit()
        event = "Article failed for good" if state == "failed" else "Article could not be read; it is tried again"
        _log.error(event, extra={"reason": reason, "fault": told(error)})
        drained.lost += state is None
        drained.again += state == "queued"
        drained.failed += state == "failed"


def document(article: ArticleToRead) -> Document:
    return Document(
        text=article.text,
        html=article.html,
        title=article.title,
        url=article.url,
        outlet=article.outlet,
        published_on=article.published_on,
        language=article.language,
    )


def extracted_article(extraction: Extraction) -> ExtractedArticle:
    return ExtractedArticle(
        text=extraction.text,
        title=extraction.title,
        outlet=extraction.outlet,
        published_on=extraction.published_on,
        published_source=extraction.published_source.value,
        language=extraction.language,
        claims=extraction.claims,
        diagnostics=cast("Mapping[str, object]", to_plain(extraction.diagnostics)),
        signature=sign(extraction.text, ((line.start, line.end) for line in extraction.diagnostics.ignored)),
    )


def _count_failure(work: UnitOfWork, reason: Reason, state: str | None) -> None:
    if state is not None:
        work.tallies.add(of_failures(reason, again=state == "queued", given_up=state == "failed"))


def kind(error: Exception) -> Reason:
    match error:
        case SoftTimeLimitExceeded():
            return Reason.TIME
        case MemoryError():
            return Reason.MEMORY
        case _:
            return Reason.ERROR


def why(error: Exception, *, soft_limit_s: float) -> str:
    """A sentence for the article's readers. It holds no message of the error, which may quote the article."""
    if isinstance(error, SoftTimeLimitExceeded):
        return f"Reading this article took longer than {soft_limit_s:g} seconds."
    if isinstance(error, MemoryError):
        return "Reading this article took more memory than there is."
    return f"Reading this article failed: {type(error).__name__}."
