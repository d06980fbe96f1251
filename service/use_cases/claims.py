"""Claims: the register's answers."""

from __future__ import annotations

from datetime import date, datetime

from service.domain.errors import NotFoundError
from service.domain.register import ClaimQuery, ClaimView, Page
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import revision_as_of
from service.use_cases.filters import resolve_filters
from service.use_cases.paging import page_of_found_claims
from service.use_cases.places import AnyPlaceNames, place_names


def find_claims(
    work: UnitOfWork,
    query: ClaimQuery,
    *,
    desk: str,
    limit: int = 50,
    cursor: str | None = None,
    gazetteer: AnyPlaceNames | None = None,
) -> Page[ClaimView]:
    """A reader who follows the cursors sees every claim that stood at the first page exactly once.

    Raises InvalidInputError, also for a cursor that belongs to other filters or another order;
    UnknownPlaceError and AmbiguousPlaceError for names of places.
    """
    conditions = resolve_filters(query.filters, gazetteer or place_names())
    return page_of_found_claims(work, query, conditions, desk=desk, limit=limit, cursor=cursor)


def get_claim(work: UnitOfWork, claim_id: str, *, as_of: date | datetime | None = None, desk: str) -> ClaimView:
    """Raises NotFoundError, also for a claim that had ended by then."""
    claim = work.claims.get(claim_id, revision=revision_as_of(work, as_of, desk=desk), desk=desk)
    if claim is None:
        raise NotFoundError("claim", claim_id)
    return claim
