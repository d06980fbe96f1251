"""Editors' word on stories: two that are one, and one that is two."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from service.domain.access import LOCAL, Actor
from service.domain.errors import ChangedMeanwhileError, ConflictError, InvalidInputError
from service.domain.identity import digest
from service.domain.register import Action, ChangeKind, ClaimView
from service.domain.stories import Story
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.checks import is_sound
from service.use_cases.reviews import LONGEST_COMMENT
from service.use_cases.stories import get_story

_TAG_DIGITS: Final = 16


def story_tag(story: Story) -> str:
    """Another one each time that the story holds other claims, or that one of them changes."""
    return digest(story.id, [[claim.id, claim.revision] for claim in story.claims])[:_TAG_DIGITS]


def merge_stories(
    work: UnitOfWork,
    story_id: str,
    other_id: str,
    *,
    comment: str,
    seen: Collection[str],
    desk: str,
    now: datetime,
    by: Actor = LOCAL,
) -> Story:
    """The one that they make. Claims that come later and hang together with any of it join it.

    `seen` are tags, one of which must be that of `story_id`. Raises NotFoundError, ChangedMeanwhileError,
    ConflictError for stories of different force, kind, outcome or place and for a story with itself, and
    InvalidInputError for the comment. Commits.
    """
    _check_comment(comment)
    story, other = _locked(work, story_id, other_id, desk=desk)
    _check_seen(story, seen)
    if story.id == other.id:
        raise ConflictError("These are the same story.")
    if story.subject != other.subject:
        raise ConflictError("Only stories of the same force, kind, outcome and place can be merged.")
    claims = (*story.claims, *other.claims)
    label = _label(claims, now)
    work.stories.pin(
        [(claim, label) for claim in claims], story.subject.place, kind=ChangeKind.STORIES_MERGED, desk=desk, now=now
    )
    _audit(work, Action.STORIES_MERGED, story, f"{story.id} and {other.id}", comment, desk=desk, by=by, now=now)
    return _after(work, story.id, desk=desk)


def split_story(
    work: UnitOfWork,
    story_id: str,
    claims: Collection[str],
    *,
    comment: str,
    seen: Collection[str],
    desk: str,
    now: datetime,
    by: Actor = LOCAL,
) -> Story:
    """The story of the claims that were taken out. They and the others stay apart, whatever comes in later.

    Raises as merge_stories does, and InvalidInputError where `claims` are none or all of the story's, or none of its.
    """
    _check_comment(comment)
    (story,) = _locked(work, story_id, desk=desk)
    _check_seen(story, seen)
    taken = [claim for claim in story.claims if claim.id in claims]
    left = [claim for claim in story.claims if claim.id not in claims]
    foreign = sorted(set(claims) - {claim.id for claim in taken})
    if foreign:
        raise _refused("claims", f"{foreign[0]!r} is no claim of this story.")
    if not taken or not left:
        raise _refused("claims", "Name some of the story's claims, but not all.")
    labels = [(claim, label) for those in (left, taken) for label in [_label(those, now)] for claim in those]
    work.stories.pin(labels, story.subject.place, kind=ChangeKind.STORY_SPLIT, desk=desk, now=now)
    _audit(work, Action.STORY_SPLIT, story, story.id, comment, desk=desk, by=by, now=now)
    return _after(work, _named(taken[0], story), desk=desk)


def _named(claim: ClaimView, story: Story) -> str:
    """Any claim of a story names it."""
    return story.id.replace(story.claims[0].id.removeprefix("c_"), claim.id.removeprefix("c_"))


def _label(claims: Sequence[ClaimView], now: datetime) -> str:
    return digest("story", sorted(claim.id for claim in claims), now.isoformat())


def _locked(work: UnitOfWork, *ids: str, desk: str) -> tuple[Story, ...]:
    """The stories, which nobody changes before the commit: their articles are locked, and then the desk."""
    articles = {claim.article_id for id_ in ids for claim in get_story(work, id_, desk=desk).claims}
    for article in sorted(articles):
        work.articles.lock(article)
    work.stories.lock(desk=desk)
    stories = tuple(get_story(work, id_, desk=desk) for id_ in ids)
    if {claim.article_id for story in stories for claim in story.claims} - articles:
        raise ChangedMeanwhileError("Another article came in just now; read the story again, then judge it.")
    return stories


def _check_seen(story: Story, seen: Collection[str]) -> None:
    if story_tag(story) not in seen:
        raise ChangedMeanwhileError("This story is not as it was when you read it; read it again, then judge it.")


def _after(work: UnitOfWork, story_id: str, *, desk: str) -> Story:
    story = get_story(work, story_id, desk=desk)
    work.commit()
    return story


def _audit(
    work: UnitOfWork, action: Action, story: Story, ids: str, comment: str, *, desk: str, by: Actor, now: datetime
) -> None:
    first = story.claims[0]
    note = f"{ids}: {comment}"
    work.audit.record(action, desk=desk, by=by, now=now, article_id=first.article_id, claim_id=first.id, note=note)


def _check_comment(comment: str) -> None:
    if not is_sound(comment, longest=LONGEST_COMMENT):
        raise _refused("comment", f"Must be 1 to {LONGEST_COMMENT} characters that say why.")


def _refused(field: str, message: str) -> InvalidInputError:
    return InvalidInputError("The decision can't be taken.", errors={field: [message]})
