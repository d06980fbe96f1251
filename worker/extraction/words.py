"""Strict reading of lexicon tables: what a stage does not know, or finds twice or empty, stops the load."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
Table = Mapping[str, object]


def laid_out(file: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """For what reads a table by its layout: another layout, a list for a table, is a ValueError too."""

    def decorate(parse: Callable[P, R]) -> Callable[P, R]:
        @wraps(parse)
        def parsed(*args: P.args, **kwargs: P.kwargs) -> R:
            try:
                return parse(*args, **kwargs)
            except (AttributeError, LookupError, OverflowError, TypeError) as error:
                raise ValueError(f"{file} is not laid out as it must be ({type(error).__name__}: {error}).") from error

        return parsed

    return decorate


def expect_keys(table: Table, known: Iterable[str], *, where: str) -> None:
    """Raise ValueError for a key that no stage reads."""
    unknown = sorted(set(table) - set(known))
    if unknown:
        raise ValueError(f"{where}: unknown key {', '.join(map(repr, unknown))}.")


def subtable(table: Table, key: str, *, where: str) -> Table:
    value = table.get(key)
    if not isinstance(value, Mapping) or not value:
        raise ValueError(f"{where}: the table [{key}] is missing or empty.")
    return value


def rows(table: Table, key: str, *, where: str) -> list[Table]:
    value = table.get(key)
    if not isinstance(value, list) or not value or not all(isinstance(row, Mapping) for row in value):
        raise ValueError(f"{where}: the array of tables [[{key}]] is missing or empty.")
    return list(value)


def strings(table: Table, key: str, *, where: str, optional: bool = False) -> tuple[str, ...]:
    """The strings under `key`, in order, each only once."""
    value = table.get(key)
    if value is None and optional:
        return ()
    if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
        raise ValueError(f"{where}: {key!r} must be a list of words with at least one in it.")
    doubles = sorted({item for item in value if value.count(item) > 1})
    if doubles:
        raise ValueError(f"{where}: {key!r} names {', '.join(map(repr, doubles))} twice.")
    return tuple(value)


def string(table: Table, key: str, *, where: str) -> str:
    value = table.get(key)
    if not isinstance(value, str) or not value:
        raise ValueError(f"{where}: {key!r} must be a word.")
    return value


def string_or_none(table: Table, key: str, *, where: str) -> str | None:
    return string(table, key, where=where) if key in table else None


def flag(table: Table, key: str, *, where: str) -> bool:
    """Whether `key` is set to true; false where it is left out."""
    value = table.get(key, False)
    if value is not True and value is not False:
        raise ValueError(f"{where}: {key!r} must be true or false.")
    return value is True


def pairs(table: Table, key: str, *, where: str) -> tuple[tuple[str, str], ...]:
    """Strings of the form "sent:send" as (left, right), in order; the right side may be empty."""
    found = []
    for item in strings(table, key, where=where):
        left, colon, right = item.partition(":")
        if not left or not colon:
            raise ValueError(f"{where}: {item!r} under {key!r} must be two words with a colon between them.")
        found.append((left, right))
    return tuple(found)


def words_in(table: object) -> frozenset[str]:
    """Every word that a table holds, at any depth, in lower case."""
    if isinstance(table, str):
        return frozenset(table.casefold().split())
    if isinstance(table, Mapping):
        return frozenset(word for value in table.values() for word in words_in(value))
    if isinstance(table, list):
        return frozenset(word for value in table for word in words_in(value))
    return frozenset()
