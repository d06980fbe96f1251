"""FIELD=VALUE as an editor types it, turned into a correction as the service takes it."""

from __future__ import annotations

import calendar
import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from service.domain.claims import CORRECTABLE

_NUMBER: Final = r"([0-9][0-9,]*)"
_FIGURES: Final[Sequence[tuple[str, str, bool, bool]]] = (
    (_NUMBER, "exact", True, True),
    (r"~\s*" + _NUMBER, "approximate", True, True),
    (r">\s*" + _NUMBER, "more_than", True, False),
    (r"(?:>=|≥)\s*" + _NUMBER, "at_least", True, False),
    (r"<\s*" + _NUMBER, "less_than", False, True),
    (r"(?:<=|≤)\s*" + _NUMBER, "at_most", False, True),
)
"""Pattern, qualifier, and whether the figure is its least and its most; as `muster claims` shows them."""
_RANGE: Final = re.compile(_NUMBER + r"\s*[-–]\s*" + _NUMBER)
_DAY: Final = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_SPAN: Final = re.compile(rf"({_DAY})?\s*\.\.\s*({_DAY})?")


def read_corrections(given: Sequence[str]) -> dict[str, Any]:
    """Of FIELD=VALUE each. Nothing behind the = means unknown; JSON says what this short way can't.

    Raises ValueError with a sentence.
    """
    read: dict[str, Any] = {}
    for written in given:
        name, mark, value = (part.strip() for part in written.partition("="))
        if not mark:
            raise ValueError(f"{written!r} is not FIELD=VALUE.")
        if name not in CORRECTABLE:
            raise ValueError(f"{name!r} is none of {', '.join(CORRECTABLE)}.")
        if name in read:
            raise ValueError(f"{name} is given twice.")
        read[name] = _value(name, value)
    return read


def _value(name: str, value: str) -> Any:
    if not value:
        return [] if name in ("locations", "attribution") else None
    if value[0] in "{[" or name == "attribution":
        try:
            return json.loads(value)
        except ValueError as error:
            example = ', such as [{"name": "Kyrylo Budanov", "type": "official"}]' if name == "attribution" else ""
            raise ValueError(f"{name}: this is no JSON{example} ({error}).") from error
    return _READERS.get(name, str)(value)


def _count(value: str) -> Mapping[str, Any]:
    """5000, ~5000, >5000, >=5000, <5000, <=5000 or 3000-5000."""
    for pattern, qualifier, is_least, is_most in _FIGURES:
        if found := re.fullmatch(pattern, value):
            figure = _figure(found[1])
            return {"min": figure if is_least else None, "max": figure if is_most else None, "qualifier": qualifier}
    if found := _RANGE.fullmatch(value):
        return {"min": _figure(found[1]), "max": _figure(found[2]), "qualifier": "range"}
    raise ValueError(f"count: {value!r} is no figure such as 5000, ~5000, >5000, >=5000, <5000, <=5000 or 3000-5000.")


def _figure(digits: str) -> int:
    return int(digits.replace(",", ""))


def _time(value: str) -> Mapping[str, Any]:
    """A day, a month, a year, or two days with .. between them, one of which may be left out."""
    if re.fullmatch(_DAY, value):
        return {"start": value, "end": value, "precision": "day"}
    if found := re.fullmatch(r"([0-9]{4})-(0[1-9]|1[0-2])", value):
        last = calendar.monthrange(int(found[1]) or 1, int(found[2]))[1]
        return {"start": f"{value}-01", "end": f"{value}-{last:02}", "precision": "month"}
    if re.fullmatch(r"[0-9]{4}", value):
        return {"start": f"{value}-01-01", "end": f"{value}-12-31", "precision": "year"}
    found = _SPAN.fullmatch(value)
    if found and any(found.groups()):
        return {"start": found[1], "end": found[2], "precision": "range"}
    raise ValueError(f"time: {value!r} is no 2024-10-05, 2024-10, 2024, 2024-10-01..2024-10-20 or 2024-10-01...")


def _locations(value: str) -> list[str]:
    return [name.strip() for name in value.split(";") if name.strip()]


_READERS: Final[Mapping[str, Callable[[str], Any]]] = {
    "count": _count,
    "time": _time,
    "locations": _locations,
}
