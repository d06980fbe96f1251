"""What Muster is measured beside: a bare Flask route, and a Celery task that does nothing."""

from __future__ import annotations

from flask import Flask, Response, request


def create_app() -> Flask:
    """GET answers a fixed JSON body; POST reads the JSON sent and answers as much."""
    app = Flask("bare")
    body = b'{"data":[],"next_cursor":null}\n'

    @app.get("/")
    def read() -> Response:
        return Response(body, mimetype="application/json")

    @app.post("/")
    def write() -> Response:
        request.get_json()
        return Response(body, status=202, mimetype="application/json")

    @app.get("/readyz")
    def ready() -> Response:
        return Response(body, mimetype="application/json")

    return app
