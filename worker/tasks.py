"""Every task, one call each."""

from __future__ import annotations

from celery import Celery
from celery.exceptions import Reject

from service.broker import WORK
from worker.process import Process


def register(app: Celery, process: Process) -> None:
    @app.task(name=WORK, shared=False)
    def work() -> None:
        if process.drain().more:
            # The same wake-up goes round again, so that no process works without end.
            raise Reject("More is queued.", requeue=True)
