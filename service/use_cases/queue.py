"""How much waits to be read, and for how long."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from service.storage.queue import jobs_by_state
from service.storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """Jobs by state, those that are done left out; and the age of the one queued longest."""

    jobs: Mapping[str, int]
    oldest_queued_s: float


def queue_state(work: UnitOfWork, *, now: datetime) -> QueueState:
    return QueueState(jobs=jobs_by_state(work.connection), oldest_queued_s=oldest_queued_s(work, now=now))


def oldest_queued_s(work: UnitOfWork, *, now: datetime) -> float:
    """For how long the job that was queued first has waited; 0 when nothing is queued."""
    oldest = work.jobs.oldest_queued_at()
    return max(0.0, (now - oldest).total_seconds()) if oldest else 0.0
