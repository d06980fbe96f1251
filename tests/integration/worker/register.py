"""A register for tests: a migrated database, and what it holds."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Engine, Row, func, select, update
from sqlalchemy.engine import make_url

from service.domain.register import ArticleView, Submission
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.jobs import JobState
from service.storage.migrate import upgrade_engine
from service.storage.tables import STANDING, change_log, claims, jobs
from service.storage.types import database_after
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import get_article, submit_article

ROOT = Path(__file__).parents[3]
DESK = "default"
PATIENCE_S = 90.0
"""Nothing takes so long; a machine that is busy with other things may."""


@dataclass(frozen=True)
class Register:
    settings: Settings
    engine: Engine

    def open(self) -> UnitOfWork:
        return UnitOfWork(self.engine)

    def read(self) -> UnitOfWork:
        return UnitOfWork.reading(self.engine)

    def submit(self, *texts: str) -> list[str]:
        ids = []
        for text in texts:
            with self.open() as work:
                ids.append(submit_article(work, Submission(text=text), desk=DESK, now=datetime.now(UTC)).article.id)
        return ids

    def article(self, id_: str) -> ArticleView:
        with self.read() as work:
            return get_article(work, id_, desk=DESK)

    def status(self, *ids: str) -> list[str]:
        return [self.article(id_).status.value for id_ in ids]

    def job(self, id_: str) -> Row[Any]:
        with self.read() as work:
            return work.connection.execute(select(jobs).where(jobs.c.article_id == id_)).one()

    def claims_of(self, id_: str) -> int:
        """Claim rows ever written for an article, ended ones included."""
        with self.read() as work:
            return work.connection.scalar(select(func.count()).where(claims.c.article_id == id_)) or 0

    def standing_claims_of(self, id_: str) -> int:
        with self.read() as work:
            return (
                work.connection.scalar(
                    select(func.count()).where(claims.c.article_id == id_, claims.c.ended_revision == STANDING)
                )
                or 0
            )

    def times_done(self, id_: str) -> int:
        """How often a reading of this article was kept."""
        with self.read() as work:
            return (
                work.connection.scalar(
                    select(func.count()).where(change_log.c.article_id == id_, change_log.c.kind == "article_done")
                )
                or 0
            )

    def done_count(self) -> int:
        with self.read() as work:
            return work.connection.scalar(select(func.count()).where(jobs.c.state == JobState.DONE)) or 0

    def expire_leases(self) -> None:
        """Lets all leases have run out a second ago."""
        with self.open() as work:
            work.connection.execute(
                update(jobs).where(jobs.c.lease_until.is_not(None)).values(lease_until=database_after(-1.0))
            )
            work.commit()


def wait_for(what: Callable[[], bool], *, why: str) -> None:
    """Looks again and again, patiently; no test depends on how long it takes."""
    until = time.monotonic() + PATIENCE_S
    while not what():
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain: {why}")
        time.sleep(0.05)


@contextmanager
def open_register(settings: Settings) -> Iterator[Register]:
    engine = create_engine(settings)
    try:
        upgrade_engine(engine)
        yield Register(settings=settings, engine=engine)
    finally:
        engine.dispose()


@contextmanager
def postgres_database(url: str) -> Iterator[str]:
    """An empty database beside the one at `url`."""
    name = f"muster_{uuid.uuid4().hex[:12]}"
    server = sqlalchemy.create_engine(
        make_url(url).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=sqlalchemy.NullPool
    )
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield make_url(url).set(drivername="postgresql+psycopg", database=name).render_as_string(hide_password=False)
    finally:
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {name} WITH (FORCE)")
        server.dispose()
