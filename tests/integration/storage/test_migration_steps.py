"""Each migration goes up and down in both stores and loses nothing of what was held."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.engine import URL

from service.settings import Settings
from service.storage import migrate
from service.storage.engine import create_engine
from tests.integration.conftest import STORES
from tests.integration.storage.building import KURSK, a_claim, held

SCRIPTS = ScriptDirectory(str(migrate.MIGRATIONS))
STEPS = [script.revision for script in reversed(list(SCRIPTS.walk_revisions()))]


@pytest.fixture(params=STORES)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A store without any table."""
    if request.param == "sqlite":
        engine = create_engine(Settings(database_url=f"sqlite:///{tmp_path}/new.db"))
        yield engine
        engine.dispose()
        return
    url: URL = request.getfixturevalue("own_postgres")
    admin = sqlalchemy.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS steps CASCADE"))
        connection.execute(text("CREATE SCHEMA steps"))
    address = url.update_query_dict({"options": "-c search_path=steps"}).render_as_string(hide_password=False)
    engine = create_engine(Settings(database_url=address))
    yield engine
    engine.dispose()
    with admin.connect() as connection:
        connection.execute(text("DROP SCHEMA steps CASCADE"))
    admin.dispose()


def go(engine: Engine, revision: str, *, down: bool = False) -> None:
    with engine.begin() as connection:
        (command.downgrade if down else command.upgrade)(migrate._config(connection), revision)


def held_rows(engine: Engine) -> dict[str, list[tuple[object, ...]]]:
    names = ("articles", "article_versions", "claims", "claim_locations", "claim_search", "change_log", "jobs", "desks")
    with engine.connect() as connection:
        return {
            name: sorted(tuple(map(str, row)) for row in connection.execute(text(f"SELECT * FROM {name}")))
            for name in names
        }


def test_steps_go_down_to_nothing_and_up_again(empty: Engine) -> None:
    for step in STEPS:
        go(empty, step)
    go(empty, "base", down=True)
    assert set(inspect(empty).get_table_names()) <= {"alembic_version"}
    go(empty, "head")
    assert migrate.current_revision(empty) == STEPS[-1]


def test_a_register_is_the_same_after_each_step_down_and_up(empty: Engine) -> None:
    go(empty, "head")
    held(empty, [a_claim(locations=(KURSK,))], url="https://wire.example/1", title="From the front")
    before = held_rows(empty)
    assert before["claims"]
    assert "front" in str(before["claim_search"])
    for step in reversed(STEPS[:-1]):
        go(empty, step, down=True)
    go(empty, "head")
    after = held_rows(empty)
    assert after == before
