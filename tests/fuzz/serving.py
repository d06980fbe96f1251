"""The application on a store, asked with bytes that no client of a schema would send: pages, queries, headers, bodies.

Whatever is sent is answered as the contract says, without a fault of ours, and what is refused leaves nothing behind.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from flask import Flask
from flask.testing import FlaskClient
from hypothesis import strategies as st
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from tests.api.doubles import WORDS, claim, found, read_all
from tests.fuzz.headers import VALUES, json_texts
from tests.fuzz.target import Target
from tests.fuzz.texts import STRANGE, texts

PAGED: Final = (
    "/claims?limit=1",
    "/claims?limit=1&sort=time",
    "/claims?limit=1&sort=-count",
    "/claims?limit=1&sort=confidence",
    "/articles?limit=1",
    "/audit?limit=1",
    "/articles/{id}/claims?limit=1",
)
_VALUES: Final = (
    "Kursk", "RU", "RU-KRS", "Georgia", "KP", "deployment", "region,month", "2024-10-25", "2024-10-25T08:00:00Z", "-1",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "9999-12-31", "0001-01-01", "1e5", "0", "200", "201",
    "9223372036854775808", "999999999999999999", "troops", "-count", "count", "%", "_", "\\", "'", '"; --', "*",
)  # fmt: skip


def targets(app: Flask, engine: Engine, headers: Mapping[str, str]) -> tuple[Target, ...]:
    """`headers` bear a key with every scope. The register is given two articles with claims first."""
    client = app.test_client()
    for number in range(2):
        sent = {"text": WORDS, "external_id": f"held-{number}"}
        assert client.post("/articles", json=sent, headers=headers).status_code == 202
    read_all(engine, found(claim(), claim("soldiers", count=claim().count, confidence=0.4)))
    id_ = client.get("/articles", headers=headers).get_json()["data"][0]["id"]

    def ask(method: str, path: str, **more: Any) -> TestResponse:
        return client.open(path, method=method, headers={**headers, **more.pop("headers", {})}, **more)

    def get(path: str, query: bytes) -> TestResponse:
        return ask("GET", path, environ_overrides={"QUERY_STRING": query.decode("latin-1")})

    cursors = {path: _cursor(client, path.format(id=id_), headers) for path in PAGED}
    return (
        Target(name="cursors", inputs=_cursors(cursors), holds=_pages(ask, id_), examples=150),
        Target(name="queries", inputs=_queries(_asked(app)), holds=_queried(get), examples=150),
        Target(name="bodies", inputs=_bodies(), holds=_posted(ask), examples=100),
        Target(name="headers", inputs=_headers(), holds=_with_headers(client), examples=100),
    )


def _cursor(client: FlaskClient, path: str, headers: Mapping[str, str]) -> list[Any]:
    """What a cursor that was given out holds; where there is only one page, what one might."""
    given = client.get(path, headers=headers).get_json()["next_cursor"]
    if given is None:
        return ["0" * 16, 0, None, ""]
    read: list[Any] = json.loads(base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)))
    return read


@st.composite
def _cursors(draw: st.DrawFn, known: Mapping[str, list[Any]]) -> tuple[str, str]:
    path = draw(st.sampled_from(sorted(known)))
    if draw(st.integers(0, 4)) == 0:
        return path, draw(st.one_of(st.text(max_size=40), st.sampled_from(STRANGE)))
    held: Any = list(known[path])
    for _ in range(draw(st.integers(0, 2))):
        held[draw(st.integers(0, 3))] = draw(
            st.one_of(VALUES, st.sampled_from([*STRANGE, float("nan"), float("inf"), "2024-10-25",
            "9999-12-31T23:59:59-14:00",
                                               "0001-01-01T00:00:00+14:00", "2024-10-25T00:00:00", 2**63 - 1,
                                               -(2**63)]))
        )  # fmt: skip
    if draw(st.integers(0, 5)) == 0:
        held = draw(st.one_of(VALUES, st.just(held[:3]), st.just([*held, 1])))
    return path, base64.urlsafe_b64encode(json.dumps(held).encode()).decode().rstrip("=")


def _pages(ask: Callable[..., TestResponse], id_: str) -> Callable[[tuple[str, str]], None]:
    def holds(given: tuple[str, str]) -> None:
        path, cursor = given
        answer = ask("GET", f"{path.format(id=id_)}&cursor={quote(cursor.encode('utf-8', 'surrogatepass'))}")
        expect(answer, 200, 422)
        if answer.status_code == 422:
            assert answer.get_json(force=True)["type"].endswith((":invalid-input", ":invalid-parameter"))

    return holds


def _asked(app: Flask) -> dict[str, list[str]]:
    """Parameters by path, of those that are asked with a query alone."""
    paths = app.extensions["muster-documentation"].spec["paths"]
    return {
        path: [one["name"] for one in item["get"].get("parameters", ()) if one["in"] == "query"]
        for path, item in paths.items()
        if "get" in item and "{" not in path
    }


@st.composite
def _queries(draw: st.DrawFn, asked: Mapping[str, list[str]]) -> tuple[str, bytes]:
    path = draw(st.sampled_from([path for path, names in asked.items() for _ in range(1 + len(names))]))
    # What /aggregates needs is given more often than not, so that the rest is looked at.
    pairs = [b"group_by=region,month"] if "group_by" in asked[path] and draw(st.integers(0, 5)) else []
    known = st.sampled_from(asked[path] or ["limit"])
    for _ in range(draw(st.integers(0, 4))):
        name = draw(st.one_of(known, known, known, st.text(max_size=6)))
        value = draw(
            st.one_of(st.sampled_from(_VALUES), st.sampled_from(STRANGE), st.text(max_size=9), st.binary(max_size=5))
        )
        raw = value if isinstance(value, bytes) else value[:300].encode("utf-8", "surrogatepass")
        named = quote(name.encode("utf-8", "surrogatepass")).encode()
        pairs.append(named + b"=" + (raw if draw(st.integers(0, 5)) == 0 else quote(raw).encode()))
    return path, b"&".join(pairs)


def _queried(get: Callable[[str, bytes], TestResponse]) -> Callable[[tuple[str, bytes]], None]:
    def holds(given: tuple[str, bytes]) -> None:
        expect(get(*given), 200, 422)

    return holds


@st.composite
def _bodies(draw: st.DrawFn) -> tuple[bytes, str, dict[str, str]]:
    """Body, Content-Type, and other headers."""
    fields = st.dictionaries(
        st.sampled_from(
            ["text", "html", "title", "url", "outlet", "author", "published_at", "language", "external_id", "x"]
        ),
        st.one_of(
            texts().map(lambda text: text[:2000]), st.sampled_from(_VALUES), VALUES, st.just("https://example.org/x")
        ),
        max_size=5,
    )
    body = draw(
        st.one_of(
            fields.map(lambda held: json.dumps({"text": "Words.", **held}).encode()),
            fields.map(lambda held: json.dumps(held, ensure_ascii=False).encode("utf-8", "surrogatepass")),
            json_texts().map(lambda text: text.encode("utf-8", "surrogatepass")),
            texts().map(lambda text: text.encode("utf-8", "surrogatepass")),
            texts().map(lambda text: text.encode("utf-16", "surrogatepass")),
            st.binary(max_size=30),
        )
    )
    kind = draw(
        st.sampled_from(
            ["application/json", "application/json", "text/plain", "text/html", "application/ld+json",
            "text/plain; charset=utf-16",
             "application/json; charset=latin-1", "application/json; charset=", "multipart/form-data; boundary=x",
             "", "text/plain;;",
             "application/x-www-form-urlencoded", "TEXT/PLAIN; charset=UTF-8", "*/*", "application/json, text/plain"]
        )
    )  # fmt: skip
    more = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "Content-Encoding": st.sampled_from(["gzip", "identity", "", "GZIP, br"]),
                "Idempotency-Key": st.sampled_from(["k", "k2", "", "a b", "x" * 255, "x" * 256, "é"]),
                "Prefer": st.sampled_from(["wait=0", "respond-async", "wait=0, wait=0", 'wait="0"', ",,;;", "wait"]),
            },
        )
    )
    return body, kind, more


def _posted(ask: Callable[..., TestResponse]) -> Callable[[tuple[bytes, str, dict[str, str]]], None]:
    def holds(given: tuple[bytes, str, dict[str, str]]) -> None:
        body, kind, more = given
        sent = {**more, **({"Content-Type": kind} if kind else {})}
        answer = ask("POST", "/articles", data=body, headers=sent)
        expect(answer, 200, 202, 400, 409, 413, 415, 422)
        if answer.status_code == 202 and kind.lower().startswith("text/plain"):
            # Code point for code point.
            held = ask("GET", f"{answer.headers['Location']}/text")
            assert held.get_data() == body

    return holds


def _headers() -> st.SearchStrategy[dict[str, str]]:
    latin = st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=20)
    return st.dictionaries(
        st.sampled_from(
            ["Authorization", "Muster-Desk", "Host", "Origin", "Sec-Fetch-Site", "X-Forwarded-For", "Accept",
            "Range", "Forwarded",
             "If-None-Match", "Content-Length", "Transfer-Encoding", "X-HTTP-Method-Override", "Accept-Language",
             "Cookie"]
        ),
        st.one_of(
            latin,
            st.sampled_from(["Bearer ", "Bearer muster_x_y", "Basic eDp5", "default", "other", "localhost",
            "[::1]:80", "evil.example",
                             "http://localhost", "null", "cross-site", "127.0.0.1", "0", "-1", "chunked",
                             "bytes=0-", "*"]),
        ),
        max_size=4,
    )  # fmt: skip


def _with_headers(client: FlaskClient) -> Callable[[dict[str, str]], None]:
    def holds(given: dict[str, str]) -> None:
        expect(client.get("/claims", headers=given), 200, 400, 401, 403, 404, 421)

    return holds


def expect(answer: TestResponse, *statuses: int) -> None:
    """One of these, a problem where it is one, and the headers that every answer bears."""
    assert answer.status_code in statuses, f"{answer.status_code}: {answer.get_data(as_text=True)[:500]}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json"
        problem = answer.get_json(force=True)
        assert problem["status"] == answer.status_code
        assert problem["type"].startswith("urn:muster:problem:")
        answer.get_data().decode("utf-8")
