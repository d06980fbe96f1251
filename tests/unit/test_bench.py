"""The benchmarks' own parts: what they count, print and submit."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from bench.corpus import Article
from bench.load import Load, LoadError, request
from bench.report import Report, Row


def test_report_sets_columns_under_their_heads() -> None:
    rows = [Row(label="bare", per_second=1234.5), Row(label="service", per_second=99.94, ratio=0.081)]
    lines = Report(name="x", title="Things", unit="things", rows=rows, sizes={"threads": 8}).table().splitlines()
    assert lines[0] == "Things"
    assert lines[1].endswith("; threads 8")
    assert lines[3:] == [
        "         things/s  beside reference",
        "bare        1,234",
        "service      99.9              0.08",
    ]


def test_load_counts_by_the_second() -> None:
    load = Load(answered=50, seconds=2.0, p50_ms=1, p99_ms=2, statuses=Counter({200: 50}))
    assert load.per_second == 25
    assert load.expect(200) is load


def test_load_refuses_answers_not_expected() -> None:
    load = Load(answered=2, seconds=1.0, p50_ms=1, p99_ms=1, statuses=Counter({200: 1, 500: 1}))
    with pytest.raises(LoadError, match="500"):
        load.expect(200)


def test_request_states_the_length_of_its_body_in_bytes() -> None:
    assert b"\r\nContent-Length: 4\r\n" in request("POST", "/", body="її".encode())


def test_request_without_body_has_no_length() -> None:
    assert b"Content-Length" not in request("GET", "/")


def test_article_leaves_out_what_is_not_known() -> None:
    body = json.loads(Article(text="t", title="T", published_at=None, number=7).body())
    assert body == {"text": "t", "title": "T", "external_id": "bench-7"}
