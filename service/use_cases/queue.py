"""How much waits to be read, for how long, and what came of the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.domain.tallies import Counts
from service.storage.queue import jobs_by_state, overdue
from service.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """`jobs` by state, those that are done left out; `overdue` leases ran out and were not taken back.

    `counts` are of all that was done since the register was made.
    """

    jobs: Mapping[str, int]
    oldest_queued_s: float
    overdue: int
    counts: Counts


def queue_state(work: UnitOfWork, *, now: datetime) -> QueueState:
    return QueueState(
        jobs=jobs_by_state(work.connection),
        oldest_queued_s=oldest_queued_s(work, now=now),
        overdue=overdue(work.connection),
        counts=work.tallies.read(),
    )


def oldest_queued_s(work: UnitOfWork, *, now: datetime) -> float:
    """For how long the job that was queued first has waited; 0 when nothing is queued."""
    oldest = work.jobs.oldest_queued_at()
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
