"""One engine per process, set up so that what was promised is on disk and writers take turns."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path
from typing import Any

import sqlalchemy
from sqlalchemy import Connection, Engine, event
from sqlalchemy.engine import ExceptionContext, make_url

from service.settings import Settings
from service.storage import postgres

READ_ONLY = "muster_read_only"
"""Execution option of connections that only read."""

_TURN_S = 0.02
_SORTING_MB = 64


def create_engine(settings: Settings) -> Engine:
    """Connects to nothing yet. Makes the folder of an SQLite file."""
    url = make_url(settings.database_url)
    if url.get_backend_name() == "sqlite":
        if url.database and url.database != ":memory:":
            Path(url.database).expanduser().parent.mkdir(parents=True, exist_ok=True)
        return sqlite_engine(
            settings.database_url, wait_s=settings.statement_timeout_s, pool_size=settings.threads, max_overflow=4
        )
    timeout_ms = int(settings.statement_timeout_s * 1000)
    # What the address itself sets comes last and so wins.
    options = (
        f"-c statement_timeout={timeout_ms} -c idle_in_transaction_session_timeout={2 * timeout_ms}"
        # Compiling a query takes longer than any of these takes to run.
        f" -c jit=off -c timezone=UTC {url.normalized_query.get('options', ('',))[0]}"
    )
    engine = sqlalchemy.create_engine(
        url,
        hide_parameters=True,
        pool_pre_ping=True,
        pool_size=settings.threads,
        max_overflow=4,
        pool_timeout=settings.statement_timeout_s,
        connect_args={
            "connect_timeout": postgres.CONNECT_S,
            "application_name": "muster",
            "options": options,
            **postgres.ALIVE,
        },
    )
    _keep_statements_quiet(engine)
    postgres.give_up_on_silence(engine, patience_s=settings.statement_timeout_s + postgres.GRACE_S)
    return engine


def room_to_sort(connection: Connection) -> None:
    """Until the transaction ends, what is grouped and sorted may take more memory than Postgres usually gives."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SET LOCAL work_mem = '{_SORTING_MB}MB'")


def sqlite_engine(url: str, *, wait_s: float, **options: Any) -> Engine:
    """An engine whose transactions begin at once: IMMEDIATE to write, deferred where READ_ONLY is set."""
    engine = sqlalchemy.create_engine(
        url, hide_parameters=True, connect_args={"timeout": wait_s, "check_same_thread": False}, **options
    )
    _keep_statements_quiet(engine)

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        # The driver must not begin transactions of its own; _begin below does.
        connection.isolation_level = None
        for pragma in (
            f"busy_timeout={int(wait_s * 1000)}",
            "synchronous=FULL",
            "foreign_keys=ON",
            # What is deleted is overwritten, since some of it is erased for legal reasons.
            "secure_delete=ON",
            "temp_store=MEMORY",
            "cache_size=-32000",
        ):
            connection.execute(f"PRAGMA {pragma}")
        _write_ahead(connection, wait_s)

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        read_only = connection.get_execution_options().get(READ_ONLY, False)
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    return engine


def _keep_statements_quiet(engine: Engine) -> None:
    """Takes the statement out of errors, so that none gets into a log with what it was about."""

    @event.listens_for(engine, "handle_error")
    def _forget(context: ExceptionContext) -> None:
        if context.sqlalchemy_exception is not None:
            context.sqlalchemy_exception.statement = None
            context.sqlalchemy_exception.params = None


def _write_ahead(connection: sqlite3.Connection, wait_s: float) -> None:
    """Sets WAL, which the file keeps. SQLite makes nobody wait for it, so of several at once all but one ask again."""
    until = time.monotonic() + wait_s
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() >= until:
                raise
            time.sleep(_TURN_S)
        else:
            return
