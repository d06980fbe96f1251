"""/changes and as_of, as clients meet them."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import Engine

from tests.api.doubles import NOW, claim, found, problem, read_all


def test_changes_tell_of_claims_and_where_to_go_on(client: FlaskClient, engine: Engine) -> None:
    empty = client.get("/changes").get_json()
    assert empty == {"data": [], "next_cursor": "0"}
    client.post("/articles", json={"text": "11,000 North Korean soldiers"})
    read_all(engine, found(claim()))
    page = client.get("/changes?since=0&limit=1").get_json()
    (created,) = page["data"]
    assert created["kind"] == "claim_created"
    assert created["claim"] == client.get(f"/claims/{created['claim_id']}").get_json()
    rest = client.get(f"/changes?since={page['next_cursor']}").get_json()
    assert [(one["kind"], one["claim"]) for one in rest["data"]] == [("article_done", None)]
    assert client.get(f"/changes?since={rest['next_cursor']}").get_json() == {
        "data": [],
        "next_cursor": rest["next_cursor"],
    }


def test_changes_refuse_a_foreign_cursor(client: FlaskClient) -> None:
    assert "since" in problem(client.get("/changes?since=abc"), 422, "invalid-input")["errors"]


def test_as_of_before_the_article_answers_without_it(client: FlaskClient, engine: Engine) -> None:
    client.post("/articles", json={"text": "11,000 North Korean soldiers"})
    read_all(engine, found(claim()))
    (known,) = client.get("/claims").get_json()["data"]
    before = (NOW - timedelta(days=1)).date().isoformat()
    assert client.get(f"/claims?as_of={before}").get_json()["data"] == []
    assert client.get(f"/claims/{known['id']}?as_of={before}").status_code == 404
    assert client.get(f"/articles/{known['article_id']}/claims?as_of={before}").get_json()["data"] == []
    assert client.get(f"/aggregates?group_by=kind&as_of={before}").get_json()["data"] == []
    assert client.get("/claims?as_of=2999-01-01").get_json()["data"] == [known]
    assert "as_of" in problem(client.get("/claims?as_of=yesterday"), 422, "invalid-parameter")["errors"]
