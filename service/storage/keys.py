"""Keys: every query about them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, or_, select, update

from service.domain.access import ApiKey, Scope
from service.storage.tables import api_key_desks, api_keys


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldKey:
    """`secret_hash` is SHA-256 in hex."""

    key: ApiKey
    secret_hash: str


class Keys:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, key_id: str) -> HeldKey | None:
        """Also one that was revoked or has expired."""
        query = (
            select(api_keys, api_key_desks.c.desk_id)
            .join(api_key_desks, api_key_desks.c.key_id == api_keys.c.id)
            .where(api_keys.c.id == key_id)
            .order_by(api_key_desks.c.ordinal)
        )
        rows = self._connection.execute(query).all()
        if not rows:
            return None
        return HeldKey(key=_key(rows[0], tuple(row.desk_id for row in rows)), secret_hash=rows[0].secret_hash)

    def any_made(self) -> bool:
        """Whether there is a key at all, good or not."""
        return self._connection.scalar(select(api_keys.c.id).limit(1)) is not None

    def list(self) -> Sequence[ApiKey]:
        """The oldest first."""
        desks: dict[str, list[str]] = {}
        held = select(api_key_desks.c.key_id, api_key_desks.c.desk_id)
        for row in self._connection.execute(held.order_by(api_key_desks.c.key_id, api_key_desks.c.ordinal)):
            desks.setdefault(row.key_id, []).append(row.desk_id)
        query = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)
        return [_key(row, tuple(desks.get(row.id, ()))) for row in self._connection.execute(query)]

    def add(self, key: ApiKey, *, secret_hash: str) -> None:
        """Raises sqlalchemy.exc.IntegrityError for a desk that there is not."""
        self._connection.execute(
            insert(api_keys).values(
                id=key.id,
                name=key.name,
                secret_hash=secret_hash,
                scopes=[scope.value for scope in key.scopes],
                created_at=key.created_at,
                expires_at=key.expires_at,
            )
        )
        self._connection.execute(
            insert(api_key_desks),
            [{"key_id": key.id, "ordinal": ordinal, "desk_id": desk} for ordinal, desk in enumerate(key.desks)],
        )

    def end(self, key_id: str, *, at: datetime) -> None:
        """Revoked from `at` on, which may lie ahead; an earlier end stays."""
        self._connection.execute(
            update(api_keys)
            .where(api_keys.c.id == key_id)
            .where(or_(api_keys.c.revoked_at.is_(None), api_keys.c.revoked_at > at))
            .values(revoked_at=at)
        )

    def note_use(self, key_id: str, *, now: datetime, since: datetime) -> None:
        """Notes that the key is used `now`, unless a use after `since` is noted already."""
        self._connection.execute(
            update(api_keys)
            .where(api_keys.c.id == key_id)
            .where(or_(api_keys.c.last_used_at.is_(None), api_keys.c.last_used_at < since))
            .values(last_used_at=now)
        )


def _key(row: Row[*tuple[Any, ...]], desks: tuple[str, ...]) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        scopes=tuple(Scope(scope) for scope in row.scopes),
        desks=desks,
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used_at=row.last_used_at,
    )
