"""`muster estimates`, `muster stories` and `muster changes`: what many articles make of it, from a running service."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

import click

from service.commands.client import Client
from service.commands.exits import explained
from service.commands.reading import asks_service, terminal_width
from service.commands.table import Column, render
from service.domain.claims import Kind, Outcome
from service.formats import shown

_FORMATS: Final = click.Choice(("table", "json"))
_ESTIMATES: Final = """\b
muster estimates --force KP --region Kursk
muster estimates --force Wagner --country Mali --format json
"""


@click.command(epilog=_ESTIMATES)
@click.option("--force", required=True, help="Whose people: country or group.")
@click.option("--region", help="Any name or code of a place; covers what lies inside it.")
@click.option("--country", help="Or the name or code of a country.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), multiple=True, help="May be repeated.")
@click.option("--reported-from", help="Reported then or later.")
@click.option("--reported-to", help="Reported then or earlier.")
@click.option("--as-of", help="As the register stood then.")
@click.option("--format", "format_", type=_FORMATS, default="table", show_default=True)
@explained
@asks_service
def estimates(*, client: Client, format_: str, **asked: Any) -> None:
    """Show how many, according to whom, and who denies it: figures by origin, never blended."""
    with client:
        answer = client.get("/estimates", _given(asked))
    if format_ == "json":
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))
        return
    if not answer["estimates"]:
        click.echo("Nothing is claimed.")
    for number, estimate in enumerate(answer["estimates"]):
        if number:
            click.echo()
        click.echo(click.style(_title(estimate), bold=True))
        if estimate["sentence"]:
            click.echo(estimate["sentence"])
        _table(("ORIGIN", "COUNT", "STATUS", "REPORTED", "ARTICLES"), [_row(one) for one in _tellings(estimate)])


@click.command()
@click.option("--force", multiple=True, help="Whose people: country or group. May be repeated.")
@click.option("--region", multiple=True, help="Any name or code of a place. May be repeated.")
@click.option("--country", multiple=True, help="Name or code of a country. May be repeated.")
@click.option("--kind", type=click.Choice([kind.value for kind in Kind]), multiple=True, help="May be repeated.")
@click.option("--outcome", type=click.Choice([one.value for one in Outcome]), multiple=True, help="May be repeated.")
@click.option("--as-of", help="As the register stood then.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Stories at most.")
@click.option("--format", "format_", type=_FORMATS, default="table", show_default=True)
@explained
@asks_service
def stories(*, client: Client, format_: str, limit: int, **asked: Any) -> None:
    """Show stories: claims of the same content across articles, last told first."""
    with client:
        rows = list(client.rows("/stories", _given(asked), limit=limit))
    if format_ == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    elif not rows:
        click.echo("No stories.")
    else:
        titles = ("LAST REPORTED", "FORCE", "COUNT", "WHAT", "WHERE", "ORIGINS", "ARTICLES", "DENIED BY")
        _table(titles, [_story(row) for row in rows])


@click.command()
@click.option("--since", help="Go on after this cursor; else from the beginning.")
@click.option("--stories", is_flag=True, help="Tell what became of stories.")
@explained
@asks_service
def changes(*, client: Client, since: str | None, stories: bool) -> None:
    """Print what changed as NDJSON, oldest first, and on standard error the cursor to go on from."""
    with client:
        while True:
            asked = {"since": since, "limit": 200, "stories": "true" if stories else "false"}
            page = client.get("/changes", _given(asked))
            for change in page["data"]:
                click.echo(json.dumps(change, ensure_ascii=False))
            since = page["next_cursor"]
            if not page["data"]:
                break
    click.echo(f"Go on with --since {since}", err=True)


def _given(asked: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in asked.items() if value}


def _title(estimate: Mapping[str, Any]) -> str:
    words = [str(estimate["outcome"] or estimate["kind"]).replace("_", " "), estimate["basis"]]
    return ", ".join([*words, "additional"] if estimate["additional"] else words)


def _tellings(estimate: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*(one for origin in estimate["origins"] for one in origin["tellings"]), *estimate["denials"]]


def _row(telling: Mapping[str, Any]) -> list[str]:
    denied = telling["polarity"] == "denied"
    return [
        telling["origin"]["name"] or "unnamed article",
        "denied" if denied and telling["count"]["min"] is None else shown.count(telling),
        "denied" if denied else telling["status"] + (", part" if telling["is_part"] else ""),
        _days(telling["first_reported_at"], telling["last_reported_at"]),
        str(telling["articles"]),
    ]


def _days(first: str, last: str) -> str:
    return first[:10] if first[:10] == last[:10] else f"{first[:10]} – {last[:10]}"


def _story(story: Mapping[str, Any]) -> list[str]:
    low, high = story["min"], story["max"]
    figure = shown.NOTHING if low is None else f"{low:,}" if low == high else f"{low:,}–{high:,}"
    return [
        story["last_reported_at"][:10],
        shown.force(story),
        figure + (" more" if story["additional"] else ""),
        str(story["outcome"] or story["kind"]).replace("_", " "),
        story["place_name"] or story["place"] or shown.NOTHING,
        ", ".join(one["origin"]["name"] or "unnamed article" for one in story["origins"]),
        str(story["articles"]),
        ", ".join(dict.fromkeys(one["origin"]["name"] or "unnamed article" for one in story["denials"])),
    ]


def _table(titles: tuple[str, ...], rows: list[list[str]]) -> None:
    right = {"COUNT", "ARTICLES"}
    wide = {"ORIGIN", "ORIGINS", "WHERE", "DENIED BY"}
    columns = [Column(title=title, right=title in right, wraps=title in wide) for title in titles]
    heading, rule, *lines = render(columns, rows, width=terminal_width())
    click.echo(click.style(heading, bold=True))
    click.echo(click.style(rule, dim=True))
    for line in lines:
        click.echo(line)
