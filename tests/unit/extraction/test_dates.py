"""The date grammar against its cases and hostile text; tests/fuzz has its invariants."""

import json
import tomllib
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from worker.extraction.grammar.dates import DateWords, Tense, find_times, parse_dates

TABLE = tomllib.loads(files("worker.lexicons").joinpath("en/dates.toml").read_text(encoding="utf-8"))
WORDS: DateWords = parse_dates(TABLE)
SPECS = Path(__file__).parents[2] / "specs" / "en"
CASES: list[dict[str, Any]] = [
    case for path in sorted(SPECS.glob("dates*.json")) for case in json.loads(path.read_text(encoding="utf-8"))
]


def read(text: str, published: date | None, tense: Tense | None = None) -> list[dict[str, Any]]:
    return [
        {
            "text": mention.time.text,
            "start": mention.time.start.isoformat() if mention.time.start else None,
            "end": mention.time.end.isoformat() if mention.time.end else None,
            "precision": mention.time.precision.value if mention.time.precision else None,
        }
        for mention in find_times(text, published=published, words=WORDS, tense=tense)
    ]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_find_times_reads_its_cases(case: dict[str, Any]) -> None:
    published = date.fromisoformat(case["published"]) if case["published"] else None

    assert read(case["text"], published, case.get("tense")) == case["expect"]


def test_date_cases_cover_every_rule_with_a_hit_and_a_near_miss() -> None:
    hits = {case["rule"] for case in CASES if not case.get("near_miss")}
    misses = {case["rule"] for case in CASES if case.get("near_miss")}

    assert hits == misses == WORDS.rules


def test_date_cases_have_ids_of_their_own() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({**TABLE, "moons": {}}, "unknown keys moons"),
        ({key: value for key, value in TABLE.items() if key != "units"}, "missing keys units"),
        ({**TABLE, "units": {"moon": "moon"}}, "units: a table"),
        ({**TABLE, "weekdays": {"names": {"monday": "first"}, "not_after": ["x"]}}, "weekdays: a table"),
        ({**TABLE, "part": [*TABLE["part"], TABLE["part"][0]]}, "given twice"),
        ({**TABLE, "operator": [{"id": "x", "meaning": "odd", "phrases": ["x"]}]}, "unknown meaning"),
    ],
)
def test_parse_dates_names_what_is_wrong(table: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_dates(table)


@pytest.mark.parametrize(
    "unit",
    [
        "October ",
        "4-",
        "4 and ",
        "October 4 and ",
        "the early hours of ",
        "between July and ",
        "early to ",
        "the end of ",
        "in two ",
        "2024-10-",
        "since ",
        "the ",
        "Tuesday, ",
        "from Monday to ",
        "1" * 50,
        "last ",
    ],
)
def test_find_times_reads_hostile_text_to_its_end(unit: str) -> None:
    text = unit * (200_000 // len(unit)) + " | yesterday"

    assert read(text, date(2024, 10, 25))[-1]["text"] == "yesterday"
