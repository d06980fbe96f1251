"""FIELD=VALUE of `muster review`."""

from __future__ import annotations

from typing import Any

import pytest

from service.commands.correcting import read_corrections
from service.domain.claims import CORRECTABLE
from service.formats.shown import count


def figures(low: int | None, high: int | None, qualifier: str) -> dict[str, Any]:
    return {"min": low, "max": high, "qualifier": qualifier}


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("5000", figures(5000, 5000, "exact")),
        ("5,000", figures(5000, 5000, "exact")),
        ("~11,000", figures(11000, 11000, "approximate")),
        (">1000", figures(1000, None, "more_than")),
        (">=300", figures(300, None, "at_least")),
        ("≥300", figures(300, None, "at_least")),
        ("<500", figures(None, 500, "less_than")),
        ("<= 12,000", figures(None, 12000, "at_most")),
        ("1,000–3,000", figures(1000, 3000, "range")),
        ("10000-12000", figures(10000, 12000, "range")),
        ("", None),
        ('{"qualifier": "vague", "min": 24}', {"qualifier": "vague", "min": 24}),
    ],
)
def test_a_count_is_written_as_it_is_shown(written: str, read: dict[str, Any] | None) -> None:
    assert read_corrections([f"count={written}"]) == {"count": read}
    if read and read["qualifier"] != "vague":
        shown = count({"count": {**read, "additional": False, "unit": None, "text": None}})
        assert read_corrections([f"count={shown}"]) == {"count": read}


@pytest.mark.parametrize(
    ("written", "start", "end", "precision"),
    [
        ("2024-10-05", "2024-10-05", "2024-10-05", "day"),
        ("2024-02", "2024-02-01", "2024-02-29", "month"),
        ("2024", "2024-01-01", "2024-12-31", "year"),
        ("2024-10-01..2024-10-20", "2024-10-01", "2024-10-20", "range"),
        ("2024-10-01..", "2024-10-01", None, "range"),
        ("..2024-10-20", None, "2024-10-20", "range"),
    ],
)
def test_a_time_is_a_day_a_month_a_year_or_a_span(written: str, start: str, end: str, precision: str) -> None:
    assert read_corrections([f"time={written}"]) == {"time": {"start": start, "end": end, "precision": precision}}


def test_other_fields_are_read_as_they_stand() -> None:
    given = ["kind=withdrawal", "locations= Sudzha ;Belgorod Oblast", "origin=", "force=North Korea", "attribution=[]"]
    assert read_corrections(given) == {
        "kind": "withdrawal",
        "locations": ["Sudzha", "Belgorod Oblast"],
        "origin": None,
        "force": "North Korea",
        "attribution": [],
    }
    assert read_corrections([f"{name}=" for name in CORRECTABLE]) == {
        name: [] if name in ("locations", "attribution") else None for name in CORRECTABLE
    }


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("count", "FIELD=VALUE"),
        ("evidence=x", "none of kind"),
        ("count=many", "no figure"),
        ("count=-5", "no figure"),
        ("time=2024-13", "time"),
        ("time=..", "time"),
        ("time=October", "time"),
        ("attribution=Kyiv", "JSON"),
        ("force={", "no JSON"),
    ],
)
def test_what_can_not_be_read_is_told(written: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        read_corrections([written])
    with pytest.raises(ValueError, match="twice"):
        read_corrections(["kind=presence", "kind=presence"])
