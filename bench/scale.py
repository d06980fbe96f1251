"""Answers of a large register, beside the raw SQL that an index allows; idle, and while articles are being written.

Both are asked by turns in one process on one connection, so that what else the machine does falls on both. Times are
those of the use cases, without HTTP and JSON.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from multiprocessing import Event, Process, Queue
from multiprocessing.queues import Queue as QueueType
from multiprocessing.synchronize import Event as EventType
from statistics import median, quantiles
from typing import Any, Final

from sqlalchemy import Connection, Engine, func, select

from bench.bulk import DESK, fill, submission
from bench.report import Report, Row
from bench.services import Backing, kept
from bench.synthetic import BUSIEST_FORCE, BUSIEST_REGION, BUSIEST_SPEAKER, COMMON_WORD, RARE_WORD, article
from service.domain.errors import InvalidInputError
from service.domain.extracted import ExtractedArticle
from service.domain.places.folding import fold
from service.domain.register import ClaimFilters, ClaimQuery
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.migrate import upgrade
from service.storage.tables import STANDING, change_log, claims
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.aggregates import aggregate
from service.use_cases.changes import list_changes
from service.use_cases.claims import find_claims
from service.use_cases.estimates import estimate
from service.use_cases.submit import submit_article

PAGE: Final = 50
WRITTEN_PER_S: Final = 100
BUDGET_S: Final = 4.0
"""For one question in one state; it is asked three times at least, and 200 times at most."""
MONTH: Final = (date(2020, 3, 1), date(2020, 3, 31))
HALF_WAY: Final = datetime(2020, 1, 1, tzinfo=UTC)
_STANDS: Final = "c.desk_id = :desk AND c.ended_revision = :standing"
_IN_REGION: Final = "l.desk_id = :desk AND l.region = :region AND l.first_in_region"
_FIGURES: Final = (
    "count(*), count(DISTINCT c.article_id), min(CASE WHEN c.count_qualifier <> 'vague' THEN c.count_min END), "
    "max(CASE WHEN c.count_qualifier <> 'vague' THEN coalesce(c.count_max, c.count_min) END)"
)
_MONTHS: Final = {
    "postgresql": "to_char(c.reported_at AT TIME ZONE 'UTC', 'YYYY-MM')",
    "sqlite": "strftime('%Y-%m', c.reported_at)",
}
_MATCHES: Final = {
    "postgresql": "SELECT rowid FROM claim_search WHERE words @@ CAST(:word AS tsquery)",
    "sqlite": "SELECT rowid FROM claim_search WHERE words MATCH :word",
}
_NEWEST: Final = "ORDER BY c.reported_at DESC, c.id DESC LIMIT 51"
_NEWEST_THERE: Final = "ORDER BY l.reported_at DESC, l.claim_id DESC LIMIT 51"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """`ask` is Muster's way, `sql` the reference, with :names of `given`."""

    label: str
    ask: Callable[[UnitOfWork], object]
    sql: str
    given: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Milliseconds. `refused` is what the question was answered with in place of an answer."""

    ours: Sequence[float]
    raw: Sequence[float]
    refused: str | None = None


def measure(*, number: int, store: str, keep: bool) -> Report:
    """Some `number` claims in a store of its own; `keep` leaves it there, and takes up one that was left."""
    with kept(store, keep=keep) as backing:
        settings = Settings.from_env(backing.settings)
        upgrade(settings)
        engine = create_engine(settings)
        try:
            filled_s = _fill(engine, number)
            questions = _questions(engine)
            rows = [_row(question, _take(engine, question), "idle") for question in questions]
            with _written(backing) as written:
                rows += [_row(question, _take(engine, question), "written") for question in questions]
            held = _held(engine)
        finally:
            engine.dispose()
    return Report(
        name=f"scale-{store}",
        title="Answers of a large register; the reference is raw SQL for the same, asked by turns",
        unit="answers",
        rows=rows,
        sizes={"store": store, "claims": held, "filled in s": round(filled_s), "articles written/s": written.text},
    )


def _fill(engine: Engine, number: int) -> float:
    start = time.perf_counter()
    if not _held(engine):
        fill(engine, number=number)
    return time.perf_counter() - start


def _held(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(claims)) or 0


def _questions(engine: Engine) -> list[Question]:
    store = engine.dialect.name
    month, matches = _MONTHS[store], _MATCHES[store]
    region: dict[str, Any] = {"region": BUSIEST_REGION}
    half_way = HALF_WAY if store == "postgresql" else HALF_WAY.strftime("%Y-%m-%d %H:%M:%S.000000")
    first, last = MONTH
    pages = f"SELECT c.* FROM claim_locations l JOIN claims c ON c.row_id = l.row_id WHERE {_IN_REGION} AND {_STANDS}"
    joined = "FROM claim_locations l JOIN claims c ON c.row_id = l.row_id"
    with engine.connect() as connection:
        last_change = connection.scalar(select(func.max(change_log.c.seq))) or 0
    return [
        Question(
            label="page: busiest region, first",
            ask=_page(ClaimFilters(region=(BUSIEST_REGION,))),
            sql=f"{pages} {_NEWEST_THERE}",
            given=region,
        ),
        Question(
            label="page: busiest region, deep",
            ask=_page(ClaimFilters(region=(BUSIEST_REGION,)), cursor=_half_way(engine)),
            sql=f"{pages} AND (l.reported_at, l.claim_id) < (:half_way, 'c_') {_NEWEST_THERE}",
            given={**region, "half_way": half_way},
        ),
        Question(
            label="page: region, force, month",
            ask=_page(
                ClaimFilters(region=(BUSIEST_REGION,), force=(BUSIEST_FORCE,), reported_from=first, reported_to=last)
            ),
            sql=f"{pages} AND c.force_country = :force AND l.reported_at >= :first AND l.reported_at < :after "
            f"{_NEWEST_THERE}",
            given={**region, "force": BUSIEST_FORCE, "first": "2020-03-01", "after": "2020-04-01"},
        ),
        *(
            Question(
                label=f"page: {name} speaker",
                ask=_page(ClaimFilters(source=(speaker,))),
                sql=f"SELECT c.* FROM claims c WHERE {_STANDS} AND c.row_id IN (SELECT row_id FROM claim_sources "
                f"WHERE desk_id = :desk AND name_folded = :name) {_NEWEST}",
                given={"name": fold(speaker)},
            )
            for name, speaker in (("busiest", BUSIEST_SPEAKER), ("rare", "Observer 200"))
        ),
        *(
            Question(
                label=f"page: {name} word",
                ask=_page(ClaimFilters(q=(word,))),
                sql=f"SELECT c.* FROM claims c WHERE {_STANDS} AND c.row_id IN ({matches}) {_NEWEST}",
                given={"word": word},
            )
            for name, word in (("common", COMMON_WORD), ("rare", RARE_WORD))
        ),
        Question(
            label="aggregates: region, month, over all",
            ask=_aggregates(ClaimFilters(), "region", "month"),
            sql=f"SELECT l.region, {month}, {_FIGURES} FROM claims c LEFT JOIN claim_locations l "
            f"ON l.row_id = c.row_id AND l.first_in_region WHERE {_STANDS} GROUP BY 1, 2",
        ),
        Question(
            label="aggregates: force, over all",
            ask=_aggregates(ClaimFilters(), "force"),
            sql=f"SELECT c.force_country, {_FIGURES} FROM claims c WHERE {_STANDS} GROUP BY 1",
        ),
        *(
            Question(
                label=f"aggregates: month, {name} region",
                ask=_aggregates(ClaimFilters(region=(code,)), "month"),
                sql=f"SELECT {month}, {_FIGURES} {joined} WHERE {_IN_REGION} AND {_STANDS} GROUP BY 1",
                given={"region": code},
            )
            for name, code in (("busiest", BUSIEST_REGION), ("usual", _usual_region(engine)))
        ),
        Question(
            label="estimates: busiest region and force",
            ask=_estimates(BUSIEST_REGION),
            sql="SELECT c.speaker_key, c.kind, c.count_min, c.count_max, count(*), count(DISTINCT c.article_id) "
            f"{joined} WHERE {_IN_REGION} AND {_STANDS} AND c.force_country = :force GROUP BY 1, 2, 3, 4",
            given={**region, "force": BUSIEST_FORCE},
        ),
        Question(
            label="changes: the last",
            ask=lambda work: list_changes(work, since=str(max(0, last_change - PAGE)), desk=DESK),
            sql="SELECT e.*, c.* FROM change_log e LEFT JOIN claims c ON c.desk_id = e.desk_id AND c.id = e.claim_id "
            "AND c.created_revision = e.revision WHERE e.desk_id = :desk AND e.seq > :since ORDER BY e.seq LIMIT 51",
            given={"since": max(0, last_change - PAGE)},
        ),
    ]


def _page(filters: ClaimFilters, *, cursor: str | None = None) -> Callable[[UnitOfWork], object]:
    query = ClaimQuery(filters=filters)
    return lambda work: find_claims(work, query, desk=DESK, limit=PAGE, cursor=cursor)


def _aggregates(filters: ClaimFilters, *keys: str) -> Callable[[UnitOfWork], object]:
    def ask(work: UnitOfWork) -> object:
        return aggregate(work, filters, group_by=keys, desk=DESK)

    return ask


def _estimates(region: str) -> Callable[[UnitOfWork], object]:
    filters = ClaimFilters(region=(region,), force=(BUSIEST_FORCE,))
    return lambda work: estimate(work, filters, desk=DESK)


def _half_way(engine: Engine) -> str:
    """The cursor that a reader has who followed the busiest region down to there."""
    cursor: str | None = None
    query = ClaimQuery(filters=ClaimFilters(region=(BUSIEST_REGION,)))
    while True:
        with UnitOfWork.reading(engine) as work:
            page = find_claims(work, query, desk=DESK, limit=200, cursor=cursor)
        assert page.next_cursor is not None
        cursor = page.next_cursor
        if page.data[-1].reported_at < HALF_WAY:
            return cursor


def _usual_region(engine: Engine) -> str:
    """The one that has as many busier ones as calmer ones."""
    with UnitOfWork.reading(engine) as work:
        regions = aggregate(work, ClaimFilters(), group_by=("region",), desk=DESK)
    counted = sorted((int(row["claims"] or 0), str(row["region"])) for row in regions if row["region"])
    return counted[len(counted) // 2][1]


def _take(engine: Engine, question: Question) -> Taken:
    ours: list[float] = []
    raw: list[float] = []
    refused = None
    until = time.perf_counter() + BUDGET_S
    with engine.connect() as connection:
        statement, given = _as_driver(connection, question)
        while len(raw) < 3 or (time.perf_counter() < until and len(raw) < 200):
            start = time.perf_counter()
            connection.exec_driver_sql(statement, given).all()
            raw.append((time.perf_counter() - start) * 1000)
            connection.rollback()
            start = time.perf_counter()
            try:
                with UnitOfWork.reading(engine) as work:
                    question.ask(work)
            except InvalidInputError as error:
                refused = "; ".join(sentence for sentences in error.errors.values() for sentence in sentences)
            ours.append((time.perf_counter() - start) * 1000)
    return Taken(ours=ours, raw=raw, refused=refused)


def _as_driver(connection: Connection, question: Question) -> tuple[str, dict[str, Any]]:
    given: dict[str, Any] = {"desk": DESK, "standing": STANDING, **question.given}
    statement = question.sql
    if connection.dialect.name == "postgresql":
        statement = re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", statement)
    return statement, {name: given[name] for name in re.findall(r"(?<!:):([a-z_]+)", question.sql)}


def _row(question: Question, taken: Taken, state: str) -> Row:
    ours, raw = median(taken.ours), median(taken.raw)
    note = f"raw SQL {raw:.1f} ms; {ours / raw:.1f} times that"
    return Row(
        label=f"{state}: {question.label}",
        per_second=1000 / ours,
        ratio=raw / ours,
        p50_ms=ours,
        p99_ms=quantiles(taken.ours, n=100)[98] if len(taken.ours) >= 100 else None,
        note=f"{note}; refused: {taken.refused}" if taken.refused else note,
    )


# ---- writing meanwhile


@dataclass(slots=True)
class Written:
    """`text` is articles a second, once the writing is over."""

    text: str = "0"


@contextmanager
def _written(backing: Backing) -> Iterator[Written]:
    """Articles are submitted and their claims saved by another process, WRITTEN_PER_S a second where it can."""
    stop = Event()
    counted: QueueType[tuple[int, float]] = Queue()
    writer = Process(target=_write, args=(dict(backing.settings), stop, counted), daemon=True)
    writer.start()
    written = Written()
    try:
        yield written
        stop.set()
        count, seconds = counted.get(timeout=30)
        written.text = f"{count / seconds:.0f}"
    finally:
        stop.set()
        writer.join(timeout=30)


def _write(settings: dict[str, str], stop: EventType, counted: QueueType[tuple[int, float]]) -> None:
    engine = create_engine(Settings.from_env(settings))
    start = time.perf_counter()
    # Numbers that no run before has used, so that each is a new article.
    first, count = int(time.time() * 1000), 0
    while not stop.is_set():
        if count >= (time.perf_counter() - start) * WRITTEN_PER_S:
            time.sleep(0.002)
            continue
        _write_one(engine, first + count)
        count += 1
    counted.put((count, time.perf_counter() - start))
    engine.dispose()


def _write_one(engine: Engine, number: int) -> None:
    one, now = article(number, of=number), datetime.now(tz=UTC)
    with UnitOfWork(engine) as work:
        held = submit_article(work, submission(one), desk=DESK, now=now).article
    extraction = ExtractedArticle(text=one.text, claims=one.claims, language="en")
    with UnitOfWork(engine) as work:
        work.claims.save_extraction(
            held.id, held.version, extraction, extractor_name="synthetic", extractor_version="1", now=now
        )
        work.commit()
