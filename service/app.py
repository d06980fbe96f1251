"""create_app: the one place where the API is wired together. Nothing happens at import."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Final

from flask import Flask
from sqlalchemy import Engine

from service.api import (
    articles,
    audit,
    auth,
    changes,
    claims,
    documentation,
    estimates,
    exports,
    facets,
    guard,
    health,
    limits,
    metrics,
    parsing,
    problems,
    regions,
    request_log,
    reviews,
    stories,
)
from service.api import tracing as request_tracing
from service.api.body import largest_body
from service.api.context import Context, attach
from service.api.preferences import WaitingRoom
from service.api.spec import create_api
from service.enqueue import CeleryWaker, Waker
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.migrate import Schema
from service.storage.unit_of_work import UnitOfWork
from service.telemetry import OFF, Tracing
from service.use_cases.health import readiness
from service.use_cases.queue import QueueState, queue_state

LONGEST_FORM_BYTES: Final = 0
"""No form is ever read."""


def create_app(
    settings: Settings,
    *,
    engine: Engine | None = None,
    waker: Waker | None = None,
    now: Callable[[], datetime] = lambda: datetime.now(UTC),
    tracing: Tracing = OFF,
) -> Flask:
    """The WSGI application. Connects to nothing before the first request."""
    app = Flask(__name__, static_folder=None)
    app.json.sort_keys = False  # type: ignore[attr-defined]  # Flask's default provider has it
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.config["MAX_CONTENT_LENGTH"] = largest_body(settings.max_text_bytes) + 1
    app.config["MAX_FORM_MEMORY_SIZE"] = LONGEST_FORM_BYTES

    opened = engine or create_engine(settings)
    counted = metrics.Metrics(partial(_queue, opened, now), partial(limits.store_answers, app))
    waking = waker or CeleryWaker(settings, count=counted.count_wakeups)
    attach(
        app,
        Context(
            settings=settings,
            writing=lambda: UnitOfWork(opened, cause=request_log.cause(tracing.traceparent())),
            reading=partial(UnitOfWork.reading, opened),
            wake=waking.wake,
            broker_answers=lambda: getattr(waking, "broker_answers", None),
            readiness=partial(readiness, Schema(opened)),
            waiting_room=WaitingRoom(settings.threads // 2),
            metrics=counted,
            tracing=tracing,
            now=now,
        ),
    )

    request_log.register(app)
    request_tracing.register(app, tracing)
    problems.register(app)
    metrics.register(app, counted)
    guard.register(app, guard.allowed_names(settings.host, settings.allowed_hosts))
    app.before_request(parsing.refuse_undecodable)
    auth.register(app)
    limits.register(app, settings)
    documentation.secure(app)
    api = create_api(app)
    for resource in (
        articles.blueprint,
        claims.blueprint,
        reviews.blueprint,
        exports.blueprint,
        facets.blueprint,
        changes.blueprint,
        estimates.blueprint,
        stories.blueprint,
        regions.blueprint,
        audit.blueprint,
        health.blueprint,
    ):
        api.register_blueprint(resource)
    told = documentation.Documentation(api)
    app.extensions["muster-documentation"] = told
    app.register_blueprint(documentation.create_blueprint(told))
    return app


def _queue(engine: Engine, now: Callable[[], datetime]) -> QueueState:
    with UnitOfWork.reading(engine) as work:
        return queue_state(work, now=now())
