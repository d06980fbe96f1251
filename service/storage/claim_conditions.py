"""ClaimConditions as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, and_, func, literal_column, or_, select, true

from service.domain.claims import PlaceLevel, Review
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
    if conditions.review and Review.UNREVIEWED not in conditions.review:
        # Says the same again, in the words of the index of the few claims that were judged.
        yield claims.c.review != literal_column("'unreviewed'")
    yield from _overlaps(claims.c.count_min, claims.c.count_max, conditions.min_count, conditions.max_count)
    yield from _overlaps(claims.c.time_start, claims.c.time_end, conditions.from_, conditions.to)
    if conditions.reported_from is not None:
        yield claims.c.reported_at >= conditions.reported_from
    if conditions.reported_before is not None:
        yield claims.c.reported_at < conditions.reported_before
    if conditions.source:
        yield _said_by(conditions.source, desk)
    if conditions.q:
        yield or_(*(found_by(search) for search in conditions.q))


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


def about_all_of(countries: Sequence[str], desk: str) -> ColumnElement[bool]:
    """Claims about all of a country, or without a place."""
    location = claim_locations.c
    inside = select(location.row_id).where(location.desk_id == desk, location.country.in_(countries))
    narrower = select(location.row_id).where(location.desk_id == desk, location.row_id == claims.c.row_id)
    narrower = narrower.where(location.level != PlaceLevel.COUNTRY)
    anywhere = select(location.row_id).where(location.desk_id == desk, location.row_id == claims.c.row_id)
    return or_(and_(claims.c.row_id.in_(inside), ~narrower.exists()), ~anywhere.exists())


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


def _said_by(names: Sequence[str], desk: str) -> ColumnElement[bool]:
    source = claim_sources.c
    rows = select(source.row_id).where(
        source.desk_id == desk, or_(source.name_folded.in_(names), source.organization_folded.in_(names))
    )
    return claims.c.row_id.in_(rows)


def _overlaps(first: Any, last: Any, low: Any, high: Any) -> Iterator[ColumnElement[bool]]:
    """[first, last] meets [low, high]. None is an open end, but a claim open at both says nothing."""
    if low is None and high is None:
        return
    yield func.coalesce(first, last).is_not(None)
    if low is not None:
        yield or_(last.is_(None), last >= low)
    if high is not None:
        yield or_(first.is_(None), first <= high)
