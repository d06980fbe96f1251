"""Workers that are killed, stopped and wrong about the time."""

from __future__ import annotations

from pathlib import Path

from tests.faults.runs import workers_killed
from tests.faults.servers import Redis
from tests.faults.site import open_site


def test_nothing_is_lost_when_workers_are_killed(database_url: str, redis_server: Redis, tmp_path: Path) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url) as site:
        came = workers_killed(site, kills=2, articles=120)
    assert came.verdict.problems == []
    assert came.verdict.done == came.verdict.accepted == 120
