"""`muster estimates`, `stories` and `changes`, over the application itself instead of a network."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.cli import main
from service.commands import reading
from service.commands.client import Client
from service.domain.claims import Count, Polarity, Source, SourceType
from tests.api.doubles import claim, found, read_all

MOSCOW = Source(name="Moscow", type=SourceType.OFFICIAL, country="RU", text="Moscow")


@pytest.fixture
def shell(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    class Near(Client):
        def _json(self, method: str, path: str, **options: object) -> dict[str, object]:
            answer = client.open(path, method=method, query_string=options.get("params") or {})
            assert answer.status_code == 200, answer.get_data(as_text=True)
            body: dict[str, object] = answer.get_json()
            return body

    monkeypatch.setattr(reading, "Client", Near)
    return lambda *arguments: CliRunner().invoke(main, arguments, catch_exceptions=False)


@pytest.fixture
def _told(client: FlaskClient, engine: Engine) -> None:
    denial = claim("Moscow denied it.", polarity=Polarity.DENIED, count=Count(), attribution=(MOSCOW,))
    client.post("/articles", json={"text": "Some words."})
    read_all(engine, found(claim(), denial))


@pytest.mark.usefixtures("_told")
def test_estimates_show_the_sentence_and_whose_figure_it_is(shell: Callable[..., Result]) -> None:
    lines = shell("estimates", "--force", "KP", "--region", "Kursk").stdout.splitlines()
    assert lines[0] == "presence, stock"
    assert lines[1].endswith("rest on one origin: about 11,000 (Kyiv); Moscow denies it.")
    assert [line.split()[:3] for line in lines[4:]] == [["Kyiv", "~11,000", "ongoing"], ["Moscow", "denied", "denied"]]


@pytest.mark.usefixtures("_told")
def test_estimates_as_json_are_the_services_answer(shell: Callable[..., Result], client: FlaskClient) -> None:
    shown = shell("estimates", "--force", "KP", "--country", "RU", "--format", "json").stdout
    assert json.loads(shown) == client.get("/estimates?force=KP&country=RU").get_json()


def test_estimates_of_nothing_say_so(shell: Callable[..., Result]) -> None:
    assert shell("estimates", "--force", "KP", "--region", "Kursk").stdout == "Nothing is claimed.\n"


@pytest.mark.usefixtures("_told")
def test_stories_show_origins_and_denials(shell: Callable[..., Result]) -> None:
    *_, row = shell("stories", "--force", "KP").stdout.splitlines()
    assert row.split() == ["2024-11-01", "KP", "11,000", "presence", "Kursk", "Oblast", "Kyiv", "1", "Moscow"]


def test_stories_of_nothing_say_so(shell: Callable[..., Result]) -> None:
    assert shell("stories").stdout == "No stories.\n"
    assert shell("stories", "--format", "json").stdout == "[]\n"


@pytest.mark.usefixtures("_told")
def test_changes_are_lines_and_say_where_to_go_on(shell: Callable[..., Result]) -> None:
    result = shell("changes", "--stories")
    kinds = [json.loads(line)["kind"] for line in result.stdout.splitlines()]
    assert kinds == ["claim_created", "claim_created", "article_done"]
    assert json.loads(result.stdout.splitlines()[-1])["effects"][0]["effect"] == "story_created"
    since = result.stderr.split()[-1]
    assert shell("changes", "--since", since).stdout == ""
