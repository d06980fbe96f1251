"""Cursors: whatever a client sends instead of one is refused, never believed."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from service.domain.errors import InvalidInputError
from service.domain.identity import digest
from service.use_cases.paging import _Cursor, _decode, _encode, _value

QUERY = digest("a query")


@pytest.mark.parametrize("value", [None, 7, 0.1 + 0.2, "2024-10-25T00:00:00+00:00"])
def test_decode_gives_back_what_was_encoded(value: Any) -> None:
    cursor = _Cursor(query=QUERY[:16], revision=3, value=value, id="c_x")
    assert _decode(_encode(cursor), QUERY) == cursor


def forged(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "a",
        "????",
        "ключ",
        forged("text"),
        forged([]),
        forged(5),
        forged(None),
        forged([QUERY[:16], 1, None]),
        forged([QUERY[:16], 1, float("nan"), "c_x"]),
        forged([QUERY[:16], 1, float("inf"), "c_x"]),
        forged([QUERY[:16], 1, 10**400, "c_x"]),
        forged([QUERY[:16], 1, 2**63, ""]),
        forged([QUERY[:16], 1, None, "c_\x00"]),
        forged([QUERY[:16], 1, None, "\ud800"]),
        forged({"a": 1, "b": 2, "c": 3, "d": 4}),
        forged([QUERY[:16], -1, None, "c_x"]),
        forged([QUERY[:16], 2**63, None, "c_x"]),
        forged([QUERY[:16], True, None, "c_x"]),
        forged([QUERY[:16], 1, [], "c_x"]),
        forged([QUERY[:16], 1, None, 7]),
        forged([digest("another query")[:16], 1, None, "c_x"]),
        "W" * 10_000,
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
    ],
)
def test_decode_refuses(cursor: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        _decode(cursor, QUERY)
    assert list(caught.value.errors) == ["cursor"]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("reported_at", None),
        ("reported_at", 7),
        ("reported_at", "yesterday"),
        ("reported_at", "2024-10-25"),
        ("reported_at", "0001-01-01T00:00:00+14:00"),
        ("reported_at", "9999-12-31T23:59:59-14:00"),
        ("time", "soon"),
        ("count", "7"),
        ("count", 2**63),
        ("confidence", "0.5"),
        ("confidence", None),
    ],
)
def test_value_refuses_what_the_order_never_gave(key: str, value: Any) -> None:
    with pytest.raises(InvalidInputError):
        _value(value, key)
