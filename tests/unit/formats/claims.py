"""Claims as the API shows them."""

from __future__ import annotations

from typing import Any


def a_claim(**changed: Any) -> dict[str, Any]:
    return {
        "id": "c_1",
        "article_id": "a_1",
        "kind": "deployment",
        "outcome": None,
        "status": "occurred",
        "polarity": "affirmed",
        "force": {"country": "KP", "group": None, "text": None},
        "personnel": {"type": "troops", "text": None},
        "count": a_count(min=5000, max=5000),
        "locations": [a_place()],
        "origin": None,
        "transport": None,
        "time": {"start": None, "end": None, "precision": None, "text": None},
        "attribution": [],
        "part_of": None,
        "evidence": [{"exact": "5,000 troops", "prefix": "", "suffix": " left", "start": 0, "end": 12}],
        "confidence": 0.9,
        "reasons": ["figure-and-place"],
        "review": "unreviewed",
        "review_stale": False,
        "extracted": None,
        "outlet": None,
        "reported_at": "2024-10-25T00:00:00Z",
        "reported_at_source": "published",
        "extractor": {"name": "muster-en", "version": "1.0"},
        "links": {"self": "/claims/c_1", "article": "/articles/a_1"},
        **changed,
    }


def a_bare_claim(**changed: Any) -> dict[str, Any]:
    """With null wherever a claim may have it."""
    nothing: dict[str, Any] = {
        "force": None,
        "personnel": None,
        "count": a_count(qualifier="none"),
        "locations": [],
        "reasons": [],
        "reported_at_source": "submitted",
    }
    return a_claim(**{**nothing, **changed})


def a_count(**changed: Any) -> dict[str, Any]:
    return {"min": None, "max": None, "qualifier": "exact", "additional": False, "unit": None, "text": None, **changed}


def a_place(lon: float | None = 36.2, lat: float | None = 51.7, **changed: Any) -> dict[str, Any]:
    kursk = {"name": "Kursk Oblast", "region": "RU-KRS", "country": "RU", "level": "region", "text": "Kursk"}
    return {**kursk, "lat": lat, "lon": lon, **changed}


def a_link(**changed: Any) -> dict[str, Any]:
    nobody = {"name": None, "type": "official", "organization": None, "role": None, "text": None}
    return {**nobody, "country": None, "anonymous": False, **changed}
