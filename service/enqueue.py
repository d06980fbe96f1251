"""Wake-ups for the workers. They carry no work: one may be lost or doubled without harm."""

from __future__ import annotations

import contextlib
import logging
import os
import random
import threading
from collections.abc import Callable
from typing import Protocol

from celery import Celery
from kombu.connection import Connection
from kombu.messaging import Producer

from service.broker import QUEUE, WORK, connect_to_send, shared_configuration
from service.settings import Settings

PAUSE_S = 0.05
"""Between two sendings: what came in meanwhile is sent together."""
RETRY_S = (0.5, 10.0)
"""First and longest wait after a broker failed to answer."""

_log = logging.getLogger(__name__)


class Waker(Protocol):
    def wake(self) -> None:
        """Tells the workers, soon, that jobs are queued. Call it after the commit. Never waits, never raises."""


class NullWaker:
    """Wakes nobody; the workers' own sweeps find the jobs."""

    def wake(self) -> None:
        pass


class Sender(Protocol):
    """The queue of wake-ups. Everything may raise anything; after that close() comes first."""

    def waiting(self) -> int:
        """Wake-ups that no worker has taken yet."""

    def send(self) -> None: ...

    def close(self) -> None: ...


class CeleryWaker:
    """Sends wake-ups from a thread of its own, so that a broker that is away delays no request.

    None is sent while `outstanding` of them wait to be taken: whoever takes one later looks for
    jobs then, so nothing is missed. While the broker is away one is kept back and sent when it
    returns. `sent`, `skipped` and `failed` count since the start, and `count` is told of each as it
    happens; `broker_answers` is None before the first attempt.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        sender: Sender | None = None,
        count: Callable[[str, int], None] = lambda _result, _number: None,
    ) -> None:
        self._count = count
        self.sent = 0
        self.skipped = 0
        self.failed = 0
        self.broker_answers: bool | None = None
        self._outstanding = settings.wakeups_outstanding
        self._make_sender: Callable[[], Sender] = (lambda: sender) if sender else (lambda: BrokerSender(settings))
        self._sender: Sender | None = None
        self._pending = 0
        self._idle = True
        self._closing = False
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._pid = 0

    def wake(self) -> None:
        with self._changed:
            self._pending = min(self._pending + 1, self._outstanding)
            # A thread does not survive a fork; servers fork after the application is made.
            if self._thread is None or self._pid != os.getpid():
                self._pid = os.getpid()
                self._thread = threading.Thread(target=self._run, name="wake-ups", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def flush(self, timeout_s: float) -> bool:
        """Waits until nothing is left to send; False when the time is up first."""
        with self._changed:
            return self._changed.wait_for(lambda: self._pending == 0 and self._idle, timeout_s)

    def close(self, timeout_s: float = 2.0) -> None:
        """For a process that ends: sends what is left if the broker answers in time."""
        if self._thread is not None and self._pid == os.getpid():
            self.flush(timeout_s)
            with self._changed:
                self._closing = True
                self._changed.notify_all()
            self._thread.join(timeout_s)

    def _run(self) -> None:
        retry_s = RETRY_S[0]
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._pending or self._closing)
                if self._closing:
                    break
                wanted, self._pending, self._idle = self._pending, 0, False
            answered = self._send(wanted)
            with self._changed:
                if not answered:
                    self._pending = max(self._pending, 1)
                self._idle = True
                self._changed.notify_all()
                if answered:
                    retry_s = RETRY_S[0]
                    self._changed.wait_for(lambda: self._closing, PAUSE_S)
                else:
                    self._changed.wait_for(lambda: self._closing, retry_s * random.uniform(0.5, 1.0))  # noqa: S311
                    retry_s = min(2 * retry_s, RETRY_S[1])
        self._drop_sender()

    def _send(self, wanted: int) -> bool:
        # A connection that lay idle may be dead without our knowing; a fresh one tells.
        for last_try in (False, True):
            try:
                self._sender = self._sender or self._make_sender()
                free = max(0, self._outstanding - self._sender.waiting())
                for _ in range(min(wanted, free)):
                    self._sender.send()
                    self.sent += 1
                    self._count("sent", 1)
            except Exception as error:  # noqa: BLE001 - whatever the broker's client raises, no job is lost by it
                self._drop_sender()
                if last_try:
                    self._note_failure(error)
                    return False
            else:
                self.skipped += max(0, wanted - free)
                self._count("skipped", max(0, wanted - free))
                self.broker_answers = True
                return True
        return False

    def _note_failure(self, error: Exception) -> None:
        self.failed += 1
        self._count("failed", 1)
        if self.broker_answers is not False:
            _log.warning("The broker does not answer; jobs wait for it or for the workers' sweeps: %r", error)
        self.broker_answers = False

    def _drop_sender(self) -> None:
        sender, self._sender = self._sender, None
        if sender is not None:
            with contextlib.suppress(Exception):
                sender.close()


class BrokerSender:
    """One connection to the broker, for one thread."""

    def __init__(self, settings: Settings) -> None:
        self._celery = Celery("muster", set_as_current=False)
        self._celery.conf.update(shared_configuration(settings))
        self._connection: Connection = connect_to_send(settings)
        # The default channel would try for ever to connect; this tries once.
        channel = self._connection.channel()
        self._producer = Producer(channel)
        self._queue = self._celery.amqp.queues[QUEUE](channel)
        self._queue.declare()

    def waiting(self) -> int:
        count: int = self._queue.queue_declare().message_count
        return count

    def send(self) -> None:
        self._celery.send_task(WORK, producer=self._producer, retry=False)

    def take(self) -> bool:
        """Takes one wake-up off the queue; False when none waits."""
        return self._queue.get(no_ack=True) is not None

    def purge(self) -> None:
        """Drops all wake-ups."""
        self._queue.purge()

    def close(self) -> None:
        self._connection.release()
