"""Revisions and the change log: in what order changes become visible, and how the register stood at a time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, insert, or_, select, update

from service.domain.errors import NotFoundError
from service.domain.register import ChangeKind, ChangeView, ClaimView
from service.storage.claim_rows import claim_view
from service.storage.tables import change_log, claims, desks


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    kind: ChangeKind
    article_id: str
    version: int
    claim_id: str | None = None


class Changes:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def list(self, *, after: int, desk: str, limit: int) -> Sequence[ChangeView]:
        """The entries after the one with id `after`, in order, each with the claim that it left."""
        entry, row = change_log.c, claims.c
        made = and_(row.desk_id == entry.desk_id, row.id == entry.claim_id, row.created_revision == entry.revision)
        query = (
            select(
                entry.seq,
                entry.revision.label("of_revision"),
                entry.at,
                entry.kind.label("change"),
                entry.version.label("of_version"),
            )
            .add_columns(entry.article_id.label("of_article"), entry.claim_id, claims)
            .join_from(change_log, claims, made, isouter=True)
            .where(entry.desk_id == desk, entry.seq > after)
            .order_by(entry.seq)
            .limit(limit)
        )
        return [
            ChangeView(
                id=found.seq,
                revision=found.of_revision,
                at=found.at,
                kind=ChangeKind(found.change),
                article_id=found.of_article,
                version=found.of_version,
                claim_id=found.claim_id,
                claim=claim_view(found) if found.row_id is not None else None,
            )
            for found in self._connection.execute(query)
        ]

    def touched(self, revision: int, at: datetime, *, desk: str) -> Sequence[ClaimView]:
        """The claims that began or ended at a revision, made at that time, as they were then."""
        entry, row = change_log.c, claims.c
        at_once = select(entry.claim_id).where(entry.desk_id == desk, entry.at == at, entry.revision == revision)
        query = select(claims).where(
            row.desk_id == desk,
            row.id.in_(at_once.where(entry.claim_id.is_not(None))),
            or_(row.created_revision == revision, row.ended_revision == revision),
        )
        return [claim_view(found) for found in self._connection.execute(query.order_by(row.row_id))]


def current_revision(connection: Connection, desk: str) -> int:
    revision: int | None = connection.scalar(select(desks.c.revision).where(desks.c.id == desk))
    if revision is None:
        raise NotFoundError("desk", desk)
    return revision


def revision_before(connection: Connection, desk: str, moment: datetime) -> int:
    """The last revision made before `moment`; 0, at which nothing stood, where there is none."""
    made = select(change_log.c.revision).where(change_log.c.desk_id == desk, change_log.c.at < moment)
    return connection.scalar(made.order_by(change_log.c.at.desc(), change_log.c.revision.desc()).limit(1)) or 0


def next_revision(connection: Connection, desk: str) -> int:
    """Locks the desk until the transaction ends, so take it last: other writers to it wait from here on."""
    raised = update(desks).where(desks.c.id == desk).values(revision=desks.c.revision + 1)
    revision: int | None = connection.scalar(raised.returning(desks.c.revision))
    if revision is None:
        raise NotFoundError("desk", desk)
    return revision


def log(connection: Connection, changes: Iterable[Change], *, desk: str, revision: int, now: datetime) -> None:
    rows: Sequence[dict[str, object]] = [
        {
            "desk_id": desk,
            "revision": revision,
            "at": now,
            "kind": change.kind.value,
            "article_id": change.article_id,
            "version": change.version,
            "claim_id": change.claim_id,
        }
        for change in changes
    ]
    if rows:
        connection.execute(insert(change_log), rows)
