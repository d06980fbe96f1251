"""Whether the register can answer now."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from service.storage.migrate import current_revision, head_revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """`migration` is what the database has, `needed` what this code wants."""

    database: bool
    migration: str | None
    needed: str | None

    @property
    def ready(self) -> bool:
        return self.database and self.migration == self.needed


def readiness(engine: Engine) -> Readiness:
    """Never raises for a database that is away."""
    try:
        migration = current_revision(engine)
    except SQLAlchemyError:
        return Readiness(database=False, migration=None, needed=head_revision())
    return Readiness(database=True, migration=migration, needed=head_revision())
