"""Counters and gauges for Prometheus, in a registry of their own."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from typing import Final

from flask import Flask, Response, g, request
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.registry import Collector

from service.domain.errors import StorageUnavailableError
from service.use_cases.queue import QueueState

log = logging.getLogger(__name__)

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "DELETE", "OPTIONS", "PUT", "PATCH"})


class Metrics:
    """Everything that is counted. `queue` is asked at each scrape and may raise StorageUnavailableError."""

    def __init__(self, queue: Callable[[], QueueState]) -> None:
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "muster_http_requests", "Requests answered.", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "muster_http_request_seconds",
            "Time until the answer began.",
            ["route"],
            buckets=_BUCKETS_S,
            registry=self.registry,
        )
        self.submissions = Counter(
            "muster_articles_submitted",
            "Articles posted: accepted to be read, or held already.",
            ["result"],
            registry=self.registry,
        )
        self.registry.register(_QueueCollector(queue))

    def render(self) -> bytes:
        return generate_latest(self.registry)


class _QueueCollector(Collector):
    """Reads the queue from the database, which is where it is."""

    def __init__(self, queue: Callable[[], QueueState]) -> None:
        self._queue = queue

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Keeps the registry from asking the database when it is put together."""
        return []

    def collect(self) -> Iterable[GaugeMetricFamily]:
        up = GaugeMetricFamily("muster_store_up", "Whether the database answered this scrape.")
        try:
            state = self._queue()
        except StorageUnavailableError as error:
            log.warning("metrics: the queue can't be read: %s", error)
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        yield up
        jobs = GaugeMetricFamily("muster_jobs", "Jobs by state.", labels=["state"])
        for name, number in sorted(state.jobs.items()):
            jobs.add_metric([name], number)
        yield jobs
        age = GaugeMetricFamily("muster_queue_oldest_seconds", "Age of the job that has been queued longest.")
        age.add_metric([], state.oldest_queued_s)
        yield age


def register(app: Flask, metrics: Metrics) -> None:
    """Counts every request by its route, never by its path, which outsiders choose."""

    def start() -> None:
        g.started = time.perf_counter()

    def count(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "none"
        method = request.method if request.method in _METHODS else "other"
        metrics.requests.labels(route, method, str(response.status_code)).inc()
        if "started" in g:
            metrics.seconds.labels(route).observe(time.perf_counter() - g.started)
        return response

    app.before_request(start)
    app.after_request(count)
