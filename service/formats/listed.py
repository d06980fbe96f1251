"""Rows as JSON: one to a line, alone or as a list that is whole only when its last line has come."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any


def as_ndjson(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    for row in rows:
        yield written(row)


def as_json(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    yield from listed(rows, opening="[", closing="]")


def listed(rows: Iterable[Mapping[str, Any]], *, opening: str, closing: str) -> Iterator[str]:
    """Lines: `opening`, the rows with commas between them, `closing`; one line where there are no rows."""
    held: str | None = None
    for row in rows:
        yield opening if held is None else held + ","
        held = written(row)
    if held is None:
        yield opening + closing
    else:
        yield held
        yield closing


def written(row: Mapping[str, Any]) -> str:
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))
