"""A reader who follows the cursors sees every claim that stood when it began exactly once."""

from __future__ import annotations

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.domain.claims import Count, Qualifier, Time
from service.domain.errors import InvalidInputError
from service.domain.register import ClaimFilters, ClaimQuery, ClaimSort, ClaimView
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import article_claims, retract_article
from service.use_cases.claims import find_claims
from tests.integration.storage.building import DESK, NOW, a_claim, extracted, held, save, submit

QUERY = ClaimQuery()


def follow(
    engine: Engine, query: ClaimQuery, *, limit: int, between: Callable[[], None] = lambda: None
) -> list[ClaimView]:
    seen: list[ClaimView] = []
    cursor = None
    while True:
        with UnitOfWork.reading(engine) as work:
            page = find_claims(work, query, desk=DESK, limit=limit, cursor=cursor)
        seen += page.data
        cursor = page.next_cursor
        if cursor is None:
            return seen
        between()


def varied(rng: random.Random, n: int) -> dict[str, Any]:
    """Fields with many ties and gaps."""
    low = rng.choice([None, 100, 5000])
    high = rng.choice([None, 5000, 9000])
    qualifier = rng.choice([Qualifier.EXACT, Qualifier.VAGUE])
    day = rng.choice([None, date(2024, 10, 1), date(2024, 11, 1)])
    return {
        "count": Count(min=low, max=high, qualifier=qualifier),
        "time": Time(start=day),
        "confidence": rng.choice([0.1, 1 / 3, 0.9]),
        "at": n,
    }


def fill(engine: Engine, rng: random.Random, *, articles: int = 6) -> list[str]:
    ids = []
    for n in range(articles):
        said = [a_claim(f"words {n} {k}", **varied(rng, k)) for k in range(rng.randint(1, 5))]
        published_on = rng.choice([None, date(2024, 10, 25), date(2024, 11, 25)])
        ids.append(held(engine, said, text=f"Text {n}.", published_on=published_on))
    return ids


@pytest.mark.parametrize("sort", ClaimSort)
def test_find_claims_pages_give_each_claim_once_in_order(engine: Engine, sort: ClaimSort) -> None:
    fill(engine, random.Random(sort.value))
    with UnitOfWork.reading(engine) as work:
        everything = {claim.id for claim in find_claims(work, QUERY, desk=DESK, limit=200).data}
    seen = follow(engine, ClaimQuery(sort=sort), limit=3)
    assert len(seen) == len(everything)
    assert {claim.id for claim in seen} == everything
    values = [sorted_by(claim, sort.key) for claim in seen]
    known = [value for value in values if value is not None]
    assert values == known + [None] * (len(values) - len(known))
    assert known == sorted(known, reverse=sort.descending)


def sorted_by(claim: ClaimView, key: str) -> Any:
    if key == "count":
        if claim.count.qualifier == Qualifier.VAGUE:
            return None
        return claim.count.max if claim.count.max is not None else claim.count.min
    return {"reported_at": claim.reported_at, "time": claim.time.start, "confidence": claim.confidence}[key]


class Newsroom:
    """Changes the register at random between a reader's pages."""

    def __init__(self, engine: Engine, ids: list[str], rng: random.Random) -> None:
        self.engine, self.ids, self.rng, self.n = engine, ids, rng, 0

    def change(self) -> None:
        self.n += 1
        do = self.rng.choice([self.insert, self.retract, self.reprocess, self.supersede])
        do(f"change {self.n}")

    def insert(self, words: str) -> None:
        self.ids.append(held(self.engine, [a_claim(words, **varied(self.rng, 0))], text=words))

    def retract(self, words: str) -> None:
        with UnitOfWork(self.engine) as work:
            retract_article(work, self.rng.choice(self.ids), desk=DESK, now=NOW)

    def reprocess(self, words: str) -> None:
        id_ = self.rng.choice(self.ids)
        with UnitOfWork.reading(self.engine) as work:
            article = work.articles.find(id_, desk=DESK)
            held_now = article_claims(work, id_, desk=DESK, limit=200).data
        assert article is not None
        said = [a_claim(claim.evidence[0].exact, **varied(self.rng, k)) for k, claim in enumerate(held_now)]
        said.append(a_claim(words))
        save(self.engine, id_, extracted(*said), version=article.version, extractor=f"2.{self.n}")

    def supersede(self, words: str) -> None:
        id_ = held(self.engine, [a_claim(words)], text=words, url=f"https://paper.example/{words}")
        again = submit(self.engine, words + " again", url=f"https://paper.example/{words}").article
        assert again.id == id_
        save(self.engine, id_, extracted(a_claim(words + " again")), version=2)
        self.ids.append(id_)


@pytest.mark.parametrize(
    "filters", [ClaimFilters(region=("RU-KRS",)), ClaimFilters(country=("RU",)), ClaimFilters(q=("words -again",))]
)
@pytest.mark.parametrize("sort", [ClaimSort.REPORTED_AT, ClaimSort.REPORTED_AT_REVERSED])
def test_find_claims_of_one_place_or_search_shows_one_moment(
    engine: Engine, filters: ClaimFilters, sort: ClaimSort
) -> None:
    rng = random.Random(sort.value)
    ids = fill(engine, rng)
    query = ClaimQuery(filters=filters, sort=sort)
    stood = follow(engine, query, limit=200)
    seen = follow(engine, query, limit=3, between=Newsroom(engine, ids, rng).change)
    assert seen == stood
    assert [claim.reported_at for claim in seen] == sorted(
        (claim.reported_at for claim in seen), reverse=sort.descending
    )


@pytest.mark.parametrize("sort", ClaimSort)
def test_find_claims_shows_one_moment_while_the_register_changes(engine: Engine, sort: ClaimSort) -> None:
    rng = random.Random(sort.value)
    ids = fill(engine, rng)
    stood = follow(engine, ClaimQuery(sort=sort), limit=200)
    newsroom = Newsroom(engine, ids, rng)
    seen = follow(engine, ClaimQuery(sort=sort), limit=2, between=newsroom.change)
    assert newsroom.n > 3
    assert seen == stood


def test_find_claims_misses_nothing_that_a_slow_writer_ends(engine: Engine) -> None:
    """On Postgres a transaction that began before the reader may commit after its first page."""
    ids = fill(engine, random.Random(1))
    stood = follow(engine, QUERY, limit=200)
    with UnitOfWork.reading(engine) as work:
        first = find_claims(work, QUERY, desk=DESK, limit=1)
    for id_ in ids:
        with UnitOfWork(engine) as writing:
            retract_article(writing, id_, desk=DESK, now=NOW - timedelta(days=1))
    seen = list(first.data)
    cursor = first.next_cursor
    while cursor:
        with UnitOfWork.reading(engine) as work:
            page = find_claims(work, QUERY, desk=DESK, limit=1, cursor=cursor)
        seen += page.data
        cursor = page.next_cursor
    assert seen == stood


def test_find_claims_shows_one_moment_beside_writers_at_work(engine: Engine) -> None:
    ids = fill(engine, random.Random(2), articles=8)
    stood = follow(engine, QUERY, limit=200)

    def write(seed: int) -> None:
        newsroom = Newsroom(engine, [], random.Random(seed))
        for n in range(8):
            newsroom.supersede(f"writer {seed} {n}")
        for id_ in ids[seed::2]:
            with UnitOfWork(engine) as work:
                retract_article(work, id_, desk=DESK, now=NOW)

    with UnitOfWork.reading(engine) as work:
        first = find_claims(work, QUERY, desk=DESK, limit=1)
    with ThreadPoolExecutor(2) as pool:
        writers = [pool.submit(write, seed) for seed in range(2)]
        seen, cursor = list(first.data), first.next_cursor
        while cursor:
            with UnitOfWork.reading(engine) as work:
                page = find_claims(work, QUERY, desk=DESK, limit=1, cursor=cursor)
            seen += page.data
            cursor = page.next_cursor
        for writer in writers:
            writer.result()
    assert seen == stood


def test_article_claims_pages_in_the_order_of_the_text(engine: Engine) -> None:
    id_ = held(engine, [a_claim(f"words {n}", at=n) for n in range(5)])
    seen: list[int] = []
    cursor = None
    while True:
        with UnitOfWork.reading(engine) as work:
            page = article_claims(work, id_, desk=DESK, limit=2, cursor=cursor)
        seen += [claim.evidence[0].start for claim in page.data]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [0, 1, 2, 3, 4]


def test_find_claims_refuses_the_cursor_of_another_query(engine: Engine) -> None:
    fill(engine, random.Random(3))
    with UnitOfWork.reading(engine) as work:
        cursor = find_claims(work, QUERY, desk=DESK, limit=1).next_cursor
        for other in (ClaimQuery(sort=ClaimSort.COUNT), replace(QUERY, filters=ClaimFilters(kind=("presence",)))):
            with pytest.raises(InvalidInputError) as caught:
                find_claims(work, other, desk=DESK, limit=1, cursor=cursor)
            assert "cursor" in caught.value.errors
