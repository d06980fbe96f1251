"""`muster up`: the API and its workers as one tree of processes, on one machine.

    muster up --- granian (the API) --- its worker
           `---- celery ------------- N processes that read articles

Whoever dies is started again; who keeps dying brings all down, and so does at once who says that it
can't work, in its own words. Whatever ends the parent, even SIGKILL, ends the tree.
"""

from __future__ import annotations

import dataclasses
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self
from urllib.error import URLError
from urllib.request import urlopen

from flask import Flask
from sqlalchemy.exc import DBAPIError

from service.domain.errors import MusterError
from service.logs import LOG_OF_SERVERS
from service.parent import CANNOT_WORK, STOP_S, end_with_parent
from service.settings import LOOPBACK_NAMES, PREFIX, Settings
from service.storage.engine import create_engine
from service.storage.migrate import upgrade
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.keys import usable_keys

READY_S = 60.0
LOOK_S = 0.1
STANDARD_ERROR = 2
PIPE_BYTES = 4096
DEATHS, WITHIN_S = 5, 60.0
"""So many deaths of one process within so many seconds bring all down."""


class EmbeddedError(MusterError):
    """The service could not be started, or did not stay up."""


def application() -> Flask:
    """The API for the server that Embedded starts: it ends with that server."""
    from service.wsgi import create

    end_with_parent(grace_s=STOP_S)
    return create()


def run_embedded(settings: Settings) -> int:
    """Runs until Ctrl-C, SIGTERM, or a part that keeps dying. Returns the exit code."""
    stopped = threading.Event()

    def stop(_number: int, _frame: FrameType | None) -> None:
        stopped.set()

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        with start_embedded(settings) as embedded:
            if embedded.wait_until_ready(stopped=stopped):
                asks = "It asks for a key." if embedded.asks_for_key else "Open to this machine, without a key."
                told = f"Muster is up at {embedded.address} (Ctrl-C stops it). {asks}"
                print(told, file=sys.stderr, flush=True)  # noqa: T201
            while embedded.failure is None and not stopped.wait(LOOK_S):
                pass
            if not stopped.is_set():
                embedded.wait()
    except EmbeddedError as error:
        print(f"muster: {error}", file=sys.stderr, flush=True)  # noqa: T201
        return 1
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
    return 0


def start_embedded(settings: Settings) -> Embedded:
    """Brings the database up to date and starts everything; leaving the context stops it.

    Port 0 means any free one; `address` tells which. Raises EmbeddedError when the port is taken
    or the database can't be used.
    """
    settings = dataclasses.replace(settings, port=_free_port(settings))
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    try:
        upgrade(settings)
        asks_for_key = _asks_for_key(settings)
    except DBAPIError as error:
        raise EmbeddedError(f"The database can't be brought up to date: {error.orig}") from error
    return Embedded(settings, asks_for_key=asks_for_key)


def _asks_for_key(settings: Settings) -> bool:
    """Raises EmbeddedError where others could reach a register that nobody has a key to."""
    engine = create_engine(settings)
    try:
        with UnitOfWork.reading(engine) as work:
            made, usable = work.keys.any_made(), usable_keys(work, now=datetime.now(UTC))
    finally:
        engine.dispose()
    if not usable and settings.host not in LOOPBACK_NAMES:
        raise EmbeddedError(
            f"Others can reach {settings.host}, and there is no key yet. `muster keys create NAME --scope read "
            "--scope submit` makes one; or listen on 127.0.0.1, where none is needed."
        )
    return made or not settings.keeps_to_itself


@dataclass(slots=True)
class _Child:
    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    start_at: float = 0.0
    died_at: list[float] = field(default_factory=list)


class Embedded:
    """The running tree. `address` is where the API answers; `failure` says why all was brought down."""

    def __init__(self, settings: Settings, *, asks_for_key: bool = False) -> None:
        self.settings = settings
        self.asks_for_key = asks_for_key
        host = "127.0.0.1" if settings.host in ("0.0.0.0", "") else settings.host  # noqa: S104 - compared, not bound
        self.address = f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"
        self.failure: str | None = None
        self._environment = environment(settings)
        self._words, self._words_to = os.pipe()
        os.set_blocking(self._words, False)
        self._stopping = threading.Event()
        self._children = [_Child("the API", _server(settings))]
        if settings.workers:
            self._children.append(_Child("the workers", _WORKERS))
        self._watcher = threading.Thread(target=self._watch, name="embedded", daemon=True)
        self._watcher.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()

    def wait_until_ready(self, *, timeout_s: float = READY_S, stopped: threading.Event | None = None) -> bool:
        """True once /readyz answers 200; False if `stopped` was set first. Raises EmbeddedError otherwise."""
        until = time.monotonic() + timeout_s
        while not _answers(f"{self.address}/readyz"):
            self.check()
            if time.monotonic() > until:
                raise EmbeddedError(f"Muster was not ready at {self.address} within {timeout_s:g} seconds.")
            if stopped is not None and stopped.wait(LOOK_S):
                return False
            time.sleep(LOOK_S)
        return True

    def wait(self) -> None:
        """Returns when something else stops it; raises EmbeddedError when it was brought down."""
        self._watcher.join()
        self.check()

    def check(self) -> None:
        """Raises EmbeddedError when it was brought down, with the reason."""
        if self.failure:
            raise EmbeddedError(self.failure)

    def stop(self) -> None:
        """Asks everybody to stop, and kills who has not after 15 seconds. Safe to call twice."""
        self._stopping.set()
        if self._watcher is not threading.current_thread():
            self._watcher.join()

    # --- in the watcher's thread

    def _watch(self) -> None:
        try:
            while not self._stopping.is_set() and self.failure is None:
                for child in self._children:
                    self._look_after(child)
                self._stopping.wait(LOOK_S)
        finally:
            self._end_all()

    def _look_after(self, child: _Child) -> None:
        now = time.monotonic()
        if child.process is None:
            if now >= child.start_at:
                child.process = subprocess.Popen(  # noqa: S603 - our own modules
                    _watched(child.command, words_to=self._words_to),
                    pass_fds=(self._words_to,),
                    env=self._environment,
                    start_new_session=True,
                    stdin=subprocess.DEVNULL,
                    # Whatever they print is log; standard output is for the data of the command that started them.
                    stdout=STANDARD_ERROR,
                )
            return
        code = child.process.poll()
        if code is None:
            return
        # What it started may have outlived it.
        _kill_group(child.process.pid)
        child.process = None
        child.died_at = [at for at in child.died_at if now - at < WITHIN_S] + [now]
        child.start_at = now + 0.25 * 2 ** len(child.died_at)
        if code == CANNOT_WORK:
            self.failure = self._last_words() or _sentence(f"{child.name} can't work; the log says why.")
            return
        if len(child.died_at) >= DEATHS:
            often = f"{child.name} ended {DEATHS} times within {WITHIN_S:g} seconds, last with code {code}."
            self.failure = _sentence(often)

    def _last_words(self) -> str | None:
        try:
            return os.read(self._words, PIPE_BYTES).decode(errors="replace").partition("\n")[0]
        except BlockingIOError:
            return None

    def _end_all(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = time.monotonic() + STOP_S
        for process in running:
            with suppress(subprocess.TimeoutExpired):
                process.wait(max(0.0, until - time.monotonic()))
        for process in running:
            _kill_group(process.pid)
            process.wait()
        os.close(self._words)
        os.close(self._words_to)


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment with these settings in place of those in it."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(PREFIX)}
    given = {
        f"{PREFIX}{option.name.upper()}": _written(getattr(settings, option.name))
        for option in dataclasses.fields(settings)
    }
    return inherited | given


def _written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value.absolute()) if isinstance(value, Path) else str(value)


def _sentence(words: str) -> str:
    return words[0].upper() + words[1:]


def _server(settings: Settings) -> list[str]:
    """One process that answers `threads` requests at a time."""
    return [
        *("granian", "--interface", "wsgi", "--factory", "service.embedded:application"),
        *("--host", settings.host, "--port", str(settings.port), "--http", "1", "--no-ws"),
        *("--workers", "1", "--blocking-threads", str(settings.threads), "--workers-kill-timeout", "10"),
        *("--log-level", _level_for_granian(settings), "--log-config", str(LOG_OF_SERVERS)),
    ]


_QUIET = ("--without-gossip", "--without-mingle", "--without-heartbeat")
_WORKERS = ("celery", "--quiet", "--app", "worker.celery_main", "worker", *_QUIET)


def _watched(command: Sequence[str], *, words_to: int) -> list[str]:
    # On a machine of one's own, or in a container, running as root is nothing to be warned of.
    as_root = "ignore:You're running the worker with superuser privileges"
    return [sys.executable, "-W", as_root, "-m", "service.parent", str(os.getpid()), str(words_to), *command]


def _level_for_granian(settings: Settings) -> str:
    # It tells of every start and stop at INFO, and at WARNING of the number of threads that we chose.
    return "error" if settings.log_level in ("INFO", "WARNING") else settings.log_level.lower()


def _free_port(settings: Settings) -> int:
    """The server would share a port that is taken, and get every other request."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise EmbeddedError(f"{settings.host}:{settings.port} can't be listened on: {error.strerror}.") from None
        port: int = probe.getsockname()[1]
        return port


def _answers(url: str) -> bool:
    try:
        with urlopen(url, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == 200)
    except (URLError, OSError):
        return False


def _kill_group(pid: int) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)
