"""Exports: all claims of a query as one file, whole or recognizably not."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pyarrow as pa
import pytest
from flask import Flask
from flask.testing import FlaskClient
from pyarrow import parquet
from sqlalchemy import Engine

from service.app import create_app
from service.domain.errors import CutShortError
from service.formats.flat import FLAT
from service.formats.writers import FORMATS
from service.settings import Settings
from service.use_cases import exports
from tests.api.doubles import NOW, WORDS, CountingWaker, claim, found, problem, read_all

Read = Callable[[bytes], list[str]]
READERS: dict[str, Read] = {
    "json": lambda file: [row["id"] for row in json.loads(file)],
    "ndjson": lambda file: [json.loads(line)["id"] for line in file.splitlines()],
    "csv": lambda file: [row["id"] for row in csv.DictReader(io.StringIO(file.decode(), newline=""))],
    "geojson": lambda file: [feature["id"] for feature in json.loads(file)["features"]],
    "jsonld": lambda file: [node["identifier"] for node in json.loads(file)["@graph"]],
    "parquet": lambda file: [row["id"] for row in parquet.read_table(pa.BufferReader(file)).to_pylist()],
}


@pytest.fixture
def held(client: FlaskClient, engine: Engine) -> FlaskClient:
    """Five articles with two claims each."""
    for n in range(5):
        client.post("/articles", json={"text": f"{WORDS} {n}", "title": f"Nr. {n}", "published_at": f"2024-10-2{n}"})
    read_all(engine, found(claim(), claim("Moscow", locations=())))
    return client


def ids(client: FlaskClient, query: str) -> list[str]:
    return [row["id"] for row in client.get(f"/claims?{query}").get_json()["data"]]


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("query", ["", "sort=-count&region=Kursk", "q=moscow+-1", "q=nothing"])
def test_export_holds_the_claims_of_its_query_in_order(
    held: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str, query: str
) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 3)
    response = held.get(f"/claims.{name}?{query}")
    expected = ids(held, query)
    assert response.status_code == 200
    assert READERS[name](response.data) == expected
    assert response.headers["Muster-Claims"] == str(len(expected))
    assert response.content_type == FORMATS[name].content_type
    assert response.headers["Content-Disposition"] == f'attachment; filename="muster-claims-2024-11-01.{name}"'


def test_json_exports_show_claims_as_pages_do(held: FlaskClient) -> None:
    shown = held.get("/claims").get_json()["data"]
    assert held.get("/claims.json").get_json() == shown
    assert [json.loads(line) for line in held.get("/claims.ndjson").data.splitlines()] == shown


def test_csv_export_has_the_columns_of_the_command(held: FlaskClient) -> None:
    assert held.get("/claims.csv").text.splitlines()[0] == ",".join(FLAT)


@pytest.mark.parametrize("query", ["limit=5", "cursor=x", "regoin=Kursk"])
def test_export_takes_no_pages_and_nothing_unknown(client: FlaskClient, query: str) -> None:
    problem(client.get(f"/claims.csv?{query}"), 422, "unknown-parameter")


def test_export_in_an_unknown_format_is_not_found(client: FlaskClient) -> None:
    problem(client.get("/claims.xml"), 404, "not-found")


def test_export_of_too_many_claims_is_refused_before_anything_is_sent(settings: Settings, held: FlaskClient) -> None:
    app = create_app(replace(settings, export_limit=9), waker=CountingWaker(), now=lambda: NOW)
    body = problem(app.test_client().get("/claims.csv"), 422, "too-many-claims")
    assert "10 claims" in body["detail"]
    assert "9" in body["detail"]
    assert app.test_client().get("/claims.csv?region=Kursk").status_code == 200


def test_parquet_that_is_not_installed_is_told(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert "pip install 'muster[parquet]'" in problem(client.get("/claims.parquet"), 501, "extra-needed")["detail"]


def test_export_shows_one_moment(held: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    expected = ids(held, "")
    articles = [row["id"] for row in held.get("/articles").get_json()["data"]]
    response = held.get("/claims.ndjson", buffered=False)
    for id_ in articles:
        held.delete(f"/articles/{id_}")
    assert ids(held, "") == []
    assert READERS["ndjson"](response.data) == expected


def purged_meanwhile(held: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str) -> bytes:
    """What is sent of an export whose articles are erased after the first pieces."""
    monkeypatch.setattr(exports, "AT_ONCE", 2)
    monkeypatch.setattr("service.formats.writers._PIECE_BYTES", 1)
    response = held.get(f"/claims.{name}", buffered=False)
    pieces: Iterator[Any] = iter(response.response)
    sent = [next(pieces), next(pieces)]
    for row in held.get("/articles").get_json()["data"]:
        assert held.post(f"/articles/{row['id']}/purge", json={"reason": "A court said so."}).status_code == 200
    with pytest.raises(CutShortError):
        sent.extend(pieces)
    response.close()
    return b"".join(sent)


@pytest.mark.parametrize("name", ["json", "ndjson", "csv", "geojson", "jsonld"])
def test_export_that_breaks_off_says_so(held: FlaskClient, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    sent = purged_meanwhile(held, monkeypatch, name)
    last = sent.splitlines()[-1]
    if name == "ndjson":
        assert "not whole" in json.loads(last)["error"]
    elif name == "csv":
        assert last.startswith(b"error: ")
    else:
        with pytest.raises(json.JSONDecodeError):
            json.loads(sent)


def places(app: Flask) -> int:
    room = app.extensions["muster"].waiting_room
    taken: list[Any] = []
    while True:
        one = room.place()
        if not one.__enter__():
            break
        taken.append(one)
    for one in taken:
        one.__exit__(None, None, None)
    return len(taken)


def test_export_holds_a_place_while_it_is_read_and_no_longer(app: Flask, held: FlaskClient) -> None:
    assert places(app) == 2
    first, second = (held.get("/claims.csv", buffered=False) for _ in range(2))
    assert places(app) == 0
    response = held.get("/claims.csv")
    problem(response, 503, "busy")
    assert response.headers["Retry-After"]
    assert first.data
    first.close()
    assert places(app) == 1
    # A client that goes away reads nothing.
    second.close()
    assert places(app) == 2


@pytest.mark.parametrize(
    ("method", "path"), [("HEAD", "/claims.csv"), ("GET", "/claims.csv?region=Kursq"), ("GET", "/claims.parquet")]
)
def test_export_that_is_not_read_gives_its_place_back(
    app: Flask, held: FlaskClient, monkeypatch: pytest.MonkeyPatch, method: str, path: str
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    for _ in range(3):
        held.open(path, method=method)
    assert places(app) == 2


def test_export_gives_its_place_back_when_the_server_forgets_to_close(app: Flask, held: FlaskClient) -> None:
    """As one does that is asked with HEAD."""
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/claims.csv", "SERVER_NAME": "localhost", "SERVER_PORT": "80"}
    with app.request_context(
        {**environ, "wsgi.url_scheme": "http", "HTTP_HOST": "localhost", "REMOTE_ADDR": "127.0.0.1"}
    ):
        response = app.full_dispatch_request()
        assert places(app) == 1
    del response
    assert places(app) == 2
