"""Which outlets are news agencies: those whose articles others print."""

from __future__ import annotations

from functools import cache

from service.domain.places.folding import fold
from service.domain.places.tables import read_rows, read_text


def is_agency(outlet: str | None) -> bool:
    return outlet is not None and fold(outlet).removeprefix("the ") in _agencies()


@cache
def _agencies() -> frozenset[str]:
    rows = read_rows(read_text("agencies.tsv"), file="agencies.tsv", columns=("name", "names"))
    return frozenset(fold(one) for _, names in rows for one in names.split("|"))
