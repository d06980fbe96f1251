"""What holds for every format: bounded reading, whole files, and a sign where one is not whole."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from service.formats.listed import as_json, as_ndjson
from service.formats.writers import FORMATS
from tests.unit.formats.claims import a_bare_claim, a_claim

WORST = a_claim(outlet='"\\\u2028\u2029\n\r\x85\t北 🪖', evidence=[{"exact": 'line\nbreak, "quoted" \'=1'}])


def test_json_is_a_list_and_ndjson_a_line_to_a_claim() -> None:
    claims = [a_claim(), WORST, a_bare_claim(id="c_3")]
    assert json.loads("\n".join(as_json(claims))) == claims
    lines = list(as_ndjson(claims))
    assert [json.loads(line) for line in lines] == claims
    assert not any("\n" in line for line in lines)
    assert json.loads("\n".join(as_json([]))) == []
    assert list(as_ndjson([])) == []


@pytest.mark.parametrize("name", sorted(FORMATS.keys() - {"parquet"}))
def test_format_reads_no_further_than_it_has_written(name: str) -> None:
    taken = 0

    def claims() -> Iterator[dict[str, Any]]:
        nonlocal taken
        for _ in range(10_000):
            taken += 1
            yield a_claim()

    file = FORMATS[name].write(claims())
    first = next(file)
    assert 0 < taken < 500
    assert len(first) < 40_000
    assert sum(map(len, file)) > 30 * len(first)


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_format_writes_unicode_and_nothing_at_all(name: str) -> None:
    assert b"".join(FORMATS[name].write([a_bare_claim()]))
    whole = b"".join(FORMATS[name].write([{**WORST, "evidence": a_claim()["evidence"]}]))
    assert name == "parquet" or "北 🪖" in whole.decode()
    assert isinstance(b"".join(FORMATS[name].write([])), bytes)


@pytest.mark.parametrize("name", ["json", "geojson", "jsonld"])
def test_a_json_document_that_broke_off_is_none(name: str) -> None:
    pieces = list(FORMATS[name].write([a_claim()] * 200))
    assert json.loads(b"".join(pieces))
    with pytest.raises(json.JSONDecodeError):
        json.loads(b"".join(pieces[:-1]) + FORMATS[name].cut_short("Broke off."))


def test_lines_that_broke_off_say_so() -> None:
    assert json.loads(FORMATS["ndjson"].cut_short("Broke off.")) == {"error": "Broke off."}
    assert FORMATS["csv"].cut_short("Broke off.") == b"error: Broke off.\n"
