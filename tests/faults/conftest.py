"""Servers that the faults may kill; where their programs are not installed, the tests say so and skip."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

import pytest

from tests.faults.servers import Postgres, Redis, ServerMissingError, private_postgres, private_redis

_numbers = count()


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    try:
        opened = private_postgres()
        server = opened.__enter__()
    except ServerMissingError as error:
        pytest.skip(f"{error}; this fault needs a Postgres of its own to be injected into")
    yield server
    opened.__exit__(None, None, None)


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """An empty database on the private Postgres."""
    with postgres.database(f"faults_{next(_numbers)}") as url:
        yield url


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    try:
        opened = private_redis()
        server = opened.__enter__()
    except ServerMissingError as error:
        pytest.skip(f"{error}; this fault needs a Redis of its own to be injected into")
    yield server
    opened.__exit__(None, None, None)
