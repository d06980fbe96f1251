"""`Prefer: wait=N`: how long a client would wait, and how many may wait at once."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

LONGEST_WAIT_S: Final = 20
_FIRST_PAUSE_S: Final = 0.02
_LONGEST_PAUSE_S: Final = 0.25
_WAIT: Final = re.compile(r"wait\s*=\s*\"?([0-9]{1,9})\"?", re.IGNORECASE)


def wanted_wait_s(prefer: str | None) -> int | None:
    """Seconds asked for, LONGEST_WAIT_S at most; None when nothing (or nothing readable) is asked."""
    for preference in (prefer or "").split(","):
        found = _WAIT.fullmatch(preference.split(";")[0].strip())
        if found:
            return min(int(found[1]), LONGEST_WAIT_S)
    return None


class WaitingRoom:
    """Lets at most `places` requests wait, so that the other threads go on answering."""

    def __init__(self, places: int) -> None:
        self._places = threading.BoundedSemaphore(max(1, places))

    @contextmanager
    def place(self) -> Iterator[bool]:
        """Gives whether there is a place; never waits for one."""
        taken = self._places.acquire(blocking=False)
        try:
            yield taken
        finally:
            if taken:
                self._places.release()


def wait_until(
    done: Callable[[], bool],
    *,
    wait_s: float,
    clock: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Asks `done` in growing pauses until it says yes or `wait_s` seconds have passed."""
    end = clock() + wait_s
    pause_s = _FIRST_PAUSE_S
    while not done():
        left = end - clock()
        if left <= 0:
            return False
        sleep(min(pause_s, left))
        pause_s = min(pause_s * 1.5, _LONGEST_PAUSE_S)
    return True
