"""A Celery worker whose one task does nothing: `python -m bench.noop_worker`, with Muster's settings around it."""

from __future__ import annotations

import os

from celery import Celery

from service.broker import shared_configuration
from service.settings import Settings

QUEUE = "muster-bench"
TASK = "bench.noop"


def create_app(settings: Settings) -> Celery:
    """On the broker and with the delivery settings of Muster's own workers; only queue and task differ."""
    made = Celery("bench", set_as_current=False)
    made.conf.update(shared_configuration(settings))
    made.conf.update(
        task_default_queue=QUEUE,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        worker_proc_alive_timeout=60,
    )
    made.task(name=TASK)(_nothing)
    return made


def _nothing() -> None:
    pass


if __name__ == "__main__":
    chosen = Settings.from_env(os.environ)
    create_app(chosen).worker_main(
        [
            "worker",
            "--concurrency",
            str(chosen.workers),
            "--loglevel",
            "warning",
            "--without-gossip",
            "--without-mingle",
        ]
    )
