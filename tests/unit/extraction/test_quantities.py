"""The number grammar against its cases and hostile text; tests/fuzz has its invariants."""

import json
import tomllib
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from worker.extraction.grammar.quantities import QuantityWords, find_numbers_seen, find_quantities, parse_quantities

TABLE = tomllib.loads(files("worker.lexicons").joinpath("en/quantities.toml").read_text(encoding="utf-8"))
WORDS: QuantityWords = parse_quantities(TABLE)
SPECS = Path(__file__).parents[2] / "specs" / "en"
CASES: list[dict[str, Any]] = [
    case for path in sorted(SPECS.glob("quantities*.json")) for case in json.loads(path.read_text(encoding="utf-8"))
]


def read(text: str) -> list[dict[str, Any]]:
    found = []
    for quantity in find_quantities(text, WORDS):
        item: dict[str, Any] = {
            "text": text[quantity.start : quantity.end],
            "min": quantity.min,
            "max": quantity.max,
            "qualifier": quantity.qualifier.value,
        }
        if quantity.additional:
            item["additional"] = True
        if quantity.unit is not None:
            item["unit"] = {"echelon": quantity.unit.echelon, "number": quantity.unit.number}
        if quantity.share_of is not None:
            item["share_of"] = quantity.share_of
        found.append(item)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_find_quantities_reads_its_cases(case: dict[str, Any]) -> None:
    assert read(case["text"]) == case["expect"]


@pytest.mark.parametrize("case", [case for case in CASES if "seen" in case], ids=lambda case: case["id"])
def test_find_numbers_seen_says_why_not(case: dict[str, Any]) -> None:
    text = case["text"]
    seen = [{"text": text[n.start : n.end], "reason": n.reason} for n in find_numbers_seen(text, WORDS)]

    assert seen == case["seen"]


def test_quantity_cases_cover_every_rule_with_a_hit_and_a_near_miss() -> None:
    hits = {case["rule"] for case in CASES if not case.get("near_miss")}
    misses = {case["rule"] for case in CASES if case.get("near_miss")}

    assert hits == misses == WORDS.rules


def test_quantity_cases_have_ids_of_their_own() -> None:
    assert len({case["id"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({**TABLE, "colors": {}}, "unknown keys colors"),
        ({key: value for key, value in TABLE.items() if key != "months"}, "missing keys months"),
        ({**TABLE, "people": {"words": []}}, "a list of words"),
        ({**TABLE, "people": {"words": ["men", "men"]}}, "men given twice"),
        ({**TABLE, "before": [*TABLE["before"], TABLE["before"][0]]}, "given twice"),
        ({**TABLE, "after": [{"id": "x", "meaning": "odd", "phrases": ["x"]}]}, "unknown meaning"),
    ],
)
def test_parse_quantities_names_what_is_wrong(table: dict[str, Any], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        parse_quantities(table)


@pytest.mark.parametrize(
    ("unit", "tail"),
    [
        ("five hundred ", ""),
        ("1,000,", "x"),
        ("10 000 ", "0"),
        ("a ", ""),
        ("more than ", ""),
        ("hundreds or ", ""),
        ("12-", "x"),
        ("+1 234 ", ""),
        ("two or three Russian tank ", ""),
        ("half of the ", ""),
        ("1.2.", "x"),
        ("9" * 50, ""),
        ("(((", "5 men"),
        ("www.", ""),
        ("October 4 and ", ""),
        ("a@", ""),
    ],
)
def test_find_quantities_reads_hostile_text_to_its_end(unit: str, tail: str) -> None:
    text = unit * (200_000 // len(unit)) + tail + " then 300 soldiers"

    assert read(text)[-1] == {"text": "300", "min": 300, "max": 300, "qualifier": "exact"}
