"""Where the service under test keeps its data: files always, real servers where MUSTER_TEST_* names them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

from bench.report import RESULTS

DATABASE = "muster_bench"
SCALE_DATABASE = "muster_scale"


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


@contextmanager
def kept(store: str, *, keep: bool) -> Iterator[Backing]:
    """An SQLite file among the results, or a database in the Postgres named; with `keep` it is left, and found again.

    Raises LookupError where no Postgres is named.
    """
    RESULTS.mkdir(exist_ok=True)
    if store == "sqlite":
        path = RESULTS / "scale.db"
        files = [path, *(path.with_name(path.name + end) for end in ("-wal", "-shm"))]
        settings = {"MUSTER_DATA_DIR": str(RESULTS), "MUSTER_DATABASE_URL": f"sqlite:///{path}"}
        clear = partial(_remove, files)
    else:
        url = os.environ.get("MUSTER_TEST_POSTGRES_URL")
        if not url:
            raise LookupError("MUSTER_TEST_POSTGRES_URL names no Postgres to measure on.")
        settings = {"MUSTER_DATA_DIR": str(RESULTS), "MUSTER_DATABASE_URL": _named(url, SCALE_DATABASE)}
        clear = partial(_drop, url, SCALE_DATABASE)
        if keep:
            _create(url, SCALE_DATABASE)
        else:
            _recreate(url, SCALE_DATABASE)
    if not keep and store == "sqlite":
        clear()
    try:
        yield Backing(label=store, settings=settings)
    finally:
        if not keep:
            clear()


def _remove(files: Sequence[Path]) -> None:
    for file in files:
        file.unlink(missing_ok=True)


def _named(url: str, name: str = DATABASE) -> str:
    return make_url(url).set(database=name).render_as_string(hide_password=False)


def _plain(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def _recreate(url: str, name: str = DATABASE) -> None:
    _drop(url, name)
    _create(url, name)


def _create(url: str, name: str) -> None:
    """Where it is not there already."""
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        if connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))


def _drop(url: str, name: str = DATABASE) -> None:
    with psycopg.connect(_plain(url), autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
