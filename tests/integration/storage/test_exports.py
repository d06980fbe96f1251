"""An export holds exactly the claims that paging gives, whatever is asked and whatever changes meanwhile."""

from __future__ import annotations

import csv
import io
import json
import random
from functools import partial
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from service.api.schemas.claims import ClaimSchema
from service.domain.errors import CutShortError, TooManyClaimsError
from service.domain.register import ClaimFilters, ClaimQuery, ClaimSort, ClaimView
from service.formats.writers import FORMATS
from service.storage.unit_of_work import UnitOfWork
from service.use_cases import exports
from service.use_cases.audit import purge_article
from tests.integration.storage.building import DESK, NOW
from tests.integration.storage.test_paging import Newsroom, fill, follow


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "AT_ONCE", 4)


def exported(engine: Engine, query: ClaimQuery) -> exports.Export:
    return exports.export_claims(partial(UnitOfWork.reading, engine), query, desk=DESK, most=1000)


def some(*values: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.one_of(st.just(()), st.sets(st.sampled_from(values), min_size=1).map(lambda said: tuple(sorted(said))))


QUERIES = st.builds(
    ClaimQuery,
    filters=st.builds(
        ClaimFilters,
        region=some("RU-KRS", "UA-14"),
        force=some("KP"),
        kind=some("presence", "deployment"),
        min_count=st.sampled_from([None, None, 200]),
        q=some("words", "-3", '"words 1"', "0 kursk", "nothing"),
    ),
    sort=st.sampled_from(ClaimSort),
)


def test_csv_and_ndjson_hold_exactly_the_claims_that_paging_gives(engine: Engine) -> None:
    ids = fill(engine, random.Random(11), articles=5)
    newsroom = Newsroom(engine, ids, random.Random(12))
    sizes: set[int] = set()

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(QUERIES)
    def hold_them(query: ClaimQuery) -> None:
        paged = follow(engine, query, limit=3)
        sizes.add(len(paged))
        shown = ClaimSchema(many=True).dump(paged)
        for name in ("ndjson", "csv"):
            export = exported(engine, query)
            newsroom.change()
            file = b"".join(FORMATS[name].write(map(ClaimSchema().dump, export.claims))).decode()
            assert export.number == len(paged)
            if name == "ndjson":
                assert [json.loads(line) for line in file.splitlines()] == shown
            else:
                rows = list(csv.DictReader(io.StringIO(file, newline="")))
                assert [row["id"] for row in rows] == [claim["id"] for claim in shown]
            paged = follow(engine, query, limit=3)
            shown = ClaimSchema(many=True).dump(paged)

    hold_them()
    assert max(sizes) > exports.AT_ONCE
    assert 0 in sizes


def test_export_of_as_many_claims_as_a_part_holds_ends(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(engine, random.Random(13))
    stood: list[ClaimView] = follow(engine, ClaimQuery(), limit=200)
    for size in (1, len(stood), len(stood) + 1):
        monkeypatch.setattr(exports, "AT_ONCE", size)
        assert list(exported(engine, ClaimQuery()).claims) == stood


def test_export_of_what_is_erased_meanwhile_is_cut_short(engine: Engine) -> None:
    ids = fill(engine, random.Random(14))
    claims = exported(engine, ClaimQuery()).claims
    seen: list[Any] = [next(claims)]
    with UnitOfWork(engine) as work:
        purge_article(work, next(id_ for id_ in ids if id_ != seen[0].article_id), reason="Law.", desk=DESK, now=NOW)
    with pytest.raises(CutShortError):
        seen.extend(claims)


def test_export_of_too_many_is_refused(engine: Engine) -> None:
    fill(engine, random.Random(15))
    number = exported(engine, ClaimQuery()).number
    reading = partial(UnitOfWork.reading, engine)
    assert exports.export_claims(reading, ClaimQuery(), desk=DESK, most=number).number == number
    with pytest.raises(TooManyClaimsError, match=f"{number} claims"):
        exports.export_claims(reading, ClaimQuery(), desk=DESK, most=number - 1)
