"""`muster claims` and `muster regions`: questions to a running service."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Final

import click

from service.commands.claim_table import as_table
from service.commands.client import DEFAULT_URL, Client
from service.commands.exits import explained
from service.commands.table import Column, render
from service.domain.claims import Kind, Outcome, PersonnelType, Polarity, Review, Status
from service.domain.register import ClaimSort
from service.formats.shown import counted
from service.formats.writers import FORMATS

PIPED_WIDTH: Final = 140
_REPEATED: Final[Mapping[str, str]] = {
    "region": "Any name or code of a place; covers what lies inside it.",
    "country": "Name or code of a country.",
    "origin": "Where they set out from.",
    "force": "Whose people: country or group.",
    "source": "Speaker or organization.",
    "outlet": "Who published it.",
    "article": "Id of an article.",
    "q": 'Words of evidence, claim or title; "a phrase", -without, begin*.',
}
_CHOICES: Final[Mapping[str, Any]] = {
    "kind": Kind,
    "outcome": Outcome,
    "status": Status,
    "polarity": Polarity,
    "personnel": PersonnelType,
    "review": Review,
}
_SINGLE: Final[Mapping[str, str]] = {
    "min-count": "Figures that reach this.",
    "max-count": "Figures that begin at this or less.",
    "from": "Happening on this day or later.",
    "to": "Happening on this day or earlier.",
    "reported-from": "Reported then or later.",
    "reported-to": "Reported then or earlier.",
    "as-of": "As the register stood then.",
}

# Click keeps the lines of a paragraph that begins so.
_EXAMPLES = """\b
muster claims --region Kursk
muster claims --force "North Korea" --kind casualties --format csv
"""


def asks_service(command: Callable[..., None]) -> Callable[..., None]:
    """Adds the options that name the service and who asks it; the command gets them as `client`."""

    @wraps(command)
    def wrapper(*args: Any, url: str, key: str | None, desk: str | None, **options: Any) -> None:
        if key is not None and not key.isascii():
            raise click.UsageError("A key holds letters, digits and _ only.")
        command(*args, client=Client(url, key=key, desk=desk), **options)

    for option in (
        click.option("--desk", envvar="MUSTER_DESK", help="The desk; else your key's first. [env: MUSTER_DESK]"),
        click.option(
            "--key", envvar="MUSTER_KEY", help="Your key. Others see what a command line says. [env: MUSTER_KEY]"
        ),
        click.option(
            "--url", envvar="MUSTER_URL", default=DEFAULT_URL, show_default=True, help="The service. [env: MUSTER_URL]"
        ),
    ):
        wrapper = option(wrapper)
    return wrapper


def _filters(command: Callable[..., None]) -> Callable[..., None]:
    for name, text in reversed(tuple(_SINGLE.items())):
        command = click.option(f"--{name}", name.replace("-", "_"), help=text)(command)
    for name, choices in reversed(tuple(_CHOICES.items())):
        values = click.Choice([choice.value for choice in choices])
        command = click.option(f"--{name}", type=values, multiple=True, help="May be repeated.")(command)
    for name, text in reversed(tuple(_REPEATED.items())):
        command = click.option(f"--{name}", multiple=True, help=f"{text} May be repeated.")(command)
    return command


def terminal_width() -> int:
    """Columns of the terminal; a pipe is given a fixed width, so that its lines are the same everywhere."""
    return shutil.get_terminal_size().columns if sys.stdout.isatty() else PIPED_WIDTH


@click.command(epilog=_EXAMPLES)
@_filters
@click.option(
    "--sort", type=click.Choice([sort.value for sort in ClaimSort]), help="- turns the order round.", show_default=True
)
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Claims at most.")
@click.option("--all", "everything", is_flag=True, help="Without a limit.")
@click.option("--format", "format_", type=click.Choice(["table", *FORMATS]), default="table", show_default=True)
@explained
@asks_service
def claims(*, client: Client, format_: str, limit: int, everything: bool, **asked: Any) -> None:
    """Show claims: who is said to be where, how many, according to whom."""
    params = {name: value for name, value in asked.items() if value}
    with client:
        # One more than is shown tells whether there is more.
        rows = list(client.rows("/claims", params, limit=None if everything else limit + 1))
    more = not everything and len(rows) > limit
    write_claims(rows if everything else rows[:limit], format_)
    if format_ == "table":
        told = counted(len(rows) - more, "claim")
        click.echo(told + (", and there are more: --all shows them." if more else "."), err=True)
    elif more:
        click.echo(f"muster: only the first {counted(limit, 'claim')}; --all gives the others too.", err=True)


def write_claims(rows: list[dict[str, Any]], format_: str) -> None:
    if format_ == "table":
        write_table(rows)
        return
    for piece in FORMATS[format_].write(rows):
        click.echo(piece, nl=False)


def write_table(rows: list[dict[str, Any]]) -> None:
    """The table. click leaves its styles out when it does not write to a terminal, or NO_COLOR is set."""
    if not rows:
        click.echo("No claims.")
        return
    heading, rule, *lines = as_table(rows, width=terminal_width())
    click.echo(click.style(heading, bold=True))
    click.echo(click.style(rule, dim=True))
    for line in lines:
        click.echo(line)


@click.command()
@click.argument("q")
@click.option("--limit", type=click.IntRange(1, 50), default=10, show_default=True)
@explained
@asks_service
def regions(*, q: str, limit: int, client: Client) -> None:
    """Look up a place by any of its names."""
    with client:
        found = client.get("/regions", {"q": q, "limit": limit})["data"]
    if not found:
        click.echo(f"Nothing is known as {q!r}.", err=True)
        raise SystemExit(1)
    columns = [Column(title=title) for title in ("CODE", "NAME", "LEVEL", "COUNTRY")]
    rows = [[place["code"], place["name"], place["level"], place["country"] or ""] for place in found]
    for line in render(columns, rows, width=terminal_width()):
        click.echo(line)
