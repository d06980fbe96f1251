"""How many, according to whom: the figures of one force at one place."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

from service.analysis.estimates import estimates
from service.domain.claims import Kind
from service.domain.errors import InvalidInputError
from service.domain.estimates import EstimateAnswer
from service.domain.register import ClaimFilters, ForceCondition
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import revision_as_of
from service.use_cases.filters import resolve_filters
from service.use_cases.places import AnyPlaceNames, NamedPlace, place_names

MOST_TELLINGS: Final = 5000
"""Different figures of different origins; more are too many to set side by side."""


def estimate(
    work: UnitOfWork,
    filters: ClaimFilters,
    *,
    as_of: date | datetime | None = None,
    desk: str,
    gazetteer: AnyPlaceNames | None = None,
) -> EstimateAnswer:
    """Of one force, in one region or country. Claims that a reviewer rejected count for nothing.

    Raises InvalidInputError where force and place are not one each, or where too much was said to be compared, and
    what resolve_filters raises.
    """
    places = gazetteer or place_names()
    _check_subject(filters)
    conditions = resolve_filters(filters, places)
    revision = revision_as_of(work, as_of, desk=desk)
    place = places.resolve((filters.region or filters.country)[0])
    told = work.claims.tellings(
        conditions, denied_above=_above(place), revision=revision, desk=desk, limit=MOST_TELLINGS + 1
    )
    if len(told) > MOST_TELLINGS:
        message = f"More than {MOST_TELLINGS} figures were given; name a kind, or a narrower time."
        raise InvalidInputError("The query can't be answered.", errors={"force": [message]})
    people = _people(conditions.force[0], filters.force[0], places)
    wanted = [one for one in estimates(told, people=people, place=place.name) if one.kind in (filters.kind or Kind)]
    return EstimateAnswer(
        force=conditions.force[0].country or filters.force[0],
        place=place.code,
        place_name=place.name,
        estimates=tuple(wanted),
    )


def _check_subject(filters: ClaimFilters) -> None:
    errors = {}
    if len(filters.force) != 1:
        errors["force"] = ["Name one force: figures of several are not comparable."]
    if len(filters.region) + len(filters.country) != 1:
        errors["region"] = ["Name one region or one country."]
    if errors:
        raise InvalidInputError("The query can't be answered.", errors=errors)


def _above(place: NamedPlace) -> tuple[str, ...]:
    """The country that holds the place asked for."""
    country = place.country or (place.code if "-" not in place.code else None)
    return (country,) if country else ()


def _people(force: ForceCondition, named: str, places: AnyPlaceNames) -> str:
    adjective = places.adjective_of(force.country) if force.country else None
    return f"{adjective or named} personnel"
