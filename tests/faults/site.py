"""A whole Muster of the suite's own: store, broker, API, workers, a newsroom that posts, and the ledger."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

from bench.processes import free_port, tool
from service.embedded import environment
from service.settings import Settings
from service.storage.migrate import upgrade
from tests.e2e.workers import CeleryWorker
from tests.faults.checker import AWAY, Tables, Verdict, check
from tests.faults.extractors import NAMES
from tests.faults.ledger import Ledger
from tests.faults.newsroom import Newsroom
from tests.integration.worker.register import ROOT

READY_S = 60.0
PATIENCE_S = 120.0
"""Within so long of the last progress something has to happen, or what is left is called lost."""
LOOK_S = 0.1
STOP_S = 30.0


class Api:
    """granian as in production, on a port that stays; `factory` makes the application."""

    def __init__(self, settings: Settings, *, factory: str = "service.wsgi:create") -> None:
        self.settings = settings
        self.address = f"http://127.0.0.1:{settings.port}"
        self._command = [
            *(tool("granian"), "--interface", "wsgi", "--factory", factory, "--host", "127.0.0.1"),
            *("--port", str(settings.port), "--http", "1", "--no-ws", "--workers", "1"),
            *("--blocking-threads", str(settings.threads), "--workers-kill-timeout", "10", "--log-level", "error"),
        ]
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Returns when it answers, whatever the database does."""
        with (self.settings.data_dir / "api.log").open("ab") as log:
            self.process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={**environment(self.settings), "PYTHONPATH": str(ROOT)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait_for(lambda: answers(f"{self.address}/healthz"), why="the API answers", patience_s=READY_S)

    def kill(self) -> None:
        """SIGKILL to all its processes."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def has_died(self) -> bool:
        return self.process is not None and self.process.poll() is not None


class Workers(CeleryWorker):
    """A worker that can also be stopped in ways that leave it alive."""

    def signal(self, number: signal.Signals) -> None:
        """To all its processes."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def terminate(self) -> int:
        """SIGTERM to the main process; returns its exit code."""
        self.process.terminate()
        return self.process.wait(STOP_S)


@dataclass(slots=True, kw_only=True)
class Site:
    """Settings carry the port of the API. `recoveries_s` are the seconds it took to go on after each fault."""

    settings: Settings
    ledger: Ledger
    newsroom: Newsroom
    api: Api
    tables: Tables
    worker_app: str = "worker.celery_main"
    workers: list[Workers] = field(default_factory=list)
    recoveries_s: list[float] = field(default_factory=list)

    def start_worker(self, **changed: Any) -> Workers:
        """`changed` are settings of this worker alone, and `path` and `variables` as CeleryWorker takes them."""
        extra = {name: changed.pop(name) for name in ("path", "variables") if name in changed}
        worker = Workers(dataclasses.replace(self.settings, **changed), app=self.worker_app, **extra)
        self.workers.append(worker)
        return worker

    def log(self) -> str:
        """What the workers have logged."""
        path = self.settings.data_dir / "worker.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    def progress(self) -> Callable[[], bool]:
        """Asks whether any article has been read since now, or none is left."""
        before = self.tables.settled()
        return lambda: self.tables.settled() > before or not (self.newsroom.is_sending() or self.tables.open())

    def await_progress(self) -> None:
        wait_for(self.progress(), why="articles are read")

    def await_recovery(self, *, accepting: bool = False) -> None:
        """From now, the end of a fault, until articles are read again, and accepted where some are being sent."""
        ended = time.monotonic()
        progress = self.progress()
        wait_for(progress, why="articles are read again")
        if accepting:
            wait_for(lambda: self.ledger.accepted_at > ended, why="articles are accepted again")
        self.recoveries_s.append(time.monotonic() - ended)

    def drain(self, *, patience_s: float = PATIENCE_S) -> bool:
        """Waits until nothing is left to read; False when nothing has moved for `patience_s` seconds."""
        moved, last = time.monotonic(), (-1, -1)
        while (now := (self.tables.open(), self.tables.settled()))[0]:
            if now != last:
                moved, last = time.monotonic(), now
            elif time.monotonic() - moved > patience_s:
                return False
            time.sleep(LOOK_S)
        return True

    def verdict(self) -> Verdict:
        return check(self.ledger, self.tables, self.ask)

    def ask(self, path: str) -> dict[str, Any]:
        """What a GET answers."""
        with urlopen(f"{self.api.address}{path}", timeout=60) as answer:
            read: dict[str, Any] = json.load(answer)
            return read

    def close(self) -> None:
        self.newsroom.give_up()
        for worker in self.workers:
            worker.signal(signal.SIGCONT)
            worker.kill()
        self.api.kill()
        self.tables.close()
        self.ledger.close()


@contextmanager
def open_site(
    folder: Path,
    *,
    database_url: str,
    tables_url: str | None = None,
    broker_url: str = "filesystem://",
    api: str = "service.wsgi:create",
    worker_app: str = "worker.celery_main",
    extractor: str = "quick",
    again: bool = True,
    **options: Any,
) -> Iterator[Site]:
    """A migrated store with an API before it, and no workers yet. `options` are settings.

    The checker asks the tables at `tables_url`, where the service's own line to them is part of the fault.
    """
    url = database_url.replace("postgresql://", "postgresql+psycopg://", 1)
    settings = Settings(
        data_dir=folder,
        database_url=url,
        broker_url=broker_url,
        port=free_port(),
        **{
            "extractor_factory": extractor if ":" in extractor else f"{NAMES}:{extractor}",
            "sweep_interval_s": 1.0,
            **options,
        },
    )
    settings.check()
    upgrade(settings)
    ledger = Ledger(folder / "ledger.jsonl")
    server = Api(settings, factory=api)
    server.start()
    newsroom = Newsroom(settings.port, ledger, again=again)
    site = Site(
        settings=settings,
        ledger=ledger,
        newsroom=newsroom,
        api=server,
        tables=Tables(tables_url or url),
        worker_app=worker_app,
    )
    try:
        yield site
    finally:
        site.close()


def wait_for(what: Callable[[], bool], *, why: str, patience_s: float = PATIENCE_S) -> None:
    """Looks again and again, patiently. A store that can't be read now has not come to anything yet."""
    until = time.monotonic() + patience_s
    while not _is(what):
        if time.monotonic() > until:
            raise AssertionError(f"waited in vain: {why}")
        time.sleep(LOOK_S)


def _is(what: Callable[[], bool]) -> bool:
    try:
        return what()
    except AWAY:
        return False


def answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False
