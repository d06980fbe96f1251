"""Nothing that is secret or was written by others gets into the log or into a problem."""

from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from service.storage.unit_of_work import UnitOfWork
from tests.api.access import client_with, make_key
from tests.api.doubles import problem
from tests.logged import SQL, Lines, logged

WORDS = "Zwölfhundert Quixotic soldiers"


@pytest.fixture
def lines() -> Iterator[Lines]:
    with logged("api", level=logging.DEBUG) as kept:
        yield kept


def test_requests_of_all_kinds_leave_no_key_and_no_words_in_the_log(app: Flask, engine: Engine, lines: Lines) -> None:
    made = make_key(engine)
    client = client_with(app, made)
    client.post("/articles", json={"text": WORDS, "title": WORDS})
    client.post("/articles", json={"text": WORDS, "unknown": WORDS})
    client.post("/articles", data=WORDS.encode("latin-1"), content_type="text/plain")
    client.post("/articles", data=f'{{"text": "{WORDS}', content_type="application/json")
    client.get("/claims?region=Nowhere")
    client.get("/nowhere")
    app.test_client().get("/claims", headers={"Authorization": f"Bearer {made.token.written()[:-1]}x"})
    app.test_client().get("/claims", headers={"Authorization": f"Basic {made.token.written()}"})
    told = "\n".join(lines.told)
    assert "Request answered" in told
    assert "Quixotic" not in told
    assert made.token.secret[:20] not in told
    assert not [word for word in SQL if word in told]


@pytest.mark.parametrize("table", ["jobs", "articles", "audit_log", "api_key_desks"])
def test_a_fault_of_ours_tells_no_words_no_key_and_no_statement(
    app: Flask, engine: Engine, lines: Lines, table: str
) -> None:
    made = make_key(engine)
    with engine.begin() as connection:
        connection.execute(text("PRAGMA defer_foreign_keys=ON"))
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {table}_away"))
    response = client_with(app, made).post("/articles", json={"text": WORDS, "title": WORDS})
    said = str(problem(response, 500, "internal-error"))
    told = "\n".join(lines.told)
    assert "POST /articles failed: OperationalError" in told
    assert "service/" in told
    for words in (said, told):
        assert "Quixotic" not in words
        assert made.token.secret not in words
        assert not [word for word in SQL if word in words]


def test_errors_of_the_store_bear_no_statement_and_no_values(engine: Engine) -> None:
    with UnitOfWork(engine) as work, pytest.raises(DBAPIError) as raised:
        work.connection.execute(text("INSERT INTO nowhere VALUES (:words)"), {"words": WORDS})
    assert "INSERT" not in str(raised.value)
    assert "Quixotic" not in str(raised.value)


@pytest.mark.parametrize("path", ["/", "/claims", "/docs", "/nowhere"])
def test_every_answer_keeps_pages_out_of_frames(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"
