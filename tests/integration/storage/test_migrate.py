"""Migrations: they lead to the tables that the code knows, once, whoever runs them."""

from __future__ import annotations

import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL

from service.settings import Settings
from service.storage import migrate
from service.storage.engine import create_engine
from service.storage.tables import metadata


def test_upgrade_leads_to_the_tables_of_the_code(engine: Engine) -> None:
    def compared(_thing: object, name: str | None, *_: object) -> bool:
        # FTS5 makes tables of its own under the one that is searched, which Alembic can't compare either.
        return engine.dialect.name != "sqlite" or not str(name).startswith("claim_search")

    with engine.connect() as connection:
        migrated = MigrationContext.configure(connection, opts={"include_object": compared})
        assert compare_metadata(migrated, metadata) == []


def test_upgrade_of_an_upgraded_store_changes_nothing(store_settings: Settings, engine: Engine) -> None:
    before = migrate.current_revision(engine)
    assert migrate.upgrade(store_settings) == before == migrate.head_revision()


def test_current_revision_of_an_empty_store_is_none(tmp_path: Path) -> None:
    engine = create_engine(Settings(database_url=f"sqlite:///{tmp_path}/new.db"))
    assert migrate.current_revision(engine) is None
    engine.dispose()


def test_upgrade_by_several_at_once_on_sqlite_runs_once(tmp_path: Path) -> None:
    _upgrade_by_four(Settings(database_url=f"sqlite:///{tmp_path}/new.db"))


def test_a_new_store_that_another_prepares_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/new.db")
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    monkeypatch.setattr(time, "sleep", lambda _: other.execute("ROLLBACK"))
    engine = create_engine(settings)
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engine.dispose()
    other.close()


@pytest.mark.service
def test_upgrade_by_several_at_once_on_postgres_runs_once(own_postgres: URL) -> None:
    # A schema of its own: the database itself may be migrated already.
    admin = sqlalchemy.create_engine(own_postgres, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE SCHEMA at_once"))
    try:
        url = own_postgres.update_query_dict({"options": "-c search_path=at_once"})
        _upgrade_by_four(Settings(database_url=url.render_as_string(hide_password=False)))
        assert "claims" in inspect(admin).get_table_names(schema="at_once")
    finally:
        with admin.connect() as connection:
            connection.execute(text("DROP SCHEMA at_once CASCADE"))
        admin.dispose()


def _upgrade_by_four(settings: Settings) -> None:
    with ThreadPoolExecutor(4) as pool:
        reached = [future.result() for future in [pool.submit(migrate.upgrade, settings) for _ in range(4)]]
    assert set(reached) == {migrate.head_revision()}
