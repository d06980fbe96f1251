"""Articles a second through the whole service, beside the bare extractor times the service's workers.

The reference is measured, not multiplied: as many processes at once as the service has workers, and nothing else. The
service's clock runs from the first POST until the last article is done: HTTP, the database, the queue and the
extractor are all in it, on the same machine.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from http import HTTPStatus
from multiprocessing import get_context
from statistics import median
from typing import Any

from bench.corpus import Article, articles, words
from bench.processes import free_port, running, tool
from bench.report import Report, Row
from bench.services import Backing, embedded, servers
from service.settings import Settings
from worker.extraction.extractor import Extractor
from worker.extraction.model import Document
from worker.pipeline import build_extractor

WORKERS = 2
WARM_UP = 8
SINGLE = 10
LIMIT_S = 300.0
POLL_S = 0.05


class UnfinishedError(RuntimeError):
    """An article did not end `done` in time."""


def measure(*, scale: float) -> Report:
    """`scale` multiplies the number of articles."""
    count = max(10, int(120 * scale))
    batch = articles(count, start=1_000)
    one, one_ms = _bare(batch)
    bare = _bare_at_once(batch)
    rows = [
        Row(label="bare extractor, one process", per_second=one, p50_ms=one_ms),
        Row(label=f"bare extractor, {WORKERS} processes at once", per_second=bare, ratio=1.0),
    ]
    for choice in (embedded(), servers()):
        with choice as backing:
            if backing:
                rate, single_ms = _service(backing, batch)
                label = f"whole service, {backing.label}"
                rows.append(Row(label=label, per_second=rate, ratio=rate / bare, p50_ms=single_ms))
    return Report(
        name="articles",
        title="Articles read; median ms is one article at a time, from the POST to its claims",
        unit="articles",
        rows=rows,
        sizes={"articles": count, "words": words(count), "workers": WORKERS},
    )


@cache
def _extractor() -> Extractor:
    """One for each process."""
    return build_extractor(Settings.from_env({}))


def _seconds_to_read(document: Document) -> float:
    start = time.perf_counter()
    _extractor().extract(document)
    return time.perf_counter() - start


def _bare(batch: Sequence[Article]) -> tuple[float, float]:
    """Articles a second and median milliseconds of the extractor alone, model loaded, in this process."""
    for article in articles(WARM_UP):
        _seconds_to_read(article.document())
    taken = [_seconds_to_read(article.document()) for article in batch]
    return len(taken) / sum(taken), median(taken) * 1000


def _bare_at_once(batch: Sequence[Article]) -> float:
    """Articles a second of as many processes as there are workers."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_seconds_to_read, [article.document() for article in articles(WARM_UP * WORKERS)]))
        start = time.perf_counter()
        list(pool.map(_seconds_to_read, [article.document() for article in batch]))
        return len(batch) / (time.perf_counter() - start)


def _service(backing: Backing, batch: Sequence[Article]) -> tuple[float, float]:
    port = free_port()
    command = [tool("muster"), "up", "--port", str(port), "--workers", str(WORKERS)]
    with running(command, settings=backing.settings, ready_url=f"http://127.0.0.1:{port}/readyz"):
        client = Client(port, deadline=time.monotonic() + LIMIT_S)
        try:
            # Every worker process has loaded its model once these are done.
            client.read(articles(WARM_UP * WORKERS))
            singles = []
            for article in articles(SINGLE, start=10**6):
                start = time.perf_counter()
                client.read([article], wait_s=20)
                singles.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            client.read(batch)
            return len(batch) / (time.perf_counter() - start), median(singles)
        finally:
            client.close()


class Client:
    """One newsroom's connection. Everything asked of it ends by `deadline`, of the monotonic clock."""

    def __init__(self, port: int, *, deadline: float) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self._deadline = deadline

    def close(self) -> None:
        self._connection.close()

    def read(self, batch: Sequence[Article], *, wait_s: int = 0) -> None:
        """Submits all, then waits until all are done. Raises UnfinishedError."""
        for article_id in [self._submit(article, wait_s=wait_s) for article in batch]:
            while (status := self._ask("GET", f"/articles/{article_id}")["status"]) != "done":
                if status not in ("queued", "processing"):
                    raise UnfinishedError(f"{article_id} ended {status}")
                if time.monotonic() > self._deadline:
                    raise UnfinishedError(f"{article_id} is still {status} after {LIMIT_S:g} s")
                time.sleep(POLL_S)

    def _submit(self, article: Article, *, wait_s: int) -> str:
        preferred = {"Prefer": f"wait={wait_s}"} if wait_s else {}
        answer = self._ask("POST", "/articles", body=article.body(), headers=preferred)
        article_id: str = answer["id"]
        return article_id

    def _ask(
        self, method: str, path: str, *, body: bytes | None = None, headers: Mapping[str, str] | None = None
    ) -> dict[str, Any]:
        sent = {"Content-Type": "application/json", **(headers or {})} if body else {}
        self._connection.request(method, path, body=body, headers=sent)
        answer = self._connection.getresponse()
        read: dict[str, Any] = json.loads(answer.read())
        if answer.status not in (HTTPStatus.OK, HTTPStatus.ACCEPTED):
            raise UnfinishedError(f"{method} {path} answered {answer.status}: {read}")
        return read
