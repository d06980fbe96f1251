"""Articles a second through the whole service, beside the bare extractor times the service's workers.

The reference is measured, not multiplied: as many processes at once as the service has workers, and nothing else. The
service's clock runs from the first POST until the last article is done: HTTP, the database, the queue and the
extractor are all in it, on the same machine. CPU an article counts the API and the workers, and not the database
server; unlike the rates it hardly depends on what else the machine is doing.
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
from bench.processes import cpu_s, free_port, running, tool
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
    for article in articles(WARM_UP):
        _seconds_to_read(article.document())
    cpu_before = time.process_time()
    one, one_ms = _bare(batch)
    one_cpu_s = time.process_time() - cpu_before
    bare = _bare_at_once(batch)
    rows = [
        Row(label="bare extractor, one process", per_second=one, p50_ms=one_ms, note=_cpu(one_cpu_s / count)),
        Row(label=f"bare extractor, {WORKERS} processes at once", per_second=bare, ratio=1.0),
    ]
    for choice in (embedded(), servers()):
        with choice as backing:
            if backing:
                rows.append(_service(backing, batch, bare))
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


def _cpu(seconds: float) -> str:
    return f"{seconds * 1000:.0f} ms of CPU an article"


def _bare(batch: Sequence[Article]) -> tuple[float, float]:
    """Articles a second and median milliseconds of the extractor alone, in this process, which has warmed up."""
    taken = [_seconds_to_read(article.document()) for article in batch]
    return len(taken) / sum(taken), median(taken) * 1000


def _bare_at_once(batch: Sequence[Article]) -> float:
    """Articles a second of as many processes as there are workers."""
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("spawn")) as pool:
        list(pool.map(_seconds_to_read, [article.document() for article in articles(WARM_UP * WORKERS)]))
        start = time.perf_counter()
        list(pool.map(_seconds_to_read, [article.document() for article in batch]))
        return len(batch) / (time.perf_counter() - start)


def _service(backing: Backing, batch: Sequence[Article], bare: float) -> Row:
    port = free_port()
    command = [tool("muster"), "up", "--port", str(port), "--workers", str(WORKERS)]
    with running(command, settings=backing.settings, ready_url=f"http://127.0.0.1:{port}/readyz") as service:
        client = Client(port, deadline=time.monotonic() + LIMIT_S)
        try:
            # Every worker process has loaded its model once these are done.
            client.read(articles(WARM_UP * WORKERS))
            singles = []
            for article in articles(SINGLE, start=10**6):
                start = time.perf_counter()
                client.read([article], wait_s=20)
                singles.append((time.perf_counter() - start) * 1000)
            cpu_before, start = cpu_s(service.pid), time.perf_counter()
            client.read(batch)
            rate = len(batch) / (time.perf_counter() - start)
            cpu_after = cpu_s(service.pid)
        finally:
            client.close()
    note = "" if cpu_before is None or cpu_after is None else _cpu((cpu_after - cpu_before) / len(batch))
    label = f"whole service, {backing.label}"
    return Row(label=label, per_second=rate, ratio=rate / bare, p50_ms=median(singles), note=note)


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
