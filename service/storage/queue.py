"""How the queue is doing, for whoever watches it. What workers do with it is in jobs.py."""

from __future__ import annotations

from sqlalchemy import Connection, func, select

from service.storage.jobs import JobState
from service.storage.tables import jobs
from service.storage.types import database_now

HELD = (JobState.LEASED, JobState.RUNNING)
WATCHED = (JobState.QUEUED, JobState.LEASED, JobState.RUNNING, JobState.FAILED)
"""Jobs that are done are left out: they are all the others, and counting them would read them all."""


def jobs_by_state(connection: Connection) -> dict[str, int]:
    """How many jobs there are in each watched state, zeros included."""
    rows = connection.execute(
        select(jobs.c.state, func.count()).where(jobs.c.state.in_(WATCHED)).group_by(jobs.c.state)
    )
    return {state.value: 0 for state in WATCHED} | {row[0]: row[1] for row in rows}


def overdue(connection: Connection) -> int:
    """Jobs that somebody holds whose lease has run out: sweepers take them back at once where there are any."""
    held = select(func.count()).where(jobs.c.state.in_(HELD), jobs.c.lease_until < database_now())
    return connection.execute(held).scalar_one()
