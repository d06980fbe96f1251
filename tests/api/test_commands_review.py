"""`muster review` and `muster claims --review`, asked of the application itself."""

from __future__ import annotations

import json
from typing import Any

import pytest
import requests
from click.testing import CliRunner, Result
from flask import Flask
from flask.testing import FlaskClient
from requests.adapters import BaseAdapter
from sqlalchemy import Engine

from service.cli import main
from tests.api.doubles import WORDS, claim, found, read_all


class ThroughTheApp(BaseAdapter):
    """Hands requests to the application instead of the network."""

    def __init__(self, app: Flask) -> None:
        super().__init__()
        self._app = app

    def send(self, request: requests.PreparedRequest, **_: Any) -> requests.Response:  # type: ignore[override]
        answered = self._app.test_client().open(
            request.path_url, method=request.method, headers=dict(request.headers), data=request.body
        )
        response = requests.Response()
        response.status_code = answered.status_code
        response.headers.update(dict(answered.headers))
        response._content = answered.get_data()
        return response

    def close(self) -> None: ...


@pytest.fixture(autouse=True)
def _app_behind_requests(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(requests.Session, "get_adapter", lambda *_, **__: ThroughTheApp(app))


@pytest.fixture
def id_(client: FlaskClient, engine: Engine) -> str:
    client.post("/articles", json={"text": WORDS})
    read_all(engine, found(claim()))
    id_: str = client.get("/claims").get_json()["data"][0]["id"]
    return id_


def run(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def claims(*options: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = json.loads(run("claims", "--format", "json", *options).stdout)
    return rows


def test_review_corrects_and_shows_the_claim(id_: str) -> None:
    result = run("review", id_, "--correct", "count=~60", "--correct", "locations=Sudzha; Kharkiv", "--comment", "So.")
    assert result.exit_code == 0, result.stderr
    assert "~60" in result.stdout
    assert result.stderr == f"{id_} is corrected.\n"
    (row,) = claims("--review", "corrected")
    assert (row["count"]["min"], row["count"]["qualifier"]) == (60, "approximate")
    assert [place["name"] for place in row["locations"]] == ["Sudzha", "Kharkiv Oblast"]
    assert claims("--review", "unreviewed") == []


@pytest.mark.parametrize(
    ("option", "review"), [("--confirm", "confirmed"), ("--reject", "rejected"), ("--take-back", "unreviewed")]
)
def test_review_decides(id_: str, option: str, review: str) -> None:
    run("review", id_, "--correct", "status=planned")
    assert run("review", id_, option).exit_code == 0
    assert claims()[0]["review"] == review


def test_review_without_options_shows_the_history(id_: str) -> None:
    assert run("review", id_).stdout == "Nobody has reviewed this claim.\n"
    run("review", id_, "--correct", "count=60", "--correct", "kind=withdrawal", "--comment", "Misread.")
    assert run("review", id_, "--comment", "Asked Kyiv.").stderr == "Your comment is kept.\n"
    shown = run("review", id_).stdout
    assert "corrected" in shown
    assert "kind, count" in shown
    assert "Misread." in shown
    assert "Asked Kyiv." in shown


def test_review_that_is_refused_says_why(id_: str) -> None:
    result = run("review", id_, "--correct", "origin=Kursq")
    assert result.exit_code == 1
    assert "did you mean Kursk Oblast" in result.stderr
    assert run("review", "c_none", "--confirm").exit_code == 1
    assert run("review", id_, "--confirm", "--correct", "kind=presence").exit_code == 2
    assert run("review", id_, "--correct", "count=many").exit_code == 2
    assert claims()[0]["review"] == "unreviewed"
