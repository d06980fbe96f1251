"""Servers that the faults may kill; where their programs are not installed, the tests say so and skip."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count
from typing import TypeVar

import pytest

from tests.faults.servers import Postgres, Redis, ServerMissingError, private_postgres, private_redis

Server = TypeVar("Server")

_numbers = count()


@contextmanager
def private(opened: AbstractContextManager[Server]) -> Iterator[Server]:
    """A server, or a skip that says what is missing."""
    with ExitStack() as stack:
        try:
            server = stack.enter_context(opened)
        except ServerMissingError as error:
            pytest.skip(f"{error}; this fault needs a server of its own to be injected into")
        yield server


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    with private(private_postgres()) as server:
        yield server


@pytest.fixture
def database_url(postgres: Postgres) -> Iterator[str]:
    """An empty database on the private Postgres."""
    with postgres.database(f"faults_{next(_numbers)}") as url:
        yield url


@pytest.fixture
def redis_server() -> Iterator[Redis]:
    with private(private_redis()) as server:
        yield server
