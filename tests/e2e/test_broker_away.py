"""The broker goes away and comes back; what was accepted is read."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.enqueue import CeleryWaker
from service.settings import Settings
from tests.e2e.conftest import purge
from tests.e2e.link import Link
from tests.e2e.workers import running_worker
from tests.integration.worker.extractors import NAMES, plain
from tests.integration.worker.register import Register, open_register, postgres_database, wait_for

pytestmark = pytest.mark.service


@pytest.fixture(params=["redis_url", "amqp_url"])
def link(request: pytest.FixtureRequest) -> Iterator[Link]:
    opened = Link(request.getfixturevalue(request.param))
    yield opened
    opened.close()


@pytest.fixture
def register(link: Link, postgres_url: str, tmp_path: Path) -> Iterator[Register]:
    with postgres_database(postgres_url) as database_url:
        settings = Settings(
            data_dir=tmp_path,
            database_url=database_url,
            broker_url=link.url,
            extractor_factory=f"{NAMES}:scripted",
            sweep_interval_s=0.5,
        )
        purge(settings)
        with open_register(settings) as opened:
            yield opened


def test_article_that_was_accepted_while_the_broker_was_away_is_read_once_it_is_back(
    register: Register, link: Link
) -> None:
    waker = CeleryWaker(register.settings)
    with running_worker(register.settings):
        (before,) = register.submit(plain("before"))
        waker.wake()
        wait_for(lambda: register.status(before) == ["done"], why="the first article is read")
        link.cut()
        (meanwhile,) = register.submit(plain("meanwhile"))
        waker.wake()
        wait_for(lambda: waker.broker_answers is False, why="the waker notices")
        link.mend()
        wait_for(lambda: register.status(meanwhile) == ["done"], why="the second article is read")
        wait_for(lambda: waker.broker_answers is True, why="the waker notices")
    assert register.times_done(meanwhile) == 1
    waker.close()


def test_worker_that_started_without_a_broker_reads_once_it_is_there(register: Register, link: Link) -> None:
    link.cut()
    (id_,) = register.submit(plain("one"))
    with running_worker(register.settings) as worker:
        log = register.settings.data_dir / "worker.log"
        wait_for(lambda: "Trying again" in log.read_text(encoding="utf-8"), why="the worker asks in vain")
        assert worker.process.poll() is None
        link.mend()
        wait_for(lambda: register.status(id_) == ["done"], why="the article is read")
