"""What the log says of an unexpected error: where it came from, and nothing of what it was about.

Messages of errors quote what they stumbled on, such as an article's words, a key or a statement with its values.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from typing import Final

_FRAMES: Final = 20
_LONGEST_CHAIN: Final = 5


def told(error: BaseException) -> str:
    """Kinds of the error and of its causes, each with files and lines, innermost last."""
    return "; caused by ".join(_one(cause) for cause in _chain(error))


def _one(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES:]
    where = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(error).__name__}{_code(error)}" + (f" at {where}" if where else "")


def _code(error: BaseException) -> str:
    """What the database calls it: SQLSTATE, or SQLite's name."""
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return f" ({code})" if isinstance(code, str) else ""


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: BaseException | None = error
    for _ in range(_LONGEST_CHAIN):
        if seen is None:
            return
        yield seen
        seen = seen.__cause__ or seen.__context__
