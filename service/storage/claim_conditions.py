"""ClaimConditions as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, literal_column, or_, select, true

from service.domain.claims import PlaceLevel, Polarity, Review
from service.domain.register import ClaimConditions, ForceCondition, PlaceCondition
from service.storage.claim_search import found_by
from service.storage.tables import claim_locations, claim_sources, claims

_COLUMNS = {
    **{word: word for word in ("kind", "outcome", "status", "polarity", "personnel", "review")},
    "outlet": "outlet_folded",
    "article": "article_id",
}
"""Of the conditions that hold where a column has one of their values."""


def standing(desk: str, revision: int) -> ColumnElement[bool]:
    """The rows that a reader sees who began at `revision`."""
    return and_(
        claims.c.desk_id == desk,
        claims.c.created_revision <= revision,
        claims.c.ended_revision > revision,
    )


def clauses(conditions: ClaimConditions, desk: str) -> Iterator[ColumnElement[bool]]:
    """Over `claims`; all of them must hold."""
    for places in (conditions.region, conditions.country):
        if places:
            yield located(places, desk)
    if conditions.origin:
        yield or_(*(_origin(place) for place in conditions.origin))
    if conditions.force:
        yield or_(*(_force(force) for force in conditions.force))
    for field, column in _COLUMNS.items():
        values: Sequence[str] = getattr(conditions, field)
        if values:
            yield claims.c[column].in_(values)
    yield from _rare(conditions)
    yield from _overlaps(claims.c.count_min, claims.c.count_max, conditions.min_count, conditions.max_count)
    yield from _overlaps(claims.c.time_start, claims.c.time_end, conditions.from_, conditions.to)
    if conditions.reported_from is not None:
        yield claims.c.reported_at >= conditions.reported_from
    if conditions.reported_before is not None:
        yield claims.c.reported_at < conditions.reported_before
    if conditions.source:
        yield claims.c.row_id.in_(rows_said_by(conditions.source, desk))
    if conditions.q:
        yield or_(*(found_by(search) for search in conditions.q))


def _rare(conditions: ClaimConditions) -> Iterator[ColumnElement[bool]]:
    """Says again that few claims are meant, in the words of the indexes of those that were judged, and of denials."""
    if conditions.review and Review.UNREVIEWED not in conditions.review:
        yield claims.c.review != literal_column("'unreviewed'")
    if conditions.polarity == (Polarity.DENIED,):
        yield claims.c.polarity == literal_column("'denied'")


def sole_place(conditions: ClaimConditions) -> tuple[ColumnElement[bool], ClaimConditions] | None:
    """Where the claims of one region or country are asked for: its rows of claim_locations, one to a claim.

    And the conditions that are left to hold. Reading those rows in order of their index spares
    sorting all claims of a large country for each page.
    """
    if len(conditions.region) == 1 and conditions.region[0].name_folded is None:
        return _inside(conditions.region[0]), replace(conditions, region=())
    if len(conditions.country) == 1:
        return _inside(conditions.country[0]), replace(conditions, country=())
    return None


def located(places: Sequence[PlaceCondition], desk: str) -> ColumnElement[bool]:
    inside = or_(*(_inside(place) for place in places))
    rows = select(claim_locations.c.row_id).where(claim_locations.c.desk_id == desk, inside)
    return claims.c.row_id.in_(rows)


def about_all_of(countries: Sequence[str]) -> ColumnElement[bool]:
    """Claims about all of a country, or without a place."""
    location = claim_locations.c
    # One look at a claim's own places: as several conditions, Postgres would read the places of all claims.
    is_wide = func.min(case((location.level == PlaceLevel.COUNTRY, 1), else_=0))
    is_inside = func.max(case((location.country.in_(countries), 1), else_=0))
    told = select(func.coalesce(is_wide * is_inside, 1)).where(location.row_id == claims.c.row_id)
    return told.scalar_subquery() == 1


def _inside(place: PlaceCondition) -> ColumnElement[bool]:
    location = claim_locations.c
    inside = _place(place, location.name_folded, location.region, location.country)
    if place.name_folded is not None:
        return inside
    # Whatever has a location inside has a first one; its index is in the order of pages.
    return and_(location.first_in_region if place.region is not None else location.first_in_country, inside)


def _origin(place: PlaceCondition) -> ColumnElement[bool]:
    return _place(place, claims.c.origin_name_folded, claims.c.origin_region, claims.c.origin_country)


def _place(place: PlaceCondition, name: Any, region: Any, country: Any) -> ColumnElement[bool]:
    # Towns are told apart by the region that they lie in, or by the country where none is known.
    within: list[ColumnElement[bool]] = []
    if place.region is not None:
        within.append(region == place.region)
    elif place.country is not None:
        within.append(country == place.country)
    if place.name_folded is not None:
        within.append(name == place.name_folded)
    return and_(true(), *within)


def _force(force: ForceCondition) -> ColumnElement[bool]:
    if force.country is not None:
        return claims.c.force_country == force.country
    return claims.c.force_group_folded == force.group_folded


def rows_said_by(names: Sequence[str], desk: str) -> Select[tuple[int]]:
    """Rows of claims; one may come several times."""
    source = claim_sources.c
    return select(source.row_id).where(
        source.desk_id == desk, or_(source.name_folded.in_(names), source.organization_folded.in_(names))
    )


def _overlaps(first: Any, last: Any, low: Any, high: Any) -> Iterator[ColumnElement[bool]]:
    """[first, last] meets [low, high]. None is an open end, but a claim open at both says nothing."""
    if low is None and high is None:
        return
    yield func.coalesce(first, last).is_not(None)
    if low is not None:
        yield or_(last.is_(None), last >= low)
    if high is not None:
        yield or_(first.is_(None), first <= high)
