"""The API over an SQLite file, with a waker that only counts."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.app import create_app
from service.settings import Settings
from service.storage import migrate
from service.storage.engine import create_engine
from tests.api.doubles import NOW, CountingWaker


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db", threads=4)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every migration run, to be copied."""
    path = tmp_path_factory.mktemp("store") / "muster.db"
    migrate.upgrade(Settings(database_url=f"sqlite:///{path}"))
    return path


@pytest.fixture
def engine(settings: Settings, migrated: Path) -> Iterator[Engine]:
    shutil.copyfile(migrated, settings.data_dir / "muster.db")
    engine = create_engine(settings)
    yield engine
    engine.dispose()


@pytest.fixture
def waker() -> CountingWaker:
    return CountingWaker()


@pytest.fixture
def app(settings: Settings, engine: Engine, waker: CountingWaker) -> Flask:
    return create_app(settings, engine=engine, waker=waker, now=lambda: NOW)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
