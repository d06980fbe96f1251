"""What a reader may narrow a query by: the values of each field, with how many claims each would give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from service.domain.register import ClaimConditions, ClaimFilters, GroupKey
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import revision_as_of
from service.use_cases.checks import check_limit
from service.use_cases.filters import resolve_filters
from service.use_cases.places import AnyPlaceNames, place_names

FACETS: Final = (
    GroupKey.FORCE,
    GroupKey.COUNTRY,
    GroupKey.REGION,
    GroupKey.KIND,
    GroupKey.OUTCOME,
    GroupKey.STATUS,
    GroupKey.POLARITY,
    GroupKey.PERSONNEL,
    GroupKey.REVIEW,
    GroupKey.SOURCE,
    GroupKey.OUTLET,
)
"""What claims are grouped by under the name of a filter."""
MOST_FACET_VALUES: Final = 100
_CODED: Final = (GroupKey.FORCE, GroupKey.COUNTRY, GroupKey.REGION)


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """`value` is what the filter takes; `name` is for people.

    Accepted gap: a source is the first speaker, while its filter looks at the whole chain; one who is known by a role
    only ("a Ukrainian official") can't be asked for by it.
    """

    value: str
    name: str
    claims: int
    articles: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """The values with most claims first; `more` tells that there are others. `without` is of claims with no value."""

    values: tuple[FacetValue, ...]
    more: bool
    without: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """`claims` and `articles` are those that all filters find."""

    claims: int
    articles: int
    facets: dict[str, Facet]


def find_facets(
    work: UnitOfWork,
    filters: ClaimFilters,
    *,
    fields: Sequence[GroupKey],
    limit: int = 10,
    as_of: date | datetime | None = None,
    desk: str,
    gazetteer: AnyPlaceNames | None = None,
) -> Facets:
    """Of each field, `limit` values at most, counted over what all filters but its own find.

    So `kind` shows what other kinds there are beside the one asked for. A claim at two places counts once in each.
    Raises InvalidInputError, UnknownPlaceError and AmbiguousPlaceError.
    """
    check_limit(limit, most=MOST_FACET_VALUES)
    names = gazetteer or place_names()
    conditions = resolve_filters(filters, names)
    revision = revision_as_of(work, as_of, desk=desk)
    (found,) = work.claims.groups(conditions, (), revision=revision, desk=desk, limit=1)
    return Facets(
        claims=found.claims,
        articles=found.articles,
        facets={
            field.value: _facet(work, conditions, field, names, limit=limit, revision=revision, desk=desk)
            for field in fields
        },
    )


def _facet(
    work: UnitOfWork,
    conditions: ClaimConditions,
    field: GroupKey,
    names: AnyPlaceNames,
    *,
    limit: int,
    revision: int,
    desk: str,
) -> Facet:
    unfiltered: dict[str, Any] = {field.value: ()}
    others = replace(conditions, **unfiltered)
    # One more for claims without a value, which come first, and one that tells of more.
    groups = work.claims.groups(others, (field,), revision=revision, desk=desk, limit=limit + 2, largest_first=True)
    without = sum(group.claims for group in groups if group.keys == (None,))
    valued = [(group.keys[0], group) for group in groups if group.keys[0] is not None]
    return Facet(
        values=tuple(
            FacetValue(value=value, name=_name(field, value, names), claims=group.claims, articles=group.articles)
            for value, group in valued[:limit]
        ),
        more=len(valued) > limit,
        without=without,
    )


def _name(field: GroupKey, value: str, names: AnyPlaceNames) -> str:
    place = names.by_code(value) if field in _CODED else None
    return place.name if place else value
