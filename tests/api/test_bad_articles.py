"""Everything that can be wrong with a posted article, and what is said about it."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.api.doubles import problem

LIMIT = 2 * 1024 * 1024


@pytest.mark.parametrize("text", ["", " ", "\n\t\r ", "\u00a0\u2003", "\ufeff", "\u200b\u200b"])
@pytest.mark.parametrize("field", ["text", "html"])
def test_post_refuses_an_empty_article(client: FlaskClient, field: str, text: str) -> None:
    body = problem(client.post("/articles", json={field: text}), 422, "invalid-body")
    assert body["errors"] == {field: ["Is empty."]}


@pytest.mark.parametrize("content_type", ["text/plain", "text/html"])
@pytest.mark.parametrize("text", ["", "  \n"])
def test_post_refuses_an_empty_raw_body(client: FlaskClient, content_type: str, text: str) -> None:
    problem(client.post("/articles", data=text, content_type=content_type), 422, "invalid-body")


def test_post_refuses_an_article_without_words(client: FlaskClient) -> None:
    body = problem(client.post("/articles", json={"title": "Kursk"}), 422, "invalid-body")
    assert body["errors"] == {"text": ["Give text or html."]}


def test_post_refuses_text_and_html_together(client: FlaskClient) -> None:
    body = problem(client.post("/articles", json={"text": "a", "html": "<p>a"}), 422, "invalid-body")
    assert body["errors"] == {"html": ["Give text or html, not both."]}


def test_post_takes_null_as_left_out(client: FlaskClient) -> None:
    assert client.post("/articles", json={"text": "Troops.", "html": None, "title": None}).status_code == 202


@pytest.mark.parametrize("field", ["text", "html"])
def test_post_refuses_one_byte_too_many_in_json(client: FlaskClient, field: str) -> None:
    assert client.post("/articles", json={field: "a" * LIMIT}).status_code == 202
    problem(client.post("/articles", json={field: "a" * (LIMIT + 1)}), 413, "too-large")


def test_post_counts_bytes_not_characters(client: FlaskClient) -> None:
    assert client.post("/articles", json={"text": "ж" * (LIMIT // 2)}).status_code == 202
    problem(client.post("/articles", json={"text": "ж" * (LIMIT // 2) + "a"}), 413, "too-large")


@pytest.mark.parametrize("content_type", ["text/plain", "text/html"])
def test_post_refuses_one_byte_too_many_raw(client: FlaskClient, content_type: str) -> None:
    assert client.post("/articles", data=b"a" * LIMIT, content_type=content_type).status_code == 202
    problem(client.post("/articles", data=b"a" * (LIMIT + 1), content_type=content_type), 413, "too-large")


@pytest.mark.parametrize("content_type", ["text/plain", "application/json"])
def test_post_refuses_too_much_without_content_length(client: FlaskClient, content_type: str) -> None:
    class Endless:
        """A chunked body that never ends."""

        taken = 0

        def read(self, size: int = -1) -> bytes:
            assert self.taken < 100 * LIMIT, "read on and on"
            self.taken += max(size, 0)
            return b"a" * size

    response = client.post(
        "/articles",
        environ_overrides={"wsgi.input": Endless(), "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"},
        content_type=content_type,
    )
    problem(response, 413, "too-large")


def test_post_refuses_what_is_not_utf_8(client: FlaskClient) -> None:
    body = problem(client.post("/articles", data=b"caf\xe9", content_type="text/plain"), 422, "not-utf-8")
    assert body["errors"] == {"text": ["Byte 3 is not UTF-8."]}
    problem(client.post("/articles", data=b'{"text": "\xff"}', content_type="application/json"), 422, "not-utf-8")


def test_post_refuses_another_charset(client: FlaskClient) -> None:
    response = client.post("/articles", data=b"caf\xe9", content_type="text/plain; charset=latin-1")
    problem(response, 415, "unsupported-media-type")


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "a\x00b"},
        {"text": "a", "title": "\x00"},
        {"text": "a", "external_id": "x\x00"},
        {"text": "a", "url": "https://example.org/\x00"},
    ],
)
def test_post_refuses_nul(client: FlaskClient, fields: dict[str, str]) -> None:
    problem(client.post("/articles", json=fields), 422, "invalid-body")


def test_post_refuses_nul_in_a_raw_body(client: FlaskClient) -> None:
    problem(client.post("/articles", data=b"a\x00b", content_type="text/plain"), 422, "invalid-body")


@pytest.mark.parametrize("raw", [rb'{"text": "\ud800"}', rb'{"text": "a", "title": "\udfff"}'])
def test_post_refuses_half_a_surrogate_pair(client: FlaskClient, raw: bytes) -> None:
    problem(client.post("/articles", data=raw, content_type="application/json"), 422, "invalid-body")


def test_post_takes_a_whole_surrogate_pair(client: FlaskClient) -> None:
    response = client.post("/articles", data=rb'{"text": "\ud83d\ude00"}', content_type="application/json")
    assert response.status_code == 202


def test_post_answers_validly_to_a_field_named_by_a_surrogate(client: FlaskClient) -> None:
    response = client.post("/articles", data=rb'{"text": "a", "\ud800": 1}', content_type="application/json")
    problem(response, 422, "unknown-field")
    response.get_data().decode("utf-8")


def test_post_refuses_unknown_fields_and_says_what_was_meant(client: FlaskClient) -> None:
    body = problem(client.post("/articles", json={"text": "a", "tilte": "b"}), 422, "unknown-field")
    assert body["errors"] == {"tilte": ["Unknown field."]}
    assert body["did_you_mean"] == {"tilte": ["title"]}
    assert "did you mean 'title'?" in body["detail"]


def test_post_refuses_unknown_parameters_beside_a_raw_body(client: FlaskClient) -> None:
    response = client.post("/articles?tilte=b", data="a", content_type="text/plain")
    assert problem(response, 422, "unknown-parameter")["did_you_mean"] == {"tilte": ["title"]}


def test_post_refuses_parameters_beside_json(client: FlaskClient) -> None:
    problem(client.post("/articles?title=b", json={"text": "a"}), 422, "invalid-parameter")


def test_post_refuses_a_parameter_given_twice(client: FlaskClient) -> None:
    response = client.post("/articles?title=a&title=b", data="a", content_type="text/plain")
    assert problem(response, 422, "invalid-parameter")["errors"] == {"title": ["Given more than once."]}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("text", 5),
        ("text", ["a"]),
        ("text", {"a": 1}),
        ("text", True),
        ("html", 1.5),
        ("title", 5),
        ("url", ["https://example.org"]),
        ("published_at", 20241025),
        ("external_id", 7),
    ],
)
def test_post_refuses_wrong_types(client: FlaskClient, field: str, value: Any) -> None:
    body = problem(client.post("/articles", json={"text": "a", field: value}), 422, "invalid-body")
    assert field in body["errors"]


@pytest.mark.parametrize("value", [[], "text", 5, None, True])
def test_post_refuses_json_that_is_no_object(client: FlaskClient, value: Any) -> None:
    response = client.post("/articles", data=json.dumps(value), content_type="application/json")
    problem(response, 422, "invalid-body")


@pytest.mark.parametrize(
    "value",
    [
        "yesterday",
        "2024-13-01",
        "2024-02-30",
        "2024-1-5",
        "25.10.2024",
        "2024-10-25T25:00:00Z",
        "2024-10-25T08:00:00",
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "",
        " 2024-10-25",
        "٢٠٢٤-10-25",
    ],
)
def test_post_refuses_bad_dates(client: FlaskClient, value: str) -> None:
    body = problem(client.post("/articles", json={"text": "a", "published_at": value}), 422, "invalid-body")
    assert list(body["errors"]) == ["published_at"]


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("2024-10-25", "2024-10-25T00:00:00Z"),
        ("2024-10-25T08:30:00Z", "2024-10-25T08:30:00Z"),
        ("2024-10-25T01:00:00+02:00", "2024-10-24T23:00:00Z"),
    ],
)
def test_post_takes_dates_and_times_with_offset(client: FlaskClient, given: str, shown: str) -> None:
    response = client.post("/articles", json={"text": "a", "published_at": given})
    assert response.get_json()["published_at"] == shown
    assert response.get_json()["published_at_source"] == "given"


@pytest.mark.parametrize(
    "url", ["example.org", "ftp://example.org/a", "https://", "javascript:alert(1)", "https://[", "a b"]
)
def test_post_refuses_what_is_no_web_address(client: FlaskClient, url: str) -> None:
    problem(client.post("/articles", json={"text": "a", "url": url}), 422, "invalid-body")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"{",
        b"{'text': 'a'}",
        b'{"text": "a",}',
        b'{"text": NaN}',
        b'{"text": Infinity}',
        b'{"text": "a"} {}',
        b'{"text": "a", "text": "b"}',
        b'{"text": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"a":' * 50_000,
        b'{"text": ' + b"9" * 10_000 + b"}",
    ],
    ids=["empty", "open", "quotes", "comma", "nan", "infinity", "two", "twice", "deep", "deeper", "long-number"],
)
def test_post_refuses_malformed_json(client: FlaskClient, raw: bytes) -> None:
    problem(client.post("/articles", data=raw, content_type="application/json"), 400, "malformed-json")


@pytest.mark.parametrize(
    "content_type", ["application/xml", "multipart/form-data", "application/x-www-form-urlencoded"]
)
def test_post_refuses_other_media_types(client: FlaskClient, content_type: str) -> None:
    problem(client.post("/articles", data="text=a", content_type=content_type), 415, "unsupported-media-type")


def test_post_refuses_a_body_without_content_type(client: FlaskClient) -> None:
    problem(client.post("/articles", data=b"a"), 415, "unsupported-media-type")


@pytest.mark.parametrize("encoding", ["gzip", "br", "deflate", "gzip, identity"])
def test_post_refuses_compressed_bodies(client: FlaskClient, encoding: str) -> None:
    response = client.post(
        "/articles",
        data=gzip.compress(b'{"text": "a"}'),
        content_type="application/json",
        headers={"Content-Encoding": encoding},
    )
    problem(response, 415, "unsupported-media-type")


@pytest.mark.parametrize("key", ["", "a b", "ж", "x" * 256])
def test_post_refuses_a_key_that_is_none(client: FlaskClient, key: str) -> None:
    headers = {"Idempotency-Key": key.encode().decode("latin-1")}
    problem(client.post("/articles", json={"text": "a"}, headers=headers), 400, "bad-request")
