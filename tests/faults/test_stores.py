"""Databases that crash, hang, are locked, or have no room: POST answers 503, and goes on when they are back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.e2e.link import Link
from tests.faults.runs import stores
from tests.faults.runs.outcome import Outcome
from tests.faults.servers import Postgres, Redis
from tests.faults.site import open_site

BRIEF = 1.0
"""Seconds that a statement may take, or a lock be waited for."""


def expect_kept(came: Outcome) -> None:
    assert came.verdict.problems == []
    assert came.verdict.done == came.verdict.accepted > 0
    assert came.refused > 0
    assert came.notes["accepted_meanwhile"] == 0


def test_nothing_is_lost_when_postgres_crashes(
    postgres: Postgres, database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    with open_site(tmp_path, database_url=database_url, broker_url=redis_server.url) as site:
        expect_kept(stores.crashed(site, postgres, rounds=1, away_s=1.0))


@pytest.mark.parametrize("stalls", [True, False], ids=["stalled", "cut"])
def test_nothing_is_lost_while_the_line_to_postgres_is(
    stalls: bool, database_url: str, redis_server: Redis, tmp_path: Path
) -> None:
    link = Link(database_url)
    with open_site(
        tmp_path,
        database_url=link.url,
        tables_url=database_url,
        broker_url=redis_server.url,
        statement_timeout_s=BRIEF,
    ) as site:
        came = stores.interrupted(site, link, stalls=stalls, rounds=1, away_s=1.0)
    link.close()
    expect_kept(came)


def test_nothing_is_lost_while_sqlite_is_locked(tmp_path: Path) -> None:
    with open_site(tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db", statement_timeout_s=BRIEF) as site:
        expect_kept(stores.locked(site, rounds=1, away_s=1.0))


def test_nothing_is_lost_while_the_disk_of_sqlite_is_full(tmp_path: Path) -> None:
    with open_site(tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db") as site:
        expect_kept(stores.full(site, rounds=1, away_s=1.0))
