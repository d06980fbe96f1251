"""One transaction: repositories in, commit() to keep; leaving always rolls back."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from datetime import datetime
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError

from service.domain.causes import UNKNOWN, Cause
from service.domain.errors import StorageInDoubtError, StorageUnavailableError
from service.storage.articles import Articles
from service.storage.audit import Audit
from service.storage.changes import Changes
from service.storage.claims import Claims
from service.storage.desks import Desks
from service.storage.engine import READ_ONLY
from service.storage.jobs import Jobs
from service.storage.keys import Keys
from service.storage.purges import Purges
from service.storage.reviews import Reviews
from service.storage.stories import Stories
from service.storage.tallies import Tallies
from service.storage.types import database_now


class UnitOfWork:
    """`with UnitOfWork(engine) as work: ...; work.commit()`.

    Raises StorageUnavailableError when the database can't be reached, is locked for too long, or
    gives up on a statement; nothing is kept then. Where the connection was lost during commit() it
    is StorageInDoubtError, and what was written may be kept or not.
    """

    connection: Connection
    articles: Articles
    claims: Claims
    changes: Changes
    jobs: Jobs
    keys: Keys
    desks: Desks
    audit: Audit
    purges: Purges
    stories: Stories
    reviews: Reviews
    tallies: Tallies

    def __init__(self, engine: Engine, *, read_only: bool = False, cause: Cause = UNKNOWN) -> None:
        """`cause` is what the jobs queued here say that they were queued for."""
        self._engine = engine
        self._cause = cause
        self._read_only = read_only

    @classmethod
    def reading(cls, engine: Engine) -> Self:
        """For queries: on SQLite it waits for no writer."""
        return cls(engine, read_only=True)

    def __enter__(self) -> Self:
        try:
            connection = self._engine.connect()
            try:
                if self._read_only:
                    connection = connection.execution_options(**{READ_ONLY: True})
                connection.begin()
            except BaseException:
                connection.close()
                raise
        except Exception as error:
            _raise_unavailable(error)
            raise
        self.connection = connection
        self.articles = Articles(connection)
        self.claims = Claims(connection)
        self.changes = Changes(connection)
        self.jobs = Jobs(connection, cause=self._cause)
        self.keys = Keys(connection)
        self.desks = Desks(connection)
        self.audit = Audit(connection)
        self.purges = Purges(connection)
        self.stories = Stories(connection)
        self.reviews = Reviews(connection)
        self.tallies = Tallies(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        # close() rolls back what was not committed. Where the connection is gone, so is all of that; what was
        # read has been read.
        with suppress(DBAPIError):
            self.connection.close()
        if error is not None:
            _raise_unavailable(error)

    def commit(self) -> None:
        """Keeps everything done so far; the unit of work can be used for nothing more."""
        try:
            self.connection.commit()
        except DBAPIError as error:
            if _is_unavailable(error) and not _is_refused(error):
                doubt = (
                    "The database went away while it was storing this, which may be kept or not; please send it again."
                )
                raise StorageInDoubtError(doubt) from error
            raise

    def now(self) -> datetime:
        """The database's clock, which is the same for all who write to it."""
        return self.connection.execute(select(database_now())).scalar_one()

    def commit_erasure(self) -> None:
        """As commit(); on SQLite also rids the log beside the file of the pages that held what was erased."""
        self.commit()
        if self.connection.dialect.name == "sqlite":
            # Readers of this moment may hold it back; the next checkpoint does it then.
            driver = self.connection.connection.dbapi_connection
            if driver is not None:
                driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _raise_unavailable(error: BaseException) -> None:
    if _is_unavailable(error):
        raise StorageUnavailableError("The database can't be reached now; please try again.") from error


_GONE = ("57P", "08")
"""SQLSTATE classes of a server that is shutting down and of a connection that broke."""


def _is_refused(error: DBAPIError) -> bool:
    """Whether a commit failed for certain: the database said no, and did not just fall silent."""
    if isinstance(error.orig, sqlite3.Error):
        # What could not be written whole is not read; only a failed flush leaves it open whether it reached the disk.
        return getattr(error.orig, "sqlite_errorcode", None) != sqlite3.SQLITE_IOERR_FSYNC
    state = getattr(error.orig, "sqlstate", None)
    return state is not None and not state.startswith(_GONE)


_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
}


def _is_unavailable(error: BaseException) -> bool:
    if isinstance(error, PoolTimeoutError):
        return True
    if isinstance(error, DBAPIError) and isinstance(error.orig, sqlite3.Error):
        # The low byte is the primary code; a missing table, say, is a fault of ours and stays one.
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _SQLITE_AWAY
    if isinstance(error, DBAPIError) and error.connection_invalidated:
        return True
    return isinstance(error, (OperationalError, InterfaceError))
