"""A small HTTP load generator: kept-alive connections, requests rendered beforehand, bounded in number and time.

It does as little as it can for each request, since it shares the machine with the server it measures.
"""

from __future__ import annotations

import re
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from statistics import quantiles

HEAD_END = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


class LoadError(RuntimeError):
    """The server under load answered what the benchmark did not expect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What came of a run. Latencies are in milliseconds."""

    answered: int
    seconds: float
    p50_ms: float
    p99_ms: float
    statuses: Counter[int]

    @property
    def per_second(self) -> float:
        return self.answered / self.seconds

    def expect(self, *statuses: int) -> Load:
        """Itself, when nothing but these statuses was answered; raises LoadError otherwise."""
        if set(self.statuses) - set(statuses):
            raise LoadError(f"expected {statuses} only, got {dict(self.statuses)}")
        return self


def request(method: str, path: str, *, body: bytes = b"", content_type: str = "application/json") -> bytes:
    """The bytes of one HTTP/1.1 request for loopback."""
    head = f"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if body:
        head += f"Content-Type: {content_type}\r\nContent-Length: {len(body)}\r\n"
    return head.encode() + b"\r\n" + body


@dataclass(slots=True)
class _Tally:
    latencies_ms: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    error: Exception | None = None


def drive(port: int, requests: Sequence[bytes], *, connections: int = 8, limit_s: float = 60) -> Load:
    """Sends each request once over `connections` connections, and stops after `limit_s` at the latest."""
    waiting = iter(requests)
    lock = threading.Lock()
    tallies = [_Tally() for _ in range(connections)]
    start = time.perf_counter()
    threads = [
        threading.Thread(target=_client, args=(port, waiting, lock, start + limit_s, tally), daemon=True)
        for tally in tallies
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - start
    for tally in tallies:
        if tally.error:
            raise LoadError(str(tally.error)) from tally.error
    latencies = sorted(value for tally in tallies for value in tally.latencies_ms)
    cuts = quantiles(latencies, n=100) if len(latencies) > 1 else latencies * 99
    return Load(
        answered=len(latencies),
        seconds=seconds,
        p50_ms=cuts[49],
        p99_ms=cuts[98],
        statuses=sum((tally.statuses for tally in tallies), Counter[int]()),
    )


def _client(port: int, waiting: Iterator[bytes], lock: threading.Lock, deadline: float, tally: _Tally) -> None:
    connection: socket.socket | None = None
    try:
        while time.perf_counter() < deadline:
            with lock:
                message = next(waiting, None)
            if message is None:
                return
            connection = connection or _connect(port)
            sent = time.perf_counter()
            connection.sendall(message)
            status, closes = _answer(connection)
            tally.latencies_ms.append((time.perf_counter() - sent) * 1000)
            tally.statuses[status] += 1
            if closes:
                connection.close()
                connection = None
    except (OSError, LoadError) as error:
        tally.error = error
    finally:
        if connection:
            connection.close()


def _connect(port: int) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=30)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _answer(connection: socket.socket) -> tuple[int, bool]:
    """Status of the answer, read to its end, and whether the server closes the connection after it."""
    received = b""
    while HEAD_END not in received:
        part = connection.recv(65_536)
        if not part:
            raise LoadError("the connection was closed before an answer")
        received += part
    head, _, body = received.partition(HEAD_END)
    length = LENGTH.search(head)
    if not length:
        raise LoadError(f"an answer without Content-Length: {head[:200]!r}")
    left = int(length[1]) - len(body)
    while left > 0:
        part = connection.recv(65_536)
        if not part:
            raise LoadError("the connection was closed within an answer")
        left -= len(part)
    return int(head[9:12]), bool(CLOSES.search(head))
