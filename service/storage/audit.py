"""The audit: who did what, and when. It is only ever added to; the database itself refuses anything else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select

from service.domain.access import Actor
from service.domain.register import Action, AuditEntry
from service.storage.tables import audit_log


class Audit:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def record(
        self,
        action: Action,
        *,
        desk: str,
        by: Actor,
        now: datetime,
        article_id: str | None = None,
        version: int | None = None,
        claim_id: str | None = None,
        note: str | None = None,
    ) -> None:
        """In the transaction of what was done, so that neither is kept without the other."""
        self._connection.execute(
            insert(audit_log).values(
                at=now,
                desk_id=desk,
                action=action.value,
                actor=by.name,
                key_id=by.key,
                article_id=article_id,
                version=version,
                claim_id=claim_id,
                note=note,
            )
        )

    def list(
        self,
        *,
        action: Sequence[str] = (),
        article: Sequence[str] = (),
        key: Sequence[str] = (),
        at_from: datetime | None = None,
        at_before: datetime | None = None,
        before: int | None = None,
        desk: str,
        limit: int,
    ) -> Sequence[AuditEntry]:
        """Newest first; `before` is the id to go on from."""
        columns = audit_log.c
        query = select(audit_log).where(columns.desk_id == desk)
        if action:
            query = query.where(columns.action.in_(action))
        if article:
            query = query.where(columns.article_id.in_(article))
        if key:
            query = query.where(columns.key_id.in_(key))
        if at_from:
            query = query.where(columns.at >= at_from)
        if at_before:
            query = query.where(columns.at < at_before)
        if before is not None:
            query = query.where(columns.seq < before)
        return [
            AuditEntry(
                id=row.seq,
                at=row.at,
                action=Action(row.action),
                actor=row.actor,
                key=row.key_id,
                article_id=row.article_id,
                version=row.version,
                claim_id=row.claim_id,
                note=row.note,
            )
            for row in self._connection.execute(query.order_by(columns.seq.desc()).limit(limit))
        ]
