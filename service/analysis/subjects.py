"""What a claim is about, as far as claims are compared: subject, days and figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import inf
from typing import Final

from service.domain.claims import Count, Place, Qualifier, Review
from service.domain.figures import basis_of
from service.domain.origins import Origin, Original, origin_of
from service.domain.places.gazetteer import gazetteer
from service.domain.register import ClaimView
from service.domain.stories import Subject

_UNDATED_DAYS: Final = 30
"""A claim without a day is about the time before it was reported."""
_SLACK: Final = {
    Qualifier.EXACT: (0.95, 1.05),
    Qualifier.APPROXIMATE: (0.9, 1.1),
    Qualifier.MORE_THAN: (1.0, 1.3),
    Qualifier.AT_LEAST: (1.0, 1.3),
    Qualifier.AT_MOST: (0.7, 1.0),
    Qualifier.LESS_THAN: (0.7, 1.0),
    Qualifier.RANGE: (1.0, 1.0),
}
"""How far below and above a figure another may lie that means the same people."""

Reach = tuple[float, float]
"""A figure with its slack, both ends included."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A claim as one about one place.

    `days` are proleptic ordinals, both included; `reach` and `bounds` of its figure are None without a number.
    """

    claim: ClaimView
    subject: Subject
    place_name: str | None
    origin: Origin
    days: tuple[int, int]
    reach: Reach | None
    bounds: Reach | None

    @property
    def order(self) -> tuple[object, ...]:
        return (self.claim.reported_at, self.claim.id)


def members_of(claims: Iterable[ClaimView], originals: Mapping[str, Original] | None) -> list[Member]:
    """Of the claims that no reviewer rejected. `originals` are, by id, those of the articles that are copies."""
    return [
        member
        for claim in claims
        if claim.review != Review.REJECTED
        for member in members(claim, original=(originals or {}).get(claim.article_id))
    ]


def members(claim: ClaimView, *, original: Original | None = None) -> Iterator[Member]:
    """One to each region that the claim names, else to each country; one of no place where it names none.

    `original` is what the claim's article is a copy of.
    """
    told_in = original or Original(article_id=claim.article_id, outlet=claim.outlet)
    origin = origin_of(claim.attribution, outlet=told_in.outlet, article_id=told_in.article_id)
    for code, name in _places(claim).items():
        yield Member(
            claim=claim,
            subject=Subject(
                force=_force(claim),
                kind=claim.kind,
                outcome=claim.outcome or "",
                additional=claim.count.additional,
                place=code,
            ),
            place_name=name,
            origin=origin,
            days=days_of(claim),
            reach=reach_of(claim.count),
            bounds=bounds_of(claim.count),
        )


def _force(claim: ClaimView) -> str:
    return (claim.force.country or claim.force.group or "") if claim.force else ""


def _places(claim: ClaimView) -> dict[str, str | None]:
    """Codes with a name each. "In Kursk, in Russia" is about Kursk only."""
    held = {place.country for place in claim.locations if place.region}
    found = [place for place in claim.locations if place.region or (place.country and place.country not in held)]
    return {code: _name(code) for code in map(_code, found)} or {"": None}


def _code(place: Place) -> str:
    return place.region or place.country or ""


def _name(code: str) -> str | None:
    """Of the region, though the claim may name a town in it."""
    record = gazetteer().by_code(code)
    return record.name if record else None


def days_of(claim: ClaimView) -> tuple[int, int]:
    """The days it is about: as told; open ends reach to the report, or thirty days back."""
    reported = claim.reported_at.date()
    start, end = claim.time.start, claim.time.end
    if end is None:
        end = max(start, reported) if start else reported
    if start is None:
        start = end - min(timedelta(days=_UNDATED_DAYS), end - end.min)
    return (start.toordinal(), max(start, end).toordinal())


def reach_of(count: Count) -> Reach | None:
    """None for no figure, for words such as "dozens", and for formations without a number of people."""
    slack = _SLACK.get(count.qualifier)
    low = count.min if count.min is not None else count.max
    high = count.max if count.max is not None else count.min
    if slack is None or low is None or high is None:
        return None
    return (low * slack[0], high * slack[1])


def bounds_of(count: Count) -> Reach | None:
    """All that the figure leaves open: "more than 1,000" may be any number above."""
    reach = reach_of(count)
    if reach is None:
        return None
    return (reach[0] if count.min is not None else 0, reach[1] if count.max is not None else inf)


def is_comparable(one: Member, other: Member) -> bool:
    """Of the same subject, and of the same basis."""
    return one.subject == other.subject and basis_of(one.claim.kind, one.claim.time) == basis_of(
        other.claim.kind, other.claim.time
    )


def overlap(one: tuple[float, float], other: tuple[float, float], *, slack: float = 0) -> bool:
    return one[0] - slack <= other[1] and other[0] - slack <= one[1]
