"""`muster reprocess`, `retry`, `db upgrade` and `openapi`: upkeep, on the database itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, TypeAlias

import click

from service.commands.client import Client
from service.commands.database import open_register, settings_from_environment
from service.commands.exits import UNREACHABLE, explained, fail
from service.commands.reading import asks_service
from service.domain.errors import NotFoundError
from service.formats.shown import counted
from service.settings import Settings

if TYPE_CHECKING:
    from service.storage.unit_of_work import UnitOfWork

QueueSome: TypeAlias = "Callable[[UnitOfWork, str, datetime], int]"
"""Queues some articles of a desk, and says how many."""

_FLUSH_S: Final = 2.0


@click.command()
@click.argument("articles", nargs=-1, metavar="[ARTICLE]...")
@click.option("--older-than", metavar="VERSION", help="What an extractor before this version has read.")
@explained
@asks_service
def reprocess(*, articles: tuple[str, ...], older_than: str | None, client: Client) -> None:
    """Read articles again with the present extractor: those with these ids, or all.

    With --older-than it works on the database that MUSTER_DATABASE_URL names, beside a running service; else it
    asks the service at --url.
    """
    if older_than and articles:
        raise click.UsageError("Name articles or a version, not both.")
    if older_than:
        from service.use_cases.articles import reprocess_older_than

        number = _in_batches(
            lambda work, desk, now: reprocess_older_than(work, older_than, desk=desk, now=now), desk=client.desk
        )
    else:
        with client:
            chosen = articles or [row["id"] for row in client.rows("/articles", {"status": "done"}, limit=None)]
            for id_ in chosen:
                client.post(f"/articles/{id_}/reprocess")
            number = len(chosen)
    click.echo(f"{counted(number, 'article')} will be read again.")


@click.command()
@click.option("--desk", help="Those of this desk.  [default: of all]")
@explained
def retry(*, desk: str | None) -> None:
    """Try all failed articles again.

    Works on the database that MUSTER_DATABASE_URL names, beside a running service.
    """
    from service.use_cases.articles import retry_failed

    number = _in_batches(lambda work, desk, now: retry_failed(work, desk=desk, now=now), desk=desk)
    click.echo(f"{counted(number, 'article')} will be tried again.")


def _in_batches(queue_some: QueueSome, *, desk: str | None) -> int:
    """Calls `queue_some` for the desk, or for all of them, until it finds nothing more, then wakes the workers.

    Gives the sum.
    """
    from service.enqueue import CeleryWaker
    from service.storage.unit_of_work import UnitOfWork

    settings = settings_from_environment()
    queued = 0
    with open_register(settings) as engine:
        with UnitOfWork.reading(engine) as work:
            desks = [held.id for held in work.desks.list() if desk in (None, held.id)]
        if not desks:
            raise NotFoundError("desk", str(desk))
        for one in desks:
            while True:
                with UnitOfWork(engine) as work:
                    number = queue_some(work, one, datetime.now(UTC))
                    work.commit()
                if not number:
                    break
                queued += number
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
