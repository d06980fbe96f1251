"""All claims of a query at once, read a few thousand at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final

from service.domain.errors import CutShortError, TooManyClaimsError
from service.domain.register import ClaimConditions, ClaimQuery, ClaimView
from service.storage.claims import After, ClaimOrder
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import revision_as_of
from service.use_cases.filters import resolve_filters
from service.use_cases.places import AnyPlaceNames, place_names

AT_ONCE: Final = 2000

Reading = Callable[[], AbstractContextManager[UnitOfWork]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Export:
    """`claims` are those that stood when the export began, `number` of them, in order.

    Reading them raises StorageUnavailableError, and CutShortError where an article was erased meanwhile: what was
    read until then is not whole.
    """

    number: int
    claims: Iterator[ClaimView]


def export_claims(
    reading: Reading, query: ClaimQuery, *, desk: str, most: int, gazetteer: AnyPlaceNames | None = None
) -> Export:
    """Counts the claims, and reads them when they are asked for.

    Each part is read in a transaction of its own, so that a slow reader holds none. Raises TooManyClaimsError for
    more than `most`, and what find_claims raises.
    """
    conditions = resolve_filters(query.filters, gazetteer or place_names())
    with reading() as work:
        revision = revision_as_of(work, query.as_of, desk=desk)
        (everything,) = work.claims.groups(conditions, (), revision=revision, desk=desk, limit=1)
    if everything.claims > most:
        raise TooManyClaimsError(everything.claims, most=most)
    order = ClaimOrder(key=query.sort.key, descending=query.sort.descending)
    found = _read(reading, conditions, order, revision=revision, desk=desk, number=everything.claims)
    return Export(number=everything.claims, claims=found)


def _read(
    reading: Reading, conditions: ClaimConditions, order: ClaimOrder, *, revision: int, desk: str, number: int
) -> Iterator[ClaimView]:
    after: After | None = None
    left = number
    while left:
        with reading() as work:
            rows = work.claims.find(conditions, order, revision=revision, after=after, desk=desk, limit=AT_ONCE)
        yield from (row.claim for row in rows)
        left -= len(rows)
        if left and len(rows) < AT_ONCE:
            raise CutShortError("An article was erased while its claims were exported; please export them again.")
        if rows:
            after = After(value=rows[-1].sort_value, id=rows[-1].claim.id)
