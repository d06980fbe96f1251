"""The benchmarks' own parts: what they count, print and submit."""

from __future__ import annotations

import json
from collections import Counter

import pytest

from bench import chart
from bench.corpus import Article
from bench.load import Load, LoadError, request
from bench.memory import Held, Memory
from bench.report import Report, Row
from bench.varied import varied


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


def test_varied_articles_are_the_same_in_each_run_and_never_alike() -> None:
    made = [varied(number) for number in range(200)]
    assert made == [varied(number) for number in range(200)]
    assert len({text for text, _ in made}) == 200
    assert {body for _, body in made} == {"text", "html"}


def held(*megabytes: float) -> list[Held]:
    return [Held(settled=100 * number, mb=mb) for number, mb in enumerate(megabytes)]


def test_memory_that_grows_is_told_from_memory_that_was_taken_once() -> None:
    memory = Memory()
    memory.by_kind["leaks"][1] = held(*(100 + number for number in range(40)))
    memory.by_kind["loads"][2] = held(*([100] * 10 + [300] * 30))
    memory.at_once |= {"leaks": 1, "loads": 1}
    leaks, loads = memory.growth("leaks"), memory.growth("loads")
    assert leaks.per_1000 == pytest.approx(10)
    assert not leaks.is_flat
    assert loads.per_1000 == pytest.approx(0)
    assert loads.is_flat
    assert (loads.first, loads.last, loads.most) == (100, 300, 300)


def test_memory_counts_who_was_replaced() -> None:
    memory = Memory()
    for pid in range(3):
        memory.by_kind["worker"][pid] = held(100, 101)
    memory.at_once["worker"] = 2
    assert memory.growth("worker").replaced == 1
    assert memory.growth("worker").per_1000 is None


def test_chart_is_drawn_to_the_end_and_names_its_lines() -> None:
    svg = chart.lines({"a & b": [(0, 0), (10, 50)]}, title="T", across="x", up="y")
    assert "a &amp; b" in svg
    assert f'points="{chart.LEFT}.0,{chart.HEIGHT - chart.BOTTOM}.0 {chart.WIDTH - chart.RIGHT}.0,' in svg
    assert chart.thinned([(n, n) for n in range(5_001)])[-1] == (5_000, 5_000)
