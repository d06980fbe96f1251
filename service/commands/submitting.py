"""`muster submit`: files to a running service."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import click

from service.commands.client import Client, RefusedError
from service.commands.exits import FAILED, explained, fail
from service.commands.reading import asks_service
from service.formats.shown import NOTHING, counted

FINISHED: Final = frozenset({"done", "failed", "retracted"})
WEB_PAGES: Final = frozenset({".html", ".htm"})
METADATA: Final = ("title", "url", "outlet", "author", "published_at", "language", "external_id")
_PAUSE_S: Final = 0.3


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@click.option("--title", help="Its headline.")
@click.option("--address", "article_url", help="Where it was published.")
@click.option("--outlet", help="Who published it.")
@click.option("--author")
@click.option("--published-at", help="2024-10-25 or 2024-10-25T08:00:00Z; dates in the text count from it.")
@click.option("--language", help="Such as en; found out when left out.")
@click.option("--external-id", help="Your own id of the article.")
@click.option("--html", "is_html", is_flag=True, help="Standard input is a web page.")
@click.option("--wait", is_flag=True, help="Wait until everything has been read.")
@click.option("--timeout", "timeout_s", type=click.FloatRange(min=0), default=120, show_default=True, help="Seconds.")
@explained
@asks_service
def submit(
    *,
    files: tuple[str, ...],
    article_url: str | None,
    is_html: bool,
    wait: bool,
    timeout_s: float,
    client: Client,
    **about: Any,
) -> None:
    """Submit articles.

    FILES are plain text, web pages (.html), or JSON as `POST /articles` takes it (.json); - is standard input.
    Prints one line to an article: its id, how far it is, how many claims once it is read, and the file. Exits with 1
    when one was refused or could not be read.
    """
    metadata = {name: value for name, value in {**about, "url": article_url}.items() if value is not None}
    if metadata.keys() - {"outlet", "language"} and len(files) > 1:
        raise click.UsageError("Title, address, author, date and id are those of one article: submit one file.")
    with client:
        failed = 0
        taken: dict[str, str] = {}
        for name in files:
            try:
                article = client.post("/articles", {**read_article(name, is_html=is_html), **metadata})
            except RefusedError as error:
                click.echo(f"muster: {name}: {error}", err=True)
                failed += 1
                continue
            taken[article["id"]] = name
            if not wait:
                _tell(client, article, name)
        if wait:
            for article in wait_for(client, taken, timeout_s=timeout_s):
                _tell(client, article, taken[article["id"]])
                failed += article["status"] != "done"
    if failed:
        raise SystemExit(FAILED)


def _tell(client: Client, article: Mapping[str, Any], name: str) -> None:
    done, number = article["status"] == "done", article["claims_count"]
    found = counted(number, "claim") if done else NOTHING
    click.echo(f"{article['id']}  {article['status']:<10}  {found:>10}  {name}")
    why = article.get("error")
    if done and not number:
        why = client.get(f"/articles/{article['id']}/diagnostics")["reason"]
    if why:
        click.echo(f"muster: {name}: {why}", err=True)


def read_article(name: str, *, is_html: bool = False) -> dict[str, Any]:
    """The body of a submission. Exits with a sentence when the file is not UTF-8 or not JSON."""
    with click.open_file(name, "rb") as stream:
        raw = stream.read()
    try:
        words = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        fail(f"{name} is not UTF-8 (byte {error.start}).")
    if Path(name).suffix.lower() == ".json":
        try:
            article = json.loads(words)
        except ValueError as error:
            fail(f"{name} is not JSON: {error}")
        if not isinstance(article, dict):
            fail(f"{name} must hold a JSON object with text or html.")
        return article
    return {"html" if is_html or is_web_page(name) else "text": words}


def is_web_page(name: str) -> bool:
    return Path(name).suffix.lower() in WEB_PAGES


def wait_for(client: Client, ids: Iterable[str], *, timeout_s: float) -> list[dict[str, Any]]:
    """The articles once they have been read, or as they stand when the time is up; in the order of `ids`."""
    end = time.monotonic() + timeout_s
    articles: dict[str, dict[str, Any]] = {}
    waiting = list(ids)
    while waiting:
        for id_ in list(waiting):
            articles[id_] = client.get(f"/articles/{id_}")
            if articles[id_]["status"] in FINISHED:
                waiting.remove(id_)
        if waiting and time.monotonic() >= end:
            click.echo(f"muster: still not read after {timeout_s:g} s: {counted(len(waiting), 'article')}.", err=True)
            break
        if waiting:
            time.sleep(_PAUSE_S)
    return [articles[id_] for id_ in ids]
