"""Claims in one line each."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from service.domain.claims import (
    Count,
    Force,
    Kind,
    Place,
    PlaceLevel,
    Polarity,
    Review,
    Source,
    SourceType,
    Status,
    Time,
)
from service.domain.register import ClaimView, Extractor
from tests.unit.analysis.tellings import figure

KURSK = Place(name="Kursk Oblast", region="RU-KRS", country="RU", level=PlaceLevel.REGION)
BELGOROD = Place(name="Belgorod Oblast", region="RU-BEL", country="RU", level=PlaceLevel.REGION)
RUSSIA = Place(name="Russia", country="RU", level=PlaceLevel.COUNTRY)


def claimed(id_: str, by: str, count: Count | int | None = None, *, day: int = 1, **more: Any) -> ClaimView:
    """Presence of North Koreans in Kursk, undated, reported on that day of November 2024."""
    values: dict[str, Any] = {
        "id": f"c_{id_}",
        "article_id": f"a_{id_}",
        "kind": Kind.PRESENCE,
        "outcome": None,
        "status": Status.ONGOING,
        "polarity": Polarity.AFFIRMED,
        "force": Force(country="KP"),
        "personnel": None,
        "count": figure(count) if isinstance(count, int) else count or Count(),
        "locations": (KURSK,),
        "origin": None,
        "transport": None,
        "time": Time(),
        "attribution": (Source(name=by, type=SourceType.PERSON),),
        "part_of": None,
        "evidence": (),
        "confidence": 0.9,
        "reasons": (),
        "review": Review.UNREVIEWED,
        "review_stale": False,
        "extracted": None,
        "revision": 1,
        "outlet": "Example Wire",
        "reported_at": datetime(2024, 11, day, tzinfo=UTC),
        "reported_at_source": "published",
        "extractor": Extractor(name="muster-en", version="1"),
    }
    return ClaimView(**{**values, **more})


def on(first: date, last: date | None = None) -> Time:
    return Time(start=first, end=last or first)
