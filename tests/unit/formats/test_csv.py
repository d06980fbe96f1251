"""CSV: columns in their order, and nothing that a spreadsheet would compute."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from service.formats.flat import FLAT, as_csv
from tests.unit.formats.claims import a_bare_claim, a_claim, a_link, a_place


def read(*claims: dict[str, Any]) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO("\n".join(as_csv(claims)), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "=cmd|'/c calc'!A1"])
def test_csv_holds_no_formula(text: str) -> None:
    (row,) = read(a_claim(outlet=text))
    assert row["outlet"] == "'" + text


def test_csv_leaves_plain_cells_as_they_are() -> None:
    (row,) = read(a_claim(outlet='A, "b"\nc\r\nd Ünïcode 北 🪖'))
    assert (row["outlet"], row["count_min"], row["outcome"]) == ('A, "b"\nc\r\nd Ünïcode 北 🪖', "5000", "")


def test_csv_has_a_heading_without_claims() -> None:
    assert list(as_csv([])) == [",".join(FLAT)]


def test_csv_of_a_claim_with_nothing_has_empty_cells() -> None:
    (row,) = read(a_bare_claim())
    assert [name for name, cell in row.items() if cell] == [
        *("id", "article_id", "reported_at", "count_qualifier", "kind", "status", "polarity", "evidence"),
        *("confidence", "review"),
    ]


def test_csv_joins_lists_and_shows_the_chain() -> None:
    places = [a_place(), a_place(name="Kashmir", region=None, country=None)]
    (row,) = read(a_claim(locations=places, attribution=[a_link(name="Reuters"), a_link(role="official")]))
    assert (row["locations"], row["regions"]) == ("Kursk Oblast; Kashmir", "RU-KRS; ")
    assert row["source"] == "official via Reuters"
