"""The application on both stores, asked what no client would ask, by everybody and by nobody; the same in each run."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.access import bearer, make_key
from tests.fuzz.machine import Store, ask_at_random
from tests.fuzz.serving import targets
from tests.fuzz.stores import register
from tests.fuzz.target import try_out

MACHINES = 6
STORES = [pytest.param("sqlite", id="sqlite"), pytest.param("postgres", id="postgres", marks=pytest.mark.service)]


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """Articles that can't be read and requests that are refused are many here."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(params=STORES)
def postgres(request: pytest.FixtureRequest) -> str | None:
    return request.getfixturevalue("postgres_url") if request.param == "postgres" else None


@pytest.fixture
def keyed(tmp_path: Path, postgres: str | None) -> Iterator[Store]:
    with register(tmp_path, keyed=True, postgres_url=postgres) as store:
        yield store


@pytest.fixture
def unkeyed(tmp_path: Path, postgres: str | None) -> Iterator[Store]:
    with register(tmp_path, keyed=False, postgres_url=postgres) as store:
        yield store


def test_register_with_keys_keeps_its_contract(keyed: Store) -> None:
    assert ask_at_random(keyed, examples=MACHINES) > 0


def test_register_without_keys_keeps_its_contract(unkeyed: Store) -> None:
    assert ask_at_random(unkeyed, examples=MACHINES // 2) > 0


def test_register_answers_whatever_bytes_come(keyed: Store) -> None:
    for target in targets(keyed.app, keyed.engine, bearer(make_key(keyed.engine))):
        assert try_out(target, examples=target.examples // 3) > 0, target.name
