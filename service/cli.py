"""The `muster` command. Extraction's commands join it by the entry point group `muster.commands`.

Exit codes: 0 done; 1 refused, failed, or nothing found; 2 wrong usage or settings; 3 the service or the database
can't be reached; 130 interrupted.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from typing import Final

import click

GROUP: Final = "muster.commands"
OWN: Final[Mapping[str, str]] = {
    "up": "service.commands.running:up",
    "demo": "service.commands.running:demo",
    "submit": "service.commands.submitting:submit",
    "claims": "service.commands.reading:claims",
    "estimates": "service.commands.comparing:estimates",
    "stories": "service.commands.comparing:stories",
    "changes": "service.commands.comparing:changes",
    "regions": "service.commands.reading:regions",
    "review": "service.commands.reviewing:review",
    "reprocess": "service.commands.upkeep:reprocess",
    "retry": "service.commands.upkeep:retry",
    "audit": "service.commands.auditing:audit",
    "purge": "service.commands.auditing:purge",
    "readmit": "service.commands.auditing:readmit",
    "keys": "service.commands.access:keys",
    "desks": "service.commands.access:desks",
    "db": "service.commands.upkeep:db",
    "openapi": "service.commands.upkeep:openapi",
}
"""Each is imported when it is called, so that `muster --help` and small commands are quick."""


CLIENTS_OWN: Final = frozenset({"MUSTER_URL", "MUSTER_KEY", "MUSTER_DESK"})
"""Of those who ask a service; no settings of the service itself."""


class Commands(click.Group):
    """Its own commands, and those that other packages bring. One that can't be loaded is told of, not fatal."""

    def __init__(self, *, find: Callable[[], list[EntryPoint]] | None = None, **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]  # click's own options
        self._find = find or (lambda: sorted(entry_points(group=GROUP), key=lambda point: point.name))
        self._joined: dict[str, click.Command] | None = None

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return [*OWN, *(name for name in self._join() if name not in OWN)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - click's signature
        if cmd_name in OWN:
            module, _, name = OWN[cmd_name].partition(":")
            command: click.Command = getattr(import_module(module), name)
            return command
        return self._join().get(cmd_name)

    def _join(self) -> dict[str, click.Command]:
        if self._joined is None:
            self._joined = {}
            for point in self._find():
                try:
                    for command in point.load():
                        self._joined[command.name] = command
                except Exception as error:  # noqa: BLE001 - whatever breaks there, the other commands work
                    click.echo(f"muster: the commands of {point.name!r} ({point.value}) are missing: {error}", err=True)
        return self._joined


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="muster", prog_name="muster")
@click.pass_context
def main(ctx: click.Context) -> None:
    """A register of deployment claims: who is said to be where, how many, according to whom.

    Data goes to standard output, everything else to standard error. Exit codes: 0 done; 1 refused, failed or
    nothing found; 2 wrong usage or settings; 3 the service or the database can't be reached; 130 interrupted.
    """
    ctx.obj = {name: value for name, value in os.environ.items() if name not in CLIENTS_OWN}
    if os.environ.get("NO_COLOR"):
        ctx.color = False


if __name__ == "__main__":
    main()
