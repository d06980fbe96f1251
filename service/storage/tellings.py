"""Claims that say the same by the same origin, as one row: what estimates are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from service.domain.claims import Count, Kind, Outcome, Polarity, Review, Status
from service.domain.estimates import Telling
from service.domain.figures import Basis
from service.domain.origins import Origin
from service.domain.register import ClaimConditions
from service.storage.claim_codec import decode
from service.storage.claim_conditions import about_all_of, clauses, located, standing
from service.storage.tables import claims

_AT_ONCE: Final = 500
"""Ids to a statement."""
_total = claims.alias("total")
_SAID: Final = (
    claims.c.speaker_key,
    claims.c.kind,
    claims.c.outcome,
    claims.c.basis,
    claims.c.status,
    claims.c.polarity,
    claims.c.count_additional,
    claims.c.count_qualifier,
    claims.c.count_min,
    claims.c.count_max,
    _total.c.id.is_not(None).label("is_part"),
)


def tellings(
    connection: Connection,
    conditions: ClaimConditions,
    *,
    denied_above: Sequence[str],
    revision: int,
    desk: str,
    limit: int,
) -> list[Telling]:
    """Over the claims that stood at `revision` and that no reviewer rejected, in no order; about `limit` at most.

    Denials are of any kind, since who denies a presence denies an arrival. `denied_above` are countries: what is
    denied of all of one, or of no place in particular, is denied of each place in it.
    """
    kept = (standing(desk, revision), claims.c.review != Review.REJECTED)
    affirmed = clauses(replace(conditions, polarity=(Polarity.AFFIRMED,)), desk)
    denied = clauses(replace(conditions, region=(), country=(), kind=(), outcome=(), polarity=(Polarity.DENIED,)), desk)
    here = located((*conditions.region, *conditions.country), desk)
    found = [
        row
        for said in (affirmed, (*denied, or_(here, about_all_of(denied_above, desk))))
        for row in connection.execute(_grouped(*kept, *said, revision=revision).limit(limit))
    ]
    counts = _counts(connection, [row.claim_id for row in found], revision=revision, desk=desk)
    return [_telling(row, counts[row.claim_id]) for row in found]


def _total_of_its_kind(revision: int) -> ColumnElement[bool]:
    """300 killed are a part of 1,000 killed, but the whole of the killed among 3,000 casualties."""
    return and_(
        _total.c.desk_id == claims.c.desk_id,
        _total.c.id == claims.c.part_of,
        _total.c.created_revision <= revision,
        _total.c.ended_revision > revision,
        _total.c.kind == claims.c.kind,
        func.coalesce(_total.c.outcome, "") == func.coalesce(claims.c.outcome, ""),
    )


def _grouped(*where: ColumnElement[bool], revision: int) -> Select[Any]:
    columns = claims.c
    return (
        select(
            *_SAID,
            func.min(columns.speaker_name).label("speaker_name"),
            func.min(columns.reported_at).label("first_reported_at"),
            func.max(columns.reported_at).label("last_reported_at"),
            func.count().label("claims"),
            func.count(columns.article_id.distinct()).label("articles"),
            func.min(columns.id).label("claim_id"),
        )
        .select_from(claims)
        .outerjoin(_total, _total_of_its_kind(revision))
        .where(*where)
        .group_by(*_SAID)
        .order_by(func.max(columns.reported_at).desc(), func.min(columns.id))
    )


def _counts(connection: Connection, ids: Sequence[str], *, revision: int, desk: str) -> dict[str, Count]:
    """The figures with their words."""
    counts: dict[str, Count] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = select(claims.c.id, claims.c.body).where(
            standing(desk, revision), claims.c.id.in_(ids[start : start + _AT_ONCE])
        )
        counts.update((row.id, decode(row.body).count) for row in connection.execute(query))
    return counts


def _telling(row: Row[Any], count: Count) -> Telling:
    return Telling(
        origin=Origin(key=row.speaker_key, name=row.speaker_name),
        kind=Kind(row.kind),
        outcome=Outcome(row.outcome) if row.outcome else None,
        basis=Basis(row.basis),
        status=Status(row.status),
        polarity=Polarity(row.polarity),
        count=count,
        is_part=row.is_part,
        first_reported_at=row.first_reported_at,
        last_reported_at=row.last_reported_at,
        claims=row.claims,
        articles=row.articles,
        claim_id=row.claim_id,
    )
