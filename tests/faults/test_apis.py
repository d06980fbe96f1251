"""APIs that are killed around a commit, asked to stop, or sent one key by many."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import pytest

from tests.faults.runs import apis
from tests.faults.servers import Redis
from tests.faults.site import open_site

THREADS = 32


@pytest.mark.parametrize("moment", ["before", "after"])
def test_nothing_is_lost_when_the_api_is_killed_at_a_commit(
    moment: Literal["before", "after"], database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    with open_site(
        tmp_path, database_url=database_url, broker_url=redis_server.url, api="tests.faults.apis:killed_at_commit"
    ) as site:
        came = apis.killed_around_commit(site, moment=moment, rounds=1)
    assert came.verdict.problems == []
    assert came.verdict.done == came.verdict.accepted > 0
    assert came.in_doubt > 0


def test_api_that_is_asked_to_stop_loses_nothing(database_url: str, redis_server: Redis, tmp_path: Path) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url) as site:
        came = apis.asked_to_stop(site, rounds=1)
    assert came.verdict.problems == []
    assert came.verdict.done == came.verdict.accepted > 0
    assert came.notes["disorderly"] == 0


@pytest.mark.parametrize("store", ["postgres", "sqlite"])
def test_one_key_from_many_threads_takes_one_article(
    store: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    url = f"sqlite:///{tmp_path}/muster.db" if store == "sqlite" else request.getfixturevalue("database_url")
    with open_site(tmp_path, database_url=url, threads=16) as site:
        came = apis.one_key(site, threads=THREADS, keys=2)
    assert came.verdict.problems == []
    assert came.verdict.accepted == came.verdict.done == 2
    # All who sent the first key sent the same article; of the second key's articles one was taken.
    assert came.notes == {"keys_doubled": 0, "answered_202": THREADS + 1, "answered_422": THREADS - 1}
