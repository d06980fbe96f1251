"""Brokers that forget, die, hang, or say everything three times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.link import Link
from tests.faults.conftest import private
from tests.faults.runs import brokers
from tests.faults.servers import Redis, private_redis
from tests.faults.site import open_site

ARTICLES = 60


@pytest.fixture
def link(redis_server: Redis) -> Iterator[Link]:
    opened = Link(redis_server.url)
    yield opened
    opened.close()


@pytest.mark.parametrize("aof", [True, False], ids=["with AOF", "without AOF"])
def test_nothing_is_lost_when_redis_is_killed(aof: bool, database_url: str, tmp_path: Path) -> None:
    with (
        private(private_redis(aof=aof)) as redis,
        open_site(tmp_path, database_url=database_url, broker_url=redis.url) as site,
    ):
        came = brokers.killed(site, redis, rounds=1, articles=ARTICLES)
    assert came.verdict.problems == []
    assert came.verdict.done == ARTICLES


@pytest.mark.parametrize("stalls", [True, False], ids=["stalled", "cut"])
def test_articles_are_accepted_while_the_line_to_redis_is(
    stalls: bool, link: Link, database_url: str, tmp_path: Path
) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=link.url) as site:
        came = brokers.interrupted(site, link, stalls=stalls, rounds=1, articles=ARTICLES, away_s=1.0)
    assert came.verdict.problems == []
    assert came.verdict.done == ARTICLES
    assert came.notes["accepted_meanwhile"] == ARTICLES // 2
    assert (came.refused, came.in_doubt) == (0, 0)


def test_wakeups_that_come_three_times_do_nothing_twice(database_url: str, redis_server: Redis, tmp_path: Path) -> None:
    api = "tests.faults.apis:tripling"
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url, api=api) as site:
        came = brokers.said_three_times(site, articles=ARTICLES)
    assert came.verdict.problems == []
    assert came.verdict.done == ARTICLES
    assert came.most_attempts == 1
