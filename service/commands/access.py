"""`muster keys` and `muster desks`: who may do what. They work on the database itself, so that there is a first key."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import click

from service.commands.database import register_work
from service.commands.exits import explained
from service.commands.reading import terminal_width
from service.commands.table import Column, render
from service.domain.access import DEFAULT_DESK, ApiKey, Scope

_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LONGEST: Final = timedelta(days=36_500)


class Span(click.ParamType[timedelta]):
    """A length of time: 12h, 90d or 52w."""

    name = "span"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        if isinstance(value, timedelta):
            return value
        found = re.fullmatch(r"([0-9]{1,6})([hdw])", str(value).strip())
        span = int(found[1]) * _UNITS[found[2]] if found else None
        if span is None or span > _LONGEST:
            self.fail(f"{value!r} is no length of time such as 12h, 90d or 52w.", param, ctx)
        return span


@click.group()
def keys() -> None:
    """Make, list, revoke and replace keys.

    Works on the database that MUSTER_DATABASE_URL or MUSTER_DATA_DIR names, beside a running service.
    """


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    default=[Scope.READ.value],
    show_default=True,
    help="What it may do. May be repeated; none holds another.",
)
@click.option(
    "--desk", "desks", multiple=True, default=[DEFAULT_DESK], show_default=True, help="What it sees. May be repeated."
)
@click.option("--expires", type=Span(), help="After how long it ends: 12h, 90d, 52w.  [default: never]")
@explained
def create(*, name: str, scopes: tuple[str, ...], desks: tuple[str, ...], expires: timedelta | None) -> None:
    """Make a key called NAME, and print it: this once, since only its hash is kept."""
    from service.use_cases.keys import create_key

    with register_work() as work:
        made = create_key(
            work,
            name,
            scopes=[Scope(scope) for scope in scopes],
            desks=desks,
            now=datetime.now(UTC),
            lifetime=expires,
        )
        work.commit()
    _show_once(made.token.written(), made.key)


@keys.command("list")
@click.option("--format", "format_", type=click.Choice(["table", "json"]), default="table", show_default=True)
@explained
def list_(*, format_: str) -> None:
    """List the keys, without their secrets."""
    from service.use_cases.keys import list_keys

    with register_work(read_only=True) as work:
        held = list_keys(work)
    now = datetime.now(UTC)
    if format_ == "json":
        click.echo(json.dumps([_as_json(key, now) for key in held], ensure_ascii=False, indent=2))
    elif held:
        _show_table(held, now)
    else:
        click.echo("There are no keys.", err=True)


@keys.command()
@click.argument("key_id", metavar="ID")
@explained
def revoke(*, key_id: str) -> None:
    """End a key at once. ID is its middle part, as `muster keys list` shows it."""
    from service.use_cases.keys import revoke_key

    with register_work() as work:
        key = revoke_key(work, key_id, now=datetime.now(UTC))
        work.commit()
    click.echo(f"The key {key.id} ({key.name}) is revoked.")


@keys.command()
@click.argument("key_id", metavar="ID")
@click.option("--overlap", type=Span(), default="0h", help="How long the old key works on: 12h, 7d.  [default: 0h]")
@explained
def rotate(*, key_id: str, overlap: timedelta) -> None:
    """Replace a key by a new one that may do the same, and print that."""
    from service.use_cases.keys import rotate_key

    with register_work() as work:
        now = datetime.now(UTC)
        made = rotate_key(work, key_id, now=now, overlap=overlap)
        work.commit()
    until = f"works until {_minute(now + overlap)}" if overlap else "works no more"
    click.echo(f"The key {key_id} {until}.", err=True)
    _show_once(made.token.written(), made.key)


@click.group()
def desks() -> None:
    """Make and list desks: registers beside each other that share nothing.

    Works on the database that MUSTER_DATABASE_URL or MUSTER_DATA_DIR names, beside a running service.
    """


@desks.command("create")
@click.argument("name")
@explained
def create_desk_(*, name: str) -> None:
    """Make a desk called NAME: lower-case letters, digits and hyphens."""
    from service.use_cases.keys import create_desk

    with register_work() as work:
        create_desk(work, name, now=datetime.now(UTC))
        work.commit()
    click.echo(f"The desk {name} is made; `muster keys create NAME --desk {name}` makes a key for it.")


@desks.command("list")
@explained
def list_desks() -> None:
    """List the desks and how many articles each holds."""
    with register_work(read_only=True) as work:
        held = work.desks.list()
    columns = [Column(title="DESK"), Column(title="ARTICLES", right=True)]
    for line in render(columns, [[desk.id, str(desk.articles)] for desk in held], width=terminal_width()):
        click.echo(line)


def _show_once(written: str, key: ApiKey) -> None:
    ends = f", until {_minute(key.expires_at)}" if key.expires_at else ""
    may = f"{', '.join(key.scopes)} on {', '.join(key.desks)}{ends}"
    click.echo(f"{key.name}: {may}. Keep this key; it is shown this once:", err=True)
    click.echo(written)


def _show_table(held: Sequence[ApiKey], now: datetime) -> None:
    titles = ("ID", "NAME", "SCOPES", "DESKS", "STATE", "CREATED", "ENDS", "LAST USED")
    rows = [
        [
            key.id,
            key.name,
            " ".join(key.scopes),
            " ".join(key.desks),
            str(key.state(now)),
            _minute(key.created_at),
            _minute(min(filter(None, (key.expires_at, key.revoked_at)), default=None)),
            _minute(key.last_used_at),
        ]
        for key in held
    ]
    columns = [Column(title=title, wraps=title in ("NAME", "SCOPES", "DESKS")) for title in titles]
    for line in render(columns, rows, width=terminal_width()):
        click.echo(line)


def _minute(moment: datetime | None) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%MZ") if moment else "–"


def _as_json(key: ApiKey, now: datetime) -> dict[str, object]:
    def instant(moment: datetime | None) -> str | None:
        return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if moment else None

    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "desks": list(key.desks),
        "state": key.state(now),
        "created_at": instant(key.created_at),
        "expires_at": instant(key.expires_at),
        "revoked_at": instant(key.revoked_at),
        "last_used_at": instant(key.last_used_at),
    }
