"""Filling a register with synthetic articles in bulk, in the rows that saving them one by one would have written.

But for who copied whom (service/storage/copies.py): these articles are taken for nobody's copies.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

from psycopg import sql
from sqlalchemy import Connection, Engine, Table, func, insert, select, text, update

from bench.synthetic import FIRST, MEAN_CLAIMS, SPAN, SyntheticArticle, article
from service.domain.identity import article_id, article_keys, claim_id, fingerprint
from service.domain.register import ArticleStatus, ChangeKind, Submission
from service.storage.claim_rows import ClaimRows, Context, Judgement, claim_rows, extracted_claims
from service.storage.tables import (
    STANDING,
    article_versions,
    articles,
    change_log,
    claim_locations,
    claim_search,
    claim_sources,
    claims,
    desks,
    jobs,
)

DESK: Final = "default"
COPIES: Final = 8
"""Articles that say the same as the one before: building rows is most of the work."""
_AT_ONCE: Final = 4000
"""Articles to a batch."""
_TABLES: Final = (
    articles, article_versions, jobs, claims, claim_locations, claim_sources, claim_search, change_log
)  # fmt: skip
Rows: TypeAlias = dict[Table, list[dict[str, Any]]]


def fill(engine: Engine, *, number: int) -> int:
    """Adds some `number` claims to an empty register, in one transaction. Returns how many articles."""
    count = int(number / MEAN_CLAIMS) + 1
    held = 0
    with engine.begin() as connection:
        with _unindexed(connection):
            for rows in _batches(count):
                held += len(rows[articles])
                for table in _TABLES:
                    _write(connection, table, rows[table])
        connection.execute(update(desks).where(desks.c.id == DESK).values(revision=count))
        if connection.dialect.name == "postgresql":
            _raise_sequences(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        settle(connection)
    return held


@contextmanager
def _unindexed(connection: Connection) -> Iterator[None]:
    """On Postgres the indexes are made at the end, and no key is looked up: the rows are right by how they are made."""
    if connection.dialect.name != "postgresql":
        yield
        return
    for setting in ("statement_timeout = 0", "session_replication_role = replica", "maintenance_work_mem = '256MB'"):
        connection.exec_driver_sql(f"SET LOCAL {setting}")
    indexes = [index for table in _TABLES for index in table.indexes]
    for index in indexes:
        index.drop(connection)
    yield
    for index in indexes:
        index.create(connection)


def settle(connection: Connection) -> None:
    """What both stores do by and by: count what there is, and on Postgres mark which pages all can see."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET statement_timeout = 0")
        connection.exec_driver_sql("VACUUM ANALYZE")
    else:
        connection.exec_driver_sql("ANALYZE")


def submission(one: SyntheticArticle) -> Submission:
    return Submission(
        text=one.text,
        title=one.title,
        outlet=one.outlet,
        published_at=one.published_at,
        language="en",
        external_id=f"synthetic-{one.number}",
    )


def _batches(count: int) -> Iterator[Rows]:
    rows: Rows = defaultdict(list)
    row_id = 0
    for first in range(0, count, COPIES):
        model = article(first, of=count)
        for number in range(first, min(first + COPIES, count)):
            published_at = FIRST + SPAN * (number / count)
            row_id = _add(rows, model, number, published_at, row_id=row_id)
        if len(rows[articles]) >= _AT_ONCE:
            yield rows
            rows = defaultdict(list)
    yield rows


_built: dict[int, tuple[ClaimRows, ...]] = {}


def _add(rows: Rows, model: SyntheticArticle, number: int, published_at: datetime, *, row_id: int) -> int:
    """The article's rows; `row_id` is the last one given to a claim, and so is what it returns."""
    posted = submission(model)
    keys = article_keys(Submission(external_id=f"synthetic-{number}"))
    id_ = article_id(DESK, keys, attempt=0)
    now = published_at + timedelta(hours=1)
    revision = number + 1
    of_article = {"article_id": id_, "version": 1}
    built = _rows_of(model)
    rows[articles].append(
        {
            "id": id_,
            "desk_id": DESK,
            "external_id": f"synthetic-{number}",
            "external_key": keys.external,
            "current_version": 1,
            "submitted_at": now,
            "status": ArticleStatus.DONE,
        }
    )
    rows[article_versions].append(
        {
            **of_article,
            "fingerprint": fingerprint(posted),
            "given": {"title": model.title, "outlet": model.outlet, "published_at": published_at.isoformat()},
            "text": model.text,
            "title": model.title,
            "outlet": model.outlet,
            "outlet_folded": model.outlet.lower(),
            "published_at": published_at,
            "published_at_source": "given",
            "language": "en",
            "status": ArticleStatus.DONE,
            "submitted_at": now,
            "finished_at": now,
            "extractor_name": "synthetic",
            "extractor_version": "1",
            "claims_count": len(built),
            "diagnostics": {},
        }
    )
    rows[jobs].append({**of_article, "state": "done", "attempt": 1, "deaths": 0, "queued_at": now, "alone": False})
    # Whatever an article's claims are identified by, this article's have ids of their own.
    ids = {one.values["id"]: claim_id(id_, 1, {}, ordinal=n) for n, one in enumerate(built)}
    change = {"desk_id": DESK, "revision": revision, "at": now, **of_article}
    for one in built:
        row_id += 1
        own = {"row_id": row_id}
        claim = ids[one.values["id"]]
        rows[claims].append(
            {
                **one.values,
                **of_article,
                **own,
                "id": claim,
                "part_of": ids.get(one.values["part_of"]),
                "reported_at": published_at,
                "created_at": now,
                "created_revision": revision,
                "ended_revision": STANDING,
            }
        )
        rows[claim_locations] += (
            {**place, **own, "claim_id": claim, "reported_at": published_at} for place in one.locations
        )
        rows[claim_sources] += ({**source, **own} for source in one.sources)
        rows[claim_search].append({"rowid": row_id, "words": one.words})
        rows[change_log].append({**change, "kind": ChangeKind.CLAIM_CREATED, "claim_id": claim})
    rows[change_log].append({**change, "kind": ChangeKind.ARTICLE_DONE, "claim_id": None})
    return row_id


def _rows_of(model: SyntheticArticle) -> tuple[ClaimRows, ...]:
    if model.number not in _built:
        context = Context(
            desk=DESK,
            article_id=f"model {model.number}",
            version=1,
            title=model.title,
            outlet=model.outlet,
            reported_at=model.published_at,
            reported_at_source="published",
            extractor_name="synthetic",
            extractor_version="1",
        )
        _built.clear()
        _built[model.number] = tuple(
            claim_rows(one, Judgement(), context) for one in extracted_claims(model.claims, context)
        )
    return _built[model.number]


def _write(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    if not rows:
        return
    if connection.dialect.name != "postgresql":
        connection.execute(insert(table), rows)
        return
    names = list(rows[0])
    processors = [
        table.c[name].type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for name in names
    ]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    driver = connection.connection.driver_connection
    assert driver is not None
    with driver.cursor() as cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(
                [
                    _plain(process(row[name]) if process else row[name])
                    for name, process in zip(names, processors, strict=True)
                ]
            )


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, str) else value


def _raise_sequences(connection: Connection) -> None:
    largest = connection.scalar(select(func.max(claims.c.row_id)))
    connection.execute(text("SELECT setval(pg_get_serial_sequence('claims', 'row_id'), :last)"), {"last": largest})
