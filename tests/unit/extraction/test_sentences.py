"""Runs specs/en/sentences.json, and what no table of cases can say."""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from worker.extraction.model import Line, LineKind, Sentence
from worker.extraction.page.sentences import MAX_SENTENCE_CHARS, Abbreviations, parse_abbreviations, split

_SPEC = Path(__file__).parents[2] / "specs" / "en" / "sentences.json"
_TABLE = tomllib.loads((resources.files("worker.lexicons") / "en" / "abbreviations.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def abbreviations() -> Abbreviations:
    return parse_abbreviations(_TABLE)


def _line(text: str) -> tuple[Line, ...]:
    return (Line(start=0, end=len(text), kind=LineKind.PROSE),)


@pytest.mark.parametrize("case", json.loads(_SPEC.read_text(encoding="utf-8")), ids=lambda case: case["id"])
def test_split_gives_the_sentences_of_the_case(case: dict[str, Any], abbreviations: Abbreviations) -> None:
    text = case["text"]
    assert [text[one.start : one.end] for one in split(text, _line(text), abbreviations)] == case["expect"]


def test_split_tells_the_line_of_each_sentence(abbreviations: Abbreviations) -> None:
    text = "Menu\nThey left. Nobody saw them.\nThe town slept.\n"
    lines = (Line(start=5, end=32, kind=LineKind.PROSE), Line(start=33, end=48, kind=LineKind.PROSE))
    assert split(text, lines, abbreviations) == (
        Sentence(start=5, end=15, line=0),
        Sentence(start=16, end=32, line=0),
        Sentence(start=33, end=48, line=1),
    )


def test_split_gives_nothing_for_nothing(abbreviations: Abbreviations) -> None:
    assert split("", (), abbreviations) == ()
    assert split("  ", (Line(start=0, end=2, kind=LineKind.PROSE),), abbreviations) == ()


@pytest.mark.parametrize(("mark", "ends"), [("; ", ";"), (", ", ","), (" ", "d"), ("", "d")])
def test_split_cuts_a_long_sentence_at_the_best_mark(mark: str, ends: str, abbreviations: Abbreviations) -> None:
    text = ("word" * 50 + mark) * 20
    pieces = [text[one.start : one.end] for one in split(text, _line(text), abbreviations)]
    assert len(pieces) > 1
    assert max(map(len, pieces)) <= MAX_SENTENCE_CHARS
    assert {piece[-1] for piece in pieces[:-1]} == {ends}
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "unit",
    [".", "a. ", "1. ", "U.S. ", "Mr. ", "“", ".)", "...!", "1. 2. 3) (a) Mr. ", "Oct. ", "a.[1]", ". " + " " * 70],
)
def test_split_reads_hostile_text(unit: str, abbreviations: Abbreviations) -> None:
    text = unit * (400_000 // len(unit))
    found = split(text, _line(text), abbreviations)
    assert sum(one.end - one.start for one in found) >= len(text.replace(" ", ""))
    assert max(one.end - one.start for one in found) <= MAX_SENTENCE_CHARS


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"colors": ["red"]}, "unknown groups"),
        ({"either": []}, "must be a list"),
        ({"either": ["u.s", "u.s"]}, "twice"),
        ({"either": ["U.S"]}, "lower case"),
        ({"either": ["u.s."]}, "without the last period"),
        ({"either": ["gen"]}, "stands in"),
    ],
)
def test_parse_abbreviations_refuses_what_is_no_table(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_abbreviations({**_TABLE, **changes})
