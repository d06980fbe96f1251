"""Orders of claims, and where to go on in them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, and_, case, func, or_, tuple_

from service.domain.claims import Qualifier
from service.storage.tables import claims

SortValue: TypeAlias = datetime | date | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimOrder:
    """key: reported_at, time, count, confidence, or ordinal (the order of the text).

    Claims without a value come last either way. Ties are told apart by id, in the same direction.
    """

    key: str
    descending: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """The last row that the reader has: its value under the order's key, and its id."""

    value: SortValue | None
    id: str


_plain = or_(claims.c.count_qualifier != Qualifier.VAGUE)
# A vague figure's floor is there to filter by; it orders nothing.
_KEYS: dict[str, Any] = {
    "reported_at": claims.c.reported_at,
    "time": func.coalesce(claims.c.time_start, claims.c.time_end),
    "count": case((_plain, func.coalesce(claims.c.count_max, claims.c.count_min)), else_=None),
    "confidence": claims.c.confidence,
    "ordinal": claims.c.ordinal,
}
_NULLABLE = {"time", "count"}


def sort_value(order: ClaimOrder) -> Any:
    return _KEYS[order.key].label("sort_value")


def order_by(order: ClaimOrder) -> tuple[Any, ...]:
    key, id_ = _KEYS[order.key], claims.c.id
    directed = (key.desc(), id_.desc()) if order.descending else (key.asc(), id_.asc())
    return (key.is_(None), *directed) if order.key in _NULLABLE else directed


def following(order: ClaimOrder, after: After) -> ColumnElement[bool]:
    """The rows after that one."""
    key, id_ = _KEYS[order.key], claims.c.id
    further = id_ < after.id if order.descending else id_ > after.id
    if order.key not in _NULLABLE:
        place = tuple_(key, id_)
        last = tuple_(after.value, after.id)
        return place < last if order.descending else place > last
    if after.value is None:
        return and_(key.is_(None), further)
    beyond = key < after.value if order.descending else key > after.value
    return or_(beyond, and_(key == after.value, further), key.is_(None))
