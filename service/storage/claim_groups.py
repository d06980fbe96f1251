"""Counting claims by group."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, cast, func, or_, select

from service.domain.claims import Qualifier
from service.domain.register import ClaimConditions, Group, GroupKey
from service.storage.claim_conditions import clauses, standing
from service.storage.engine import room_to_sort
from service.storage.tables import claim_locations, claims
from service.storage.types import Key

_PLACES = {GroupKey.REGION: claim_locations.c.region, GroupKey.COUNTRY: claim_locations.c.country}
_COLUMNS = {
    GroupKey.FORCE: func.coalesce(claims.c.force_country, claims.c.force_group),
    GroupKey.KIND: claims.c.kind,
    GroupKey.OUTCOME: claims.c.outcome,
    GroupKey.STATUS: claims.c.status,
    GroupKey.POLARITY: claims.c.polarity,
    GroupKey.PERSONNEL: claims.c.personnel,
    GroupKey.REVIEW: claims.c.review,
    GroupKey.OUTLET: claims.c.outlet,
    GroupKey.SOURCE: claims.c.speaker,
    # Where nobody is named they can't be told apart, and are one group without a name.
    GroupKey.ORIGIN: case((claims.c.speaker_name.is_not(None), claims.c.speaker_key), else_=None),
}
_PERIODS_SQLITE = {
    GroupKey.DAY: "%Y-%m-%d",
    GroupKey.MONTH: "%Y-%m",
    GroupKey.YEAR: "%Y",
}
_PERIODS_POSTGRES = {
    GroupKey.DAY: "YYYY-MM-DD",
    GroupKey.WEEK: 'IYYY-"W"IW',
    GroupKey.MONTH: "YYYY-MM",
    GroupKey.YEAR: "YYYY",
}


def groups(
    connection: Connection,
    conditions: ClaimConditions,
    keys: Sequence[GroupKey],
    *,
    desk: str,
    revision: int,
    limit: int,
    largest_first: bool = False,
) -> list[Group]:
    """Empty groups are left out, but with no keys there is always the one.

    `largest_first`: those without a key, then those with most claims; of as many, by their keys.
    """
    postgres = connection.dialect.name == "postgresql"
    columns = [_column(key, postgres=postgres).label(f"key_{n}") for n, key in enumerate(keys)]
    said = claims.c.count_qualifier != Qualifier.VAGUE
    low = case((said, claims.c.count_min), else_=None)
    high = case((said, func.coalesce(claims.c.count_max, claims.c.count_min)), else_=None)
    # By article first, since counting the distinct ones of each group would sort all claims.
    by_article = select(
        *columns,
        func.count().label("claims"),
        func.min(low).label("low"),
        func.max(high).label("high"),
        *((func.min(claims.c.speaker_name).label("origin"),) if GroupKey.ORIGIN in keys else ()),
    ).where(standing(desk, revision), *clauses(conditions, desk))
    if any(key in _PLACES for key in keys):
        by_article = by_article.select_from(claims).outerjoin(
            claim_locations, and_(claim_locations.c.row_id == claims.c.row_id, _once(keys))
        )
    found = by_article.group_by(*columns, claims.c.article_id).subquery().c
    grouped = [found[f"key_{n}"] for n in range(len(keys))]
    number = cast(func.coalesce(func.sum(found.claims), 0), Key)
    query = (
        select(
            *grouped,
            number.label("claims"),
            func.count().label("articles"),
            func.min(found.low).label("low"),
            func.max(found.high).label("high"),
            *((func.min(found.origin).label("origin"),) if GroupKey.ORIGIN in keys else ()),
        )
        .group_by(*grouped)
        .limit(limit)
    )
    if largest_first:
        plain = [column.collate("C" if postgres else "BINARY") for column in grouped]
        query = query.order_by(*(column.is_(None).desc() for column in plain), number.desc(), *plain)
    room_to_sort(connection)
    return [
        Group(
            keys=tuple(row.origin if key is GroupKey.ORIGIN else _shown(key, row[n]) for n, key in enumerate(keys)),
            claims=row.claims,
            articles=row.articles,
            min=row.low,
            max=row.high,
        )
        for row in connection.execute(query)
    ]


def _once(keys: Sequence[GroupKey]) -> ColumnElement[bool]:
    """Locations that give a claim each of its groups once, however many towns of a region it names."""
    first_in_region, first_in_country = claim_locations.c.first_in_region, claim_locations.c.first_in_country
    if GroupKey.REGION not in keys:
        return and_(first_in_country)
    if GroupKey.COUNTRY not in keys:
        return and_(first_in_region)
    return or_(first_in_region, and_(claim_locations.c.region.is_(None), first_in_country))


def _column(key: GroupKey, *, postgres: bool) -> ColumnElement[Any]:
    if key in _PLACES:
        return _PLACES[key]
    if key in _COLUMNS:
        return _COLUMNS[key]
    if postgres:
        return func.to_char(func.timezone("UTC", claims.c.reported_at), _PERIODS_POSTGRES[key])
    if key is GroupKey.WEEK:
        # SQLite before 3.46 knows no ISO weeks: the Sunday that ends the week, then its Monday.
        return func.date(claims.c.reported_at, "weekday 0", "-6 days")
    return func.strftime(_PERIODS_SQLITE[key], claims.c.reported_at)


def _shown(key: GroupKey, value: str | None) -> str | None:
    if key is GroupKey.WEEK and value is not None and "W" not in value:
        year, week, _ = date.fromisoformat(value).isocalendar()
        return f"{year:04}-W{week:02}"
    return value
