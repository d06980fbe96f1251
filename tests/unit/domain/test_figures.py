"""Kinds of figures that are never compared."""

from __future__ import annotations

from datetime import date

import pytest

from service.domain.claims import Kind, Time
from service.domain.figures import Basis, basis_of

OCTOBER = Time(start=date(2024, 10, 1), end=date(2024, 10, 31))


@pytest.mark.parametrize(
    ("kind", "time", "basis"),
    [
        (Kind.PRESENCE, Time(start=date(2024, 1, 1)), Basis.STOCK),
        (Kind.CASUALTIES, Time(start=date(2024, 1, 1)), Basis.LOSSES),
        (Kind.DEPLOYMENT, Time(), Basis.FLOW),
        (Kind.WITHDRAWAL, OCTOBER, Basis.FLOW),
        (Kind.DEPLOYMENT, Time(end=date(2024, 10, 31)), Basis.FLOW),
        (Kind.DEPLOYMENT, Time(start=date(2024, 10, 1)), Basis.CUMULATIVE),
        (Kind.DEPLOYMENT, Time(start=date(2024, 10, 1), end=date(2024, 11, 2)), Basis.CUMULATIVE),
    ],
)
def test_basis_is_by_kind_and_span(kind: Kind, time: Time, basis: Basis) -> None:
    assert basis_of(kind, time) is basis
