"""What the audit answers, and erasing an article for good."""

from __future__ import annotations

from datetime import datetime

from service.domain.access import LOCAL, Actor
from service.domain.errors import ConflictError, InvalidInputError, NotFoundError
from service.domain.register import Action, AuditEntry, AuditFilters, Page, Tombstone
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import get_article
from service.use_cases.checks import is_sound
from service.use_cases.paging import page_of_audit

LONGEST_REASON = 1000


def list_audit(
    work: UnitOfWork, filters: AuditFilters, *, desk: str, limit: int = 50, cursor: str | None = None
) -> Page[AuditEntry]:
    """Newest first."""
    return page_of_audit(work, filters, desk=desk, limit=limit, cursor=cursor)


def purge_article(
    work: UnitOfWork, article_id: str, *, reason: str, desk: str, now: datetime, by: Actor = LOCAL
) -> Tombstone:
    """Erases text, page, title, evidence and claims of all versions; a tombstone, the audit and ids in the log stay.

    The same names or words posted again are refused until readmit_article. Raises NotFoundError and GoneError.
    Commits.
    """
    _check_reason(reason)
    work.articles.lock(article_id)
    article = get_article(work, article_id, desk=desk)
    work.purges.erase(article_id, article.version, desk=desk, now=now)
    work.audit.record(
        Action.ARTICLE_PURGED, desk=desk, by=by, now=now, article_id=article_id, version=article.version, note=reason
    )
    work.commit_erasure()
    return Tombstone(id=article_id, purged_at=now)


def readmit_article(
    work: UnitOfWork, article_id: str, *, reason: str, desk: str, now: datetime, by: Actor = LOCAL
) -> Tombstone:
    """Lets an erased article be posted again; nothing of it comes back by itself. Commits.

    Raises NotFoundError for what was never erased here, ConflictError where it is readmitted already.
    """
    _check_reason(reason)
    tombstone = work.purges.find(article_id, desk=desk)
    if tombstone is None:
        raise NotFoundError("erased article", article_id)
    if tombstone.readmitted_at is not None:
        raise ConflictError("This article may be posted again already.")
    work.purges.readmit(article_id, now=now)
    work.audit.record(Action.ARTICLE_READMITTED, desk=desk, by=by, now=now, article_id=article_id, note=reason)
    work.commit()
    return Tombstone(id=article_id, purged_at=tombstone.purged_at, readmitted_at=now)


def _check_reason(reason: str) -> None:
    if not is_sound(reason, longest=LONGEST_REASON):
        message = f"Must be 1 to {LONGEST_REASON} characters that say why."
        raise InvalidInputError("The reason can't be taken.", errors={"reason": [message]})
