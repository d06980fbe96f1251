"""Workers that are killed, stopped, asked to stop, poisoned, or wrong about the time."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.faults.runs import workers
from tests.faults.servers import Redis
from tests.faults.site import open_site

HASTY: dict[str, Any] = {"soft_limit_s": 2.0, "hard_limit_s": 2.5, "lease_s": 4.0}
"""Limits that let nobody read for long, so that the tests need not wait either."""


def test_nothing_is_lost_when_workers_are_killed(database_url: str, redis_server: Redis, tmp_path: Path) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url) as site:
        came = workers.killed(site, kills=2, articles=120)
    assert came.verdict.problems == []
    assert came.verdict.accepted == 120


def test_nothing_is_lost_on_sqlite_when_workers_are_killed(tmp_path: Path) -> None:
    with open_site(tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db") as site:
        came = workers.killed(site, kills=2, articles=80)
    assert came.verdict.problems == []
    assert came.verdict.accepted == 80


def test_worker_that_slept_past_its_lease_writes_nothing(
    database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    with open_site(
        tmp_path, database_url=database_url, broker_url=redis_server.url, extractor="slow", workers=1, **HASTY
    ) as site:
        came = workers.stopped_past_the_lease(site, rounds=1, articles=30)
    assert came.verdict.problems == []
    assert came.verdict.done == 30
    assert came.most_attempts > 1


def test_worker_that_is_asked_to_stop_gives_back_what_it_has_not_read(
    database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url) as site:
        came = workers.asked_to_stop(site, rounds=1, articles=150)
    assert came.verdict.problems == []
    assert came.verdict.done == 150
    assert (came.deaths, came.notes["disorderly"]) == (0, 0)


def test_worker_whose_clock_is_an_hour_fast_takes_nobody_s_lease(
    database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url, workers=1) as site:
        came = workers.one_an_hour_off(site, articles=100, hours=1.0)
    assert came.verdict.problems == []
    assert came.verdict.done == 100
    assert (came.deaths, came.most_attempts, came.notes["impossible_times"]) == (0, 1, 0)


@pytest.mark.parametrize("names", [("segfault", "memory"), ("kill", "endless", "wedged")], ids=" and ".join)
def test_poison_fails_and_its_neighbors_are_read_once(
    names: tuple[str, ...], database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url, max_attempts=2, **HASTY) as site:
        came = workers.poisoned(site, poisons={name: workers.POISONS[name] for name in names}, neighbors=20)
    assert came.verdict.problems == []
    assert came.notes == {"poison_not_failed": 0, "neighbors_not_done": 0, "neighbors_begun_again": 0}
    assert came.verdict.failed == len(names)
