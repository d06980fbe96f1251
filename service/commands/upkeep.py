"""`muster reprocess`, `retry`, `db upgrade` and `openapi`: upkeep, on the database itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from service.commands.client import Client
from service.commands.exits import UNREACHABLE, explained, fail
from service.commands.reading import url_option
from service.commands.shown import counted
from service.settings import Settings

if TYPE_CHECKING:
    from service.storage.unit_of_work import UnitOfWork

DESK: Final = "default"
_FLUSH_S: Final = 2.0


def settings_from_environment() -> Settings:
    """Settings from what the main command took for the environment."""
    environment = click.get_current_context().find_root().obj or {}
    return Settings.from_env(environment)


@click.command()
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@click.option("--older-than", metavar="VERSION", help="What an extractor before this version has read.")
@url_option
@explained
def reprocess(*, articles: tuple[str, ...], older_than: str | None, url: str) -> None:
    """Read articles again with the present extractor: those with these ids, or all.

    With --older-than it works on the database that MUSTER_DATABASE_URL names, beside a running service; else it
    asks the service at --url.
    """
    if older_than and articles:
        raise click.UsageError("Name articles or a version, not both.")
    if older_than:
        from service.use_cases.articles import reprocess_older_than

        number = _in_batches(lambda work, now: reprocess_older_than(work, older_than, desk=DESK, now=now))
    else:
        with Client(url) as client:
            chosen = articles or [row["id"] for row in client.rows("/articles", {"status": "done"}, limit=None)]
            for id_ in chosen:
                client.post(f"/articles/{id_}/reprocess")
            number = len(chosen)
    click.echo(f"{counted(number, 'article')} will be read again.")


@click.command()
@explained
def retry() -> None:
    """Try all failed articles again.

    Works on the database that MUSTER_DATABASE_URL names, beside a running service.
    """
    from service.use_cases.articles import retry_failed

    number = _in_batches(lambda work, now: retry_failed(work, desk=DESK, now=now))
    click.echo(f"{counted(number, 'article')} will be tried again.")


def _in_batches(queue_some: Callable[[UnitOfWork, datetime], int]) -> int:
    """Calls `queue_some` until it finds nothing more, then wakes the workers; gives the sum."""
    from sqlalchemy.engine import make_url

    from service.enqueue import CeleryWaker
    from service.storage.engine import create_engine
    from service.storage.migrate import Schema
    from service.storage.unit_of_work import UnitOfWork
    from service.use_cases.health import readiness

    settings = settings_from_environment()
    database = make_url(settings.database_url)
    # To ask SQLite whether it is set up would make the file.
    if database.get_backend_name() == "sqlite" and not Path(database.database or "").exists():
        fail(
            f"There is no register at {database.database} yet; `muster up` or `muster db upgrade` makes one. "
            "MUSTER_DATABASE_URL or MUSTER_DATA_DIR says where it is.",
            code=UNREACHABLE,
        )
    engine = create_engine(settings)
    if not readiness(Schema(engine)).ready:
        fail(
            "The database has not been set up, or not for this version. MUSTER_DATABASE_URL or MUSTER_DATA_DIR "
            "says which one it is; `muster db upgrade` sets it up.",
            code=UNREACHABLE,
        )
    queued = 0
    while True:
        with UnitOfWork(engine) as work:
            number = queue_some(work, datetime.now(UTC))
            work.commit()
        if not number:
            break
        queued += number
    engine.dispose()
    if queued:
        waker = CeleryWaker(settings)
        waker.wake()
        waker.close(_FLUSH_S)
    return queued


@click.group()
def db() -> None:
    """Look after the database."""


@db.command()
@explained
def upgrade() -> None:
    """Bring the database to the newest migration."""
    from sqlalchemy.exc import OperationalError

    from service.storage.migrate import upgrade as migrate

    settings = settings_from_environment()
    try:
        revision = migrate(settings)
    except OperationalError as error:
        fail(f"The database can't be reached: {error.orig}", code=UNREACHABLE)
    click.echo(f"The database is at migration {revision}.")


@click.command()
def openapi() -> None:
    """Print the HTTP interface as an OpenAPI 3.1 specification."""
    import sqlalchemy

    from service.app import create_app
    from service.enqueue import NullWaker

    # The specification asks for no data; this engine is never used, and makes no folder.
    app = create_app(Settings(), engine=sqlalchemy.create_engine("sqlite://"), waker=NullWaker())
    click.echo(app.extensions["muster-documentation"].yaml, nl=False)
