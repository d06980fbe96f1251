"""The Celery application: its settings, what each process builds, and the sweeper beside the pool."""

from __future__ import annotations

import logging
from typing import Any

from celery import Celery, bootsteps, signals

from service.broker import drain_s, hard_limit_s, is_files, shared_configuration
from service.enqueue import CeleryWaker
from service.logs import configure
from service.parent import end_with_parent
from service.settings import Settings
from service.storage.engine import create_engine
from service.telemetry import Exporter
from worker.alarm import Alarm, alarm_step
from worker.process import Process, UnbuildableError
from worker.quiet import QuietStop, quieten
from worker.sweeper import Sweeper
from worker.tasks import register

LOADING_S = 60.0
"""A process may take so long to load its model. Celery's 4 s would kill it then, for ever."""

LOST_S = 2.0
"""For so long results of a process that ended are waited for. Nobody waits for results here."""


_log = logging.getLogger(__name__)


def create_celery(settings: Settings, *, traces: Exporter | None = None) -> Celery:
    """Connects to nothing and loads nothing; a started worker's processes do."""
    app = Celery("muster")
    app.conf.update(configuration(settings))
    process, alarm = Process(settings, traces=traces), Alarm()
    register(app, process)
    app.steps["worker"] |= {_sweeper_step(settings), alarm_step(alarm), QuietStop}

    @signals.setup_logging.connect(weak=False)
    def _log_like_the_api(**_: Any) -> None:
        """Celery sets up no log of its own where somebody takes this signal."""
        configure(settings, part="worker")
        quieten(logging.getLogger())

    @signals.worker_process_init.connect(weak=False)
    def _begin(**_: Any) -> None:
        end_with_parent()
        try:
            process.prepare()
        except UnbuildableError as error:
            _log.debug("%s", error, exc_info=error)
            alarm.raise_and_end(str(error))

    @signals.worker_process_shutdown.connect(weak=False)
    def _end(**_: Any) -> None:
        process.close()

    return app


def configuration(settings: Settings) -> dict[str, Any]:
    return {
        **shared_configuration(settings),
        # A wake-up is done with when its articles are; it is given again when its process dies, and
        # not when it fails or takes too long: the queue in the database knows what is left.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "task_acks_on_failure": True,
        "task_acks_on_timeout": True,
        "task_soft_time_limit": settings.soft_limit_s + drain_s(settings),
        "task_time_limit": hard_limit_s(settings),
        "task_publish_retry_policy": {"max_retries": 2, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.5},
        "worker_concurrency": max(1, settings.workers),
        "worker_prefetch_multiplier": 1,
        "worker_proc_alive_timeout": LOADING_S,
        "worker_lost_wait": LOST_S,
        "worker_max_tasks_per_child": settings.max_tasks_per_child,
        "worker_max_memory_per_child": settings.max_memory_per_child_mb * 1024,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        # `celery inspect` needs it; over files it would be a folder of messages that nobody reads.
        "worker_enable_remote_control": not is_files(settings),
        "worker_send_task_events": False,
        "worker_redirect_stdouts": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_heartbeat": 30,
    }


def _sweeper_step(settings: Settings) -> type[bootsteps.StartStopStep]:
    class SweeperStep(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery ships no types
        """Runs in the worker's main process, which reads no articles and so can't die of one."""

        requires = ("celery.worker.components:Pool",)

        def __init__(self, parent: Any, **options: Any) -> None:
            super().__init__(parent, **options)
            self.waker = CeleryWaker(settings)
            self.sweeper = Sweeper(lambda: create_engine(settings), self.waker, settings)

        def start(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
            self.sweeper.start()

        def stop(self, parent: Any) -> None:  # noqa: ARG002
            self.sweeper.stop()
            self.waker.close()

        terminate = stop

    return SweeperStep
