"""Claims that say the same by the same origin, as one row: what estimates are made of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, case, func, or_, select

from service.domain.claims import Claim, Kind, Outcome, Polarity, Review, Status
from service.domain.estimates import Telling
from service.domain.figures import Basis
from service.domain.origins import Origin, origin_of
from service.domain.register import ClaimConditions
from service.storage.claim_codec import decode
from service.storage.claim_conditions import about_all_of, clauses, located, standing
from service.storage.copies import held_at
from service.storage.engine import room_to_sort
from service.storage.tables import claims, copies

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
    room_to_sort(connection)
    kept = (standing(desk, revision), claims.c.review != Review.REJECTED)
    affirmed = clauses(replace(conditions, polarity=(Polarity.AFFIRMED,)), desk)
    denied = clauses(replace(conditions, region=(), country=(), kind=(), outcome=(), polarity=(Polarity.DENIED,)), desk)
    here = located((*conditions.region, *conditions.country), desk)
    found = [
        row
        for asked in (affirmed, (*denied, or_(here, about_all_of(denied_above))))
        for row in connection.execute(_grouped(*kept, *asked, revision=revision, desk=desk).limit(limit))
    ]
    said = _said(connection, [row.claim_id for row in found], revision=revision, desk=desk)
    told = [_telling(row, *said[row.claim_id]) for row in found]
    # Where there are too many the caller is to see it.
    return _joined(told) if len(told) < limit else told


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


def _is_its_copy(desk: str, revision: int) -> ColumnElement[bool]:
    """What names its speaker is that one's figure, whoever prints it; who names nobody speaks for the article."""
    speaks_for_it = or_(claims.c.speaker_named.is_(False), claims.c.speaker_key.startswith("unnamed:"))
    return and_(copies.c.article_id == case((speaks_for_it, claims.c.article_id)), held_at(revision, desk))


def _grouped(*where: ColumnElement[bool], revision: int, desk: str) -> Select[Any]:
    columns = claims.c
    by = (*_SAID, copies.c.original_id, copies.c.original_outlet)
    return (
        select(
            *by,
            func.min(columns.reported_at).label("first_reported_at"),
            func.max(columns.reported_at).label("last_reported_at"),
            func.count().label("claims"),
            func.count(columns.article_id.distinct()).label("articles"),
            func.min(columns.id).label("claim_id"),
        )
        .select_from(claims)
        .outerjoin(_total, _total_of_its_kind(revision))
        .outerjoin(copies, _is_its_copy(desk, revision))
        .where(*where)
        .group_by(*by)
        .order_by(func.max(columns.reported_at).desc(), func.min(columns.id))
    )


def _said(
    connection: Connection, ids: Sequence[str], *, revision: int, desk: str
) -> dict[str, tuple[Claim, str | None]]:
    """The figures with their words and their speakers, whose name stands beside."""
    said: dict[str, tuple[Claim, str | None]] = {}
    for start in range(0, len(ids), _AT_ONCE):
        query = select(claims.c.id, claims.c.speaker_name, claims.c.body).where(
            standing(desk, revision), claims.c.id.in_(ids[start : start + _AT_ONCE])
        )
        said.update((row.id, (decode(row.body), row.speaker_name)) for row in connection.execute(query))
    return said


def _joined(told: Sequence[Telling]) -> list[Telling]:
    """What copies say by what their originals say."""
    same: dict[tuple[object, ...], Telling] = {}
    for one in told:
        count = one.count
        figure = (count.additional, count.qualifier, count.min, count.max, one.is_part)
        key = (one.origin.key, one.kind, one.outcome, one.basis, one.status, one.polarity, *figure)
        other = same.get(key)
        if other is None:
            same[key] = one
            continue
        first = min(one, other, key=lambda telling: telling.claim_id)
        same[key] = replace(
            first,
            first_reported_at=min(one.first_reported_at, other.first_reported_at),
            last_reported_at=max(one.last_reported_at, other.last_reported_at),
            claims=one.claims + other.claims,
            articles=one.articles + other.articles,
        )
    return list(same.values())


def _telling(row: Row[Any], claim: Claim, speaker_name: str | None) -> Telling:
    origin = Origin(key=row.speaker_key, name=speaker_name)
    if row.original_id is not None:
        origin = origin_of(claim.attribution, outlet=row.original_outlet, article_id=row.original_id)
    return Telling(
        origin=origin,
        kind=Kind(row.kind),
        outcome=Outcome(row.outcome) if row.outcome else None,
        basis=Basis(row.basis),
        status=Status(row.status),
        polarity=Polarity(row.polarity),
        count=claim.count,
        is_part=row.is_part,
        first_reported_at=row.first_reported_at,
        last_reported_at=row.last_reported_at,
        claims=row.claims,
        articles=row.articles,
        claim_id=row.claim_id,
    )
