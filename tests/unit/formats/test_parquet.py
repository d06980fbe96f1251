"""Parquet: typed and nested, row group by row group."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from service.api.schemas.claims import ClaimSchema
from service.domain.errors import ExtraNeededError
from service.formats.parquet import as_parquet
from tests.unit.formats.claims import a_bare_claim, a_claim, a_count, a_link, a_place

FULL = a_claim(
    origin=a_place(name="Владивосток"),
    count=a_count(min=5000, max=10**30, unit={"echelon": "brigade", "number": None}),
    time={"start": "2024-10-01", "end": None, "precision": "range", "text": "since October"},
    attribution=[a_link(name="A"), a_link(name="B", anonymous=True)],
    reported_at="2024-10-25T08:00:00.500Z",
)


def read(claims: list[dict[str, Any]], **options: Any) -> parquet.ParquetFile:
    return parquet.ParquetFile(pa.BufferReader(b"".join(as_parquet(claims, **options))))


def test_parquet_keeps_every_field_but_links() -> None:
    row, bare = read([FULL, a_bare_claim()]).read().to_pylist()
    assert row.keys() == FULL.keys() - {"links"}
    assert FULL.keys() == ClaimSchema().fields.keys()
    for name in ("id", "force", "locations", "origin", "attribution", "evidence", "reasons", "extractor", "confidence"):
        assert row[name] == FULL[name]
    assert row["reported_at"] == datetime(2024, 10, 25, 8, 0, 0, 500_000, tzinfo=UTC)
    assert (row["time"]["start"], row["time"]["end"]) == (date(2024, 10, 1), None)
    assert row["count"] == {**FULL["count"], "max": 2**63 - 1}
    assert (bare["force"], bare["origin"], bare["locations"], bare["count"]["min"]) == (None, None, [], None)


def test_parquet_keeps_what_was_corrected_as_json() -> None:
    (row,) = read([a_claim(review="corrected", extracted={"kind": "presence"})]).read().to_pylist()
    assert row["extracted"] == '{"kind":"presence"}'


def test_parquet_of_no_claims_has_the_columns() -> None:
    file = read([])
    assert file.metadata.num_rows == 0
    assert file.schema_arrow.field("reported_at").type == pa.timestamp("us", tz="UTC")


def test_parquet_is_written_while_claims_are_read() -> None:
    taken = 0

    def claims() -> Iterator[dict[str, Any]]:
        nonlocal taken
        for n in range(10):
            taken += 1
            yield a_claim(id=f"c_{n}")

    file = as_parquet(claims(), rows_in_group=2)
    assert taken == 0
    pieces = [next(file)]
    assert taken == 2
    pieces += file
    whole = parquet.ParquetFile(pa.BufferReader(b"".join(pieces)))
    assert (whole.num_row_groups, whole.metadata.num_rows) == (5, 10)
    with pytest.raises(pa.ArrowInvalid):
        parquet.ParquetFile(pa.BufferReader(b"".join(pieces[:-1])))


def test_parquet_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(ExtraNeededError, match=r"pip install 'muster\[parquet\]'"):
        as_parquet([])
