"""What kind of figure a claim gives: figures of different kinds are never compared."""

from __future__ import annotations

from datetime import timedelta
from enum import StrEnum

from service.domain.claims import Kind, Time

_LONGEST_MOVE = timedelta(days=31)


class Basis(StrEnum):
    """stock: how many are there. flow: how many came or went at once. cumulative: by and by. losses: how many fell."""

    STOCK = "stock"
    FLOW = "flow"
    CUMULATIVE = "cumulative"
    LOSSES = "losses"


def basis_of(kind: Kind, time: Time) -> Basis:
    """A move that is told of more than a month, or "since" some day, is a sum of moves."""
    if kind is Kind.PRESENCE:
        return Basis.STOCK
    if kind is Kind.CASUALTIES:
        return Basis.LOSSES
    if time.start is None:
        return Basis.FLOW
    if time.end is None or time.end - time.start > _LONGEST_MOVE:
        return Basis.CUMULATIVE
    return Basis.FLOW
