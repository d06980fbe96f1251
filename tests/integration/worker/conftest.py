"""Registers on SQLite and on Postgres, each in a database of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.settings import Settings
from tests.integration.worker.extractors import NAMES
from tests.integration.worker.register import Register, open_register, postgres_database


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.service)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/muster.db"
    else:
        with postgres_database(request.getfixturevalue("postgres_url")) as url:
            yield url


@pytest.fixture
def register(database_url: str, tmp_path: Path) -> Iterator[Register]:
    """Nobody reads its articles but the test."""
    settings = Settings(data_dir=tmp_path, database_url=database_url, extractor_factory=f"{NAMES}:scripted")
    with open_register(settings) as opened:
        yield opened
