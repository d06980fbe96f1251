"""`muster extract` and `muster eval`: extraction without a service or a database."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TextIO

import click

from service.domain.access import DEFAULT_DESK
from service.settings import Settings, SettingsError
from worker.evaluation import GoldError, evaluate, load_pairs
from worker.evaluation.floor import FloorError, below, measured, pin, read_floor
from worker.evaluation.mistakes import render_errors
from worker.evaluation.table import as_json, render
from worker.extraction.model import Document, Extraction
from worker.plain import to_plain


@click.command()
@click.argument("file", type=click.File(encoding="utf-8"))
@click.option("--diagnostics", is_flag=True, help="Also say what was seen and why it gave no claim.")
@click.option(
    "--published-at", "published", type=click.DateTime(["%Y-%m-%d"]), help="The day it appeared; dates count from it."
)
@click.option("--html", "is_html", is_flag=True, help="FILE is a web page, whatever its name.")
def extract(file: TextIO, *, diagnostics: bool, published: datetime | None, is_html: bool) -> None:
    """Print the claims of an article as JSON. FILE is plain text or a web page (.html); - is standard input.

    Evidence gives offsets into the file; into `text`, printed too, for a web page.
    """
    # Not above: `muster --help` has no use for what submitting imports.
    from service.commands.submitting import is_web_page

    source = file.read()
    is_html = is_html or is_web_page(file.name)
    extraction = _extractor()(
        Document(
            text=None if is_html else source,
            html=source if is_html else None,
            published_on=published.date() if published else None,
        )
    )
    click.echo(json.dumps(_printable(extraction, diagnostics=diagnostics, text=is_html), indent=2, ensure_ascii=False))


@click.command(name="eval")
@click.argument("folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--errors", is_flag=True, help="Also list each claim missed, invented or wrong in a field.")
@click.option("--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help="Also write JSON there.")
@click.option("--pin", "is_pinned", is_flag=True, help="Make these scores the folder's floor.")
@click.option("--because", help="Why the floor may be lowered; written beside it.")
@click.option(
    "--from-reviews",
    "reviewed_folder",
    type=click.Path(file_okay=False, path_type=Path),
    help="Instead write the register's articles whose every claim was reviewed there, as such a folder.",
)
@click.option("--partly", is_flag=True, help="With --from-reviews: one claim reviewed is enough, others are optional.")
@click.option("--desk", default=DEFAULT_DESK, show_default=True, help="With --from-reviews: the desk.")
def evaluation(
    folder: Path | None,
    *,
    errors: bool,
    json_file: Path | None,
    is_pinned: bool,
    because: str | None,
    reviewed_folder: Path | None,
    partly: bool,
    desk: str,
) -> None:
    """Score the extractor on articles of FOLDER whose claims are known.

    Exit status 3 if a score is below the folder's pinned floor.
    """
    if (folder is None) is (reviewed_folder is None):
        raise click.UsageError("Name a FOLDER to score on, or --from-reviews and a new one.")
    if reviewed_folder is not None:
        _write_reviewed(reviewed_folder, partly=partly, desk=desk)
    if folder is None:
        return
    try:
        report = evaluate(load_pairs(folder), _extractor())
        now = measured(report)
        click.echo(render(report))
        if errors:
            click.echo(f"\n{render_errors(report)}")
        if json_file:
            json_file.write_text(json.dumps(as_json(report), indent=2) + "\n", encoding="utf-8")
        if is_pinned:
            pin(folder, now, because=because)
            return
        fallen = below(now, read_floor(folder))
    except (GoldError, FloorError) as error:
        raise click.ClickException(str(error)) from error
    if fallen:
        click.echo("\n".join(fallen), err=True)
        raise SystemExit(FELL)


def _write_reviewed(folder: Path, *, partly: bool, desk: str) -> None:
    # Not above: to score a folder needs no database.
    from service.commands.database import register_work
    from service.commands.exits import explained
    from service.formats.shown import counted
    from service.use_cases.reviews import reviewed_articles
    from worker.evaluation.reviewed import write_gold

    @explained
    def write() -> tuple[int, int]:
        with register_work(read_only=True) as work:
            return write_gold(folder, reviewed_articles(work, partly=partly, desk=desk))

    try:
        articles, claims = write()
    except OSError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{counted(articles, 'article')} with {counted(claims, 'claim')} written to {folder}.", err=True)


FELL = 3
commands: list[click.Command] = [extract, evaluation]


def _extractor() -> Callable[[Document], Extraction]:
    # What builds an extractor takes a second to import; `muster --help` shouldn't.
    from worker.process import UnbuildableError, build_extractor

    try:
        settings = Settings.from_env(os.environ)
        return build_extractor(settings).extract
    except (SettingsError, UnbuildableError) as error:
        raise click.ClickException(str(error)) from error


def _printable(extraction: Extraction, *, diagnostics: bool, text: bool) -> dict[str, object]:
    shown: dict[str, object] = {
        "title": extraction.title,
        "outlet": extraction.outlet,
        "published_on": to_plain(extraction.published_on),
        "published_source": extraction.published_source.value,
        "language": extraction.language,
        "claims": to_plain(extraction.claims),
    }
    if text:
        shown["text"] = extraction.text
    if diagnostics:
        shown["diagnostics"] = to_plain(extraction.diagnostics)
    return shown
