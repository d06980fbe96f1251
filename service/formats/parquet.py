"""Claims as Parquet: nested and typed, in row groups that are written as they come.

Needs pyarrow, which `pip install 'muster[parquet]'` brings.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

from service.domain.errors import ExtraNeededError
from service.formats.flat import Claim
from service.formats.listed import written

ROWS_IN_GROUP: Final = 5000
_LARGEST: Final = 2**63 - 1
"""No column takes more; an article that says so is read as having said this."""


def as_parquet(claims: Iterable[Claim], *, rows_in_group: int = ROWS_IN_GROUP) -> Iterator[bytes]:
    """The fields of the API's claims but `links`, with `extracted` as JSON.

    The end of the file, without which none of it can be read, comes last. Raises ExtraNeededError where pyarrow is
    missing, before anything is read.
    """
    try:
        import pyarrow as pa
        from pyarrow import parquet
    except ImportError as error:
        raise ExtraNeededError("Parquet", extra="parquet") from error
    return _written(iter(claims), rows_in_group, pa, parquet)


def _written(claims: Iterator[Claim], rows_in_group: int, pa: Any, parquet: Any) -> Iterator[bytes]:
    schema = _schema(pa)
    sink = _Sink()
    with parquet.ParquetWriter(sink, schema, compression="zstd") as writer:
        while group := [_row(claim) for claim in islice(claims, rows_in_group)]:
            writer.write_table(pa.Table.from_pylist(group, schema=schema))
            yield sink.taken()
    yield sink.taken()


class _Sink(io.RawIOBase):
    """A file that is read while it is written."""

    def __init__(self) -> None:
        super().__init__()
        self._held = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        self._held += memoryview(data)
        return len(data)

    def taken(self) -> bytes:
        data = bytes(self._held)
        self._held.clear()
        return data


def _schema(pa: Any) -> Any:
    text, number = pa.string(), pa.int64()

    def struct(**fields: Any) -> Any:
        return pa.struct(list(fields.items()))

    place = struct(name=text, region=text, country=text, level=text, lat=pa.float64(), lon=pa.float64(), text=text)
    source = struct(name=text, type=text, organization=text, role=text, country=text, anonymous=pa.bool_(), text=text)
    unit = struct(echelon=text, number=number)
    return pa.schema(
        {
            "id": text,
            "article_id": text,
            "kind": text,
            "outcome": text,
            "status": text,
            "polarity": text,
            "force": struct(country=text, group=text, text=text),
            "personnel": struct(type=text, text=text),
            "count": struct(min=number, max=number, qualifier=text, additional=pa.bool_(), unit=unit, text=text),
            "locations": pa.list_(place),
            "origin": place,
            "transport": text,
            "time": struct(start=pa.date32(), end=pa.date32(), precision=text, text=text),
            "attribution": pa.list_(source),
            "part_of": text,
            "evidence": pa.list_(struct(exact=text, prefix=text, suffix=text, start=number, end=number)),
            "confidence": pa.float64(),
            "reasons": pa.list_(text),
            "review": text,
            "review_stale": pa.bool_(),
            "extracted": text,
            "outlet": text,
            "reported_at": pa.timestamp("us", tz="UTC"),
            "reported_at_source": text,
            "extractor": struct(name=text, version=text),
        }
    )


def _row(claim: Claim) -> dict[str, Any]:
    count, time = claim["count"], claim["time"]
    return {
        **claim,
        "count": {**count, "min": _number(count["min"]), "max": _number(count["max"])},
        "time": {**time, "start": _day(time["start"]), "end": _day(time["end"])},
        "extracted": written(claim["extracted"]) if claim["extracted"] else None,
        "reported_at": datetime.fromisoformat(claim["reported_at"]),
    }


def _number(count: int | None) -> int | None:
    return None if count is None else min(count, _LARGEST)


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None
