"""Stores to test against: an SQLite file always, and Postgres where MUSTER_TEST_POSTGRES_URL is set."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from sqlalchemy import Engine, text
from sqlalchemy.engine import URL, make_url

from service.settings import Settings
from service.storage import migrate
from service.storage.engine import create_engine
from service.storage.tables import metadata

STORES = [pytest.param("sqlite", id="sqlite"), pytest.param("postgres", id="postgres", marks=pytest.mark.service)]


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every migration run, to be copied."""
    path = tmp_path_factory.mktemp("store") / "muster.db"
    migrate.upgrade(Settings(database_url=f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def own_postgres(postgres_url: str) -> Iterator[URL]:
    """A database of this run's own beside the one named, dropped at the end."""
    admin_url = make_url(Settings.from_env({"MUSTER_DATABASE_URL": postgres_url}).database_url)
    name = f"muster_test_{uuid.uuid4().hex[:12]}"
    admin = sqlalchemy.create_engine(admin_url, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            # Nothing here need outlive the machine, so commits don't wait for the disk.
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
        try:
            yield admin_url.set(database=name)
        finally:
            with admin.connect() as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
    finally:
        admin.dispose()


@pytest.fixture(scope="session")
def migrated_postgres(own_postgres: URL) -> str:
    url = own_postgres.render_as_string(hide_password=False)
    migrate.upgrade(Settings(database_url=url))
    return url


@pytest.fixture(params=STORES)
def store_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """Settings of a migrated store that holds nothing but the default desk."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("migrated_postgres")
        _empty(url)
        return Settings(data_dir=tmp_path, database_url=url)
    migrated: Path = request.getfixturevalue("migrated_sqlite")
    shutil.copyfile(migrated, tmp_path / "muster.db")
    return Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db")


@pytest.fixture
def engine(store_settings: Settings) -> Iterator[Engine]:
    engine = create_engine(store_settings)
    yield engine
    engine.dispose()


def _empty(url: str) -> None:
    engine = sqlalchemy.create_engine(url)
    try:
        with engine.begin() as connection:
            # Tests leave little behind: deleting it is quicker than TRUNCATE, which makes new files.
            connection.execute(text("ALTER TABLE audit_log DISABLE TRIGGER USER"))
            for table in reversed(metadata.sorted_tables):
                connection.execute(table.delete())
            connection.execute(text("INSERT INTO desks (id, revision) VALUES ('default', 0)"))
            connection.execute(text("ALTER TABLE audit_log ENABLE TRIGGER USER"))
    finally:
        engine.dispose()
