"""Tellings in one line each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from service.domain.claims import Count, Kind, Polarity, Qualifier, Status
from service.domain.estimates import Telling
from service.domain.figures import Basis
from service.domain.origins import Origin


def figure(low: int | None, high: int | None = None, qualifier: Qualifier | None = None, **more: Any) -> Count:
    exact = qualifier or (Qualifier.EXACT if high is None else Qualifier.RANGE)
    return Count(min=low, max=low if high is None and qualifier is None else high, qualifier=exact, **more)


def told(by: str, count: Count | None = None, *, day: int = 1, last: int | None = None, **more: Any) -> Telling:
    """Of presence, in October 2024, going on and affirmed unless said otherwise."""
    values: dict[str, Any] = {
        "origin": Origin(key=f"name:{by}", name=by),
        "kind": Kind.PRESENCE,
        "outcome": None,
        "basis": Basis.STOCK,
        "status": Status.ONGOING,
        "polarity": Polarity.AFFIRMED,
        "count": count or Count(),
        "is_part": False,
        "first_reported_at": datetime(2024, 10, day, tzinfo=UTC),
        "last_reported_at": datetime(2024, 10, last or day, tzinfo=UTC),
        "claims": 1,
        "articles": 1,
        "claim_id": f"c_{by}_{day}_{count.min if count else None}",
    }
    return Telling(**{**values, **more})
