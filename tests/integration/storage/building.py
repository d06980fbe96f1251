"""Articles and claims as storage tests need them, in one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
    Force,
    Kind,
    Place,
    PlaceLevel,
    Qualifier,
    Source,
    SourceType,
    Status,
)
from service.domain.extracted import ExtractedArticle
from service.domain.register import Submission
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.submit import Submitted, submit_article

DESK = "default"
NOW = datetime(2025, 1, 2, 3, 4, 5, 678901, tzinfo=UTC)

KURSK = Place(name="Kursk Oblast", region="RU-KRS", country="RU", level=PlaceLevel.REGION, text="Kursk region")
SUDZHA = Place(name="Sudzha", region="RU-KRS", country="RU", level=PlaceLevel.CITY, text="Sudzha")
RUSSIA = Place(name="Russia", country="RU", level=PlaceLevel.COUNTRY, text="Russia")
KASHMIR = Place(name="Kashmir", level=PlaceLevel.AREA, text="Kashmir")
DONBAS = Place(name="Donbas", country="UA", level=PlaceLevel.AREA, text="Donbas")
DONETSK = Place(name="Donetsk Oblast", region="UA-14", country="UA", level=PlaceLevel.REGION, text="Donetsk")


def a_claim(words: str = "five thousand troops", *, at: int = 0, **fields: Any) -> Claim:
    values: dict[str, Any] = {
        "kind": Kind.PRESENCE,
        "status": Status.ONGOING,
        "force": Force(country="KP", text="North Korean"),
        "count": Count(min=5000, max=5000, qualifier=Qualifier.EXACT, text="five thousand"),
        "locations": (KURSK,),
        "attribution": (
            Source(name="Vadym Skibitskyi", type=SourceType.OFFICIAL, organization="HUR", text="Skibitskyi"),
        ),
        "evidence": (Evidence(exact=words, prefix="", suffix="", start=at, end=at + len(words)),),
        "confidence": 0.9,
    }
    return Claim(**{**values, **fields})


def extracted(*claims: Claim, text: str = "…", **fields: Any) -> ExtractedArticle:
    return ExtractedArticle(text=text, claims=claims, diagnostics={"reason": None}, **fields)


def submit(engine: Engine, text: str | None = "Some text.", *, now: datetime = NOW, **fields: Any) -> Submitted:
    with UnitOfWork(engine) as work:
        return submit_article(work, Submission(**{"text": text, **fields}), desk=DESK, now=now)


def save(
    engine: Engine,
    article_id: str,
    extraction: ExtractedArticle,
    *,
    version: int = 1,
    extractor: str = "1.0",
    now: datetime = NOW,
) -> bool:
    with UnitOfWork(engine) as work:
        saved = work.claims.save_extraction(
            article_id, version, extraction, extractor_name="muster-en", extractor_version=extractor, now=now
        )
        work.commit()
        return saved


def held(
    engine: Engine,
    claims: Sequence[Claim],
    *,
    text: str = "Some text.",
    published_on: date | None = None,
    **fields: Any,
) -> str:
    """The id of an article that has been read and gave these claims."""
    if published_on:
        fields["published_at"] = datetime(published_on.year, published_on.month, published_on.day, tzinfo=UTC)
    article_id = submit(engine, text, **fields).article.id
    assert save(engine, article_id, extracted(*claims, text=text))
    return article_id
