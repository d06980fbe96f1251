"""For WSGI servers: `gunicorn "service.wsgi:create()"`, `granian --interface wsgi --factory service.wsgi:create`."""

from __future__ import annotations

import os

from flask import Flask

from service.app import create_app
from service.logs import configure
from service.settings import Settings, traces_exporter
from service.telemetry import start


def create() -> Flask:
    """The application, set up from the environment."""
    settings = Settings.from_env(os.environ)
    configure(settings, part="api")
    return create_app(settings, tracing=start(traces_exporter(os.environ), service="muster-api"))
