"""Conditions that few claims meet, which no statistics tell of: those claims are looked up before anything else.

A database that takes a speaker of long ago for a common one walks through all claims, newest first, to find a page.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import Connection, Select, func, select

from service.domain.register import ClaimConditions
from service.storage.claim_conditions import rows_said_by
from service.storage.claim_search import rows_with

_FEW: Final = 2000
"""Rows of claims; more are soon met with in any order."""


def few(connection: Connection, conditions: ClaimConditions, desk: str) -> tuple[Sequence[int], ClaimConditions] | None:
    """The rows of claims, and the conditions that are left to hold; None where no condition is known to be rare."""
    for field, rows in _looked_up(conditions, desk):
        number = connection.execute(select(func.count()).select_from(rows.limit(_FEW + 1).subquery())).scalar_one()
        if number <= _FEW:
            left: dict[str, Any] = {field: ()}
            return connection.scalars(rows).all(), replace(conditions, **left)
    return None


def _looked_up(conditions: ClaimConditions, desk: str) -> Iterator[tuple[str, Select[Any]]]:
    if conditions.source:
        yield "source", rows_said_by(conditions.source, desk)
    if len(conditions.q) == 1 and conditions.q[0].wanted:
        yield "q", rows_with(conditions.q[0])
