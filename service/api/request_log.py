"""A name to each request, by which its answer and all lines of the log about it can be told; and a line to each.

Whoever asks may bring a name of his own in X-Request-Id, so that a proxy's log and Muster's tell of the same one.
"""

from __future__ import annotations

import logging
import re
import time
import uuid
from typing import Final

import structlog
from flask import Flask, Response, g, has_request_context, request

from service.domain.causes import Cause

HEADER: Final = "X-Request-Id"
_SANE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:=+/@-]{0,127}")
_KEY_LIKE: Final = "muster_"
"""A key that was sent in the wrong header must not end in the log."""
PROBES: Final = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines; told of at DEBUG only, and not traced."""
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})
"""Others are outsiders' to make up."""

log = logging.getLogger(__name__)


def register(app: Flask) -> None:
    """Before everything else, so that what is refused has a name too."""
    app.before_request(_begin)
    app.after_request(_end)
    app.teardown_request(lambda _error: structlog.contextvars.clear_contextvars())


def request_id() -> str | None:
    """The present request's name; None outside of any."""
    name: str | None = g.get("request_id") if has_request_context() else None
    return name


def cause(traceparent: str | None) -> Cause:
    """What is noted with the jobs that the present request queues."""
    return Cause(request_id=request_id(), traceparent=traceparent)


def route() -> str:
    """Of the present request, as a template: paths are for outsiders to choose."""
    return request.url_rule.rule if request.url_rule else "none"


def method() -> str:
    """Of the present request."""
    return request.method if request.method in _METHODS else "other"


def seconds() -> float:
    """Since the present request began."""
    return time.perf_counter() - float(g.started)


def _begin() -> None:
    g.started = time.perf_counter()
    g.request_id = sane(request.headers.get(HEADER)) or uuid.uuid4().hex
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request_id=g.request_id)


def sane(given: str | None) -> str | None:
    """`given` where it can be logged and sent back as it is: up to 128 letters, digits and some signs; else None."""
    if given is None or not _SANE.fullmatch(given) or _KEY_LIKE in given.lower():
        return None
    return given


def _end(response: Response) -> Response:
    name = request_id()
    if name is None:
        return response
    response.headers[HEADER] = name
    caller = g.get("caller")
    log.log(
        logging.DEBUG if route() in PROBES else logging.INFO,
        "Request answered",
        extra={
            "method": method(),
            "route": route(),
            "status": response.status_code,
            "duration_ms": round(seconds() * 1000, 1),
            **({"desk": caller.desk} if caller else {}),
            **({"key_id": caller.key} if caller and caller.key else {}),
        },
    )
    return response
