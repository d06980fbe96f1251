"""Databases and brokers in the combinations that are meant to be run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from service.enqueue import BrokerSender, CeleryWaker
from service.settings import Settings
from tests.integration.worker.extractors import NAMES
from tests.integration.worker.register import Register, open_register, postgres_database


@pytest.fixture(
    params=[
        "files",
        pytest.param("redis", marks=pytest.mark.service),
        pytest.param("amqp", marks=pytest.mark.service),
    ]
)
def addresses(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[dict[str, str]]:
    """SQLite with files for a broker; Postgres with Redis, and with RabbitMQ."""
    if request.param == "files":
        yield {"database_url": f"sqlite:///{tmp_path}/muster.db", "broker_url": "filesystem://"}
        return
    broker_url = request.getfixturevalue(f"{request.param}_url")
    with postgres_database(request.getfixturevalue("postgres_url")) as database_url:
        yield {"database_url": database_url, "broker_url": broker_url}


@pytest.fixture
def open_system(addresses: dict[str, str], tmp_path: Path) -> Iterator[Callable[..., Register]]:
    """Makes an empty register with an empty broker; options are settings. Sweeps come often."""

    def open_(*, extractor: str = "scripted", **options: Any) -> Register:
        settings = Settings(
            **{
                "data_dir": tmp_path,
                "extractor_factory": f"{NAMES}:{extractor}",
                "sweep_interval_s": 0.5,
                **addresses,
                **options,
            }
        )
        settings.check()
        purge(settings)
        return stack.enter_context(open_register(settings))

    with ExitStack() as stack:
        yield open_


def purge(settings: Settings) -> None:
    """Drops wake-ups that other tests left."""
    sender = BrokerSender(settings)
    sender.purge()
    sender.close()


def wake(register: Register) -> None:
    waker = CeleryWaker(register.settings)
    waker.wake()
    waker.close(timeout_s=10.0)
