"""The checker can see a loss: a broker-only variant goes red where Muster stays green."""

from __future__ import annotations

from pathlib import Path

from tests.faults.extractors import article
from tests.faults.ledger import letters
from tests.faults.runs.brokers import flushed
from tests.faults.servers import Redis
from tests.faults.site import open_site, wait_for

ROUNDS, ARTICLES = 2, 60


def test_nothing_is_lost_when_redis_forgets_everything(database_url: str, redis_server: Redis, tmp_path: Path) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url) as site:
        came = flushed(site, redis_server, rounds=ROUNDS, articles=ARTICLES)
    assert came.verdict.problems == []
    assert came.verdict.done == came.verdict.accepted == ARTICLES


def test_work_that_messages_alone_carry_is_lost_and_the_checker_says_so(
    database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    control = "tests.faults.broker_only"
    with open_site(
        tmp_path, database_url=database_url, broker_url=redis_server.url, api=f"{control}:create", worker_app=control
    ) as site:
        came = flushed(site, redis_server, rounds=ROUNDS, articles=ARTICLES, patience_s=5.0)
        # The control is a service all the same: what no fault befalls is read.
        site.newsroom.post(letters([article(10_000)], name="after"))
        wait_for(lambda: site.tables.settled() == 1, why="the control reads an article")
    assert came.verdict.missing == came.verdict.accepted == ARTICLES
    assert any("neither done nor failed" in problem for problem in came.verdict.problems)
