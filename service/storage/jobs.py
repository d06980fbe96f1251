"""The queue in the database."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, insert

from service.storage.tables import jobs


class Jobs:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def enqueue(self, article_id: str, version: int, now: datetime) -> None:
        self._connection.execute(
            insert(jobs).values(article_id=article_id, version=version, state="queued", queued_at=now)
        )
