"""A name to each request, in its answer, in its problem and in every line about it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.api.access import client_with, make_key
from tests.api.doubles import problem
from tests.logged import logged


@pytest.fixture
def lines() -> Iterator[list[str]]:
    with logged("api") as kept:
        yield kept.told


@pytest.mark.parametrize(
    "given", ["7", "0198c2c4-7b5e-7d3c-9d8e-1d0c9a1b2c3d", "Root=1-67891233-abcdef/x+y", "a" * 128]
)
def test_a_sane_name_of_the_asker_s_is_kept(client: FlaskClient, given: str) -> None:
    assert client.get("/claims", headers={"X-Request-Id": given}).headers["X-Request-Id"] == given


@pytest.mark.parametrize(
    "given",
    ["", "a" * 129, "a b", "a\tb", "é", "-a", '"quoted"', "a{b}", "<script>", "muster_id_secret", "x-MUSTER_a_b"],
)
def test_another_name_is_made_in_place_of_a_strange_one(client: FlaskClient, given: str) -> None:
    made = client.get("/claims", headers={"X-Request-Id": given}).headers["X-Request-Id"]
    assert made != given
    assert len(made) == 32


def test_each_request_has_a_name_of_its_own(client: FlaskClient) -> None:
    assert len({client.get("/claims").headers["X-Request-Id"] for _ in range(5)}) == 5


@pytest.mark.parametrize(
    ("path", "headers", "status", "name"),
    [
        ("/nowhere", {}, 404, "not-found"),
        ("/claims?regoin=Kursk", {}, 422, "unknown-parameter"),
        ("/claims", {"Host": "evil.example"}, 421, "foreign-host"),
        ("/claims", {"Authorization": "Bearer x"}, 401, "key-refused"),
    ],
)
def test_a_problem_tells_the_request_s_name(
    client: FlaskClient, path: str, headers: dict[str, str], status: int, name: str
) -> None:
    response = client.get(path, headers={**headers, "X-Request-Id": "mine"})
    assert problem(response, status, name)["request_id"] == "mine"
    assert response.headers["X-Request-Id"] == "mine"


def test_a_submission_s_lines_tell_request_and_article(client: FlaskClient, lines: list[str]) -> None:
    id_ = client.post("/articles", json={"text": "Troops."}, headers={"X-Request-Id": "mine"}).get_json()["id"]
    accepted, answered = (told for told in lines if '"service.api' in told)
    assert '"request_id": "mine"' in accepted
    assert f'"article_id": "{id_}"' in accepted
    assert '"Article accepted"' in accepted
    assert '"request_id": "mine"' in answered
    assert '"route": "/articles"' in answered
    assert '"status": 202' in answered


def test_lines_tell_the_route_and_never_the_path(client: FlaskClient, lines: list[str]) -> None:
    client.get("/articles/a_secret?x=secret")
    client.get("/secret")
    client.open("/claims", method="SECRET")
    assert [told for told in lines if "Request answered" in told]
    assert not [told for told in lines if "secret" in told.lower()]


def test_a_line_names_the_key_by_its_id_alone(app: Flask, engine: Engine, lines: list[str]) -> None:
    made = make_key(engine)
    client_with(app, made).get("/claims")
    (answered,) = [told for told in lines if "Request answered" in told]
    assert f'"key_id": "{made.token.id}"' in answered
    assert made.token.secret not in answered


def test_no_line_of_the_next_request_bears_this_one_s_name(client: FlaskClient, lines: list[str]) -> None:
    client.get("/claims", headers={"X-Request-Id": "first"})
    lines.clear()
    client.get("/claims")
    assert lines
    assert not [told for told in lines if "first" in told]


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_probes_are_told_of_at_debug_only(client: FlaskClient, lines: list[str], path: str) -> None:
    client.get(path)
    assert not [told for told in lines if "Request answered" in told]
