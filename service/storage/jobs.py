"""The queue in the database: who holds which article, until when by the database's clock.

    queued -> leased -> running -> done
       ^        |          |
       +--------+----------+----> failed, after so many attempts

`attempt` counts how often a job was begun. A lease names its owner, one name to a lease, and all
that the holder writes afterwards is fenced by id, attempt, state and owner: a holder that outlived
its lease changes nothing. A death is a running job whose lease ran out or whose owner is gone; the
jobs leased beside it just go back. A job that had a death is leased alone from then on.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Literal

from sqlalchemy import ColumnElement, Connection, and_, false, func, insert, or_, select, true, update

from service.domain.causes import UNKNOWN, Cause
from service.storage.tables import article_versions, articles, jobs
from service.storage.types import database_after, database_now

REASON_LENGTH = 500
SWEPT_AT_ONCE = 100


_FREE: dict[str, Any] = {"owner": None, "lease_until": None}


class JobState(StrEnum):
    QUEUED = "queued"
    LEASED = "leased"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeasedJob:
    """A job as its holder knows it; `attempt` and `owner` are what its writes are fenced by."""

    id: int
    article_id: str
    version: int
    attempt: int
    owner: str
    cause: Cause = UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Swept:
    """What a sweep did: jobs put back that nobody had begun, deaths counted, and jobs given up after theirs."""

    requeued: int = 0
    deaths: int = 0
    failed: int = 0


class Jobs:
    """Nothing here commits: each method is a step of the caller's transaction."""

    def __init__(self, connection: Connection, *, cause: Cause = UNKNOWN) -> None:
        """`cause` is noted with every job that is queued."""
        self._connection = connection
        self._cause = {"request_id": cause.request_id, "traceparent": cause.traceparent}

    # --- for those who submit

    def enqueue(self, article_id: str, version: int, now: datetime) -> None:
        """Queues this version, again where it was done or had failed. `now` decides its turn only."""
        held = self._connection.execute(
            select(jobs.c.state).where(jobs.c.article_id == article_id, jobs.c.version == version).with_for_update()
        ).scalar_one_or_none()
        if held is None:
            self._connection.execute(
                insert(jobs).values(
                    article_id=article_id, version=version, state=JobState.QUEUED, queued_at=now, **self._cause
                )
            )
        elif held in (JobState.DONE, JobState.FAILED):
            self._begin_again(and_(jobs.c.article_id == article_id, jobs.c.version == version), queued_at=now)

    def queued_count(self, *, at_most: int | None = None) -> int:
        """How many wait; counting stops at `at_most`."""
        waiting = select(jobs.c.id).where(jobs.c.state == JobState.QUEUED).limit(at_most).subquery()
        return self._connection.execute(select(func.count()).select_from(waiting)).scalar_one()

    def oldest_queued_at(self) -> datetime | None:
        """None when nothing is queued."""
        first = select(jobs.c.queued_at).where(jobs.c.state == JobState.QUEUED)
        return self._connection.scalar(first.order_by(jobs.c.queued_at, jobs.c.id).limit(1))

    # --- for workers

    def lease(self, owner: str, limit: int, lease_s: float) -> list[LeasedJob]:
        """Takes up to `limit` queued jobs, in turn, for `lease_s` seconds; [] when none is left.

        A job to be read alone comes alone when its turn comes, and is passed over until then.
        `owner` must never have been used before.
        """
        head = (
            select(jobs.c.id, jobs.c.alone, jobs.c.queued_at)
            .where(jobs.c.state == JobState.QUEUED)
            .order_by(jobs.c.queued_at, jobs.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
            .cte("head")
            .prefix_with("MATERIALIZED", dialect="postgresql")
        )
        turns = select(
            head.c.id,
            head.c.alone,
            func.row_number().over(order_by=(head.c.queued_at, head.c.id)).label("turn"),
            func.first_value(head.c.alone).over(order_by=(head.c.queued_at, head.c.id)).label("first_is_alone"),
        ).subquery("turns")
        picked = select(turns.c.id).where(
            or_(
                and_(turns.c.first_is_alone == true(), turns.c.turn == 1),
                and_(turns.c.first_is_alone == false(), turns.c.alone == false()),
            )
        )
        rows = self._connection.execute(
            update(jobs)
            .where(jobs.c.id.in_(picked))
            .values(state=JobState.LEASED, owner=owner, lease_until=database_after(lease_s))
            .returning(
                *(jobs.c.id, jobs.c.article_id, jobs.c.version, jobs.c.attempt, jobs.c.queued_at),
                *(jobs.c.request_id, jobs.c.traceparent),
            )
        ).all()
        return [
            LeasedJob(
                id=row.id,
                article_id=row.article_id,
                version=row.version,
                attempt=row.attempt,
                owner=owner,
                cause=Cause(request_id=row.request_id, traceparent=row.traceparent),
            )
            for row in sorted(rows, key=lambda row: (row.queued_at, row.id))
        ]

    def start(self, job: LeasedJob, lease_s: float) -> LeasedJob | None:
        """Marks the job that is read now and lets its lease begin anew; None if it was lost.

        The job returned, not the one given, holds the fence from here on.
        """
        began = self._update_held(
            job,
            JobState.LEASED,
            state=JobState.RUNNING,
            attempt=jobs.c.attempt + 1,
            lease_until=database_after(lease_s),
        )
        if not began:
            return None
        self._mark(job.article_id, job.version, "processing", whence=("queued", "processing"))
        return replace(job, attempt=job.attempt + 1)

    def finish(self, job: LeasedJob) -> bool:
        """Closes the job; False if it was lost, and then nothing of it may be kept.

        Call it before writing what the job gave, in the same transaction: it holds the job's row.
        """
        return self._update_held(job, JobState.RUNNING, state=JobState.DONE, **_FREE, reason=None, alone=False)

    def fail(self, job: LeasedJob, reason: str, *, max_attempts: int) -> Literal["queued", "failed"] | None:
        """Puts a job that could not be read back to the end of the queue, or gives it up; None if it was lost."""
        given_up = job.attempt >= max_attempts
        state = JobState.FAILED if given_up else JobState.QUEUED
        reason = reason[:REASON_LENGTH]
        kept = self._update_held(
            job,
            JobState.RUNNING,
            state=state,
            **_FREE,
            reason=reason,
            queued_at=database_now(),
        )
        if not kept:
            return None
        self._mark_after(job.article_id, job.version, given_up=given_up, reason=reason)
        return "failed" if given_up else "queued"

    def release(self, owner: str) -> int:
        """Gives back what this owner leased but has not begun."""
        return self._connection.execute(
            update(jobs)
            .where(jobs.c.owner == owner, jobs.c.state == JobState.LEASED)
            .values(state=JobState.QUEUED, **_FREE)
        ).rowcount

    # --- for sweepers

    def owners(self) -> set[str]:
        """Everybody who holds a lease now."""
        return set(
            self._connection.execute(
                select(jobs.c.owner).where(jobs.c.state.in_((JobState.LEASED, JobState.RUNNING))).distinct()
            ).scalars()
        )

    def sweep(self, *, max_attempts: int, gone: Collection[str] = ()) -> Swept:
        """Takes back leases that ran out, and at once those of owners known to be `gone`.

        What somebody else has locked just now is left to the next sweep.
        """
        lost = self._connection.execute(
            select(jobs.c.id, jobs.c.article_id, jobs.c.version, jobs.c.attempt, jobs.c.owner, jobs.c.state)
            .where(
                jobs.c.state.in_((JobState.LEASED, JobState.RUNNING)),
                or_(jobs.c.lease_until < database_now(), jobs.c.owner.in_(tuple(gone))),
            )
            .order_by(jobs.c.article_id, jobs.c.id)
            .limit(SWEPT_AT_ONCE)
        ).all()
        requeued = deaths = failed = 0
        for row in lost:
            if not self._lock_article(row.article_id, wait=False):
                continue
            job = LeasedJob(
                id=row.id, article_id=row.article_id, version=row.version, attempt=row.attempt, owner=row.owner
            )
            if row.state == JobState.LEASED:
                requeued += self._update_held(job, JobState.LEASED, **_FREE, state=JobState.QUEUED)
            elif self._count_death(job, given_up=job.attempt >= max_attempts):
                deaths += 1
                failed += job.attempt >= max_attempts
        return Swept(requeued=requeued, deaths=deaths, failed=failed)

    def _count_death(self, job: LeasedJob, *, given_up: bool) -> bool:
        reason = f"The worker died while reading this article, at attempt {job.attempt}."
        counted = self._update_held(
            job,
            JobState.RUNNING,
            **_FREE,
            state=JobState.FAILED if given_up else JobState.QUEUED,
            deaths=jobs.c.deaths + 1,
            alone=True,
            reason=reason,
            queued_at=database_now(),
        )
        if counted:
            self._mark_after(job.article_id, job.version, given_up=given_up, reason=reason)
        return counted

    # --- shared

    def _update_held(self, job: LeasedJob, held_as: JobState, **values: object) -> bool:
        self._lock_article(job.article_id)
        changed = self._connection.execute(
            update(jobs)
            .where(
                jobs.c.id == job.id,
                jobs.c.attempt == job.attempt,
                jobs.c.state == held_as,
                jobs.c.owner == job.owner,
            )
            .values(**values)
        ).rowcount
        return changed == 1

    def _lock_article(self, article_id: str, *, wait: bool = True) -> bool:
        """Everybody locks the article before its job, so that nobody waits in a circle."""
        found = self._connection.execute(
            select(articles.c.id).where(articles.c.id == article_id).with_for_update(skip_locked=not wait)
        ).scalar_one_or_none()
        return found is not None

    def _begin_again(self, chosen: ColumnElement[bool], *, queued_at: object) -> None:
        self._connection.execute(
            update(jobs)
            .where(chosen)
            .values(
                state=JobState.QUEUED,
                attempt=0,
                deaths=0,
                **_FREE,
                alone=jobs.c.deaths > 0,
                reason=None,
                queued_at=queued_at,
                **self._cause,
            )
        )

    def _mark_after(self, article_id: str, version: int, *, given_up: bool, reason: str) -> None:
        if given_up:
            self._mark(article_id, version, "failed", whence=("queued", "processing"), error=reason)
        else:
            self._mark(article_id, version, "queued", whence=("processing",))

    def _mark(
        self, article_id: str, version: int, status: str, *, whence: tuple[str, ...], error: str | None = None
    ) -> None:
        """Sets the status that readers see, unless the article has meanwhile gone another way."""
        current = self._connection.execute(
            update(articles)
            .where(articles.c.id == article_id, articles.c.current_version == version, articles.c.status.in_(whence))
            .values(status=status)
        ).rowcount
        if current:
            self._connection.execute(
                update(article_versions)
                .where(article_versions.c.article_id == article_id, article_versions.c.version == version)
                .values(status=status, error=error, finished_at=database_now() if status == "failed" else None)
            )
