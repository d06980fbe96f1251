"""APIs that are Muster's but for one fault; granian finds them by name."""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from pathlib import Path
from typing import Any, Final

from flask import Flask

from service.app import create_app
from service.enqueue import BrokerSender
from service.settings import Settings
from service.storage.engine import create_engine

MARK: Final = "kill-at-commit"
SPREAD_S: Final = 0.5


def mark(folder: Path, moment: str) -> None:
    """Has the API that keeps its data in `folder` killed `before` or `after` its next commit."""
    unready = folder / f"{MARK}.tmp"
    unready.write_text(moment, encoding="ascii")
    unready.rename(folder / MARK)


def killed_at_commit() -> Flask:
    settings = Settings.from_env(os.environ)
    engine = create_engine(settings)
    marked, commit = settings.data_dir / MARK, engine.dialect.do_commit

    def do_commit(connection: Any) -> None:
        moment = _take(marked)
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        commit(connection)
        if moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    engine.dialect.do_commit = do_commit  # type: ignore[assignment, method-assign]
    return create_app(settings, engine=engine)


def tripling() -> Flask:
    settings = Settings.from_env(os.environ)
    return create_app(settings, waker=TriplingWaker(settings))


class TriplingWaker:
    """Sends each wake-up three times, each at a moment of its own, however many are waiting."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._due: list[float] = []
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        with self._lock:
            now = time.monotonic()
            self._due += [now + random.uniform(0.0, SPREAD_S) for _ in range(3)]
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        sender = BrokerSender(self._settings)
        while True:
            now = time.monotonic()
            with self._lock:
                due = [at for at in self._due if at <= now]
                self._due = [at for at in self._due if at > now]
            for _ in due:
                sender.send()
            time.sleep(0.01)


def _take(marked: Path) -> str | None:
    """Only one finds the mark."""
    taken = marked.with_suffix(f".{threading.get_ident()}")
    try:
        marked.rename(taken)
    except FileNotFoundError:
        return None
    return taken.read_text(encoding="ascii")
