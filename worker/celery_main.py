"""For Celery's command line: `celery --app worker.celery_main worker`. Reads the environment when imported."""

from __future__ import annotations

import os

from service.logs import configure
from service.settings import Settings, traces_exporter
from worker.app import create_celery

settings = Settings.from_env(os.environ)
# Celery has things to say before it sets up its log.
configure(settings, part="worker")
app = create_celery(settings, traces=traces_exporter(os.environ))
