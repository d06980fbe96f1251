"""Editors' reviews: judging a claim, and what was decided about it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, is_dataclass, replace
from datetime import date, datetime
from typing import Any

from service.domain.access import LOCAL, Actor
from service.domain.claims import CORRECTABLE, Claim, Review
from service.domain.errors import ChangedMeanwhileError, ConflictError, InvalidInputError, NotFoundError
from service.domain.register import Action, ClaimView, FieldChange, Page, ReviewedArticle, ReviewEntry
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.articles import all_claims
from service.use_cases.checks import is_sound
from service.use_cases.claims import get_claim
from service.use_cases.corrections import Corrector, as_claim, refused
from service.use_cases.paging import page_of_reviews
from service.use_cases.places import AnyPlaceNames, place_names

LONGEST_COMMENT = 2000
"""Code points."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenReview:
    """What an editor sends. `decision` is None for a mere comment; `correction` is what Corrector reads."""

    decision: Review | None = None
    correction: Mapping[str, Any] = field(default_factory=dict)
    comment: str | None = None


def version_tag(claim: ClaimView) -> str:
    """Another one each time that anything about the claim changes."""
    return f"r{claim.revision}"


def review_claim(
    work: UnitOfWork,
    claim_id: str,
    given: GivenReview,
    *,
    seen: Collection[str],
    desk: str,
    now: datetime,
    by: Actor = LOCAL,
    gazetteer: AnyPlaceNames | None = None,
) -> ClaimView:
    """The claim as it is afterwards. `seen` are version tags, one of which must be that of the claim as it stands.

    confirmed and rejected are about the claim as it stands, corrections included; a correction adds to those made
    before; unreviewed takes everything back to what was extracted. Raises NotFoundError, ChangedMeanwhileError,
    ConflictError where there is nothing to take back, InvalidInputError, and UnknownPlaceError and
    AmbiguousPlaceError for names of places. Commits.
    """
    _check(given)
    work.articles.lock(get_claim(work, claim_id, desk=desk).article_id)
    claim = get_claim(work, claim_id, desk=desk)
    if version_tag(claim) not in seen:
        raise ChangedMeanwhileError("This claim is not as it was when you read it; read it again, then judge it.")
    after = claim
    if given.decision is not None:
        _decide(work, claim, given, desk=desk, now=now, gazetteer=gazetteer or place_names())
        after = get_claim(work, claim_id, desk=desk)
    changes = _changes(claim, after)
    work.reviews.record(
        claim, decision=given.decision, changes=changes, comment=given.comment, desk=desk, by=by, now=now
    )
    _audit(work, claim, given, changes, desk=desk, by=by, now=now)
    work.commit()
    return after


def list_reviews(
    work: UnitOfWork, claim_id: str, *, desk: str, limit: int = 50, cursor: str | None = None
) -> tuple[Page[ReviewEntry], str | None]:
    """What was decided about the claim and those that it took the place of, oldest first; also of one that has ended.

    Beside it the id of the standing claim that bears these reviews now, None where there is none. Raises
    NotFoundError.
    """
    thread = work.reviews.thread(claim_id, desk=desk)
    if thread is None:
        raise NotFoundError("claim", claim_id)
    page = page_of_reviews(work, thread, desk=desk, limit=limit, cursor=cursor)
    return page, work.reviews.bearer(thread, desk=desk)


def reviewed_articles(work: UnitOfWork, *, partly: bool = False, desk: str) -> Iterator[ReviewedArticle]:
    """Those all of whose claims have been judged as they stand; `partly`: those with one such claim at least."""
    enough = any if partly else all
    for article_id, version in work.reviews.articles(desk=desk):
        claims = all_claims(work, article_id, desk=desk)
        article = work.articles.load_for_extraction(article_id, version)
        judged = [claim.review is not Review.UNREVIEWED and not claim.review_stale for claim in claims]
        if article is not None and enough(judged):
            yield ReviewedArticle(article=article, claims=tuple(claims))


def _decide(
    work: UnitOfWork, claim: ClaimView, given: GivenReview, *, desk: str, now: datetime, gazetteer: AnyPlaceNames
) -> None:
    shown: Claim | None = as_claim(claim)
    part_of = claim.part_of
    review = given.decision or claim.review
    if review is Review.UNREVIEWED:
        if claim.review is Review.UNREVIEWED and not claim.review_stale:
            raise ConflictError("This claim is unreviewed; there is nothing to take back.")
        shown = None
    elif review is Review.CORRECTED:
        corrector = Corrector(
            view=claim, gazetteer=gazetteer, text=lambda: work.articles.text(claim.article_id, desk=desk)
        )
        shown = corrector.correct(given.correction)
        if "part_of" in given.correction:
            part_of = _total(work, claim, given.correction["part_of"], desk=desk)
        _check_difference(claim, shown, part_of)
    work.reviews.judge(claim.id, review=review, shown=shown, part_of=part_of, desk=desk, now=now)


def _total(work: UnitOfWork, claim: ClaimView, total: str | None, *, desk: str) -> str | None:
    """The claim that this one is to be a part of: another one of the article, and not in the end a part of this."""
    above, passed = total, set()
    while above is not None and above not in passed:
        passed.add(above)
        try:
            found = get_claim(work, above, desk=desk)
        except NotFoundError:
            found = None
        if found is None or found.article_id != claim.article_id:
            raise refused(("part_of", f"No claim {above!r} of this article stands."))
        above = found.part_of
        if claim.id in (found.id, above):
            raise refused(("part_of", "A claim can't be a part of itself."))
    return total


def _check_difference(claim: ClaimView, shown: Claim, part_of: str | None) -> None:
    before = {**asdict(as_claim(claim)), "part_of": claim.part_of}
    after = {**asdict(shown), "part_of": part_of}
    extracted = claim.extracted or {}
    as_extracted = {
        **asdict(replace(as_claim(claim), **{name: extracted[name] for name in extracted if name != "part_of"})),
        "part_of": extracted.get("part_of", claim.part_of),
    }
    message = None
    if after == as_extracted:
        message = "The claim would be as it was extracted: confirm it, or take the review back with `unreviewed`."
    elif after == before and claim.review is Review.CORRECTED and not claim.review_stale:
        message = "The claim says so already."
    if message:
        raise InvalidInputError("The correction changes nothing.", errors={"correction": [message]})


def _changes(before: ClaimView, after: ClaimView) -> list[FieldChange]:
    return [
        FieldChange(field=name, from_=_plain(getattr(before, name)), to=_plain(getattr(after, name)))
        for name in ("review", *CORRECTABLE)
        if getattr(before, name) != getattr(after, name)
    ]


def _plain(value: Any) -> Any:
    """As JSON has it."""
    if is_dataclass(value) and not isinstance(value, type):
        return {name: _plain(one) for name, one in asdict(value).items()}
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(one) for one in value]
    return value.isoformat() if isinstance(value, date) else value


def _audit(
    work: UnitOfWork,
    claim: ClaimView,
    given: GivenReview,
    changes: Sequence[FieldChange],
    *,
    desk: str,
    by: Actor,
    now: datetime,
) -> None:
    """Names the fields and not what they say: the audit outlives an article that is erased."""
    names = ", ".join(change.field for change in changes if change.field != "review")
    note = given.decision.value if given.decision else "comment"
    work.audit.record(
        Action.CLAIM_REVIEWED,
        desk=desk,
        by=by,
        now=now,
        article_id=claim.article_id,
        claim_id=claim.id,
        note=f"{note}: {names}" if names else note,
    )


def _check(given: GivenReview) -> None:
    errors: dict[str, list[str]] = {}
    if given.decision is Review.CORRECTED and not given.correction:
        errors["correction"] = ["Say what is to be corrected."]
    if given.correction and given.decision is not Review.CORRECTED:
        errors["correction"] = ["Belongs to the decision `corrected`."]
    if given.decision is None and given.comment is None:
        errors["comment"] = ["Give a decision or a comment."]
    if given.comment is not None and not is_sound(given.comment, longest=LONGEST_COMMENT):
        errors["comment"] = [f"Must be 1 to {LONGEST_COMMENT} characters."]
    if errors:
        raise InvalidInputError("The review can't be taken.", errors=errors)
