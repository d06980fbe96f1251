"""Runs specs/en/dateline.json, with the lines kept and without them."""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from worker.extraction.page.boilerplate import BoilerplateWords, parse_boilerplate
from worker.extraction.page.dateline import find_published, read_date_line
from worker.extraction.page.lines import keep_lines

_SPEC = Path(__file__).parents[2] / "specs" / "en" / "dateline.json"
_CASES = json.loads(_SPEC.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def words() -> BoilerplateWords:
    file = resources.files("worker.lexicons") / "en" / "boilerplate.toml"
    return parse_boilerplate(tomllib.loads(file.read_text(encoding="utf-8")))


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["id"])
def test_find_published_reads_the_day_of_the_case(case: dict[str, Any], words: BoilerplateWords) -> None:
    found = find_published(case["text"], None, words)
    assert (found.isoformat() if found else None) == case["expect"]


@pytest.mark.parametrize("case", _CASES, ids=lambda case: case["id"])
def test_find_published_reads_the_same_with_the_lines_kept(case: dict[str, Any], words: BoilerplateWords) -> None:
    kept, _ = keep_lines(case["text"], words)
    found = find_published(case["text"], kept, words)
    assert (found.isoformat() if found else None) == case["expect"]


@pytest.mark.parametrize(
    "line", ["March", "12", "300 men", "10:15", "Losses of 3 May 2020 are counted", "", "4 men, 3 May"]
)
def test_read_date_line_takes_nothing_else_for_one(line: str, words: BoilerplateWords) -> None:
    assert read_date_line(line, words) is None


@pytest.mark.parametrize(
    "unit", ["3 May 2020 ", "1", "10:10 ", "2020-", "a ", "(", "May ", "\n3 May 2020", "title: 3 May\n"]
)
def test_find_published_reads_hostile_text(unit: str, words: BoilerplateWords) -> None:
    found = find_published(unit * (400_000 // len(unit)), None, words)
    assert found is None or found.year == 2020
