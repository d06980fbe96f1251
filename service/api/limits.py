"""How many requests a key may make in a minute.

Requests without a key, on a machine that keeps to itself, are not counted. Where the store that counts is away, this
process counts for itself until it is back: no article is refused because a counter is missing.
"""

from __future__ import annotations

from typing import Any, Final

from flask import Flask, g
from flask_limiter import Limiter

from service.domain.access import Caller
from service.settings import Settings

_ANSWERS_WITHIN_S: Final = 0.3
"""Longer waits for the counting store would be felt by everybody."""


def register(app: Flask, settings: Settings) -> None:
    """After the keys have been asked for. Nothing is counted where MUSTER_RATE_PER_MINUTE is 0."""
    if not settings.rate_per_minute:
        return
    timeouts: dict[str, Any] = {}
    if not settings.limiter_url.startswith("memory:"):
        timeouts = {"socket_connect_timeout": _ANSWERS_WITHIN_S, "socket_timeout": _ANSWERS_WITHIN_S}
    Limiter(
        key_func=lambda: _key() or "",
        app=app,
        application_limits=[f"{settings.rate_per_minute} per minute"],
        application_limits_exempt_when=lambda: _key() is None,
        storage_uri=settings.limiter_url,
        storage_options=timeouts,
        strategy="fixed-window",
        headers_enabled=True,
        retry_after="delta-seconds",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
        key_prefix="muster",
    )


def store_answers(app: Flask) -> bool:
    """Whether the store that counts can be reached; true where nothing is counted."""
    return all(limiter.storage.check() for limiter in app.extensions.get("limiter", ()))


def _key() -> str | None:
    caller: Caller | None = g.get("caller")
    return caller.key if caller else None
