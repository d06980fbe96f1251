"""The `muster` command without a service: how commands are found, and how failures end."""

from __future__ import annotations

from collections.abc import Callable
from importlib.metadata import EntryPoint
from typing import Any, Self

import click
import pytest
from click.testing import CliRunner

from service.cli import OWN, Commands, main
from service.commands import reading
from service.commands.client import RefusedError, UnreachableError
from tests.unit.formats.claims import a_claim


@pytest.fixture
def run() -> Callable[..., Any]:
    return lambda *arguments, **options: CliRunner().invoke(main, arguments, **options)


def test_help_names_every_command(run: Callable[..., Any]) -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert all(f"  {name} " in result.output for name in OWN)


@pytest.mark.parametrize("name", OWN)
def test_every_command_has_help(run: Callable[..., Any], name: str) -> None:
    assert run(name, "--help").exit_code == 0


def _broken() -> list[EntryPoint]:
    return [EntryPoint(name="broken", value="no.such.module:commands", group="muster.commands")]


def test_commands_that_cannot_be_loaded_are_told_of_and_harm_no_others() -> None:
    group = Commands(find=_broken, name="muster")
    result = CliRunner().invoke(group, ["--help"])
    assert result.exit_code == 0
    assert "the commands of 'broken'" in result.stderr
    assert "claims" in result.stdout


def test_own_commands_load_nothing_of_others() -> None:
    group = Commands(find=_broken, name="muster")
    assert CliRunner().invoke(group, ["claims", "--help"]).stderr == ""


def test_commands_of_others_join() -> None:
    @click.command()
    def extra() -> None:
        click.echo("joined")

    class Point(EntryPoint):
        def load(self) -> list[click.Command]:
            return [extra]

    point = Point(name="test", value="test:commands", group="muster.commands")
    result = CliRunner().invoke(Commands(find=lambda: [point], name="muster"), ["extra"])
    assert result.output == "joined\n"


class FakeClient:
    """Answers with rows, or raises."""

    rows_of: list[dict[str, Any]]
    article: dict[str, Any]
    error: BaseException | None

    def __init__(self, url: str, *, key: str | None = None, desk: str | None = None) -> None:
        self.url = url

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None: ...

    def rows(self, path: str, params: dict[str, Any], *, limit: int | None) -> list[dict[str, Any]]:
        if self.error:
            raise self.error
        return self.rows_of[:limit]

    def get(self, path: str, params: dict[str, Any] | None = None) -> dict[str, Any]:
        if path == "/articles/a_1/diagnostics":
            return {"reason": "It is in German."}
        return {"data": self.rows_of}

    def post(self, path: str, article: dict[str, Any]) -> dict[str, Any]:
        if "refuse" in article.get("text", ""):
            raise RefusedError(422, {"detail": "text is bad."})
        return {"id": "a_1", "claims_count": 0, "error": None, **self.article}


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> type[FakeClient]:
    FakeClient.rows_of, FakeClient.article, FakeClient.error = [], {"status": "queued"}, None
    monkeypatch.setattr(reading, "Client", FakeClient)
    return FakeClient


def test_claims_without_a_service_exits_with_3(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    fake.error = UnreachableError("Nobody answers at http://x.")
    result = run("claims")
    assert (result.exit_code, result.stdout) == (3, "")
    assert "Nobody answers" in result.stderr


def test_claims_interrupted_exits_with_130(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    fake.error = KeyboardInterrupt()
    assert run("claims").exit_code == 130


def test_claims_refused_exits_with_1_and_says_why(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    problem = {"detail": "No place is known as 'Kursq'.", "did_you_mean": {"Kursq": ["Kursk"]}}
    fake.error = RefusedError(422, problem)
    result = run("claims", "--region", "Kursq")
    assert result.exit_code == 1
    assert "did you mean Kursk?" in result.stderr


def test_claims_with_wrong_usage_exits_with_2(run: Callable[..., Any]) -> None:
    assert run("claims", "--kind", "invasion").exit_code == 2


def test_claims_none_found_is_no_failure(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    result = run("claims", "--format", "json")
    assert (result.exit_code, result.stdout) == (0, "[]\n")


def test_claims_as_csv_have_a_heading_even_when_none_is_found(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    assert run("claims", "--format", "csv").stdout.startswith("id,article_id,reported_at,")


@pytest.mark.parametrize(("number", "told"), [(1, "1 claim.\n"), (2, "2 claims.\n")])
def test_claims_are_counted(run: Callable[..., Any], fake: type[FakeClient], number: int, told: str) -> None:
    fake.rows_of = [a_claim()] * number
    assert run("claims").stderr == told


def test_regions_none_found_exits_with_1(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    assert run("regions", "Nowhere").exit_code == 1


def test_submit_of_standard_input_tells_the_id(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    result = run("submit", "-", input="Troops are in Kursk.")
    assert result.exit_code == 0
    assert result.stdout.split() == ["a_1", "queued", "–", "-"]


def test_submit_tells_why_a_whole_article_gave_nothing(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    fake.article = {"status": "done"}
    result = run("submit", "-", input="Die Soldaten sind in Kursk.")
    assert (result.exit_code, result.stderr) == (0, "muster: -: It is in German.\n")


def test_submit_counts_claims_in_one_column(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    fake.article = {"status": "done", "claims_count": 1}
    assert run("submit", "-", input="Troops.").output == "a_1  done           1 claim  -\n"


def test_submit_refused_exits_with_1(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    result = run("submit", "-", input="refuse this")
    assert (result.exit_code, result.stdout) == (1, "")
    assert "text is bad." in result.stderr


def test_submit_of_what_is_not_utf_8_exits_with_1(run: Callable[..., Any], fake: type[FakeClient]) -> None:
    result = run("submit", "-", input=b"caf\xe9")
    assert result.exit_code == 1
    assert "not UTF-8" in result.stderr


def test_settings_that_cannot_be_used_exit_with_2(run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_LEASE_S", "soon")
    result = run("retry")
    assert result.exit_code == 2
    assert "MUSTER_LEASE_S" in result.stderr


def test_url_in_the_environment_is_no_setting_of_the_service(
    run: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("MUSTER_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("MUSTER_THREADS", "0")
    assert "MUSTER_THREADS" in run("retry").stderr
