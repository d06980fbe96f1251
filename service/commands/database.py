"""The register itself, for commands that work on it beside a running service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from service.commands.exits import UNREACHABLE, fail
from service.settings import Settings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from service.storage.unit_of_work import UnitOfWork


def settings_from_environment() -> Settings:
    """Settings from what the main command took for the environment."""
    environment = click.get_current_context().find_root().obj or {}
    return Settings.from_env(environment)


@contextmanager
def open_register(settings: Settings) -> Iterator[Engine]:
    """Its database. Exits with a sentence where there is none, or none that is set up for this version."""
    from sqlalchemy.engine import make_url

    from service.storage.engine import create_engine
    from service.storage.migrate import Schema
    from service.use_cases.health import readiness

    database = make_url(settings.database_url)
    # To ask SQLite whether it is set up would make the file.
    if database.get_backend_name() == "sqlite" and not Path(database.database or "").exists():
        fail(
            f"There is no register at {database.database} yet; `muster up` or `muster db upgrade` makes one. "
            "MUSTER_DATABASE_URL or MUSTER_DATA_DIR says where it is.",
            code=UNREACHABLE,
        )
    engine = create_engine(settings)
    try:
        if not readiness(Schema(engine)).ready:
            fail(
                "The database has not been set up, or not for this version. MUSTER_DATABASE_URL or MUSTER_DATA_DIR "
                "says which one it is; `muster db upgrade` sets it up.",
                code=UNREACHABLE,
            )
        yield engine
    finally:
        engine.dispose()


@contextmanager
def register_work(*, read_only: bool = False) -> Iterator[UnitOfWork]:
    """A unit of work on the register that the environment names; nothing is kept without its commit()."""
    from service.storage.unit_of_work import UnitOfWork

    with open_register(settings_from_environment()) as engine, UnitOfWork(engine, read_only=read_only) as work:
        yield work
