"""How the stores go about the queries that a large register is asked most: by which index, never by reading it all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bench.bulk import DESK, fill
from bench.synthetic import BUSIEST_FORCE, BUSIEST_REGION, RARE_WORD
from service.domain.register import ClaimFilters, ClaimQuery
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.changes import list_changes
from service.use_cases.claims import find_claims
from service.use_cases.estimates import estimate

CLAIMS = 12_000
"""Enough that reading an index is plainly cheaper than reading the table."""
REGION = ClaimFilters(region=(BUSIEST_REGION,))
MONTH = ClaimFilters(
    region=(BUSIEST_REGION,),
    force=(BUSIEST_FORCE,),
    reported_from=date(2020, 3, 1),
    reported_to=date(2020, 3, 31),
)
Ask = Callable[[UnitOfWork], object]


def page(filters: ClaimFilters) -> Ask:
    return lambda work: find_claims(work, ClaimQuery(filters=filters), desk=DESK)


def groups(filters: ClaimFilters, *keys: str) -> Ask:
    return lambda work: aggregate(work, filters, group_by=keys, desk=DESK)


def deep(work: UnitOfWork) -> object:
    query = ClaimQuery(filters=REGION)
    first = find_claims(work, query, desk=DESK, limit=200)
    return find_claims(work, query, desk=DESK, cursor=first.next_cursor)


ASKED: dict[str, tuple[Ask, str]] = {
    "page of a region": (page(REGION), "ix_claim_locations_region"),
    "page of a region further down": (deep, "ix_claim_locations_region"),
    "page of a region, force and month": (page(MONTH), "ix_claim"),
    "page of a speaker": (page(ClaimFilters(source=("Observer 200",))), "ix_claim_sources_"),
    "page of a rare word": (page(ClaimFilters(q=(RARE_WORD,))), "claim_search"),
    "page of all": (page(ClaimFilters()), "ix_claims_reported_at"),
    "aggregates over all": (groups(ClaimFilters(), "region", "month"), "ix_claims_counted"),
    "aggregates by kind over all": (groups(ClaimFilters(), "kind"), "ix_claims_counted"),
    "estimates": (
        lambda work: estimate(work, ClaimFilters(region=(BUSIEST_REGION,), force=(BUSIEST_FORCE,)), desk=DESK),
        "ix_claim",
    ),
    "changes": (lambda work: list_changes(work, since="100", desk=DESK), "change_log"),
}


@pytest.fixture
def large(engine: Engine) -> Engine:
    fill(engine, number=CLAIMS)
    return engine


def test_hot_queries_go_by_an_index_and_never_read_all_claims(large: Engine) -> None:
    wrong: dict[str, object] = {}
    for name, (ask, index) in ASKED.items():
        with heard(large) as statements, UnitOfWork.reading(large) as work:
            ask(work)
        steps = [step for statement in statements for step in plan(large, *statement)]
        read_whole = [step for step in steps if reads_all_claims(step)]
        if read_whole or not any(index in step for step in steps):
            wrong[name] = read_whole or steps
    assert wrong == {}


@contextmanager
def heard(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The SELECTs run meanwhile, with what was bound."""
    statements: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, given: Any, _context: Any, _many: bool) -> None:
        if statement.lstrip().startswith("SELECT"):
            statements.append((statement, given))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plan(engine: Engine, statement: str, given: Any) -> list[str]:
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            return [row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given)]
        # Reading an index alone is cheap on pages that all can see; whether any are goes by what else the server does.
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        found = connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {statement}", given).scalar_one()
    return list(_steps((json.loads(found) if isinstance(found, str) else found)[0]["Plan"]))


def _steps(node: dict[str, Any]) -> Iterator[str]:
    yield f"{node['Node Type']} on {node.get('Relation Name')} using {node.get('Index Name')}"
    for below in node.get("Plans", ()):
        yield from _steps(below)


def reads_all_claims(step: str) -> bool:
    """On either store: a scan of the table itself, whose rows hold all that a claim says."""
    return step.startswith(("Seq Scan on claims ", "Parallel Seq Scan on claims ")) or step == "SCAN claims"
