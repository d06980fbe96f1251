"""Brings a worker down when its extractor can't be built, instead of letting it start processes for ever.

A process that fails to build its extractor sends the reason up a pipe to the worker that forked it. The worker logs it
once, or hands it to whoever started it, lets the other processes finish what they read, and exits with
CANNOT_WORK. No article was leased, so none counts an attempt; they stay queued.

Building once in the worker before it forks would fail sooner, but hold the models twice in memory and hand their
threads and locks down through forks. Building in a process that is thrown away would double the start, and miss what
goes wrong later, when a process is replaced. The exit codes of processes don't serve either: the pool starts another
in the place of any that ended, whatever its code, and tells nobody.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
import time
from typing import Any, Final, Never

from celery import bootsteps

from service.parent import CANNOT_WORK, tell_parent
from worker.quiet import QuietStop

PIPE_BYTES: Final = 4096
"""So much is written to a pipe in one piece (POSIX gives 512 at least, Linux and macOS this or more)."""
LONGEST_REASON: Final = 400
"""Characters; 4 bytes each are still one piece."""
ENDING_S: Final = 3.0
"""A process that raised the alarm stays for so long, so that the pool starts no other before the worker stops."""

_log = logging.getLogger(__name__)


class Alarm:
    """From the processes of a worker to the worker. `reason` is what the first of them said."""

    def __init__(self) -> None:
        self.reason: str | None = None
        self._reader, self._writer = -1, -1

    def open(self) -> None:
        """In the worker, before it forks."""
        self._reader, self._writer = os.pipe()

    def raise_and_end(self, reason: str) -> Never:
        """In a process of the pool."""
        if self._writer >= 0:
            os.write(self._writer, reason[:LONGEST_REASON].encode() + b"\n")
            time.sleep(ENDING_S)
        # The pool would log any other code, and the worker has said all there is to say.
        os._exit(os.EX_OK)

    def wait(self) -> str:
        """In the worker: until one process has raised it. What others say after it is the same."""
        self.reason = os.read(self._reader, PIPE_BYTES).decode().partition("\n")[0]
        return self.reason


def alarm_step(alarm: Alarm) -> type[bootsteps.StartStopStep]:
    class AlarmStep(bootsteps.StartStopStep):  # type: ignore[misc]  # Celery ships no types
        """Steps are made before any is started, so the pipe is there when the pool forks."""

        requires = ("celery.worker.components:Pool", QuietStop)

        def __init__(self, parent: Any, **options: Any) -> None:
            super().__init__(parent, **options)
            alarm.open()

        def start(self, parent: Any) -> None:  # noqa: ARG002 - Celery's signature
            threading.Thread(target=_stop_when_raised, args=(alarm,), name="alarm", daemon=True).start()

        def stop(self, parent: Any) -> None:
            if alarm.reason is not None:
                parent.exitcode = CANNOT_WORK

        terminate = stop

    return AlarmStep


def _stop_when_raised(alarm: Alarm) -> None:
    reason = alarm.wait()
    if not tell_parent(reason):
        _log.critical("%s", reason)
    # Wherever the worker waits, for its broker too, it heeds this.
    os.kill(os.getpid(), signal.SIGTERM)
