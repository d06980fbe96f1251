"""From what a user wrote to what can be looked for: names resolved, values checked."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from service.domain.claims import Kind, Outcome, PersonnelType, PlaceLevel, Polarity, Review, Status
from service.domain.errors import AmbiguousPlaceError, InvalidInputError, UnknownPlaceError
from service.domain.places.folding import fold
from service.domain.register import ClaimConditions, ClaimFilters, ForceCondition, PlaceCondition
from service.domain.searching import Search, read_search
from service.use_cases.places import AnyPlaceNames, NamedPlace


def resolve_filters(filters: ClaimFilters, gazetteer: AnyPlaceNames) -> ClaimConditions:
    """Raises InvalidInputError, UnknownPlaceError and AmbiguousPlaceError."""
    _check_words(filters)
    _check_spans(filters)
    return ClaimConditions(
        region=_places(filters.region, gazetteer),
        country=tuple(PlaceCondition(country=_country(name, gazetteer)) for name in filters.country),
        origin=_places(filters.origin, gazetteer),
        force=tuple(_force(name, gazetteer) for name in filters.force),
        kind=filters.kind,
        outcome=filters.outcome,
        status=filters.status,
        polarity=filters.polarity,
        personnel=filters.personnel,
        review=filters.review,
        min_count=filters.min_count,
        max_count=filters.max_count,
        from_=filters.from_,
        to=filters.to,
        reported_from=start_of(filters.reported_from),
        reported_before=just_after(filters.reported_to),
        source=_folded(filters.source),
        outlet=_folded(filters.outlet),
        article=filters.article,
        q=_searches(filters.q),
    )


def start_of(moment: date | datetime | None) -> datetime | None:
    """A plain date is its midnight, UTC."""
    if moment is None or isinstance(moment, datetime):
        return moment
    return datetime.combine(moment, time(), tzinfo=UTC)


def just_after(moment: date | datetime | None) -> datetime | None:
    """The first moment that no longer belongs to a span that ends with `moment`."""
    if moment is None:
        return None
    try:
        if isinstance(moment, datetime):
            return moment + timedelta(microseconds=1)
        return datetime.combine(moment, time(), tzinfo=UTC) + timedelta(days=1)
    except OverflowError:
        # Nothing comes after the last day of the calendar.
        return None


def _places(names: Iterable[str], gazetteer: AnyPlaceNames) -> tuple[PlaceCondition, ...]:
    """Each name's place and what lies inside it, each condition once."""
    places = [gazetteer.resolve(name) for name in names]
    return tuple(dict.fromkeys(condition for place in places for condition in _conditions(place, gazetteer)))


def _conditions(place: NamedPlace, gazetteer: AnyPlaceNames) -> list[PlaceCondition]:
    inside = [
        PlaceCondition(region=code) if "-" in code else PlaceCondition(country=code)
        for code in gazetteer.codes_within(place)
    ]
    if place.level in (PlaceLevel.COUNTRY, PlaceLevel.REGION):
        return inside
    # A town, a point or an area goes by its name; an area made of regions (Donbas) covers those as well.
    itself = PlaceCondition(country=place.country, region=place.region, name_folded=fold(place.name))
    return [itself, *inside] if place.members else [itself]


def country_reading(name: str, gazetteer: AnyPlaceNames) -> str | None:
    """The one country of this code or name, even if a region bears it too (kp, Georgia)."""
    place: NamedPlace | None = gazetteer.by_code(name.strip().upper())
    if place is not None and place.level == PlaceLevel.COUNTRY:
        return place.country or place.code
    codes = {place.country or place.code for place in gazetteer.lookup(fold(name)) if place.level == PlaceLevel.COUNTRY}
    return codes.pop() if len(codes) == 1 else None


def _country(name: str, gazetteer: AnyPlaceNames) -> str:
    code = country_reading(name, gazetteer)
    if code:
        return code
    place: NamedPlace = gazetteer.resolve(name)
    if place.level != PlaceLevel.COUNTRY:
        message = f"{place.name} is no country; use region={name}."
        raise InvalidInputError("The query can't be answered.", errors={"country": [message]})
    return place.country or place.code


def _force(name: str, gazetteer: AnyPlaceNames) -> ForceCondition:
    """A country by code, name or adjective, else the name of a group."""
    code = country_reading(name, gazetteer) or gazetteer.country_by_adjective(fold(name))
    if code is None:
        try:
            place = gazetteer.resolve(name)
        except (UnknownPlaceError, AmbiguousPlaceError):
            return ForceCondition(group_folded=fold(name))
        if place.level != PlaceLevel.COUNTRY:
            return ForceCondition(group_folded=fold(name))
        code = place.country or place.code
    return ForceCondition(country=code)


def _searches(written: Iterable[str]) -> tuple[Search, ...]:
    try:
        return tuple(read_search(one) for one in written)
    except ValueError as error:
        raise InvalidInputError("The query can't be answered.", errors={"q": [str(error)]}) from error


def _folded(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(fold(name) for name in names)


_WORDS: dict[str, type[StrEnum]] = {
    "kind": Kind,
    "outcome": Outcome,
    "status": Status,
    "polarity": Polarity,
    "personnel": PersonnelType,
    "review": Review,
}


def _check_words(filters: ClaimFilters) -> None:
    errors: dict[str, list[str]] = {}
    for field, words in _WORDS.items():
        known = {word.value for word in words}
        wrong = [
            f"{value!r} is not one of {', '.join(words)}." for value in getattr(filters, field) if value not in known
        ]
        if wrong:
            errors[field] = wrong
    for field in ("region", "country", "origin", "force", "source", "outlet", "article", "q"):
        if any(not value.strip() or "\x00" in value for value in getattr(filters, field)):
            errors[field] = ["Must not be empty nor hold the character NUL."]
    if errors:
        raise InvalidInputError("The query can't be answered.", errors=errors)


def _check_spans(filters: ClaimFilters) -> None:
    errors: dict[str, list[str]] = {}
    if filters.min_count is not None and filters.max_count is not None and filters.min_count > filters.max_count:
        errors["min_count"] = ["Must not be above max_count."]
    if filters.from_ and filters.to and filters.from_ > filters.to:
        errors["from"] = ["Must not be after to."]
    for field in ("min_count", "max_count"):
        value = getattr(filters, field)
        if value is not None and not 0 <= value < 2**63:
            errors[field] = ["Must be from 0 to 9223372036854775807."]
    first, last = start_of(filters.reported_from), just_after(filters.reported_to)
    for field in ("reported_from", "reported_to"):
        value = getattr(filters, field)
        if isinstance(value, datetime) and value.tzinfo is None:
            errors[field] = ["Give a date, or a time with its zone."]
    if not errors and first and last and first >= last:
        errors["reported_from"] = ["Must not be after reported_to."]
    if errors:
        raise InvalidInputError("The query can't be answered.", errors=errors)
