"""Pages and the cursors that lead from one to the next.

A cursor holds the query it belongs to (as a hash), the revision at which its reader began, and the
place of the last row. It is opaque to clients but no secret.
"""

from __future__ import annotations

import base64
import json
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any, Final, TypeGuard, TypeVar

from service.domain.errors import InvalidInputError
from service.domain.identity import digest
from service.domain.places.folding import fold
from service.domain.register import (
    ArticleFilters,
    ArticleStatus,
    ArticleView,
    AuditEntry,
    AuditFilters,
    ClaimConditions,
    ClaimQuery,
    ClaimView,
    Page,
    ReviewEntry,
)
from service.storage.claims import After, ClaimOrder, SortValue
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import revision_as_of
from service.use_cases.checks import check_limit
from service.use_cases.filters import just_after, start_of

T = TypeVar("T")

_ID: Final = re.compile(r"[A-Za-z0-9_-]{0,64}")


@dataclass(frozen=True, slots=True)
class _Cursor:
    query: str
    revision: int
    value: str | int | float | None
    id: str


def page_of_found_claims(
    work: UnitOfWork, query: ClaimQuery, conditions: ClaimConditions, *, desk: str, limit: int, cursor: str | None
) -> Page[ClaimView]:
    order = ClaimOrder(key=query.sort.key, descending=query.sort.descending)
    as_of = query.as_of
    query_digest = digest("claims", desk, query.sort.value, _plain(conditions), *_named(as_of))
    return _claims(work, conditions, order, query_digest, as_of=as_of, desk=desk, limit=limit, cursor=cursor)


def page_of_claims(
    work: UnitOfWork, article_id: str, *, as_of: date | datetime | None, desk: str, limit: int, cursor: str | None
) -> Page[ClaimView]:
    order = ClaimOrder(key="ordinal", descending=False)
    conditions = ClaimConditions(article=(article_id,))
    query_digest = digest("article claims", desk, article_id, *_named(as_of))
    return _claims(work, conditions, order, query_digest, as_of=as_of, desk=desk, limit=limit, cursor=cursor)


def page_of_articles(
    work: UnitOfWork, filters: ArticleFilters, *, desk: str, limit: int, cursor: str | None
) -> Page[ArticleView]:
    check_limit(limit)
    wrong = [status for status in filters.status if status not in set(ArticleStatus)]
    if wrong:
        message = f"{wrong[0]!r} is not one of {', '.join(ArticleStatus)}."
        raise InvalidInputError("The query can't be answered.", errors={"status": [message]})
    query_digest = digest("articles", desk, _plain(filters))
    read = _decode(cursor, query_digest) if cursor is not None else None
    found = work.articles.list(
        status=filters.status,
        outlet=tuple(fold(name) for name in filters.outlet),
        url=filters.url,
        external_id=filters.external_id,
        submitted_from=start_of(filters.submitted_from),
        submitted_before=just_after(filters.submitted_to),
        after=(_moment(str(read.value)), read.id) if read else None,
        desk=desk,
        limit=limit + 1,
    )
    return _page(found, limit, lambda last: _Cursor(query_digest, 0, last.submitted_at.isoformat(), last.id))


def page_of_audit(
    work: UnitOfWork, filters: AuditFilters, *, desk: str, limit: int, cursor: str | None
) -> Page[AuditEntry]:
    check_limit(limit)
    query_digest = digest("audit", desk, _plain(filters))
    before = _number(_decode(cursor, query_digest)) if cursor is not None else None
    found = work.audit.list(
        action=filters.action,
        article=filters.article,
        key=filters.key,
        at_from=start_of(filters.at_from),
        at_before=just_after(filters.at_to),
        before=before,
        desk=desk,
        limit=limit + 1,
    )
    return _page(found, limit, lambda last: _Cursor(query_digest, 0, last.id, ""))


def page_of_reviews(work: UnitOfWork, thread: str, *, desk: str, limit: int, cursor: str | None) -> Page[ReviewEntry]:
    check_limit(limit)
    query_digest = digest("reviews", desk, thread)
    after = _number(_decode(cursor, query_digest)) if cursor is not None else 0
    found = work.reviews.list(thread, after=after, desk=desk, limit=limit + 1)
    return _page(found, limit, lambda last: _Cursor(query_digest, 0, last.id, ""))


def _number(read: _Cursor) -> int:
    """The id of the last row that the reader has."""
    if type(read.value) is not int or not 0 <= read.value < 2**63:
        raise _bad_cursor("It is none that Muster gave out.")
    return read.value


def page_of(
    found: Sequence[T],
    name: str,
    asked: str,
    *,
    revision: int,
    desk: str,
    limit: int,
    cursor: str | None,
    id_of: Callable[[T], str],
) -> Page[T]:
    """A page of what is computed as a whole for each: the rows after the one whose id the cursor holds."""
    check_limit(limit)
    query_digest = digest(name, desk, asked)
    rest = list(found)
    if cursor is not None:
        last = _decode(cursor, query_digest).id
        rest = rest[next((n + 1 for n, one in enumerate(rest) if id_of(one) == last), len(rest)) :]
    return _page(rest, limit, lambda last: _Cursor(query_digest, revision, None, id_of(last)))


def revision_of(cursor: str | None) -> int | None:
    """The revision at which the reader of these pages began; None for the first page. Raises InvalidInputError."""
    if cursor is None:
        return None
    return _read(cursor).revision


def _claims(
    work: UnitOfWork,
    conditions: ClaimConditions,
    order: ClaimOrder,
    query_digest: str,
    *,
    as_of: date | datetime | None,
    desk: str,
    limit: int,
    cursor: str | None,
) -> Page[ClaimView]:
    check_limit(limit)
    if cursor is None:
        revision, after = revision_as_of(work, as_of, desk=desk), None
    else:
        read = _decode(cursor, query_digest)
        revision, after = read.revision, After(value=_value(read.value, order.key), id=read.id)
    found = work.claims.find(conditions, order, revision=revision, after=after, desk=desk, limit=limit + 1)
    data = tuple(row.claim for row in found[:limit])
    if len(found) <= limit:
        return Page(data=data)
    last = found[limit - 1]
    value = last.sort_value.isoformat() if isinstance(last.sort_value, date) else last.sort_value
    following = _Cursor(query=query_digest, revision=revision, value=value, id=last.claim.id)
    return Page(data=data, next_cursor=_encode(following))


def _page(found: Sequence[T], limit: int, following: Callable[[T], _Cursor]) -> Page[T]:
    """The first `limit` of what was found; what was found beyond them only tells that there is more."""
    data = tuple(found[:limit])
    return Page(data=data, next_cursor=_encode(following(data[-1])) if len(found) > limit else None)


def _named(as_of: date | datetime | None) -> list[str]:
    return [as_of.isoformat()] if as_of else []


def _plain(filters: ArticleFilters | AuditFilters | ClaimConditions) -> Any:
    """Fit to be hashed: lists, numbers and texts."""
    return json.loads(json.dumps(asdict(filters), default=str))


def _encode(cursor: _Cursor) -> str:
    raw = json.dumps([cursor.query[:16], cursor.revision, cursor.value, cursor.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(raw.encode()).decode().rstrip("=")


def _decode(cursor: str, query_digest: str) -> _Cursor:
    read = _read(cursor)
    if read.query != query_digest[:16]:
        raise _bad_cursor("It belongs to a query with other filters or another order.")
    return read


def _read(cursor: str) -> _Cursor:
    try:
        raw = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
        read = json.loads(raw)
    except (ValueError, RecursionError):
        raise _bad_cursor("It is none that Muster gave out.") from None
    if not isinstance(read, list) or len(read) != 4:
        raise _bad_cursor("It is none that Muster gave out.")
    query, revision, value, id_ = read
    if not (isinstance(query, str) and _is_number(revision) and revision >= 0 and _is_value(value) and _is_id(id_)):
        raise _bad_cursor("It is none that Muster gave out.")
    return _Cursor(query=query, revision=revision, value=value, id=id_)


def _is_number(value: object) -> TypeGuard[int]:
    """One that the database holds."""
    return type(value) is int and -(2**63) <= value < 2**63


def _is_value(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return value is None or isinstance(value, str) or _is_number(value)


def _is_id(value: object) -> bool:
    return isinstance(value, str) and _ID.fullmatch(value) is not None


def _bad_cursor(message: str) -> InvalidInputError:
    return InvalidInputError("The query can't be answered.", errors={"cursor": [message]})


def _moment(value: str) -> datetime:
    try:
        # Near both ends of the calendar a local time has no UTC.
        moment = datetime.fromisoformat(value)
        moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise _bad_cursor("It is none that Muster gave out.") from None
    if moment.tzinfo is None:
        raise _bad_cursor("It is none that Muster gave out.")
    return moment


def _day(value: str) -> SortValue:
    try:
        return datetime.fromisoformat(value).date()
    except ValueError:
        raise _bad_cursor("It is none that Muster gave out.") from None


def _value(value: str | float | None, key: str) -> SortValue | None:
    readers: dict[str, Callable[[str], SortValue]] = {"reported_at": _moment, "time": _day}
    nullable = key in ("time", "count")
    if value is None and nullable:
        return None
    if key in readers and isinstance(value, str):
        return readers[key](value)
    if key == "confidence" and isinstance(value, (int, float)):
        return float(value)
    if key in ("count", "ordinal") and _is_number(value):
        return value
    raise _bad_cursor("It is none that Muster gave out.")
