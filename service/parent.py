"""Ends a process whose parent has ended, however that came about."""

from __future__ import annotations

import os
import signal
import threading
import time

LOOK_S = 0.5


def end_with_parent(*, parent: int | None = None, grace_s: float = 0.0) -> None:
    """Watches from a thread: asks this process to stop, and kills it `grace_s` seconds later.

    `parent` is who should be the parent, where the one who asks knows it. The kernel's own
    signal for this (PR_SET_PDEATHSIG) is of no use: it follows the thread that forked.
    """
    expected = os.getppid() if parent is None else parent
    threading.Thread(target=_watch, args=(expected, grace_s), name="parent-watch", daemon=True).start()


def _watch(parent: int, grace_s: float) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    if grace_s > 0:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(grace_s)
    os.kill(os.getpid(), signal.SIGKILL)
