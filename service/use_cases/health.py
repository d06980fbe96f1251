"""Whether the register can answer now."""

from __future__ import annotations

from dataclasses import dataclass

from service.domain.errors import StorageUnavailableError
from service.storage.migrate import Schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`migration` is what the database has, `needed` what this code wants."""

    database: bool
    migration: str | None
    needed: str | None

    @property
    def ready(self) -> bool:
        return self.database and self.migration == self.needed


def readiness(schema: Schema) -> Readiness:
    """Never raises for a database that is away."""
    try:
        migration = schema.current()
    except StorageUnavailableError:
        return Readiness(database=False, migration=None, needed=schema.needed())
    return Readiness(database=True, migration=migration, needed=schema.needed())
