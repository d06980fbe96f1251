"""Erasing articles for good, and knowing them again when they are posted anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select, update

from service.domain.identity import digest
from service.domain.register import ChangeKind, Tombstone
from service.storage import changes, claim_search, copies
from service.storage.tables import (
    STANDING,
    article_versions,
    articles,
    claims,
    idempotency_keys,
    jobs,
    purged_articles,
    purged_keys,
    reviews,
    story_pins,
)


class Purges:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, article_id: str, *, desk: str) -> Tombstone | None:
        query = select(purged_articles).where(
            purged_articles.c.article_id == article_id, purged_articles.c.desk_id == desk
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            return None
        return Tombstone(id=row.article_id, purged_at=row.purged_at, readmitted_at=row.readmitted_at)

    def known(self, keys: Iterable[str], *, desk: str) -> str | None:
        """The erased article that bore one of these keys, as long as it is not readmitted."""
        query = select(purged_keys.c.article_id).where(purged_keys.c.desk_id == desk, purged_keys.c.key.in_(set(keys)))
        article_id: str | None = self._connection.scalar(query.order_by(purged_keys.c.article_id).limit(1))
        return article_id

    def erase(self, article_id: str, version: int, *, desk: str, now: datetime) -> None:
        """Deletes every version, claim, review, job and remembered request; the article is locked already.

        What is left is a tombstone, hashes by which the article is known again, and in the change log the ids
        of what ended.
        """
        kept = self._keys(article_id)
        stood = self._connection.scalars(
            select(claims.c.id).where(claims.c.article_id == article_id, claims.c.ended_revision == STANDING)
        ).all()
        revision = changes.next_revision(self._connection, desk)
        claim_search.forget(self._connection, article_id)
        copies.drop(self._connection, article_id, desk=desk, revision=revision)
        copies.erase(self._connection, article_id)
        for table in (reviews, story_pins, claims, jobs, article_versions, idempotency_keys):
            self._connection.execute(delete(table).where(table.c.article_id == article_id))
        self._connection.execute(delete(articles).where(articles.c.id == article_id))
        self._bury(article_id, kept, desk=desk, now=now)
        ended = [
            changes.Change(kind=ChangeKind.CLAIM_RETRACTED, article_id=article_id, version=version, claim_id=id_)
            for id_ in sorted(stood)
        ]
        purged = changes.Change(kind=ChangeKind.ARTICLE_PURGED, article_id=article_id, version=version)
        changes.log(self._connection, [*ended, purged], desk=desk, revision=revision, now=now)

    def readmit(self, article_id: str, *, now: datetime) -> None:
        """Lets it be posted again."""
        self._connection.execute(delete(purged_keys).where(purged_keys.c.article_id == article_id))
        self._connection.execute(
            update(purged_articles).where(purged_articles.c.article_id == article_id).values(readmitted_at=now)
        )

    def _keys(self, article_id: str) -> set[str]:
        """Hashes of all that any version was known by, and of its words."""
        names = select(articles.c.external_key, articles.c.url_key, articles.c.text_key)
        keys = set(self._connection.execute(names.where(articles.c.id == article_id)).one())
        versions = select(article_versions.c.url, article_versions.c.text, article_versions.c.html)
        for row in self._connection.execute(versions.where(article_versions.c.article_id == article_id)):
            # Of HTML the text beside it is what was found in it, not what was posted.
            keys.add(digest("text", None if row.html is not None else row.text, row.html))
            keys.add(digest("url", row.url) if row.url else None)
        return keys - {None}

    def _bury(self, article_id: str, keys: set[str], *, desk: str, now: datetime) -> None:
        again = update(purged_articles).where(purged_articles.c.article_id == article_id)
        if not self._connection.execute(again.values(purged_at=now, readmitted_at=None)).rowcount:
            self._connection.execute(insert(purged_articles).values(article_id=article_id, desk_id=desk, purged_at=now))
        self._connection.execute(
            insert(purged_keys),
            [{"desk_id": desk, "key": key, "article_id": article_id} for key in sorted(keys)],
        )
