"""Exit codes, and the one place where failures of commands become sentences on stderr."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Final, Never, ParamSpec, TypeVar

import click

from service.commands.client import RefusedError, UnreachableError
from service.domain.errors import InvalidInputError, MusterError, StorageUnavailableError
from service.settings import SettingsError

P = ParamSpec("P")
R = TypeVar("R")

FAILED: Final = 1
"""The service refused, or an article could not be read. click's own 2 is for wrong usage."""
UNREACHABLE: Final = 3
"""The service or the database can't be reached."""
INTERRUPTED: Final = 130
"""Ctrl-C, as shells count it."""


def fail(message: str, *, code: int = FAILED) -> Never:
    click.echo(click.style("muster: ", bold=True) + message, err=True)
    raise SystemExit(code)


def explained(command: Callable[P, R]) -> Callable[P, R]:
    """Turns named errors into a sentence and an exit code; others are bugs and keep their traceback."""

    @wraps(command)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return command(*args, **kwargs)
        except UnreachableError as error:
            fail(str(error), code=UNREACHABLE)
        except StorageUnavailableError as error:
            fail(str(error), code=UNREACHABLE)
        except SettingsError as error:
            raise click.UsageError(str(error)) from error
        except InvalidInputError as error:
            lines = [f"  {field}: {message}" for field, messages in error.errors.items() for message in messages]
            fail("\n".join([str(error), *lines]))
        except (RefusedError, MusterError) as error:
            fail(str(error))
        except KeyboardInterrupt:
            raise SystemExit(INTERRUPTED) from None

    return wrapper
