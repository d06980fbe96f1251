"""Takes back what dead workers held, and wakes the living: a timer beside every worker's processes."""

from __future__ import annotations

import logging
import os
import random
import threading
from collections.abc import Callable

from sqlalchemy import Engine

from service.domain.errors import StorageUnavailableError
from service.domain.tallies import of_sweep
from service.enqueue import Waker
from service.settings import Settings
from service.storage.jobs import SWEPT_AT_ONCE, Swept
from service.storage.unit_of_work import UnitOfWork
from worker.owners import is_gone

FORK_WAITS_S = 10.0

_log = logging.getLogger(__name__)
_sweeping = threading.Lock()
"""Held while a connection to the database is open here: a process forked then would inherit it, and
SQLite's locks do not survive that."""


class Sweeper:
    """`open_engine` is called for each sweep, and the engine disposed of after it."""

    def __init__(self, open_engine: Callable[[], Engine], waker: Waker, settings: Settings) -> None:
        self._open_engine = open_engine
        self._waker = waker
        self._settings = settings
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Sweeps at once, and then on the timer."""
        _fork_guard.register()
        self._thread = threading.Thread(target=self._run, name="sweeper", daemon=True)
        self._thread.start()

    def stop(self, timeout_s: float = 5.0) -> None:
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout_s)

    def sweep(self) -> Swept:
        """Raises StorageUnavailableError; the broker's absence it does not notice."""
        with _sweeping:
            engine = self._open_engine()
            try:
                swept, queued = self._sweep(engine)
            finally:
                engine.dispose()
        for _ in range(queued):
            self._waker.wake()
        if swept != Swept():
            _log.warning(
                "Leases of the dead were taken back",
                extra={"requeued": swept.requeued, "deaths": swept.deaths, "failed": swept.failed},
            )
        return swept

    def _wake_all(self) -> None:
        for _ in range(self._settings.wakeups_outstanding):
            self._waker.wake()

    def _sweep(self, engine: Engine) -> tuple[Swept, int]:
        with UnitOfWork.reading(engine) as work:
            gone = {owner for owner in work.jobs.owners() if is_gone(owner)}
        with UnitOfWork(engine) as work:
            swept = work.jobs.sweep(max_attempts=self._settings.max_attempts, gone=gone)
            work.tallies.add(of_sweep(requeued=swept.requeued, deaths=swept.deaths, given_up=swept.failed))
            queued = work.jobs.queued_count(at_most=self._settings.wakeups_outstanding)
            work.commit()
        return swept, queued

    def _run(self) -> None:
        wait_s, was_away = 0.0, False
        while not self._stop.wait(wait_s):
            # Spread, so that many workers do not sweep in step.
            wait_s = self._settings.sweep_interval_s * random.uniform(0.8, 1.2)  # noqa: S311
            try:
                swept = self.sweep()
                if was_away:
                    # Processes that held jobs when it went are to give them back.
                    self._wake_all()
                was_away = False
            except StorageUnavailableError:
                was_away = True
                _log.warning("The database is away; no sweep", extra={"wait_s": round(wait_s, 1)})
            except Exception:  # noqa: BLE001 - a sweeper that died of one error would let leases lie for ever
                _log.exception("A sweep failed", extra={"wait_s": round(wait_s, 1)})
            else:
                if swept.requeued + swept.deaths >= SWEPT_AT_ONCE:
                    wait_s = 0.0


class _ForkGuard:
    """Lets no fork happen in the midst of a sweep."""

    def __init__(self) -> None:
        self.registered = False
        self._held = False

    def register(self) -> None:
        # The hooks can't be taken back, so once to a process.
        if not self.registered:
            self.registered = True
            os.register_at_fork(before=self._hold, after_in_parent=self._let_go, after_in_child=self._let_go)

    def _hold(self) -> None:
        # A database that does not answer must not keep the worker from replacing its processes for ever.
        self._held = _sweeping.acquire(timeout=FORK_WAITS_S)

    def _let_go(self) -> None:
        if self._held:
            self._held = False
            _sweeping.release()


_fork_guard = _ForkGuard()
