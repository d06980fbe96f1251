"""POST /articles and GETs by the second, beside a bare Flask route on the same server with as many threads.

A few articles have been read before, and no worker runs: what is measured is the API and its database. The load
generator shares the machine with both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from bench.corpus import articles
from bench.load import Load, drive, request
from bench.processes import free_port, running, tool
from bench.report import Report, Row
from bench.services import Backing, embedded, servers
from service.settings import Settings
from service.storage.migrate import upgrade
from worker.process import Process

THREADS = 8
CONNECTIONS = 8
BODY_BYTES = 3_000
WARM_UP = 50
SEEDS = 17


def measure(*, scale: float) -> Report:
    """`scale` multiplies the number of requests."""
    posts, gets = max(50, int(1_500 * scale)), max(100, int(3_000 * scale))
    rows: list[Row] = []
    with _granian("bench.reference:create_app", settings={}) as port:
        drive(port, [request("GET", "/")] * WARM_UP, connections=CONNECTIONS)
        bare_get = drive(port, [request("GET", "/")] * gets, connections=CONNECTIONS).expect(200)
        bare_post = drive(port, _posts("/", posts), connections=CONNECTIONS).expect(202)
    rows += [_row("bare Flask route, GET", bare_get), _row("bare Flask route, POST of 3 KB", bare_post)]
    with embedded() as backing:
        rows += _service(backing, posts, gets, bare_get, bare_post)
    with servers() as backing:
        if backing:
            rows += _service(backing, posts, gets, bare_get, bare_post)
    return Report(
        name="http",
        title="Requests answered",
        unit="requests",
        rows=rows,
        sizes={"connections": CONNECTIONS, "threads": THREADS, "POSTs": posts, "GETs": gets},
    )


def _service(backing: Backing, posts: int, gets: int, bare_get: Load, bare_post: Load) -> list[Row]:
    settings = Settings.from_env(backing.settings)
    upgrade(settings)
    with _granian("service.wsgi:create", settings=backing.settings) as port:
        # A register with claims in it: the seeds, read here and now.
        drive(port, [_post("/articles", article.body()) for article in articles(SEEDS, start=2 * 10**6)]).expect(202)
        Process(settings).drain()
        drive(port, _posts("/articles", WARM_UP, start=10**6), connections=CONNECTIONS).expect(202)
        posted = drive(port, _posts("/articles", posts), connections=CONNECTIONS).expect(202)
        again = drive(port, _posts("/articles", posts), connections=CONNECTIONS).expect(200)
        claims = drive(port, [request("GET", "/claims?region=Kursk")] * gets, connections=CONNECTIONS).expect(200)
        health = drive(port, [request("GET", "/healthz")] * gets, connections=CONNECTIONS).expect(200)
    return [
        _row(f"POST /articles, {backing.label}", posted, bare_post),
        _row(f"the same again, {backing.label}", again, bare_post),
        _row(f"GET /claims?region=Kursk, {backing.label}", claims, bare_get),
        _row(f"GET /healthz, {backing.label}", health, bare_get),
    ]


@contextmanager
def _granian(factory: str, *, settings: Mapping[str, str]) -> Iterator[int]:
    port = free_port()
    command = [tool("granian"), "--interface", "wsgi", "--factory", factory, "--host", "127.0.0.1"]
    command += ["--port", str(port), "--workers", "1", "--blocking-threads", str(THREADS), "--log-level", "warning"]
    settings = {**settings, "MUSTER_THREADS": str(THREADS)}
    with running(command, settings=settings, ready_url=f"http://127.0.0.1:{port}/readyz"):
        yield port


def _posts(path: str, count: int, *, start: int = 0) -> list[bytes]:
    """Requests with bodies of about 3 KB, no two alike."""
    found = []
    for article in articles(count, start=start):
        body = json.loads(article.body())
        body["text"] = (body["text"] * 3)[-(BODY_BYTES - 300) :]
        found.append(_post(path, json.dumps(body).encode()))
    return found


def _post(path: str, body: bytes) -> bytes:
    return request("POST", path, body=body)


def _row(label: str, load: Load, reference: Load | None = None) -> Row:
    ratio = load.per_second / reference.per_second if reference else None
    return Row(label=label, per_second=load.per_second, ratio=ratio, p50_ms=load.p50_ms, p99_ms=load.p99_ms)
