"""Articles: what a reader may ask of them, and how one is taken back or read again."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from service.domain.access import LOCAL, OPERATOR, Actor
from service.domain.errors import ConflictError, GoneError, NotFoundError, NotReadyError
from service.domain.register import Action, ArticleFilters, ArticleStatus, ArticleView, ChangeKind, ClaimView, Page
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.as_of import checked_as_of
from service.use_cases.checks import LARGEST_PAGE
from service.use_cases.filters import just_after
from service.use_cases.paging import page_of_articles, page_of_claims
from service.use_cases.submit import Submitted, submit_article

__all__ = [
    "Submitted",
    "all_claims",
    "article_claims",
    "article_diagnostics",
    "article_text",
    "get_article",
    "list_articles",
    "reprocess_article",
    "reprocess_older_than",
    "retract_article",
    "retry_article",
    "retry_failed",
    "submit_article",
]


def get_article(work: UnitOfWork, article_id: str, *, desk: str) -> ArticleView:
    """Raises NotFoundError, and GoneError for one that was erased. A retracted article is still shown, as such."""
    article = work.articles.find(article_id, desk=desk)
    if article is None:
        tombstone = work.purges.find(article_id, desk=desk)
        if tombstone is not None:
            raise GoneError(f"This article was erased for good on {tombstone.purged_at:%Y-%m-%d}.")
        raise NotFoundError("article", article_id)
    return article


def list_articles(
    work: UnitOfWork, filters: ArticleFilters, *, desk: str, limit: int = 50, cursor: str | None = None
) -> Page[ArticleView]:
    """Last submitted first. An article submitted anew while paging may be met again."""
    return page_of_articles(work, filters, desk=desk, limit=limit, cursor=cursor)


def article_claims(
    work: UnitOfWork,
    article_id: str,
    *,
    as_of: date | datetime | None = None,
    desk: str,
    limit: int = 50,
    cursor: str | None = None,
) -> Page[ClaimView]:
    """The claims that stood then, in the order of the text."""
    get_article(work, article_id, desk=desk)
    return page_of_claims(work, article_id, as_of=as_of, desk=desk, limit=limit, cursor=cursor)


def all_claims(work: UnitOfWork, article_id: str, *, desk: str) -> list[ClaimView]:
    """Those that stand now, in the order of the text."""
    found: list[ClaimView] = []
    cursor: str | None = None
    while True:
        page = article_claims(work, article_id, desk=desk, limit=LARGEST_PAGE, cursor=cursor)
        found.extend(page.data)
        if page.next_cursor is None:
            return found
        cursor = page.next_cursor


def article_text(work: UnitOfWork, article_id: str, *, as_of: date | datetime | None = None, desk: str) -> str:
    """The stored text that offsets index, of the version of that time.

    Raises NotReadyError for HTML that has not been read yet, and for a time at which the article was not held.
    """
    get_article(work, article_id, desk=desk)
    before = just_after(checked_as_of(as_of))
    text = work.articles.text(article_id, desk=desk, before=before)
    if text is None and before is not None:
        raise NotReadyError("Nothing of this article could be read then.")
    if text is None:
        raise NotReadyError("This article came as HTML and has not been read yet.")
    return text


def article_diagnostics(work: UnitOfWork, article_id: str, *, desk: str) -> dict[str, object]:
    """Why not? Raises NotReadyError until the current version has been read."""
    article = get_article(work, article_id, desk=desk)
    diagnostics = work.articles.diagnostics(article_id, desk=desk)
    if diagnostics is None:
        raise NotReadyError(f"This article is {article.status}; diagnostics exist once it has been read.")
    return diagnostics


def retract_article(work: UnitOfWork, article_id: str, *, desk: str, now: datetime, by: Actor = LOCAL) -> ArticleView:
    """Ends its claims; the article stays as a record. Retracting twice is retracting once."""
    article = _locked(work, article_id, desk=desk)
    if article.status != ArticleStatus.RETRACTED:
        work.articles.set_status(article_id, article.version, ArticleStatus.RETRACTED, now=now)
        work.claims.end_all(article_id, article.version, reason=ChangeKind.ARTICLE_RETRACTED, desk=desk, now=now)
        _record(work, Action.ARTICLE_RETRACTED, article, desk=desk, by=by, now=now)
        article = get_article(work, article_id, desk=desk)
        work.commit()
    return article


def reprocess_article(work: UnitOfWork, article_id: str, *, desk: str, now: datetime, by: Actor = LOCAL) -> ArticleView:
    """Has the present extractor read it again; its claims stand until the new ones are saved.

    What waits or is being read already is left to that. Raises ConflictError for a retracted article.
    """
    article = _locked(work, article_id, desk=desk)
    if article.status == ArticleStatus.RETRACTED:
        raise ConflictError("This article is retracted; post it again to have it read.")
    return _queue(work, article, Action.ARTICLE_REPROCESSED, desk=desk, now=now, by=by)


def retry_article(work: UnitOfWork, article_id: str, *, desk: str, now: datetime, by: Actor = LOCAL) -> ArticleView:
    """Takes up a failed article again. Raises ConflictError for one that is done or retracted."""
    article = _locked(work, article_id, desk=desk)
    if article.status in (ArticleStatus.DONE, ArticleStatus.RETRACTED):
        raise ConflictError(f"This article is {article.status}, not failed.")
    return _queue(work, article, Action.ARTICLE_RETRIED, desk=desk, now=now, by=by)


def reprocess_older_than(work: UnitOfWork, version: str, *, desk: str, now: datetime, limit: int = 500) -> int:
    """Queues up to `limit` articles that an older extractor read, and says how many.

    Call again, each time with a new unit of work, until it gives 0. Versions are compared by their
    numbers: 0.9.0 is older than 0.10.0.
    """
    older = [
        known for known in work.articles.extractor_versions(desk=desk) if _version_key(known) < _version_key(version)
    ]
    ids = work.articles.read_by(older, desk=desk, limit=limit) if older else ()
    return _queue_all(work, ids, Action.ARTICLE_REPROCESSED, desk=desk, now=now)


def retry_failed(work: UnitOfWork, *, desk: str, now: datetime, limit: int = 500) -> int:
    """Queues up to `limit` failed articles; call again until it gives 0."""
    failed = work.articles.failed(desk=desk, limit=limit)
    return _queue_all(work, failed, Action.ARTICLE_RETRIED, desk=desk, now=now)


def _locked(work: UnitOfWork, article_id: str, *, desk: str) -> ArticleView:
    """The article as it is once nobody else is changing it."""
    work.articles.lock(article_id)
    return get_article(work, article_id, desk=desk)


def _queue(
    work: UnitOfWork, article: ArticleView, action: Action, *, desk: str, now: datetime, by: Actor
) -> ArticleView:
    if article.status in (ArticleStatus.QUEUED, ArticleStatus.PROCESSING):
        return article
    work.articles.set_status(article.id, article.version, ArticleStatus.QUEUED, now=now)
    work.jobs.enqueue(article.id, article.version, now)
    _record(work, action, article, desk=desk, by=by, now=now)
    article = get_article(work, article.id, desk=desk)
    work.commit()
    return article


def _record(work: UnitOfWork, action: Action, article: ArticleView, *, desk: str, by: Actor, now: datetime) -> None:
    work.audit.record(action, desk=desk, by=by, now=now, article_id=article.id, version=article.version)


def _queue_all(work: UnitOfWork, ids: Sequence[str], action: Action, *, desk: str, now: datetime) -> int:
    for article_id in ids:
        article = _locked(work, article_id, desk=desk)
        if article.status in (ArticleStatus.DONE, ArticleStatus.FAILED):
            work.articles.set_status(article_id, article.version, ArticleStatus.QUEUED, now=now)
            work.jobs.enqueue(article_id, article.version, now)
    if ids:
        work.audit.record(action, desk=desk, by=OPERATOR, now=now, note=f"{len(ids)} articles at once")
        work.commit()
    return len(ids)


def _version_key(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"[0-9]+", version))
