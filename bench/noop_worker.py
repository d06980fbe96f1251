"""A Celery worker whose one task does nothing: `python -m bench.noop_worker`, with Muster's settings around it."""

from __future__ import annotations

import os
from collections.abc import Callable

from celery import Celery

from service.broker import shared_configuration
from service.settings import Settings
from worker.extraction.model import Document, Extraction

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


def build_extractor(settings: Settings) -> Callable[[Document], Extraction]:  # noqa: ARG001 - the factory's signature
    """For Muster's own worker while only wake-ups are measured: no article comes, so that no model is needed."""

    def refuse(document: Document) -> Extraction:
        raise NotImplementedError(document)

    return refuse


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
