"""Registers on SQLite and on Postgres, each in a database of its own."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy.engine import make_url

from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.migrate import upgrade_engine
from tests.integration.worker.extractors import NAMES
from tests.integration.worker.register import Register


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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/muster.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[Register]:
    """Nobody reads its articles but the test."""
    settings = Settings(data_dir=tmp_path, database_url=database_url, extractor_factory=f"{NAMES}:scripted")
    with open_register(settings) as opened:
        yield opened
