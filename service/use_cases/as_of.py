"""The moment of the register that a reader asks for."""

from __future__ import annotations

from datetime import date, datetime

from service.domain.errors import InvalidInputError
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.filters import just_after


def revision_as_of(work: UnitOfWork, as_of: date | datetime | None, *, desk: str) -> int:
    """The revision that stood then: at that instant, at the end of that day (UTC), or now for None and what is to come.

    It is about what the register held, not about what had been published: an article that was posted a year after
    it appeared is unknown until then. Raises InvalidInputError for a time without its zone.
    """
    return work.claims.revision(desk=desk, before=just_after(checked_as_of(as_of)))


def checked_as_of(as_of: date | datetime | None) -> date | datetime | None:
    """The same. Raises InvalidInputError for a time without its zone."""
    if isinstance(as_of, datetime) and as_of.tzinfo is None:
        message = "Give a date, or a time with its zone."
        raise InvalidInputError("The query can't be answered.", errors={"as_of": [message]})
    return as_of
