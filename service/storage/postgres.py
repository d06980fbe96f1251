"""Connections to Postgres that give up on a server that no longer answers.

The server ends its own statements (statement_timeout), and the kernel notices a peer that is gone. Neither helps where
something between takes all that is sent and hands nothing on: a request would wait for ever, and with it its thread.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, Self, TypeVar, cast

import psycopg
from psycopg.abc import PQGen
from sqlalchemy import Connection, Engine, event

T = TypeVar("T")

CONNECT_S: Final = 5
PING_S: Final = 5.0
"""A connection that lay in the pool has to answer within so long, or is taken for dead."""
GRACE_S: Final = 5.0
"""Beyond the time that a statement may take, for the answer to arrive."""
ALIVE: Final = {
    # The kernel asks a silent peer three times, and gives up on what it did not acknowledge.
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}


class NoAnswerError(psycopg.OperationalError):
    """The server did not answer in time; the connection is closed, and what it was doing may have been done."""


class PatientConnection(psycopg.Connection[Any]):
    """`patience_s` is how long any one answer may take; None waits for ever."""

    patience_s: float | None = None

    def wait(self, gen: PQGen[T], *args: Any, **options: Any) -> T:
        if self.patience_s is None:
            return super().wait(gen, *args, **options)
        return super().wait(self._bounded(gen, self.patience_s), *args, **options)

    @contextmanager
    def patient(self, seconds: float | None) -> Iterator[Self]:
        before, self.patience_s = self.patience_s, seconds
        try:
            yield self
        finally:
            self.patience_s = before

    def _bounded(self, gen: PQGen[T], patience_s: float) -> PQGen[T]:
        until = time.monotonic() + patience_s
        try:
            wanted = next(gen)
            while True:
                # Every tenth of a second the driver says that nothing has come.
                ready = yield wanted
                if not ready and time.monotonic() > until:
                    self.pgconn.finish()
                    raise NoAnswerError(f"Postgres did not answer within {patience_s:g} seconds.")
                wanted = gen.send(ready)
        except StopIteration as done:
            return cast("T", done.value)


def give_up_on_silence(engine: Engine, *, patience_s: float) -> None:
    """Has the engine make such connections, and look at pooled ones no longer than PING_S."""
    ping = engine.dialect.do_ping

    @event.listens_for(engine, "do_connect")
    def _connect(_dialect: object, _record: object, arguments: Any, options: Any) -> PatientConnection:
        connection = PatientConnection.connect(*arguments, **options)
        connection.patience_s = patience_s
        return connection

    def do_ping(connection: Any) -> bool:
        with connection.patient(PING_S):
            return bool(ping(connection))

    engine.dialect.do_ping = do_ping  # type: ignore[assignment, method-assign]


@contextmanager
def waiting_for_ever(connection: Connection) -> Iterator[None]:
    """For statements that may take as long as they take: an index on a large table."""
    driver = connection.connection.driver_connection
    if isinstance(driver, PatientConnection):
        with driver.patient(None):
            yield
    else:
        yield
