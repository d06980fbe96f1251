"""What the views work with: put together once by create_app, found again through the current app."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, cast

from flask import Flask, current_app

from service.api.metrics import Metrics
from service.api.preferences import WaitingRoom
from service.settings import Settings
from service.telemetry import OFF, Tracing
from service.use_cases.health import Readiness

_EXTENSION: Final = "muster"


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """`writing` and `reading` open a service.storage.UnitOfWork, which the API knows only to hand on.

    `wake` tells the workers that there is something to do; it never raises. `broker_answers` is what came
    of the last time, None before it.
    """

    settings: Settings
    writing: Callable[[], AbstractContextManager[Any]]
    reading: Callable[[], AbstractContextManager[Any]]
    wake: Callable[[], None]
    broker_answers: Callable[[], bool | None]
    readiness: Callable[[], Readiness]
    waiting_room: WaitingRoom
    metrics: Metrics
    tracing: Tracing = OFF
    now: Callable[[], datetime] = lambda: datetime.now(UTC)


def attach(app: Flask, context: Context) -> None:
    app.extensions[_EXTENSION] = context


def context() -> Context:
    return cast("Context", current_app.extensions[_EXTENSION])
