"""Brings a database to the newest schema. Safe to run from several processes at once."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import SQLAlchemyError

from service.domain.errors import StorageUnavailableError
from service.settings import Settings
from service.storage.engine import READ_ONLY, create_engine
from service.storage.postgres import waiting_for_ever

MIGRATIONS = Path(__file__).parent / "migrations"
LOCK = 0x6D757374
"""Postgres advisory lock held while migrating ("must"); on SQLite BEGIN IMMEDIATE serves."""


def upgrade(settings: Settings) -> str | None:
    """Returns the revision reached. Raises the driver's errors when the database can't be reached."""
    engine = create_engine(settings)
    try:
        return upgrade_engine(engine)
    finally:
        engine.dispose()


def upgrade_engine(engine: Engine) -> str | None:
    with engine.begin() as connection, waiting_for_ever(connection):
        if connection.dialect.name == "postgresql":
            # Indexing a large table may take longer than any request is given.
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        command.upgrade(_config(connection), "head")
        return _current(connection)


def current_revision(engine: Engine) -> str | None:
    """None for a database without Muster's tables."""
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        return _current(connection)


def head_revision() -> str | None:
    """What this code needs."""
    return ScriptDirectory(str(MIGRATIONS)).get_current_head()


class Schema:
    """The migration of one database, for callers that ask before any unit of work can begin."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def current(self) -> str | None:
        """None for a database without Muster's tables. Raises StorageUnavailableError however it fails to answer."""
        try:
            return current_revision(self._engine)
        except SQLAlchemyError as error:
            raise StorageUnavailableError("The database does not answer.") from error

    def needed(self) -> str | None:
        return head_revision()


def _current(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
