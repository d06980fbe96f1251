"""`muster audit`, `purge` and `readmit`: what an admin asks of a running service."""

from __future__ import annotations

from typing import Any, Final

import click

from service.commands.client import Client
from service.commands.exits import explained
from service.commands.reading import asks_service, terminal_width
from service.commands.table import Column, render
from service.domain.register import Action
from service.formats.listed import as_json, as_ndjson
from service.formats.shown import NOTHING, counted

_TITLES: Final = ("WHEN", "WHO", "KEY", "WHAT", "ARTICLE", "NOTE")


@click.command()
@click.option("--action", multiple=True, type=click.Choice([action.value for action in Action]), help="What was done.")
@click.option("--article", multiple=True, help="Id of an article.")
@click.option("--key-id", "key_id", multiple=True, help="Id of the key that did it.")
@click.option("--from", "at_from", help="Done then or later.")
@click.option("--to", "at_to", help="Done then or earlier.")
@click.option("--limit", type=click.IntRange(min=1), default=50, show_default=True, help="Entries at most.")
@click.option("--all", "everything", is_flag=True, help="Without a limit.")
@click.option("--format", "format_", type=click.Choice(["table", "json", "ndjson"]), default="table", show_default=True)
@explained
@asks_service
def audit(*, client: Client, key_id: tuple[str, ...], limit: int, everything: bool, format_: str, **asked: Any) -> None:
    """Show who submitted, retracted or erased what, and when; newest first. Needs a key with the scope admin."""
    params = {name: value for name, value in {**asked, "key": key_id}.items() if value}
    with client:
        rows = list(client.rows("/audit", params, limit=None if everything else limit))
    if format_ != "table":
        for line in as_json(rows) if format_ == "json" else as_ndjson(rows):
            click.echo(line)
        return
    cells = [
        [
            row["at"],
            row["actor"],
            row["key"] or NOTHING,
            row["action"],
            " ".join(str(part) for part in (row["article_id"], row["claim_id"]) if part) or NOTHING,
            row["note"] or "",
        ]
        for row in rows
    ]
    columns = [Column(title=title, wraps=title in ("WHO", "ARTICLE", "NOTE")) for title in _TITLES]
    for line in render(columns, cells, width=terminal_width()):
        click.echo(line)


@click.command()
@click.argument("articles", nargs=-1, required=True, metavar="ARTICLE...")
@click.option("--reason", required=True, help="Why; kept in the audit.")
@click.option("--yes", is_flag=True, help="Don't ask again.")
@explained
@asks_service
def purge(*, client: Client, articles: tuple[str, ...], reason: str, yes: bool) -> None:
    """Erase articles for good, for legal reasons: words, metadata, evidence and claims of all versions.

    They can't be brought back, and may not be posted again unless they are readmitted. To take an article back while
    keeping the record, DELETE it instead. Needs a key with the scope admin.
    """
    if not yes:
        click.confirm(f"Erase {counted(len(articles), 'article')} for good?", abort=True, err=True)
    with client:
        for id_ in articles:
            client.post(f"/articles/{id_}/purge", {"reason": reason})
            click.echo(f"{id_} is erased.")


@click.command()
@click.argument("article")
@click.option("--reason", required=True, help="Why; kept in the audit.")
@explained
@asks_service
def readmit(*, client: Client, article: str, reason: str) -> None:
    """Let an article that was erased be posted again. Needs a key with the scope admin."""
    with client:
        client.post(f"/articles/{article}/readmit", {"reason": reason})
    click.echo(f"{article} may be posted again.")
