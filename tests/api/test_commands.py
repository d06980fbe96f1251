"""Upkeep from the shell, on a database of its own."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from service.app import create_app
from service.cli import main
from service.settings import Settings
from service.storage.engine import create_engine
from tests.api.doubles import CountingWaker, fail_all


@pytest.fixture(autouse=True)
def _own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("MUSTER_BROKER_URL", "memory://")


def _run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def test_db_upgrade_sets_the_database_up_and_may_be_repeated() -> None:
    assert _run("db", "upgrade").output == _run("db", "upgrade").output
    assert _run("db", "upgrade").exit_code == 0


@pytest.mark.parametrize("command", [("retry",), ("reprocess", "--older-than", "2")])
def test_where_no_database_is_none_is_made(tmp_path: Path, command: tuple[str, ...]) -> None:
    result = _run(*command)
    assert result.exit_code == 3
    assert f"There is no register at {tmp_path}/muster.db yet;" in result.stderr
    assert not list(tmp_path.iterdir())


def test_retry_of_a_database_that_is_not_set_up_exits_with_3(tmp_path: Path) -> None:
    (tmp_path / "muster.db").touch()
    result = _run("retry")
    assert result.exit_code == 3
    assert "has not been set up" in result.stderr


def test_retry_takes_up_what_failed(tmp_path: Path) -> None:
    _run("db", "upgrade")
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db")
    engine = create_engine(settings)
    client = create_app(settings, engine=engine, waker=CountingWaker()).test_client()
    id_ = client.post("/articles", json={"text": "Troops."}).get_json()["id"]
    fail_all(engine, "It broke.")
    assert _run("retry").output == "1 article will be tried again.\n"
    assert client.get(f"/articles/{id_}").get_json()["status"] == "queued"
    engine.dispose()


def test_reprocess_takes_articles_or_a_version() -> None:
    assert _run("reprocess", "a_1", "--older-than", "2").exit_code == 2


def test_openapi_prints_the_specification() -> None:
    result = _run("openapi")
    assert result.stdout.startswith("openapi: 3.1.0\n")
    assert result.stderr == ""
