"""What the register counts of its work: kept in the database, in the transaction of what is counted.

So the figures are right with any number of workers, survive all of them, and count nothing twice that was kept once.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from enum import StrEnum
from typing import Final, TypeAlias


class Tally(StrEnum):
    """Each is counted by a label of a closed list, told beside it."""

    ATTEMPTS = "attempts"
    """Readings that ended: ATTEMPT_OUTCOMES."""
    FINISHED = "finished"
    """Versions of articles that are not to be read any more: FINISHED_RESULTS."""
    FAILURES = "failures"
    """Attempts that failed: Reason."""
    EXPIRED = "expired"
    """Leases taken back since they ran out or their holder was gone, by the job's state: EXPIRED_STATES."""
    CLAIMS = "claims"
    """Claims that readings gave; no label."""
    SECONDS = "seconds"
    """Readings by the least of BOUNDS_S that they took no longer than, as written by bound(); not cumulative."""
    SECONDS_SUM = "seconds_sum"
    """Seconds spent on them all; no label."""


class Reason(StrEnum):
    """Why an attempt failed."""

    TIME = "time"
    MEMORY = "memory"
    ERROR = "error"
    DATABASE = "database"
    DEATH = "death"


ATTEMPT_OUTCOMES: Final = ("done", "again", "failed")
FINISHED_RESULTS: Final = ("done", "failed", "superseded")
EXPIRED_STATES: Final = ("leased", "running")
BOUNDS_S: Final = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

Counts: TypeAlias = Mapping[tuple[Tally, str], float]
"""By tally and label; "" where it has none."""


def bound(seconds: float) -> str:
    """The label of Tally.SECONDS: "+Inf" past the last of BOUNDS_S."""
    place = bisect_left(BOUNDS_S, seconds)
    return str(BOUNDS_S[place]) if place < len(BOUNDS_S) else "+Inf"


def of_reading(*, seconds: float, claims: int) -> Counts:
    """An article was read and what it gave was kept."""
    return {
        (Tally.ATTEMPTS, "done"): 1,
        (Tally.FINISHED, "done"): 1,
        (Tally.CLAIMS, ""): claims,
        (Tally.SECONDS, bound(seconds)): 1,
        (Tally.SECONDS_SUM, ""): seconds,
    }


def of_superseded() -> Counts:
    """A version had been replaced or retracted before it was read."""
    return {(Tally.ATTEMPTS, "done"): 1, (Tally.FINISHED, "superseded"): 1}


def of_failures(reason: Reason, *, again: int, given_up: int) -> Counts:
    """So many attempts failed, and were put back or were the last."""
    return {
        (Tally.ATTEMPTS, "again"): again,
        (Tally.ATTEMPTS, "failed"): given_up,
        (Tally.FINISHED, "failed"): given_up,
        (Tally.FAILURES, reason.value): again + given_up,
    }


def of_sweep(*, requeued: int, deaths: int, given_up: int) -> Counts:
    """Leases taken back: of jobs that nobody had begun, of such that died, and how many of these for good."""
    return {
        **of_failures(Reason.DEATH, again=deaths - given_up, given_up=given_up),
        (Tally.EXPIRED, "leased"): requeued,
        (Tally.EXPIRED, "running"): deaths,
    }
