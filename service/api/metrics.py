"""What Prometheus is told: what this process counted, and what the database knows of the queue and the workers.

Workers count in the database (service/domain/tallies.py), so any API tells of all of them, and none of them has to be
scraped. Where one API runs as several processes behind one port, PROMETHEUS_MULTIPROC_DIR makes their counts one: it
is prometheus-client's own, see docs/operations.md.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from itertools import accumulate
from typing import Final

from flask import Flask, Response
from prometheus_client import CollectorRegistry, Counter, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from service.api.request_log import method, route, seconds
from service.domain.errors import StorageUnavailableError
from service.domain.tallies import ATTEMPT_OUTCOMES, BOUNDS_S, EXPIRED_STATES, FINISHED_RESULTS, Counts, Reason, Tally
from service.use_cases.queue import QueueState

log = logging.getLogger(__name__)

CONTENT_TYPE: Final = CONTENT_TYPE_LATEST
_BUCKETS_S: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 25.0)

_BY_LABEL: Final[tuple[tuple[Tally, str, str, str, tuple[str, ...]], ...]] = (
    (Tally.ATTEMPTS, "muster_attempts", "Readings that ended.", "outcome", ATTEMPT_OUTCOMES),
    (
        Tally.FINISHED,
        "muster_articles_finished",
        "Versions of articles that are not to be read any more.",
        "result",
        FINISHED_RESULTS,
    ),
    (
        Tally.FAILURES,
        "muster_failures",
        "Attempts to read an article that failed; death is that of the worker's process.",
        "reason",
        tuple(Reason),
    ),
    (
        Tally.EXPIRED,
        "muster_lease_expiries",
        "Leases taken back since they ran out or their holder was gone, by what the job was then.",
        "state",
        EXPIRED_STATES,
    ),
)
"""Counters of the workers' work: tally, name, help, label and all values that it takes."""


class Metrics:
    """Everything that is counted. `queue` is asked at each scrape and may raise StorageUnavailableError.

    `limiter_answers` is asked then too: whether the store that counts requests per key can be reached.
    """

    def __init__(self, queue: Callable[[], QueueState], limiter_answers: Callable[[], bool] = lambda: True) -> None:
        # When each counter was made: a third again as many lines, and nobody asks.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # the library's own
        self.registry = CollectorRegistry()
        self.requests = Counter(
            "muster_http_requests", "Requests answered.", ["route", "method", "status"], registry=self.registry
        )
        self.seconds = Histogram(
            "muster_http_request_seconds",
            "Time until the answer began, waits that were asked for included.",
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
        self.wakeups = Counter(
            "muster_wakeups",
            "Wake-ups of workers: sent, skipped since enough were waiting, or failed since the broker did not answer.",
            ["result"],
            registry=self.registry,
        )
        # So that a rate can be taken before the first of them.
        for result in ("accepted", "held"):
            self.submissions.labels(result)
        for result in ("sent", "skipped", "failed"):
            self.wakeups.labels(result)
        self._looked_up = CollectorRegistry()
        self._looked_up.register(_LimiterCollector(limiter_answers))
        self._looked_up.register(_WorkCollector(queue))

    def count_wakeups(self, result: str, number: int) -> None:
        self.wakeups.labels(result).inc(number)

    def render(self) -> bytes:
        return generate_latest(self._counted()) + generate_latest(self._looked_up)

    def _counted(self) -> CollectorRegistry:
        """Of all processes that share PROMETHEUS_MULTIPROC_DIR; else of this one."""
        together = CollectorRegistry()
        try:
            MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # the library's own
        except ValueError:
            return self.registry
        return together


class _Unprompted(Collector):
    """Asks nobody anything while the registry is put together."""

    def describe(self) -> Iterable[Metric]:
        return []


class _LimiterCollector(_Unprompted):
    def __init__(self, answers: Callable[[], bool]) -> None:
        self._answers = answers

    def collect(self) -> Iterable[Metric]:
        yield GaugeMetricFamily(
            "muster_limiter_store_up",
            "Whether the store that counts requests per key answers; without it each process counts for itself.",
            value=float(self._answers()),
        )


class _WorkCollector(_Unprompted):
    """Reads queue and counts from the database, which is where they are."""

    def __init__(self, queue: Callable[[], QueueState]) -> None:
        self._queue = queue

    def collect(self) -> Iterable[Metric]:
        try:
            state = self._queue()
        except StorageUnavailableError:
            log.warning("The database is away; the metrics lack what is in it")
            yield _store_up(0.0)
            return
        yield _store_up(1.0)
        yield from _queue_metrics(state)
        yield from _work_metrics(state.counts)


def _store_up(value: float) -> Metric:
    return GaugeMetricFamily("muster_store_up", "Whether the database answered this scrape.", value=value)


def _queue_metrics(state: QueueState) -> Iterable[Metric]:
    jobs = GaugeMetricFamily("muster_jobs", "Jobs by state, but for those that are done.", labels=["state"])
    for name, number in sorted(state.jobs.items()):
        jobs.add_metric([name], number)
    yield jobs
    yield GaugeMetricFamily(
        "muster_queue_oldest_seconds", "Age of the job that has been queued longest.", value=state.oldest_queued_s
    )
    yield GaugeMetricFamily(
        "muster_leases_overdue",
        "Leases that have run out and that no worker has taken back yet.",
        value=state.overdue,
    )


def _work_metrics(counts: Counts) -> Iterable[Metric]:
    for tally, name, told, label, values in _BY_LABEL:
        family = CounterMetricFamily(name, told, labels=[label])
        # Zeros included, so that a rate can be taken before the first.
        for value in values:
            family.add_metric([value], counts.get((tally, value), 0.0))
        yield family
    yield CounterMetricFamily(
        "muster_claims_written", "Claims that readings gave.", value=counts.get((Tally.CLAIMS, ""), 0.0)
    )
    labels = [*map(str, BOUNDS_S), "+Inf"]
    cumulative = accumulate(counts.get((Tally.SECONDS, label), 0.0) for label in labels)
    yield HistogramMetricFamily(
        "muster_extraction_seconds",
        "Time to extract the claims of one article, of readings that were kept.",
        buckets=list(zip(labels, cumulative, strict=True)),
        sum_value=counts.get((Tally.SECONDS_SUM, ""), 0.0),
    )


def register(app: Flask, metrics: Metrics) -> None:
    """Counts every request by its route, never by its path, which outsiders choose."""

    def count(response: Response) -> Response:
        template = route()
        metrics.requests.labels(template, method(), str(response.status_code)).inc()
        metrics.seconds.labels(template).observe(seconds())
        return response

    app.after_request(count)
