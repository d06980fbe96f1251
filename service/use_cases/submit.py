"""Taking in an article: new, held already, changed, or at odds with what is held."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from service.domain.access import LOCAL, Actor
from service.domain.errors import (
    BacklogError,
    ConflictError,
    InProgressError,
    InvalidInputError,
    PurgedError,
    StorageUnavailableError,
)
from service.domain.identity import ArticleKeys, article_id, article_keys, digest, fingerprint
from service.domain.register import Action, ArticleStatus, ArticleView, ChangeKind, Submission
from service.storage.articles import ArticleName
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.checks import check_submission
from service.use_cases.queue import oldest_queued_s

KEY_KEPT = timedelta(hours=24)
"""How long an Idempotency-Key is remembered."""
_ATTEMPTS = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """`accepted`: a new article or version was taken in; else it was held already."""

    article: ArticleView
    accepted: bool


def submit_article(
    work: UnitOfWork,
    submission: Submission,
    *,
    desk: str,
    now: datetime,
    idempotency_key: str | None = None,
    by: Actor = LOCAL,
    backlog_limit_s: float = 0,
) -> Submitted:
    """Commits article, version and job together; wake the workers after it where `accepted`.

    A new version ends the claims of the one before at once, so that nobody reads claims about words
    that were replaced. Raises InvalidInputError, ConflictError where external_id and url name two
    different articles, InProgressError while another request under this key is being answered, and
    PurgedError where the name or the words are those of an erased one. Of identical submissions at
    the same time one is accepted. Where what was queued first waits for more than `backlog_limit_s`
    seconds, new articles and versions raise BacklogError; 0 is no limit.
    """
    check_submission(submission)
    keys = article_keys(submission)
    key = digest("idempotency", idempotency_key) if idempotency_key else None
    request = digest("request", fingerprint(submission), submission.external_id)
    if key:
        if not work.articles.hold_key(key, desk=desk):
            raise InProgressError("A request with this Idempotency-Key is being answered just now; ask again.")
        remembered = work.articles.recall(key, desk=desk, since=now - KEY_KEPT)
        if remembered and remembered.request != request:
            message = "This key came with another article before."
            raise InvalidInputError(message, errors={"Idempotency-Key": [message]})
        if remembered:
            return _submitted(work, remembered.article_id, desk=desk, accepted=remembered.accepted)
    taken, accepted = _take(work, submission, keys, desk=desk, now=now, backlog_limit_s=backlog_limit_s)
    if key:
        work.articles.remember(
            key, desk=desk, request=request, article_id=taken, accepted=accepted, forget=now - KEY_KEPT, now=now
        )
    submitted = _submitted(work, taken, desk=desk, accepted=accepted)
    if accepted:
        work.audit.record(
            Action.ARTICLE_SUBMITTED, desk=desk, by=by, now=now, article_id=taken, version=submitted.article.version
        )
    work.commit()
    return submitted


def _take(
    work: UnitOfWork,
    submission: Submission,
    keys: ArticleKeys,
    *,
    desk: str,
    now: datetime,
    backlog_limit_s: float,
) -> tuple[str, bool]:
    for attempt in range(_ATTEMPTS):
        named = work.articles.lock_named(keys, desk=desk)
        erased = work.purges.known(_all_keys(submission, keys), desk=desk)
        if erased is not None:
            raise PurgedError(erased)
        if not named:
            _refuse_backlog(work, now=now, limit_s=backlog_limit_s)
            id_ = article_id(desk, keys, attempt=attempt)
            if work.articles.add(id_, submission, keys, fingerprint(submission), desk=desk, now=now):
                work.jobs.enqueue(id_, 1, now)
                return id_, True
            # Somebody else was quicker, or the id is that of an article which has moved: look again.
            continue
        held = _the_one(named, submission)
        # An article keeps the names by which it is known when a submission leaves them out.
        submission = replace(
            submission, url=submission.url or held.url, external_id=submission.external_id or held.external_id
        )
        print_ = fingerprint(submission)
        if not work.articles.rename(held.id, submission):
            continue
        if print_ == held.fingerprint and held.status != ArticleStatus.RETRACTED:
            return held.id, False
        _refuse_backlog(work, now=now, limit_s=backlog_limit_s)
        version = held.version + 1
        work.articles.add_version(held.id, version, submission, print_, now=now)
        work.claims.end_all(held.id, held.version, reason=ChangeKind.ARTICLE_SUPERSEDED, desk=desk, now=now)
        work.jobs.enqueue(held.id, version, now)
        return held.id, True
    raise StorageUnavailableError("This article is being changed by others; please try again.")


def _refuse_backlog(work: UnitOfWork, *, now: datetime, limit_s: float) -> None:
    if limit_s and oldest_queued_s(work, now=now) > limit_s:
        raise BacklogError("Articles wait too long to be read already; nothing was accepted. Please try again later.")


def _all_keys(submission: Submission, keys: ArticleKeys) -> list[str]:
    """Of its names, and of its words whatever its name."""
    words = digest("text", submission.text, submission.html)
    return [key for key in (keys.external, keys.url, words) if key is not None]


def _the_one(named: tuple[ArticleName, ...], submission: Submission) -> ArticleName:
    if len(named) > 1:
        raise ConflictError("external_id and url name two different articles.")
    held = named[0]
    if submission.external_id and held.external_id not in (None, submission.external_id):
        raise ConflictError(f"This url is held under the external_id {held.external_id!r}.")
    return held


def _submitted(work: UnitOfWork, id_: str, *, desk: str, accepted: bool) -> Submitted:
    article = work.articles.find(id_, desk=desk)
    if article is None:
        raise StorageUnavailableError("This article is being changed by others; please try again.")
    return Submitted(article=article, accepted=accepted)
