"""Desks: registers beside each other that share nothing."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from service.domain.register import DeskView
from service.storage.tables import articles, desks


class Desks:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def exists(self, desk: str) -> bool:
        return self._connection.scalar(select(desks.c.id).where(desks.c.id == desk)) is not None

    def list(self) -> Sequence[DeskView]:
        """By name."""
        query = (
            select(desks.c.id, func.count(articles.c.id).label("articles"))
            .outerjoin(articles, articles.c.desk_id == desks.c.id)
            .group_by(desks.c.id)
            .order_by(desks.c.id)
        )
        return [DeskView(id=row.id, articles=row.articles) for row in self._connection.execute(query)]

    def add(self, desk: str) -> bool:
        """False where there is one of that name."""
        try:
            with self._connection.begin_nested():
                self._connection.execute(insert(desks).values(id=desk, revision=0))
        except IntegrityError:
            return False
        return True
