"""Wake-ups by the second beside Celery tasks that do nothing, on the same broker with as many processes.

A wake-up that finds nothing to do still asks the database; the no-op asks nobody. Consumed means gone from the
queue: the few messages that the workers hold at the end are the same on both sides.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from celery import Celery
from kombu.connection import Connection
from kombu.entity import Queue

from bench.noop_worker import QUEUE as NOOP_QUEUE
from bench.noop_worker import TASK as NOOP_TASK
from bench.noop_worker import create_app
from bench.processes import running, tool
from bench.report import Report, Row
from bench.services import Backing, embedded, servers
from service.broker import QUEUE, WORK, connect_to_send
from service.enqueue import CeleryWaker
from service.settings import Settings
from service.storage.migrate import upgrade

WORKERS = 2
START_S = 120.0
DRAIN_S = 120.0
WARM_UP = 20
WORKER = [tool("celery"), "--app", "worker.celery_main", "worker"]
NOOP_WORKER = [sys.executable, "-m", "bench.noop_worker"]


class StuckError(RuntimeError):
    """A queue was not emptied in time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """Messages a second: sent by one producer, and gone from the queue while it sent and after."""

    published: float
    consumed: float


def measure(*, scale: float) -> Report:
    """`scale` multiplies the number of messages."""
    count = max(50, int(1_000 * scale))
    rows: list[Row] = []
    for choice in (embedded(), servers()):
        with choice as backing:
            if backing:
                rows += _compare(backing, count)
    return Report(
        name="wakeups",
        title="Wake-ups carried",
        unit="messages",
        rows=rows,
        sizes={"messages": count, "worker processes": WORKERS},
    )


def _compare(backing: Backing, count: int) -> list[Row]:
    environment = {
        **backing.settings,
        "MUSTER_WORKERS": str(WORKERS),
        "MUSTER_EXTRACTOR_FACTORY": "bench.noop_worker:build_extractor",
    }
    settings = Settings.from_env(environment)
    upgrade(settings)
    noop = _rates(environment, NOOP_WORKER, queue=NOOP_QUEUE, task=NOOP_TASK, count=count)
    ours = _rates(environment, WORKER, queue=QUEUE, task=WORK, count=count)
    return [
        Row(label=f"Celery no-ops published, {backing.label}", per_second=noop.published),
        Row(label=f"Celery no-ops consumed, {backing.label}", per_second=noop.consumed),
        _beside(f"wake-ups published, {backing.label}", ours.published, noop.published),
        _beside(f"wake-ups consumed, {backing.label}", ours.consumed, noop.consumed),
        Row(label=f"wake() called, {backing.label}", per_second=_asked(settings, count), note="returns at once"),
    ]


def _beside(label: str, rate: float, reference: float) -> Row:
    return Row(label=label, per_second=rate, ratio=rate / reference)


def _rates(environment: dict[str, str], command: Sequence[str], *, queue: str, task: str, count: int) -> Rates:
    settings = Settings.from_env(environment)
    celery = create_app(settings)
    with connect_to_send(settings) as connection, running(command, settings=environment):
        send, left = _queue(celery, connection, queue, task)
        for _ in range(WARM_UP):
            send()
        _await_empty(left, START_S)
        start = time.perf_counter()
        for _ in range(count):
            send()
        published = time.perf_counter() - start
        _await_empty(left, DRAIN_S)
        consumed = time.perf_counter() - start
    return Rates(published=count / published, consumed=count / consumed)


def _queue(
    celery: Celery, connection: Connection, queue: str, task: str
) -> tuple[Callable[[], object], Callable[[], int]]:
    """How to send one message to an emptied queue, and how to count those in it."""
    bound = celery.amqp.queues.get(queue, Queue(queue, routing_key=queue))(connection.channel())
    bound.declare()
    bound.purge()
    producer = connection.Producer()

    def send() -> object:
        return celery.send_task(task, producer=producer, queue=queue, retry=False)

    def left() -> int:
        count: int = bound.queue_declare(passive=False).message_count
        return count

    return send, left


def _await_empty(left: Callable[[], int], limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while left():
        if time.monotonic() > deadline:
            raise StuckError(f"{left()} messages are still waiting after {limit_s:g} s")
        time.sleep(0.01)


def _asked(settings: Settings, count: int) -> float:
    """Calls of wake() by the second with no worker listening: most send nothing, since enough are waiting."""
    waker = CeleryWaker(settings)
    try:
        waker.wake()
        waker.flush(10)
        start = time.perf_counter()
        for _ in range(count):
            waker.wake()
        return count / (time.perf_counter() - start)
    finally:
        waker.close()
