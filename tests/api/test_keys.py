"""Keys as requests bear them, and when none is needed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, event

from service.app import create_app
from service.domain.access import Scope
from service.settings import Settings
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.keys import list_keys, revoke_key, rotate_key
from tests.api.access import OTHER_DESK, bearer, client_with, make_desk, make_key
from tests.api.doubles import NOW, CountingWaker, problem


def test_loopback_is_open_until_a_key_is_made(client: FlaskClient, engine: Engine) -> None:
    assert client.get("/claims").status_code == 200
    make_key(engine)
    problem(client.get("/claims"), 401, "key-needed")


def test_loopback_names_any_desk_there_is(client: FlaskClient, engine: Engine) -> None:
    make_desk(engine)
    client.post("/articles", json={"text": "Troops."}, headers={"Muster-Desk": OTHER_DESK})
    assert client.get("/articles").get_json()["data"] == []
    assert len(client.get("/articles", headers={"Muster-Desk": OTHER_DESK}).get_json()["data"]) == 1
    problem(client.get("/articles", headers={"Muster-Desk": "none"}), 404, "not-found")


@pytest.mark.parametrize(
    "environ",
    [
        {"REMOTE_ADDR": "192.0.2.7"},
        {"REMOTE_ADDR": "::ffff:192.0.2.7"},
        {"REMOTE_ADDR": ""},
        {"HTTP_X_FORWARDED_FOR": "192.0.2.7"},
        {"HTTP_FORWARDED": "for=192.0.2.7"},
        {"HTTP_VIA": "1.1 proxy"},
    ],
    ids=str,
)
def test_who_may_come_from_elsewhere_needs_a_key(client: FlaskClient, environ: dict[str, str]) -> None:
    problem(client.get("/claims", environ_base={**client.environ_base, **environ}), 401, "key-needed")


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.8.9.1", "::1", "::ffff:127.0.0.1"])
def test_who_is_on_this_machine_needs_none(client: FlaskClient, peer: str) -> None:
    assert client.get("/claims", environ_base={"REMOTE_ADDR": peer}).status_code == 200


@pytest.mark.parametrize("wider", [{"host": "0.0.0.0"}, {"host": "192.0.2.1"}, {"allowed_hosts": ("muster.example",)}])
def test_a_service_that_others_can_reach_needs_a_key_of_everybody(
    settings: Settings, engine: Engine, wider: dict[str, object]
) -> None:
    app = create_app(replace(settings, **wider), engine=engine, waker=CountingWaker())  # type: ignore[arg-type]
    problem(app.test_client().get("/claims"), 401, "key-needed")


@pytest.mark.parametrize(
    "header",
    [
        "muster_x",
        "Basic bXVzdGVyOm11c3Rlcg==",
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        "Bearer muster_aaaaaaaaaaaaa_" + "a" * 52,
        "Bearer muster_aaaaaaaaaaaaa_" + "a" * 51,
        "Bearer muster_АААААААААААAA_" + "a" * 52,
        "Bearer " + "a" * 5000,
    ],
)
def test_what_is_no_key_is_refused_even_where_none_is_needed(client: FlaskClient, header: str) -> None:
    response = client.get("/claims", environ_base={**client.environ_base, "HTTP_AUTHORIZATION": header})
    body = problem(response, 401, "key-refused")
    said = header.partition(" ")[2].strip()
    assert not said or said[:20] not in str(body)
    assert response.headers["WWW-Authenticate"].startswith("Bearer ")


def test_a_wrong_secret_is_answered_as_an_unknown_key_is(app: Flask, engine: Engine) -> None:
    made = make_key(engine)
    written = made.token.written()
    wrong = written[:-1] + ("a" if written[-1] != "a" else "b")
    unknown = written.replace(made.token.id, "a" * 13)
    answers = [app.test_client().get("/claims", headers={"Authorization": f"Bearer {key}"}) for key in (wrong, unknown)]
    bodies = [problem(answer, 401, "key-refused") for answer in answers]
    assert bodies[0].pop("request_id") != bodies[1].pop("request_id")
    assert bodies[0] == bodies[1]


def test_the_scheme_is_read_in_any_case(app: Flask, engine: Engine) -> None:
    key = make_key(engine).token.written()
    assert app.test_client().get("/claims", headers={"Authorization": f"bearer  {key} "}).status_code == 200


def test_a_key_in_the_address_is_no_key(app: Flask, engine: Engine) -> None:
    key = make_key(engine).token.written()
    problem(app.test_client().get(f"/claims?key={key}"), 401, "key-needed")


def test_a_key_that_expired_is_refused(app: Flask, engine: Engine) -> None:
    made = make_key(engine, now=NOW - timedelta(days=2), lifetime=timedelta(days=2))
    assert problem(client_with(app, made).get("/claims"), 401, "key-refused")["detail"] == "This key is expired."


def test_a_revoked_key_is_refused_at_once(app: Flask, engine: Engine) -> None:
    client = client_with(app, made := make_key(engine))
    assert client.get("/claims").status_code == 200
    with UnitOfWork(engine) as work:
        revoke_key(work, made.key.id, now=NOW)
        work.commit()
    assert problem(client.get("/claims"), 401, "key-refused")["detail"] == "This key is revoked."


def test_a_rotated_key_works_on_for_the_overlap(app: Flask, engine: Engine) -> None:
    old = make_key(engine, Scope.READ)
    with UnitOfWork(engine) as work:
        new = rotate_key(work, old.key.id, now=NOW, overlap=timedelta(hours=1))
        work.commit()
    assert [client_with(app, made).get("/claims").status_code for made in (old, new)] == [200, 200]
    assert (new.key.scopes, new.key.desks) == (old.key.scopes, old.key.desks)
    with UnitOfWork(engine) as work:
        newest = rotate_key(work, new.key.id, now=NOW)
        work.commit()
    assert [client_with(app, made).get("/claims").status_code for made in (new, newest)] == [401, 200]


def test_a_key_takes_its_first_desk_unless_another_is_named(app: Flask, engine: Engine) -> None:
    make_desk(engine)
    client = client_with(app, make_key(engine, desks=(OTHER_DESK, "default")))
    client.post("/articles", json={"text": "For the other desk."})
    client.post("/articles", json={"text": "For the default desk."}, headers={"Muster-Desk": "default"})
    named: tuple[dict[str, str], ...] = ({}, {"Muster-Desk": "default"})
    listed = [client.get("/articles", headers=headers).get_json()["data"] for headers in named]
    assert [len(rows) for rows in listed] == [1, 1]
    assert listed[0] != listed[1]


def test_the_same_article_on_two_desks_is_two_articles(app: Flask, engine: Engine) -> None:
    make_desk(engine)
    client = client_with(app, make_key(engine, desks=(OTHER_DESK, "default")))
    answers = [
        client.post("/articles", json={"text": "Troops.", "url": "https://a.example/1"}, headers={"Muster-Desk": desk})
        for desk in ("default", OTHER_DESK)
    ]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert len({answer.get_json()["id"] for answer in answers}) == 2


def test_a_cursor_of_another_desk_is_refused(app: Flask, engine: Engine) -> None:
    make_desk(engine)
    client = client_with(app, make_key(engine, desks=(OTHER_DESK, "default")))
    for text in ("One.", "Two."):
        client.post("/articles", json={"text": text})
    cursor = client.get("/articles?limit=1").get_json()["next_cursor"]
    assert client.get("/articles", query_string={"limit": 1, "cursor": cursor}).status_code == 200
    response = client.get("/articles", query_string={"limit": 1, "cursor": cursor}, headers={"Muster-Desk": "default"})
    problem(response, 422, "invalid-input")


def test_use_of_a_key_is_noted_once_a_minute(app: Flask, engine: Engine) -> None:
    made = make_key(engine)
    written: list[str] = []
    event.listen(
        engine,
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: written.append(statement) if statement.startswith("UPDATE api") else None,
    )
    for _ in range(3):
        client_with(app, made).get("/claims")
    assert len(written) == 1
    with UnitOfWork.reading(engine) as work:
        assert [key.last_used_at for key in list_keys(work)] == [NOW]


def test_a_key_that_can_not_be_looked_up_is_a_503(settings: Settings, engine: Engine) -> None:
    made = make_key(engine)
    away = replace(settings, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    app = create_app(away, waker=CountingWaker())
    response = app.test_client().get("/claims", headers=bearer(made))
    problem(response, 503, "storage-unavailable")
    assert response.headers["Retry-After"]
