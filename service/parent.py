"""Ends a process whose parent has ended, however that came about."""

from __future__ import annotations

import os
import runpy
import signal
import sys
import threading
import time
from collections.abc import Sequence

LOOK_S = 0.5
STOP_S = 15.0
"""A process that was asked to stop may take so long."""


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


def main(arguments: Sequence[str]) -> None:
    """`python -m service.parent PARENT MODULE …` is `python -m MODULE …` that ends with process PARENT."""
    parent, module, *rest = arguments
    end_with_parent(parent=int(parent), grace_s=STOP_S)
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main(sys.argv[1:])
