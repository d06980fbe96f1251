"""No statement may take for ever."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from service.domain.errors import StorageUnavailableError
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.unit_of_work import UnitOfWork


@pytest.mark.parametrize("store_settings", [pytest.param("postgres", marks=pytest.mark.service)], indirect=True)
def test_postgres_ends_a_statement_that_takes_too_long(store_settings: Settings) -> None:
    engine = create_engine(replace(store_settings, statement_timeout_s=0.2))
    with pytest.raises(StorageUnavailableError), UnitOfWork(engine) as work:
        work.connection.execute(text("SELECT pg_sleep(600)"))
    engine.dispose()


@pytest.mark.parametrize("store_settings", ["sqlite"], indirect=True)
def test_sqlite_waits_for_its_lock_only_so_long(store_settings: Settings) -> None:
    engine = create_engine(replace(store_settings, statement_timeout_s=0.2))
    with UnitOfWork(engine), pytest.raises(StorageUnavailableError), UnitOfWork(engine):
        pass
    engine.dispose()
