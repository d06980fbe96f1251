"""What a client may ask for: how often, how much, how deep, and how long the queue."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.api.body import DEEPEST_JSON, MOST_TAGS
from service.app import create_app
from service.settings import Settings
from tests.api.access import bearer, client_with, make_key
from tests.api.doubles import NOW, CountingWaker, problem

AWAY = "redis://127.0.0.1:1/0"


@pytest.fixture
def few(settings: Settings, engine: Engine) -> Flask:
    """Three requests a minute to a key."""
    return create_app(replace(settings, rate_per_minute=3), engine=engine, waker=CountingWaker(), now=lambda: NOW)


def test_a_key_that_asks_too_often_is_told_when_to_go_on(few: Flask, engine: Engine) -> None:
    client = client_with(few, make_key(engine))
    paths = ["/claims", "/articles", "/regions?q=Kursk"]
    assert [client.get(path).status_code for path in paths] == [200, 200, 200]
    response = client.post("/articles", json={"text": "Troops."})
    problem(response, 429, "too-many-requests")
    assert 0 < int(response.headers["Retry-After"]) <= 60
    assert client.get("/healthz").status_code == 200


def test_each_key_has_its_own_count(few: Flask, engine: Engine) -> None:
    first, second = make_key(engine), make_key(engine)
    assert [client_with(few, first).get("/claims").status_code for _ in range(4)] == [200, 200, 200, 429]
    assert client_with(few, second).get("/claims").status_code == 200


def test_without_keys_nothing_is_counted(few: Flask) -> None:
    assert {few.test_client().get("/claims").status_code for _ in range(6)} == {200}


def test_keys_that_are_refused_are_not_counted_for_anybody(few: Flask, engine: Engine) -> None:
    made = make_key(engine)
    wrong = {"Authorization": f"Bearer {made.token.written()[:-1]}_"}
    assert {few.test_client().get("/claims", headers=wrong).status_code for _ in range(6)} == {401}
    assert few.test_client().get("/claims", headers=bearer(made)).status_code == 200


def test_a_store_of_counts_that_is_away_refuses_no_article(settings: Settings, engine: Engine) -> None:
    own = replace(settings, rate_per_minute=100, limiter_url=AWAY)
    client = client_with(create_app(own, engine=engine, waker=CountingWaker()), make_key(engine))
    posted = [client.post("/articles", json={"text": f"Troops {number}."}).status_code for number in range(5)]
    assert posted == [202] * 5


def test_while_the_store_is_away_each_process_counts_for_itself(settings: Settings, engine: Engine) -> None:
    own = replace(settings, rate_per_minute=3, limiter_url=AWAY)
    client = client_with(create_app(own, engine=engine, waker=CountingWaker()), make_key(engine))
    assert [client.get("/claims").status_code for _ in range(4)][-1] == 429


@pytest.mark.service
def test_processes_count_together_in_redis(settings: Settings, engine: Engine, redis_url: str) -> None:
    own = replace(settings, rate_per_minute=3, limiter_url=redis_url)
    made = make_key(engine)
    apps = [create_app(own, engine=engine, waker=CountingWaker()) for _ in range(2)]
    statuses = [client_with(apps[number % 2], made).get("/claims").status_code for number in range(4)]
    for extension in apps[0].extensions["limiter"]:
        extension.reset()
    assert statuses == [200, 200, 200, 429]


def test_no_limit_of_requests_where_it_is_0(settings: Settings, engine: Engine) -> None:
    app = create_app(replace(settings, rate_per_minute=0), engine=engine, waker=CountingWaker())
    assert "limiter" not in app.extensions


def later(settings: Settings, engine: Engine, **chosen: Any) -> FlaskClient:
    """The service two hours after NOW."""
    app = create_app(
        replace(settings, **chosen), engine=engine, waker=CountingWaker(), now=lambda: NOW + timedelta(hours=2)
    )
    return app.test_client()


def test_a_backlog_refuses_new_articles_and_says_when_to_come_back(
    client: FlaskClient, settings: Settings, engine: Engine
) -> None:
    held = {"text": "Troops.", "url": "https://wire.example/1"}
    client.post("/articles", json=held)
    now = later(settings, engine)
    for article in ({"text": "Other troops."}, {**held, "text": "More troops."}):
        response = now.post("/articles", json=article)
        problem(response, 503, "backlog")
        assert response.headers["Retry-After"] == "60"
    assert len(now.get("/articles").get_json()["data"]) == 1
    assert now.post("/articles", json=held).status_code == 200


@pytest.mark.parametrize("limit_s", [0.0, 7200.0])
def test_a_backlog_within_its_limit_refuses_nothing(
    client: FlaskClient, settings: Settings, engine: Engine, limit_s: float
) -> None:
    client.post("/articles", json={"text": "Troops."})
    assert later(settings, engine, backlog_limit_s=limit_s).post("/articles", json={"text": "More."}).status_code == 202


@pytest.mark.parametrize("opening", ['{"text":', "["])
def test_json_that_is_nested_too_deep_is_refused(client: FlaskClient, opening: str) -> None:
    for depth in (DEEPEST_JSON + 1, 100_000):
        response = client.post("/articles", data=opening * depth, content_type="application/json")
        assert problem(response, 400, "malformed-json")["detail"] == "The JSON is nested too deep."


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "{[" * 10_000 + '"',
        'He said "[' * 5_000,
        "\\" * 10_000 + "[" * 100,
    ],
    ids=["brackets", "quote", "quotes", "backslashes"],
)
def test_brackets_in_words_are_no_depth(client: FlaskClient, text: str) -> None:
    response = client.post("/articles", json={"text": text})
    assert response.status_code == 202
    assert client.get(f"/articles/{response.get_json()['id']}/text").get_data(as_text=True) == text


def test_quotes_without_an_end_are_read_once(client: FlaskClient) -> None:
    hostile = "[" * 40 + '"' + '\\"' * 2_000_000
    problem(client.post("/articles", data=hostile, content_type="application/json"), 400, "malformed-json")
    hostile = '{"text": [' + "[]," * 40 + '"' + '\\"' * 2_000_000
    problem(client.post("/articles", data=hostile, content_type="application/json"), 400, "malformed-json")


@pytest.mark.parametrize("as_json", [True, False])
def test_a_page_of_too_many_tags_is_refused(client: FlaskClient, as_json: bool) -> None:
    for tags, status in ((MOST_TAGS, 202), (MOST_TAGS + 1, 413)):
        html = "<p>Troops.</p>" + "<b>" * (tags - 2)
        data = json.dumps({"html": html}) if as_json else html
        content_type = "application/json" if as_json else "text/html"
        response = client.post("/articles", data=data, content_type=content_type)
        assert response.status_code == status
        if status == 413:
            problem(response, 413, "too-large")


def test_signs_in_plain_text_are_no_tags(client: FlaskClient) -> None:
    assert client.post("/articles", json={"text": "<" * (MOST_TAGS + 1)}).status_code == 202


@pytest.mark.parametrize("path", ["/claims", "/articles", "/audit"])
def test_no_page_is_larger_than_200(client: FlaskClient, path: str) -> None:
    assert client.get(f"{path}?limit=200").status_code == 200
    problem(client.get(f"{path}?limit=201"), 422, "invalid-parameter")
