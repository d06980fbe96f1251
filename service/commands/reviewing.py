"""`muster review`: judge a claim, or see who judged it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import click

from service.commands.client import Client
from service.commands.correcting import read_corrections
from service.commands.exits import explained
from service.commands.reading import asks_service, terminal_width, write_table
from service.commands.table import Column, render
from service.formats.shown import NOTHING

_TITLES: Final = ("WHEN", "WHO", "DECISION", "FIELDS", "COMMENT")
# Click keeps the lines of a paragraph that begins so.
_EXAMPLES: Final = """\b
muster review c_… --confirm
muster review c_… --reject --comment "A drill."
muster review c_… --correct count=10000-12000 --correct "locations=Sudzha; Belgorod Oblast"
muster review c_… --correct time=2024-10 --correct origin=
muster review c_…
"""


@click.command(epilog=_EXAMPLES)
@click.argument("claim")
@click.option("--confirm", "decision", flag_value="confirmed", help="It is as the article has it.")
@click.option("--reject", "decision", flag_value="rejected", help="It is no claim of the article.")
@click.option("--take-back", "decision", flag_value="unreviewed", help="Back to what was extracted.")
@click.option(
    "--correct",
    multiple=True,
    metavar="FIELD=VALUE",
    help="Set a field; nothing behind the = is unknown. May be repeated. Counts are as `muster claims` shows them, "
    "times 2024-10-05, 2024-10, 2024 or 2024-10-01..2024-10-20, places have ; between them; anything may be JSON.",
)
@click.option("--comment", help="Kept in the history, with a decision or by itself.")
@explained
@asks_service
def review(*, client: Client, claim: str, decision: str | None, correct: Sequence[str], comment: str | None) -> None:
    """Confirm, reject, correct or comment on CLAIM; without any of these, show what was decided about it.

    Needs a key with the scope review.
    """
    if correct and decision:
        raise click.UsageError("A correction is a decision of its own; give the one or the other.")
    try:
        correction = read_corrections(correct)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    path = f"/claims/{claim}"
    with client:
        if not (decision or correction or comment):
            _show(list(client.rows(f"{path}/reviews", {}, limit=None)))
            return
        body: dict[str, Any] = {"decision": "corrected" if correction else decision, "comment": comment}
        if correction:
            body["correction"] = correction
        judged = client.post(f"{path}/reviews", body, if_match=client.tag(path))
    write_table([judged])
    click.echo(f"{claim} is {judged['review']}." if body["decision"] else "Your comment is kept.", err=True)


def _show(entries: Sequence[Mapping[str, Any]]) -> None:
    if not entries:
        click.echo("Nobody has reviewed this claim.")
        return
    cells = [
        [
            entry["at"],
            entry["actor"],
            entry["decision"] or "comment",
            ", ".join(change["field"] for change in entry["changes"] if change["field"] != "review") or NOTHING,
            entry["comment"] or "",
        ]
        for entry in entries
    ]
    columns = [Column(title=title, wraps=title in ("WHO", "FIELDS", "COMMENT")) for title in _TITLES]
    for line in render(columns, cells, width=terminal_width()):
        click.echo(line)
