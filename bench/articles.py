"""Articles a second through the whole service, beside the bare extractor times the service's workers.

The clock runs from the first POST until the last article is done: HTTP, the database, the queue and the extractor
are all in it, on one machine that they share.
"""

from __future__ import annotations

import http.client
import json
import time
from collections.abc import Sequence
from statistics import median

from bench.corpus import Article, articles, words
from bench.processes import free_port, running, tool
from bench.report import Report, Row
from bench.services import Backing, embedded, servers
from service.settings import Settings
from worker.pipeline import build_extractor

WORKERS = 2
WARM_UP = 8
SINGLE = 10
LIMIT_S = 300.0
POLL_S = 0.02


class UnfinishedError(RuntimeError):
    """An article did not end `done` in time."""


def measure(*, scale: float) -> Report:
    """`scale` multiplies the number of articles."""
    count = max(10, int(120 * scale))
    batch = articles(count, start=1_000)
    bare, bare_ms = _bare(batch)
    rows = [
        Row(label="bare extractor, one process", per_second=bare, p50_ms=bare_ms),
        Row(label=f"bare extractor × {WORKERS} workers", per_second=bare * WORKERS),
    ]
    for choice in (embedded(), servers()):
        with choice as backing:
            if backing:
                rate, single_ms = _service(backing, batch)
                label = f"whole service, {backing.label}"
                rows.append(Row(label=label, per_second=rate, ratio=rate / (bare * WORKERS), p50_ms=single_ms))
    return Report(
        name="articles",
        title="Articles read; median ms is one article at a time, from the POST to its claims",
        unit="articles",
        rows=rows,
        sizes={"articles": count, "words": words(count), "workers": WORKERS},
    )


def _bare(batch: Sequence[Article]) -> tuple[float, float]:
    """Articles a second and median milliseconds of the extractor alone, model loaded, in this process."""
    extractor = build_extractor(Settings.from_env({}))
    documents = [article.document() for article in [*articles(WARM_UP), *batch]]
    taken = []
    for document in documents:
        start = time.perf_counter()
        extractor.extract(document)
        taken.append(time.perf_counter() - start)
    taken = taken[WARM_UP:]
    return len(taken) / sum(taken), median(taken) * 1000


def _service(backing: Backing, batch: Sequence[Article]) -> tuple[float, float]:
    port = free_port()
    command = [tool("muster"), "up", "--port", str(port), "--workers", str(WORKERS)]
    with running(command, settings=backing.settings, ready_url=f"http://127.0.0.1:{port}/readyz"):
        client = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        try:
            # Every worker process has loaded its model once these are done.
            for article in articles(WARM_UP * WORKERS):
                _submit(client, article, wait_s=20)
            singles = []
            for article in articles(SINGLE, start=10**6):
                start = time.perf_counter()
                _await_done(client, _submit(client, article, wait_s=20))
                singles.append((time.perf_counter() - start) * 1000)
            start = time.perf_counter()
            for held in [_submit(client, article) for article in batch]:
                _await_done(client, held)
            return len(batch) / (time.perf_counter() - start), median(singles)
        finally:
            client.close()


def _submit(client: http.client.HTTPConnection, article: Article, *, wait_s: int = 0) -> str:
    headers = {"Content-Type": "application/json", **({"Prefer": f"wait={wait_s}"} if wait_s else {})}
    client.request("POST", "/articles", body=article.body(), headers=headers)
    answer = client.getresponse()
    body = json.loads(answer.read())
    if answer.status not in (http.HTTPStatus.OK, http.HTTPStatus.ACCEPTED):
        raise UnfinishedError(f"POST /articles answered {answer.status}: {body}")
    article_id: str = body["id"]
    return article_id


def _await_done(client: http.client.HTTPConnection, article_id: str) -> None:
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        client.request("GET", f"/articles/{article_id}")
        status = json.loads(client.getresponse().read())["status"]
        if status == "done":
            return
        if status not in ("queued", "processing"):
            raise UnfinishedError(f"{article_id} ended {status}")
        time.sleep(POLL_S)
    raise UnfinishedError(f"{article_id} is not done after {LIMIT_S:g} s")
