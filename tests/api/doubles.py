"""What stands in for workers and their extraction, and what every test of a problem asks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Engine
from werkzeug.test import TestResponse

from service.domain.claims import (
    Claim,
    Count,
    Evidence,
    Force,
    Kind,
    Personnel,
    PersonnelType,
    Place,
    PlaceLevel,
    Polarity,
    Qualifier,
    Source,
    SourceType,
    Status,
    Time,
    TimePrecision,
)
from service.domain.extracted import ExtractedArticle
from service.storage.unit_of_work import UnitOfWork

NOW = datetime(2024, 11, 1, 12, 0, tzinfo=UTC)
WORDS = "About 11,000 North Korean soldiers are in Kursk, Kyiv says. Moscow denied it."
NOTHING_SEEN: dict[str, object] = {
    "reason": None,
    "ignored": [],
    "numbers": [],
    "dates": [],
    "places": [],
    "sources": [],
}


@dataclass
class CountingWaker:
    """Counts the wake-ups; `on_wake` stands in for the worker."""

    woken: int = 0
    broker_answers: bool | None = True
    on_wake: Callable[[], None] | None = None

    def wake(self) -> None:
        self.woken += 1
        if self.on_wake:
            self.on_wake()


def claim(exact: str = "11,000 North Korean soldiers", **changed: Any) -> Claim:
    """A claim about words of WORDS, with every field filled."""
    start = WORDS.index(exact)
    fields: dict[str, Any] = {
        "kind": Kind.PRESENCE,
        "status": Status.ONGOING,
        "polarity": Polarity.AFFIRMED,
        "force": Force(country="KP", text="North Korean"),
        "personnel": Personnel(type=PersonnelType.TROOPS, text="soldiers"),
        "count": Count(min=11_000, max=11_000, qualifier=Qualifier.APPROXIMATE, text="11,000"),
        "locations": (
            Place(
                name="Kursk Oblast",
                region="RU-KRS",
                country="RU",
                level=PlaceLevel.REGION,
                lat=51.7,
                lon=36.2,
                text="Kursk",
            ),
        ),
        "time": Time(start=date(2024, 10, 1), end=date(2024, 10, 31), precision=TimePrecision.MONTH, text="October"),
        "attribution": (Source(name="Kyiv", type=SourceType.OFFICIAL, country="UA", text="Kyiv"),),
        "evidence": (Evidence(exact=exact, prefix="", suffix="", start=start, end=start + len(exact)),),
        "confidence": 0.9,
        "reasons": ("figure-and-place",),
    }
    return Claim(**{**fields, **changed})


def found(*claims: Claim, **changed: Any) -> ExtractedArticle:
    return ExtractedArticle(
        **{"text": WORDS, "language": "en", "claims": claims, "diagnostics": NOTHING_SEEN, **changed}
    )


def read_all(engine: Engine, extraction: ExtractedArticle) -> None:
    """Does a worker's work on everything queued, finding the same in each article."""
    with UnitOfWork(engine) as work:
        for leased in work.jobs.lease("test", 100, 60):
            job = work.jobs.start(leased, 60)
            assert job is not None
            work.jobs.finish(job)
            work.claims.save_extraction(
                job.article_id,
                job.version,
                extraction,
                extractor_name="muster-test",
                extractor_version="1",
                now=NOW,
            )
        work.commit()


def fail_all(engine: Engine, reason: str) -> None:
    with UnitOfWork(engine) as work:
        for leased in work.jobs.lease("test", 100, 60):
            job = work.jobs.start(leased, 60)
            assert job is not None
            work.jobs.fail(job, reason, max_attempts=1)
        work.commit()


def problem(response: TestResponse, status: int, name: str) -> dict[str, Any]:
    """The problem in a response, after checking that it is the one expected."""
    assert response.status_code == status, response.get_data(as_text=True)
    assert response.content_type == "application/problem+json"
    body: dict[str, Any] = response.get_json(force=True)
    assert body["type"] == f"urn:muster:problem:{name}"
    assert body["status"] == status
    assert body["title"]
    assert body["detail"]
    return body
