"""What changed in a desk's register, in order."""

from __future__ import annotations

from service.domain.errors import InvalidInputError
from service.domain.register import ChangeView, Page
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.checks import check_limit

LONGEST_CURSOR = 19
"""Digits of the largest id that a database gives."""


def list_changes(work: UnitOfWork, *, desk: str, since: str | None = None, limit: int = 50) -> Page[ChangeView]:
    """The changes after `since`, oldest first; from the beginning where it is None.

    `next_cursor` is never None: on the last page it is where to ask again for what will have changed by then.
    Entries of a desk are numbered under its lock, so none appears later below a number that was read. Raises
    InvalidInputError for a cursor that was not given out.
    """
    check_limit(limit)
    after = _read(since)
    data = tuple(work.changes.list(after=after, desk=desk, limit=limit))
    return Page(data=data, next_cursor=str(data[-1].id if data else after))


def _read(since: str | None) -> int:
    if since is None:
        return 0
    if not (since.isascii() and since.isdigit() and len(since) <= LONGEST_CURSOR and int(since) < 2**63):
        message = "It is none that Muster gave out; leave it out to read from the beginning."
        raise InvalidInputError("The query can't be answered.", errors={"since": [message]})
    return int(since)
