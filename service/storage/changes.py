"""Revisions and the change log: in what order changes become visible."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from service.domain.errors import NotFoundError
from service.storage.tables import change_log, desks


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """`kind`: article_ done, failed, superseded or retracted; claim_ added, changed or ended."""

    kind: str
    article_id: str
    version: int
    claim_id: str | None = None


def current_revision(connection: Connection, desk: str) -> int:
    revision: int | None = connection.scalar(select(desks.c.revision).where(desks.c.id == desk))
    if revision is None:
        raise NotFoundError("desk", desk)
    return revision


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
            "kind": change.kind,
            "article_id": change.article_id,
            "version": change.version,
            "claim_id": change.claim_id,
        }
        for change in changes
    ]
    if rows:
        connection.execute(insert(change_log), rows)
