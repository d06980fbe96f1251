"""Where the service under test keeps its data: files always, real servers where MUSTER_TEST_* names them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

DATABASE = "muster_bench"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backing:
    """One choice of database and broker; `settings` are environment variables of the service."""

    label: str
    settings: dict[str, str]


@contextmanager
def embedded() -> Iterator[Backing]:
    """SQLite and the folder broker, in a folder that goes away."""
    with TemporaryDirectory(prefix="muster-bench-") as folder:
        yield Backing(label="SQLite, folder", settings={"MUSTER_DATA_DIR": str(Path(folder) / "data")})


@contextmanager
def servers() -> Iterator[Backing | None]:
    """A database of its own in the Postgres named, and the Redis named; None where either is not named."""
    database, broker = os.environ.get("MUSTER_TEST_POSTGRES_URL"), os.environ.get("MUSTER_TEST_REDIS_URL")
    if not database or not broker:
        yield None
        return
    _recreate(database)
    with TemporaryDirectory(prefix="muster-bench-") as folder:
        settings = {
            "MUSTER_DATA_DIR": folder,
            "MUSTER_DATABASE_URL": _named(database),
            "MUSTER_BROKER_URL": broker,
        }
        try:
            yield Backing(label="Postgres, Redis", settings=settings)
        finally:
            _drop(database)


def _named(url: str) -> str:
    return make_url(url).set(database=DATABASE).render_as_string(hide_password=False)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _recreate(url: str) -> None:
    _drop(url)
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))


def _drop(url: str) -> None:
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
