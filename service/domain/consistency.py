"""What must hold within a claim whose fields a person sets. Extraction keeps to it by itself."""

from __future__ import annotations

from collections.abc import Iterator

from service.domain.claims import Claim, Count, Kind, Place, PlaceLevel, Qualifier, Source, Time, TimePrecision

Fault = tuple[str, str]
"""A field by its path, such as count.min, and what is wrong with it."""

_BOUNDS = {
    Qualifier.EXACT: (True, True),
    Qualifier.APPROXIMATE: (True, True),
    Qualifier.MORE_THAN: (True, False),
    Qualifier.AT_LEAST: (True, False),
    Qualifier.AT_MOST: (False, True),
    Qualifier.LESS_THAN: (False, True),
    Qualifier.RANGE: (True, True),
    Qualifier.VAGUE: (True, False),
    Qualifier.NONE: (False, False),
}
"""Whether each qualifier has a min and a max."""
_LONGEST_DAYS = {
    TimePrecision.DAY: 1,
    TimePrecision.WEEK: 7,
    TimePrecision.MONTH: 31,
    TimePrecision.QUARTER: 92,
    TimePrecision.SEASON: 92,
    TimePrecision.YEAR: 366,
}


def faults(claim: Claim) -> Iterator[Fault]:
    if claim.kind is Kind.CASUALTIES and claim.outcome is None:
        yield "outcome", "Casualties have one; killed_or_wounded where it is not told which."
    if claim.kind is not Kind.CASUALTIES and claim.outcome is not None:
        yield "outcome", "Only casualties have one."
    if claim.force and not (claim.force.country or claim.force.group):
        yield "force", "Give a country or a group, or null where it is unknown."
    yield from _of_count(claim.count)
    yield from _of_time(claim.time)
    for place in claim.locations:
        yield from _of_place("locations", place)
    if len({(place.name, place.region, place.country) for place in claim.locations}) < len(claim.locations):
        yield "locations", "A place is given twice."
    if claim.origin:
        yield from _of_place("origin", claim.origin)
    for source in claim.attribution:
        yield from _of_source(source)


def _of_count(count: Count) -> Iterator[Fault]:
    for end, value, wanted in zip(("min", "max"), (count.min, count.max), _BOUNDS[count.qualifier], strict=True):
        if wanted and value is None:
            yield f"count.{end}", f"{count.qualifier} needs one."
        elif value is not None and not wanted:
            yield f"count.{end}", f"{count.qualifier} has none."
        elif value is not None and value < 0:
            yield f"count.{end}", "Must not be negative."
    if count.min is None or count.max is None:
        return
    if count.min > count.max:
        yield "count.min", "Must not be above max."
    elif count.qualifier is Qualifier.RANGE and count.min == count.max:
        yield "count.qualifier", "A range has two ends; one figure is exact or approximate."
    elif count.qualifier in (Qualifier.EXACT, Qualifier.APPROXIMATE) and count.min != count.max:
        yield "count.qualifier", f"{count.qualifier} is one figure, with min and max alike; two ends are a range."


def _of_time(time: Time) -> Iterator[Fault]:
    if time.start is None and time.end is None:
        if time.precision is not None:
            yield "time.precision", "Needs a start or an end."
        return
    if time.start is None or time.end is None:
        if time.precision is not TimePrecision.RANGE:
            yield "time.precision", "What is open at one end is a range."
        return
    if time.start > time.end:
        yield "time.end", "Must not be before start."
        return
    longest = _LONGEST_DAYS.get(time.precision) if time.precision else None
    days = (time.end - time.start).days + 1
    if longest is not None and days > longest:
        yield "time.precision", f"These are {days} days; a {time.precision} has {longest} at most."


def _of_place(field: str, place: Place) -> Iterator[Fault]:
    if place.level is PlaceLevel.COUNTRY and (place.region is not None or place.country is None):
        yield f"{field}.level", f"{place.name}: a country has a code as country and none as region."
    if place.level is PlaceLevel.REGION and place.region is None:
        yield f"{field}.region", f"{place.name}: a region has its code here."
    if place.region is not None and place.country is None:
        yield f"{field}.country", f"{place.name}: give the country of {place.region}."
    if (place.lat is None) is not (place.lon is None):
        yield f"{field}.lat", f"{place.name}: give lat and lon, or neither."


def _of_source(source: Source) -> Iterator[Fault]:
    if source.anonymous is not (source.name is None):
        yield "attribution.anonymous", "Whoever is anonymous has no name, and whoever has none is anonymous."
