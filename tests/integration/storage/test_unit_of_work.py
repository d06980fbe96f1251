"""A unit of work keeps what was committed, nothing else, and says in one way that the database is away."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError, OperationalError

from service.domain.errors import StorageInDoubtError, StorageUnavailableError
from service.domain.register import Submission
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.migrate import Schema
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.health import readiness
from service.use_cases.submit import submit_article
from tests.integration.storage.building import DESK, NOW, submit


def test_leaving_without_commit_rolls_back(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        work.connection.execute(text("UPDATE desks SET revision = 7"))
    with UnitOfWork.reading(engine) as work:
        assert work.claims.revision(desk=DESK) == 0


def test_commit_keeps(engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        work.connection.execute(text("UPDATE desks SET revision = 7"))
        work.commit()
    with UnitOfWork.reading(engine) as work:
        assert work.claims.revision(desk=DESK) == 7


def test_an_error_rolls_back_and_passes(engine: Engine) -> None:
    def fail() -> None:
        with UnitOfWork(engine) as work:
            work.connection.execute(text("UPDATE desks SET revision = 7"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with UnitOfWork.reading(engine) as work:
        assert work.claims.revision(desk=DESK) == 0


def test_readers_wait_for_no_writer(engine: Engine) -> None:
    with UnitOfWork(engine) as writing:
        writing.connection.execute(text("UPDATE desks SET revision = 7"))
        with UnitOfWork.reading(engine) as work:
            assert work.claims.revision(desk=DESK) == 0


def test_sqlite_promises_what_202_promises(tmp_path: Path) -> None:
    engine = create_engine(Settings(database_url=f"sqlite:///{tmp_path}/muster.db"))
    with engine.connect() as connection:
        assert connection.scalar(text("PRAGMA journal_mode")) == "wal"
        assert connection.scalar(text("PRAGMA synchronous")) == 2
        assert connection.scalar(text("PRAGMA foreign_keys")) == 1
    engine.dispose()


def test_a_locked_sqlite_is_unavailable(tmp_path: Path) -> None:
    path = tmp_path / "muster.db"
    engine = create_engine(Settings(database_url=f"sqlite:///{path}", statement_timeout_s=0.01))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageUnavailableError), UnitOfWork(engine):
        pytest.fail("the lock was not taken")
    other.close()
    engine.dispose()


def test_a_database_that_is_nowhere_is_unavailable_and_not_ready() -> None:
    engine = create_engine(Settings(database_url="postgresql+psycopg://nobody@127.0.0.1:1/none"))
    with pytest.raises(StorageUnavailableError), UnitOfWork(engine):
        pytest.fail("there is a database at port 1")
    assert not readiness(Schema(engine)).ready
    assert not readiness(Schema(engine)).database
    engine.dispose()


@pytest.mark.service
def test_a_lost_connection_is_unavailable_and_the_next_one_works(migrated_postgres: str) -> None:
    engine = create_engine(Settings(database_url=migrated_postgres))

    def submit_on_a_lost_connection() -> None:
        with UnitOfWork(engine) as work:
            pid = work.connection.scalar(text("SELECT pg_backend_pid()"))
            with engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            submit_article(work, Submission(text="Some text."), desk=DESK, now=NOW)

    with pytest.raises(StorageUnavailableError):
        submit_on_a_lost_connection()
    submit(engine, "Other text.")
    engine.dispose()


@pytest.mark.service
def test_a_connection_lost_at_commit_leaves_in_doubt_what_was_kept(migrated_postgres: str) -> None:
    engine = create_engine(Settings(database_url=migrated_postgres))
    with UnitOfWork(engine) as work:
        work.connection.execute(text("UPDATE desks SET revision = revision"))
        with engine.connect() as other:
            pid = work.connection.scalar(text("SELECT pg_backend_pid()"))
            other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
        with pytest.raises(StorageInDoubtError):
            work.commit()
    engine.dispose()


@pytest.mark.service
def test_a_commit_that_is_refused_leaves_nothing_in_doubt(migrated_postgres: str) -> None:
    engine = create_engine(Settings(database_url=migrated_postgres))
    with UnitOfWork(engine) as work:
        work.connection.execute(text("CREATE TEMPORARY TABLE once (n int UNIQUE DEFERRABLE INITIALLY DEFERRED)"))
        work.connection.execute(text("INSERT INTO once VALUES (1), (1)"))
        with pytest.raises(IntegrityError):
            work.commit()
    engine.dispose()


def test_now_is_the_time_of_the_database_with_its_zone(engine: Engine) -> None:
    with UnitOfWork.reading(engine) as work:
        first, second = work.now(), work.now()
    assert first.tzinfo is not None
    assert first <= second


@pytest.mark.service
def test_a_statement_that_takes_too_long_is_unavailable(migrated_postgres: str) -> None:
    engine = create_engine(Settings(database_url=migrated_postgres, statement_timeout_s=0.05))
    with pytest.raises(StorageUnavailableError), UnitOfWork(engine) as work:
        work.connection.execute(text("SELECT pg_sleep(20)"))
    engine.dispose()


def test_a_fault_of_ours_is_not_called_unavailable(tmp_path: Path) -> None:
    engine = create_engine(Settings(database_url=f"sqlite:///{tmp_path}/muster.db"))
    with pytest.raises(OperationalError), UnitOfWork(engine) as work:
        work.connection.execute(text("SELECT * FROM no_such_table"))
    engine.dispose()


def test_readiness_wants_the_newest_migration(engine: Engine, tmp_path: Path) -> None:
    assert readiness(Schema(engine)).ready
    empty = create_engine(Settings(database_url=f"sqlite:///{tmp_path}/empty.db"))
    assert (readiness(Schema(empty)).database, readiness(Schema(empty)).ready) == (True, False)
    empty.dispose()


def test_readiness_of_a_file_that_is_no_database_is_told_and_not_raised(tmp_path: Path) -> None:
    (tmp_path / "muster.db").write_bytes(b"not a database, however one looks at it" * 100)
    broken = create_engine(Settings(database_url=f"sqlite:///{tmp_path}/muster.db"))
    assert (readiness(Schema(broken)).database, readiness(Schema(broken)).ready) == (False, False)
    broken.dispose()
