"""What Prometheus is told: figures that are right whoever counted, under names and labels of a closed list."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine

from service.api.metrics import Metrics
from service.app import create_app
from service.domain.tallies import BOUNDS_S, Reason, of_failures, of_reading, of_sweep
from service.settings import Settings
from service.storage.unit_of_work import UnitOfWork
from tests.api.access import client_with, make_key
from tests.api.doubles import CountingWaker


def samples(client: FlaskClient) -> dict[tuple[str, ...], float]:
    """By name and values of labels."""
    families = text_string_to_metric_families(client.get("/metrics").get_data(as_text=True))
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


def test_metrics_tell_what_the_workers_counted(client: FlaskClient, engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        work.tallies.add(of_reading(seconds=0.03, claims=4))
        work.tallies.add(of_reading(seconds=99.0, claims=0))
        work.tallies.add(of_failures(Reason.TIME, again=1, given_up=0))
        work.tallies.add(of_sweep(requeued=3, deaths=2, given_up=1))
        work.commit()
    told = samples(client)
    assert told["muster_articles_finished_total", "done"] == 2
    assert told["muster_articles_finished_total", "failed"] == 1
    assert told["muster_attempts_total", "again"] == 2
    assert told["muster_failures_total", "time"] == 1
    assert told["muster_failures_total", "death"] == 2
    assert told["muster_lease_expiries_total", "leased"] == 3
    assert told["muster_lease_expiries_total", "running"] == 2
    assert told["muster_claims_written_total",] == 4
    assert told["muster_extraction_seconds_sum",] == pytest.approx(99.03)
    assert told["muster_extraction_seconds_count",] == 2


def test_extraction_seconds_are_cumulative_up_to_infinity(client: FlaskClient, engine: Engine) -> None:
    with UnitOfWork(engine) as work:
        for seconds in (0.01, 0.011, 60.0, 60.1):
            work.tallies.add(of_reading(seconds=seconds, claims=0))
        work.commit()
    told = samples(client)
    buckets = [told["muster_extraction_seconds_bucket", str(bound)] for bound in (*BOUNDS_S, "+Inf")]
    assert buckets == [1.0, *[2.0] * 10, 3.0, 4.0]


def test_counters_begin_at_zero(client: FlaskClient) -> None:
    told = samples(client)
    for name in (
        "muster_failures_total",
        "muster_attempts_total",
        "muster_wakeups_total",
        "muster_lease_expiries_total",
    ):
        assert {value for (family, *_), value in told.items() if family == name} == {0.0}


def test_routes_are_templates_and_methods_are_known_ones(client: FlaskClient) -> None:
    client.get("/articles/a_1")
    client.get("/secret/path")
    client.open("/claims", method="SECRET")
    page = client.get("/metrics").get_data(as_text=True).lower()
    assert 'route="/articles/<id:id>"' in page
    assert 'method="other"' in page
    assert "secret" not in page


def test_latency_of_every_route_is_counted(client: FlaskClient) -> None:
    client.get("/claims")
    told = samples(client)
    assert told["muster_http_request_seconds_count", "/claims"] == 1


def test_requests_over_the_limit_are_counted_by_status(settings: Settings, engine: Engine) -> None:
    few = create_app(replace(settings, rate_per_minute=2), engine=engine, waker=CountingWaker())
    client = client_with(few, make_key(engine))
    for _ in range(3):
        client.get("/claims")
    counted = few.extensions["muster"].metrics.render().decode()
    assert 'muster_http_requests_total{method="GET",route="/claims",status="429"} 1.0' in counted


@pytest.mark.parametrize(("address", "up"), [("memory://", 1.0), ("redis://127.0.0.1:1/0", 0.0)])
def test_a_limiter_store_that_is_away_is_told(settings: Settings, engine: Engine, address: str, up: float) -> None:
    app = create_app(replace(settings, limiter_url=address), engine=engine, waker=CountingWaker())
    assert samples(app.test_client())["muster_limiter_store_up",] == up


def test_metrics_know_a_lease_that_nobody_takes_back(app: Flask, client: FlaskClient, engine: Engine) -> None:
    client.post("/articles", json={"text": "Troops."})
    with UnitOfWork(engine) as work:
        work.jobs.lease("gone", 1, -1.0)
        work.commit()
    assert samples(client)["muster_leases_overdue",] == 1


COUNTING = """
import sys
from service.api.metrics import Metrics
from service.domain.errors import StorageUnavailableError
def away():
    raise StorageUnavailableError("away")
metrics = Metrics(away)
metrics.requests.labels("/claims", "GET", "200").inc(int(sys.argv[1]))
metrics.seconds.labels("/claims").observe(0.1)
sys.stdout.buffer.write(metrics.render())
"""


def test_processes_that_share_a_folder_tell_the_sum(tmp_path: Path) -> None:
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}

    def told_after(number: int) -> str:
        command = [sys.executable, "-c", COUNTING, str(number)]
        return subprocess.run(command, env=environment, capture_output=True, check=True, text=True).stdout

    told_after(2)
    told = told_after(3)
    assert 'muster_http_requests_total{method="GET",route="/claims",status="200"} 5.0' in told
    assert 'muster_http_request_seconds_count{route="/claims"} 2.0' in told
    assert "muster_store_up 0.0" in told


def test_wakeups_are_counted_by_what_came_of_them() -> None:
    metrics = Metrics(lambda: pytest.fail("not asked"))
    metrics.count_wakeups("failed", 1)
    metrics.count_wakeups("failed", 2)
    assert metrics.registry.get_sample_value("muster_wakeups_total", {"result": "failed"}) == 3
