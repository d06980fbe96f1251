"""The audit and erasing, over HTTP and from the shell."""

from __future__ import annotations

from typing import Any

import pytest
import requests
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.cli import main
from service.commands import reading
from service.domain.access import Scope
from tests.api.access import client_with, make_key
from tests.api.doubles import WORDS, claim, found, problem, read_all

URL = "https://wire.example/story"
REASON = {"reason": "A court said so."}


def test_audit_tells_which_key_did_what(app: Flask, engine: Engine) -> None:
    made = make_key(engine)
    client = client_with(app, made)
    id_ = client.post("/articles", json={"text": "Troops."}).get_json()["id"]
    client.post("/articles", json={"text": "Troops."})
    client.delete(f"/articles/{id_}")
    rows = client.get("/audit").get_json()["data"]
    assert [(row["action"], row["article_id"]) for row in rows] == [
        ("article_retracted", id_),
        ("article_submitted", id_),
        ("key_created", None),
    ]
    assert [row["key"] for row in rows] == [made.key.id, made.key.id, None]
    assert rows[0] == {
        "id": rows[0]["id"],
        "at": "2024-11-01T12:00:00Z",
        "action": "article_retracted",
        "actor": "test",
        "key": made.key.id,
        "article_id": id_,
        "version": 1,
        "claim_id": None,
        "note": None,
    }
    assert made.token.secret not in str(rows)


def test_audit_is_paged_like_the_others(client: FlaskClient) -> None:
    for number in range(3):
        client.post("/articles", json={"text": f"Troops {number}."})
    first = client.get("/audit?limit=2&action=article_submitted")
    assert 'rel="next"' in first.headers["Link"]
    cursor = first.get_json()["next_cursor"]
    second = client.get("/audit", query_string={"limit": 2, "action": "article_submitted", "cursor": cursor}).get_json()
    assert (len(second["data"]), second["next_cursor"]) == (1, None)
    problem(client.get("/audit", query_string={"cursor": cursor}), 422, "invalid-input")
    problem(client.get("/audit?action=sung"), 422, "invalid-parameter")


def test_purge_leaves_gone_where_the_article_was(client: FlaskClient, engine: Engine) -> None:
    id_ = client.post("/articles", json={"text": WORDS, "url": URL}).get_json()["id"]
    read_all(engine, found(claim()))
    (row,) = client.get("/claims").get_json()["data"]
    answer = client.post(f"/articles/{id_}/purge", json=REASON)
    assert answer.get_json() == {"id": id_, "purged_at": "2024-11-01T12:00:00Z", "readmitted_at": None}
    for path in ("", "/text", "/claims", "/diagnostics"):
        problem(client.get(f"/articles/{id_}{path}"), 410, "gone")
    for verb in ("reprocess", "retry", "purge"):
        problem(client.post(f"/articles/{id_}/{verb}", json=REASON), 410, "gone")
    problem(client.delete(f"/articles/{id_}"), 410, "gone")
    problem(client.get(f"/claims/{row['id']}"), 404, "not-found")
    assert client.get("/claims").get_json()["data"] == client.get("/articles").get_json()["data"] == []


def test_an_erased_article_is_refused_until_it_is_readmitted(client: FlaskClient) -> None:
    id_ = client.post("/articles", json={"text": WORDS, "url": URL}, headers={"Idempotency-Key": "k"}).get_json()["id"]
    client.post(f"/articles/{id_}/purge", json=REASON)
    again = {"text": WORDS, "url": URL}
    assert id_ in problem(client.post("/articles", json=again), 409, "purged")["detail"]
    problem(client.post("/articles", json=again, headers={"Idempotency-Key": "k"}), 409, "purged")
    assert client.post(f"/articles/{id_}/readmit", json=REASON).status_code == 200
    problem(client.post(f"/articles/{id_}/readmit", json=REASON), 409, "conflict")
    assert client.post("/articles", json=again).status_code == 202
    assert client.get(f"/articles/{id_}").status_code == 200


@pytest.mark.parametrize(
    ("request_", "status", "name"),
    [
        ({}, 415, "unsupported-media-type"),
        ({"json": {}}, 422, "invalid-body"),
        ({"json": []}, 422, "invalid-body"),
        ({"json": {"reason": " "}}, 422, "invalid-body"),
        ({"json": {"reason": 1}}, 422, "invalid-body"),
        ({"json": {"raeson": "a"}}, 422, "unknown-field"),
        ({"data": "{", "content_type": "application/json"}, 400, "malformed-json"),
        ({"json": {"reason": "a" * 70_000}}, 413, "too-large"),
    ],
    ids=str,
)
def test_purge_without_a_good_reason_erases_nothing(
    client: FlaskClient, request_: dict[str, Any], status: int, name: str
) -> None:
    id_ = client.post("/articles", json={"text": WORDS}).get_json()["id"]
    problem(client.post(f"/articles/{id_}/purge", **request_), status, name)
    assert client.get(f"/articles/{id_}/text").get_data(as_text=True) == WORDS


@pytest.fixture
def shell(app: Flask, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The client commands, asking the application itself with a key of all scopes."""
    http = client_with(app, make_key(engine, *Scope))

    def send(self: requests.Session, method: str, url: str, **options: Any) -> requests.Response:
        answer = http.open(
            url.removeprefix("http://127.0.0.1:8000"),
            method=method,
            query_string=options.get("params"),
            json=options.get("json"),
        )
        response = requests.Response()
        response.status_code, response._content = answer.status_code, answer.get_data()
        return response

    monkeypatch.setattr(requests.Session, "request", send)
    monkeypatch.setattr(reading, "terminal_width", lambda: 200)
    return lambda *arguments, **options: CliRunner().invoke(main, arguments, **options)


def test_purge_asks_before_it_erases(shell: Any, client: FlaskClient, app: Flask, engine: Engine) -> None:
    mine = client_with(app, make_key(engine))
    id_ = mine.post("/articles", json={"text": WORDS}).get_json()["id"]
    declined = shell("purge", id_, "--reason", "Court.", input="n\n")
    assert (declined.exit_code, mine.get(f"/articles/{id_}").status_code) == (1, 200)
    assert shell("purge", id_, "--reason", "Court.", input="y\n").stdout.endswith(f"{id_} is erased.\n")
    assert mine.get(f"/articles/{id_}").status_code == 410
    assert shell("readmit", id_, "--reason", "Appeal.").stdout == f"{id_} may be posted again.\n"
    told = shell("audit", "--article", id_).stdout
    assert [action in told for action in ("article_purged", "article_readmitted", "Court.", "Appeal.")] == [True] * 4
    assert len(shell("audit", "--action", "article_purged", "--format", "ndjson").stdout.splitlines()) == 1
