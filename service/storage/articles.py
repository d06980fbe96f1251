"""Articles and their versions: every query about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, and_, delete, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from service.domain.extracted import ArticleToRead
from service.domain.identity import ArticleKeys, article_keys, digest
from service.domain.places.folding import fold
from service.domain.register import ArticleStatus, ArticleView, Extractor, Submission
from service.storage.tables import STANDING, article_versions, articles, copies, idempotency_keys, jobs

FORGOTTEN_AT_ONCE = 100
"""Expired keys that one submission drops."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleName:
    """By what an article is known, and what its current version holds."""

    id: str
    external_id: str | None
    url: str | None
    version: int
    status: ArticleStatus
    fingerprint: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RememberedRequest:
    request: str
    article_id: str
    accepted: bool


class Articles:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    # ---- reading

    def find(self, article_id: str, *, desk: str) -> ArticleView | None:
        row = self._connection.execute(_view(desk).where(articles.c.id == article_id)).one_or_none()
        return _article(row) if row else None

    def list(
        self,
        *,
        status: Sequence[str] = (),
        outlet: Sequence[str] = (),
        url: Sequence[str] = (),
        external_id: Sequence[str] = (),
        submitted_from: datetime | None = None,
        submitted_before: datetime | None = None,
        after: tuple[datetime, str] | None = None,
        desk: str,
        limit: int,
    ) -> Sequence[ArticleView]:
        """Last submitted first; `after` is the (submitted_at, id) to go on from. Outlets are folded."""
        query = _view(desk)
        if status:
            query = query.where(articles.c.status.in_(status))
        if outlet:
            query = query.where(article_versions.c.outlet_folded.in_(outlet))
        keys = [key for one in url if (key := article_keys(Submission(url=one)).url)]
        if url:
            query = query.where(articles.c.url_key.in_(keys))
        keys = [key for one in external_id if (key := article_keys(Submission(external_id=one)).external)]
        if external_id:
            query = query.where(articles.c.external_key.in_(keys))
        if submitted_from:
            query = query.where(articles.c.submitted_at >= submitted_from)
        if submitted_before:
            query = query.where(articles.c.submitted_at < submitted_before)
        if after:
            query = query.where(tuple_(articles.c.submitted_at, articles.c.id) < after)
        query = query.order_by(articles.c.submitted_at.desc(), articles.c.id.desc()).limit(limit)
        return [_article(row) for row in self._connection.execute(query)]

    def text(self, article_id: str, *, desk: str, before: datetime | None = None) -> str | None:
        """Of the current version, or of the last one submitted before a time.

        None for an unknown article, for one that was not there then, and for HTML not yet read.
        """
        version = article_versions.c
        query = select(version.text).join(articles, articles.c.id == version.article_id)
        query = query.where(articles.c.id == article_id, articles.c.desk_id == desk)
        if before is None:
            query = query.where(_is_current())
        else:
            query = query.where(version.submitted_at < before).order_by(version.version.desc()).limit(1)
        text: str | None = self._connection.scalar(query)
        return text

    def diagnostics(self, article_id: str, *, desk: str) -> dict[str, object] | None:
        diagnostics: dict[str, object] | None = self._connection.scalar(
            _current(article_versions.c.diagnostics, article_id, desk)
        )
        return diagnostics

    def load_for_extraction(self, article_id: str, version: int) -> ArticleToRead | None:
        """None where there is nothing to read: the version was superseded or retracted, or never was."""
        query = (
            select(article_versions, articles.c.current_version)
            .join(articles, articles.c.id == article_versions.c.article_id)
            .where(article_versions.c.article_id == article_id, article_versions.c.version == version)
        )
        row = self._connection.execute(query).one_or_none()
        if row is None or row.current_version != version or row.status == ArticleStatus.RETRACTED:
            return None
        given = row.given
        return ArticleToRead(
            article_id=article_id,
            version=version,
            text=None if row.html is not None else row.text,
            html=row.html,
            title=given["title"],
            url=row.url,
            outlet=given["outlet"],
            published_on=date.fromisoformat(given["published_at"][:10]) if given["published_at"] else None,
            language=given["language"],
        )

    def extractor_versions(self, *, desk: str) -> Sequence[str]:
        """Of all that was read, each once."""
        query = (
            select(article_versions.c.extractor_version)
            .join(articles, _is_current())
            .where(articles.c.desk_id == desk, article_versions.c.extractor_version.is_not(None))
            .distinct()
        )
        return [version for version in self._connection.scalars(query) if version is not None]

    def read_by(self, extractor_versions: Sequence[str], *, desk: str, limit: int) -> Sequence[str]:
        """Ids of articles done by one of these extractors."""
        query = (
            select(articles.c.id)
            .join(article_versions, _is_current())
            .where(articles.c.desk_id == desk, articles.c.status == ArticleStatus.DONE)
            .where(article_versions.c.extractor_version.in_(extractor_versions))
            .order_by(articles.c.id)
            .limit(limit)
        )
        return self._connection.scalars(query).all()

    def failed(self, *, desk: str, limit: int) -> Sequence[str]:
        query = select(articles.c.id).where(articles.c.desk_id == desk, articles.c.status == ArticleStatus.FAILED)
        return self._connection.scalars(query.order_by(articles.c.id).limit(limit)).all()

    # ---- writing. Locks are taken in the order article, job, desk.

    def lock(self, article_id: str) -> None:
        """Until the transaction ends nobody else changes this article. SQLite's writers take turns anyway."""
        self._connection.execute(select(articles.c.id).where(articles.c.id == article_id).with_for_update())

    def lock_named(self, keys: ArticleKeys, *, desk: str) -> tuple[ArticleName, ...]:
        """The articles that bear these names, locked: none, one, or two that are at odds."""
        named = or_(
            *(
                articles.c[column] == key
                for column, key in (("external_key", keys.external), ("url_key", keys.url), ("text_key", keys.text))
                if key is not None
            )
        )
        locked = select(articles.c.id).where(articles.c.desk_id == desk, named).order_by(articles.c.id)
        ids = self._connection.scalars(locked.with_for_update()).all()
        if not ids:
            return ()
        query = (
            select(articles, article_versions.c.fingerprint)
            .join(article_versions, _is_current())
            .where(articles.c.id.in_(ids))
        )
        return tuple(
            ArticleName(
                id=row.id,
                external_id=row.external_id,
                url=row.url,
                version=row.current_version,
                status=ArticleStatus(row.status),
                fingerprint=row.fingerprint,
            )
            for row in self._connection.execute(query)
        )

    def add(
        self, article_id: str, submission: Submission, keys: ArticleKeys, print_: str, *, desk: str, now: datetime
    ) -> bool:
        """A new article with its version 1. False, and nothing written, where the id or a name is taken."""
        values = {
            "id": article_id,
            "desk_id": desk,
            "external_id": submission.external_id,
            "url": submission.url,
            "external_key": keys.external,
            "url_key": keys.url,
            "text_key": keys.text,
            "current_version": 1,
            "submitted_at": now,
            "status": ArticleStatus.QUEUED,
        }
        if not _insert_new(self._connection, articles, values):
            return False
        self._connection.execute(insert(article_versions).values(_version(article_id, 1, submission, print_, now)))
        return True

    def add_version(self, article_id: str, version: int, submission: Submission, print_: str, *, now: datetime) -> None:
        self._connection.execute(
            insert(article_versions).values(_version(article_id, version, submission, print_, now))
        )
        self._connection.execute(
            update(articles)
            .where(articles.c.id == article_id)
            .values(current_version=version, submitted_at=now, status=ArticleStatus.QUEUED)
        )

    def rename(self, article_id: str, submission: Submission) -> bool:
        """Gives the article the submission's external_id and url. False where another has just taken one."""
        keys = article_keys(submission)
        if keys.text is not None:
            return True
        try:
            with self._connection.begin_nested():
                self._connection.execute(
                    update(articles)
                    .where(articles.c.id == article_id)
                    .where(
                        or_(
                            articles.c.external_key.is_distinct_from(keys.external),
                            articles.c.url_key.is_distinct_from(keys.url),
                        )
                    )
                    .values(
                        external_id=submission.external_id,
                        url=submission.url,
                        external_key=keys.external,
                        url_key=keys.url,
                    )
                )
        except IntegrityError:
            return False
        return True

    def set_status(
        self, article_id: str, version: int, status: ArticleStatus, *, now: datetime, error: str | None = None
    ) -> bool:
        """False, and nothing written, where the version was superseded or retracted.

        Clears an earlier error unless one is given; done, failed and retracted are ends (finished_at).
        """
        finished = status in (ArticleStatus.DONE, ArticleStatus.FAILED, ArticleStatus.RETRACTED)
        changed = self._connection.execute(
            update(articles)
            .where(articles.c.id == article_id, articles.c.current_version == version)
            .where(articles.c.status != ArticleStatus.RETRACTED)
            .values(status=status)
        )
        if not changed.rowcount:
            return False
        values: dict[str, object] = {"status": status, "error": error, "finished_at": now if finished else None}
        if status is ArticleStatus.RETRACTED:
            values["claims_count"] = 0
        self._connection.execute(
            update(article_versions)
            .where(article_versions.c.article_id == article_id, article_versions.c.version == version)
            .values(values)
        )
        return True

    # ---- Idempotency-Key

    def hold_key(self, key: str, *, desk: str) -> bool:
        """Until the transaction ends nobody else may use this key. False where somebody else does just now.

        SQLite's writers take turns, so that nobody else ever does.
        """
        if self._connection.dialect.name != "postgresql":
            return True
        # Advisory locks go by a number: of so many bits that two keys hardly ever share one.
        number = int(digest("idempotency", desk, key)[:15], 16)
        return bool(self._connection.scalar(select(func.pg_try_advisory_xact_lock(number))))

    def recall(self, key: str, *, desk: str, since: datetime) -> RememberedRequest | None:
        query = select(idempotency_keys).where(
            idempotency_keys.c.desk_id == desk,
            idempotency_keys.c.key == key,
            idempotency_keys.c.created_at >= since,
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return RememberedRequest(request=row.request, article_id=row.article_id, accepted=row.accepted)

    def remember(
        self, key: str, *, desk: str, request: str, article_id: str, accepted: bool, forget: datetime, now: datetime
    ) -> None:
        """Keys from before `forget` are dropped on the way, but those that others drop just now."""
        keys = idempotency_keys
        own = and_(keys.c.desk_id == desk, keys.c.key == key)
        self._connection.execute(delete(keys).where(own, keys.c.created_at < forget))
        # In this order, and passing over what is locked, nobody waits in a circle.
        old = select(keys.c.desk_id, keys.c.key).where(keys.c.created_at < forget).limit(FORGOTTEN_AT_ONCE)
        old = old.with_for_update(skip_locked=True)
        self._connection.execute(delete(keys).where(tuple_(keys.c.desk_id, keys.c.key).in_(old)))
        values = {
            "desk_id": desk,
            "key": key,
            "request": request,
            "article_id": article_id,
            "accepted": accepted,
            "created_at": now,
        }
        _insert_new(self._connection, idempotency_keys, values)


def _insert_new(connection: Connection, table: Table, values: Mapping[str, object]) -> bool:
    """False, and nothing written, where a unique key is taken; waits for whoever is just taking it."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(table).values(dict(values)).on_conflict_do_nothing().returning(literal(1))
    return connection.execute(statement).first() is not None


def _version(article_id: str, version: int, submission: Submission, print_: str, now: datetime) -> dict[str, object]:
    published_at = submission.published_at
    return {
        "article_id": article_id,
        "version": version,
        "fingerprint": print_,
        "given": {
            "title": submission.title,
            "outlet": submission.outlet,
            "published_at": published_at.isoformat() if published_at else None,
            "language": submission.language,
        },
        "text": submission.text,
        "html": submission.html,
        "title": submission.title,
        "url": submission.url,
        "outlet": submission.outlet,
        "outlet_folded": fold(submission.outlet) if submission.outlet else None,
        "author": submission.author,
        "published_at": published_at,
        "published_at_source": "given" if published_at else "none",
        "language": submission.language,
        "status": ArticleStatus.QUEUED,
        "submitted_at": now,
        "claims_count": 0,
    }


def _is_current() -> Any:
    return and_(
        article_versions.c.article_id == articles.c.id, article_versions.c.version == articles.c.current_version
    )


def _current(column: Any, article_id: str, desk: str) -> Select[Any]:
    return select(column).join(articles, _is_current()).where(articles.c.id == article_id, articles.c.desk_id == desk)


def _view(desk: str) -> Select[Any]:
    version = article_versions.c
    return (
        select(
            articles.c.id,
            articles.c.external_id,
            articles.c.status,
            version.version,
            version.title,
            version.url,
            version.outlet,
            version.author,
            version.published_at,
            version.published_at_source,
            version.language,
            articles.c.submitted_at,
            version.finished_at,
            version.claims_count,
            version.extractor_name,
            version.extractor_version,
            version.error,
            jobs.c.attempt,
            copies.c.original_id,
        )
        .join(article_versions, _is_current())
        .outerjoin(jobs, and_(jobs.c.article_id == version.article_id, jobs.c.version == version.version))
        .outerjoin(copies, and_(copies.c.article_id == articles.c.id, copies.c.ended_revision == STANDING))
        .where(articles.c.desk_id == desk)
    )


def _article(row: Row[*tuple[Any, ...]]) -> ArticleView:
    extractor = None
    if row.extractor_name is not None:
        extractor = Extractor(name=row.extractor_name, version=row.extractor_version)
    return ArticleView(
        id=row.id,
        status=ArticleStatus(row.status),
        version=row.version,
        external_id=row.external_id,
        title=row.title,
        url=row.url,
        outlet=row.outlet,
        author=row.author,
        published_at=row.published_at,
        published_at_source=row.published_at_source,
        language=row.language,
        submitted_at=row.submitted_at,
        finished_at=row.finished_at,
        attempts=row.attempt or 0,
        claims_count=row.claims_count,
        copy_of=row.original_id,
        extractor=extractor,
        error=row.error,
    )
