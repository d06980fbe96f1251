"""A Postgres that takes everything and answers nothing: nobody waits for it for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import pytest
from sqlalchemy import Engine, QueuePool, text

from service.domain.errors import StorageInDoubtError, StorageUnavailableError
from service.settings import Settings
from service.storage import postgres
from service.storage.engine import create_engine
from service.storage.migrate import upgrade_engine
from service.storage.postgres import waiting_for_ever
from service.storage.unit_of_work import UnitOfWork
from tests.e2e.link import Link

pytestmark = pytest.mark.service


@pytest.fixture
def link(migrated_postgres: str) -> Iterator[Link]:
    opened = Link(migrated_postgres)
    yield opened
    opened.close()


@pytest.fixture
def engine(link: Link, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setattr(postgres, "GRACE_S", 0.2)
    monkeypatch.setattr(postgres, "PING_S", 0.2)
    monkeypatch.setattr(postgres, "CONNECT_S", 2)
    engine = create_engine(Settings(database_url=link.url, statement_timeout_s=0.3))
    yield engine
    engine.dispose()


def ask(engine: Engine) -> int | None:
    with UnitOfWork(engine) as work:
        one: int | None = work.connection.scalar(text("SELECT 1"))
        return one


def test_a_connection_that_falls_silent_is_given_up_and_the_next_one_works(engine: Engine, link: Link) -> None:
    def ask_in_vain() -> None:
        with UnitOfWork(engine) as work:
            link.stall()
            work.connection.scalar(text("SELECT 1"))

    with pytest.raises(StorageUnavailableError):
        ask_in_vain()
    link.mend()
    assert ask(engine) == 1


def test_a_pooled_connection_that_fell_silent_is_not_waited_for(engine: Engine, link: Link) -> None:
    assert ask(engine) == 1
    link.stall()
    with pytest.raises(StorageUnavailableError):
        ask(engine)
    link.mend()
    assert ask(engine) == 1


def test_a_commit_that_is_not_answered_is_in_doubt(engine: Engine, link: Link) -> None:
    with UnitOfWork(engine) as work:
        work.connection.execute(text("UPDATE desks SET revision = revision"))
        link.stall()
        with pytest.raises(StorageInDoubtError):
            work.commit()
    link.mend()


def test_what_was_read_is_kept_when_the_line_falls_silent_after_it(engine: Engine, link: Link) -> None:
    with UnitOfWork.reading(engine) as work:
        assert work.connection.scalar(text("SELECT 1")) == 1
        link.stall()
    assert cast("QueuePool", engine.pool).checkedout() == 0
    link.mend()
    assert ask(engine) == 1


def test_what_may_take_for_ever_is_waited_for(engine: Engine) -> None:
    with engine.connect() as connection, waiting_for_ever(connection):
        connection.execute(text("SET statement_timeout = 0"))
        connection.execute(text("SELECT pg_sleep(1)"))
    assert ask(engine) == 1


def test_a_migration_waits_for_ever(engine: Engine) -> None:
    assert upgrade_engine(engine)
