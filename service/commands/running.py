"""`muster up` and `muster demo`: the whole service on one machine."""

from __future__ import annotations

import json
import signal
import socket
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

import click

from service.commands.client import Client, RefusedError, UnreachableError
from service.commands.exits import FAILED, explained, fail
from service.commands.reading import write_table
from service.commands.submitting import METADATA, WEB_PAGES, read_article, wait_for
from service.formats.shown import counted
from service.settings import Settings

if TYPE_CHECKING:
    from service.embedded import Embedded

USUAL_PORT: Final = 8000
_READ_S: Final = 300
_LOOK_S: Final = 0.5
_SUFFIXES: Final = frozenset({".txt", *WEB_PAGES})
_STOPPING: Final = (signal.SIGINT, signal.SIGTERM)
# A demonstration is nobody's register.
_NOT_FOR_DEMO: Final = frozenset(
    {"MUSTER_DATABASE_URL", "MUSTER_BROKER_URL", "MUSTER_DATA_DIR", "MUSTER_HOST", "MUSTER_ALLOWED_HOSTS"}
)


@click.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(0, 65_535), help="0 takes any free one.  [default: 8000]")
@click.option("--data", type=click.Path(file_okay=False), help="Folder of all that is kept.  [default: data]")
@click.option("--workers", type=click.IntRange(0, 256), help="Processes that read articles.  [default: 2]")
@click.pass_obj
@explained
def up(
    environment: Mapping[str, str], *, host: str | None, port: int | None, data: str | None, workers: int | None
) -> None:
    """Run the whole service on this machine: the interface and the workers in one.

    It is ready when /readyz answers 200. Ctrl-C or SIGTERM stops all of it. Options go before MUSTER_* in the
    environment.
    """
    from service.embedded import run_embedded

    given = {"MUSTER_HOST": host, "MUSTER_PORT": port, "MUSTER_DATA_DIR": data, "MUSTER_WORKERS": workers}
    chosen = {name: str(value) for name, value in given.items() if value is not None}
    raise SystemExit(run_embedded(Settings.from_env({**environment, **chosen})))


@click.command()
@click.option("--once", is_flag=True, help="Stop after showing.")
@click.option("--port", type=click.IntRange(0, 65_535), help="[default: 8000, or a free one where that is taken]")
@click.option("--data", type=click.Path(file_okay=False), help="Keep it here.  [default: a folder that is removed]")
@click.option("--seeds", type=click.Path(exists=True, file_okay=False), help="Articles to submit.")
@click.pass_obj
@explained
def demo(environment: Mapping[str, str], *, once: bool, port: int | None, data: str | None, seeds: str | None) -> None:
    """Start the service, submit the seed articles, and show what they claim.

    Stays up at the printed address until Ctrl-C. Exits with 1 when an article was refused or could not be read.
    """
    from service.embedded import start_embedded

    articles = seed_articles(Path(seeds) if seeds else _seeds_folder())
    own = {name: value for name, value in environment.items() if name not in _NOT_FOR_DEMO}
    own["MUSTER_PORT"] = str(_port() if port is None else port)
    with _stopped_once(), _folder(data) as folder:
        own["MUSTER_DATA_DIR"] = folder
        # What it shows is the claims; a line to each article would bury them.
        own.setdefault("MUSTER_LOG_LEVEL", "WARNING")
        say(f"Starting Muster, its data in {folder}")
        with start_embedded(Settings.from_env(own)) as embedded, Client(embedded.address) as client:
            embedded.wait_until_ready()
            try:
                failures = show(client, articles)
            except (RefusedError, UnreachableError):
                # Nobody answers once the service was brought down; why it was says more.
                embedded.check()
                raise
            if not once:
                say(f"\nMuster is up at {embedded.address}; its documentation is at {embedded.address}/docs")
                _until_stopped(embedded)
            _ignore_signals()
    if failures:
        fail(f"Refused or not read: {failures} of {counted(len(articles), 'article')}.", code=FAILED)


def say(message: str) -> None:
    click.echo(message, err=True)


def seed_articles(folder: Path) -> dict[str, dict[str, Any]]:
    """Bodies of submissions by file name; what is known about an article stands in its gold file."""
    articles = {}
    for path in sorted(folder.iterdir()):
        if path.suffix in _SUFFIXES:
            gold = path.with_suffix(".gold.json")
            known = json.loads(gold.read_text(encoding="utf-8")) if gold.exists() else {}
            about = {name: known[name] for name in METADATA if known.get(name)}
            articles[path.name] = {**read_article(str(path)), **about}
    if not articles:
        fail(f"There are no articles in {folder}.")
    return articles


def show(client: Client, articles: Mapping[str, Mapping[str, Any]]) -> int:
    """Submits, waits and prints; gives how many articles were refused or could not be read."""
    say(f"Submitting {counted(len(articles), 'article')}")
    taken: dict[str, str] = {}
    failures = 0
    for name, article in articles.items():
        try:
            taken[client.post("/articles", article)["id"]] = name
        except RefusedError as error:
            say(f"muster: {name}: {error}")
            failures += 1
    started = time.monotonic()
    for article in wait_for(client, taken, timeout_s=_READ_S):
        if article["status"] != "done":
            say(f"muster: {taken[article['id']]}: {article['status']}: {article['error'] or 'not read in time'}")
            failures += 1
    say(f"{len(taken)} read within {time.monotonic() - started:.1f} s\n")
    _show_claims(client, {}, "")
    click.echo()
    _show_claims(client, {"region": "Kursk"}, "?region=Kursk")
    return failures


def _show_claims(client: Client, params: Mapping[str, str], query: str) -> None:
    rows = list(client.rows("/claims", params, limit=None))
    click.echo(click.style(f"GET {client.url}/claims{query}", bold=True) + f"   {counted(len(rows), 'claim')}\n")
    write_table(rows)


def _seeds_folder() -> Path:
    """`seeds` of the working folder, or of the project that this is installed from."""
    found = [folder for folder in (Path("seeds"), Path(__file__).parents[2] / "seeds") if folder.is_dir()]
    if not found:
        fail("There is no folder seeds here; --seeds names one.")
    return found[0]


def _port() -> int:
    with socket.socket() as probe:
        try:
            probe.bind(("127.0.0.1", USUAL_PORT))
        except OSError:
            return 0
        return USUAL_PORT


@contextmanager
def _folder(data: str | None) -> Iterator[str]:
    if data is not None:
        yield data
        return
    with tempfile.TemporaryDirectory(prefix="muster-demo-", ignore_cleanup_errors=True) as folder:
        yield folder


@contextmanager
def _stopped_once() -> Iterator[None]:
    """SIGTERM ends it the way that Ctrl-C does. A second one changes nothing, so that nothing is left running."""

    def stop(_number: int, _frame: FrameType | None) -> None:
        _ignore_signals()
        raise KeyboardInterrupt

    before = {number: signal.signal(number, stop) for number in _STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _ignore_signals() -> None:
    for number in _STOPPING:
        signal.signal(number, signal.SIG_IGN)


def _until_stopped(embedded: Embedded) -> None:
    sys.stdout.flush()
    try:
        say("Ctrl-C stops it.")
        while True:
            embedded.check()
            time.sleep(_LOOK_S)
    except KeyboardInterrupt:
        say("Stopping")
