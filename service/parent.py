"""Between a process and its parent: it ends when the parent has ended, however that came about, and can leave word."""

from __future__ import annotations

import importlib
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
CANNOT_WORK = 78
"""Exit code of a process that could not work if it were started again (EX_CONFIG of sysexits.h)."""

_words_to: int | None = None


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


def tell_parent(sentence: str) -> bool:
    """Leaves word for the parent why this process is about to end. False when the parent listens to nothing."""
    if _words_to is None:
        return False
    try:
        os.write(_words_to, sentence.encode() + b"\n")
    except OSError:
        return False
    return True


def main(arguments: Sequence[str]) -> None:
    """`python -m service.parent PARENT WORDS MODULE …` is `python -m MODULE …` that ends with process PARENT.

    WORDS is an open file descriptor that the parent reads what it is told from.
    """
    global _words_to  # noqa: PLW0603 - one parent to a process
    parent, words, module, *rest = arguments
    _words_to = int(words)
    os.set_inheritable(_words_to, False)
    end_with_parent(parent=int(parent), grace_s=STOP_S)
    sys.argv = [module, *rest]
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    # Not this module's own main: __main__ is another module than the one that tell_parent is imported from.
    importlib.import_module("service.parent").main(sys.argv[1:])
