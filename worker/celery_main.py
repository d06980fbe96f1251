"""For Celery's command line: `celery --app worker.celery_main worker`. Reads the environment when imported."""

from __future__ import annotations

import os

from service.settings import Settings, traces_exporter
from worker.app import create_celery

app = create_celery(Settings.from_env(os.environ), traces=traces_exporter(os.environ))
