"""A claim in a reader's words, and as a row of a table."""

from __future__ import annotations

from typing import Any

import pytest

from service.commands.claim_table import as_table
from service.commands.client import describe
from service.formats import shown
from tests.unit.formats.claims import a_claim, a_count, a_link


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (a_count(min=5000, max=5000), "5,000"),
        (a_count(min=11000, max=11000, qualifier="approximate"), "~11,000"),
        (a_count(min=1000, qualifier="more_than"), ">1,000"),
        (a_count(min=300, qualifier="at_least"), "≥300"),
        (a_count(max=12000, qualifier="at_most"), "≤12,000"),
        (a_count(max=500, qualifier="less_than"), "<500"),
        (a_count(min=1000, max=3000, qualifier="range"), "1,000–3,000"),
        (a_count(min=2000, qualifier="vague", text="thousands"), "thousands"),
        (a_count(min=2000, qualifier="vague", additional=True, text="a few thousand more"), "a few thousand more"),
        (a_count(min=6000, max=6000, additional=True), "6,000 more"),
        (a_count(qualifier="none", unit={"echelon": "brigade", "number": 2}), "2 brigades"),
        (a_count(qualifier="none", unit={"echelon": "battalion", "number": None}), "1 battalion"),
        (a_count(qualifier="none"), "–"),
        (a_count(min=0, max=0), "0"),
    ],
)
def test_count_is_shown_as_it_was_said(count: dict[str, Any], expected: str) -> None:
    assert shown.count(a_claim(count=count)) == expected


@pytest.mark.parametrize(
    ("start", "end", "precision", "expected"),
    [
        (None, None, None, "–"),
        ("2024-10-25", "2024-10-25", "day", "2024-10-25"),
        ("2024-10-01", "2024-10-31", "month", "2024-10"),
        ("2024-01-01", "2024-12-31", "year", "2024"),
        ("2024-10-01", None, "range", "since 2024-10-01"),
        (None, "2024-10-31", "range", "until 2024-10-31"),
        ("2024-10-11", "2024-10-20", "range", "2024-10-11 – 2024-10-20"),
    ],
)
def test_when_keeps_its_precision(start: str | None, end: str | None, precision: str | None, expected: str) -> None:
    assert shown.when(a_claim(time={"start": start, "end": end, "precision": precision, "text": None})) == expected


def test_what_says_that_it_is_denied() -> None:
    assert shown.what(a_claim(polarity="denied")) == "deployment, denied"
    assert shown.what(a_claim(kind="casualties", outcome="killed_or_wounded")) == "killed or wounded"


def test_source_begins_with_the_original_speaker() -> None:
    chain = [a_link(name="The New York Times"), a_link(role="Ukrainian official")]
    assert shown.source(a_claim(attribution=chain)) == "Ukrainian official via The New York Times"


def test_source_shows_the_outlet_in_brackets_when_nobody_is_named() -> None:
    assert shown.source(a_claim(outlet="Front Wire")) == "(Front Wire)"


def test_table_shows_denial_and_figure() -> None:
    table = "\n".join(as_table([a_claim(polarity="denied")], width=140))
    assert "deployment, denied" in table
    assert "5,000" in table


@pytest.mark.parametrize("width", [80, 100, 120])
def test_table_breaks_no_figure(width: int) -> None:
    claim = a_claim(
        count=a_count(min=10000, max=12000, qualifier="range"),
        origin={"name": "Primorsky Krai"},
        attribution=[a_link(name="Yonhap News Agency"), a_link(role="South Korean intelligence official")],
        time={"start": "2024-10-11", "end": "2024-10-20", "precision": "range", "text": None},
        outcome="killed_or_wounded",
    )
    vague = a_claim(count=a_count(min=20000, qualifier="vague", text="tens of thousands"))
    lines = list(as_table([claim, vague], width=width))
    assert any(" 10,000–12,000 " in line for line in lines)
    assert any(" tens of thousands " in line for line in lines)
    assert max(map(len, lines)) <= width


def test_describe_says_what_may_have_been_meant() -> None:
    problem = {"detail": "No place is known as 'Kursq'.", "did_you_mean": {"Kursq": ["Kursk", "Kurs"]}}
    assert describe(422, problem) == "No place is known as 'Kursq'.\n  Kursq: did you mean Kursk or Kurs?"


def test_describe_does_not_say_a_thing_twice() -> None:
    problem = {"detail": "limit: Must be 1.", "errors": {"limit": ["Must be 1."]}, "did_you_mean": {}}
    assert describe(422, problem) == "limit: Must be 1."
