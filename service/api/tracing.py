"""A span to each request, within the caller's trace where a traceparent came along."""

from __future__ import annotations

from contextlib import ExitStack

import structlog
from flask import Flask, Response, g, request

from service.api.request_log import PROBES, method, request_id, route
from service.telemetry import OFF, Tracing, trace_id


def register(app: Flask, tracing: Tracing) -> None:
    """After the request has got its name. Where traces are off, requests pay nothing."""
    if tracing is OFF:
        return

    def begin() -> None:
        if route() in PROBES:
            return
        g.tracing = ExitStack()
        g.span = g.tracing.enter_context(
            tracing.span(
                f"{method()} {route()}",
                kind="server",
                parent=request.headers.get("traceparent"),
                request_id=request_id(),
            )
        )
        g.span.tell("http.request.method", method())
        g.span.tell("http.route", route())
        structlog.contextvars.bind_contextvars(trace_id=trace_id(tracing.traceparent()))

    def answered(response: Response) -> Response:
        if "span" in g:
            g.span.tell("http.response.status_code", response.status_code)
            if response.status_code >= 500:
                g.span.fail(str(response.status_code))
        return response

    def end(_error: BaseException | None) -> None:
        if "tracing" in g:
            g.tracing.close()

    app.before_request(begin)
    app.after_request(answered)
    app.teardown_request(end)
