"""What a change did to stories: those that began or ended, and figures that rose, fell or were newly denied."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from service.analysis.wording import of_whom
from service.domain.register import Effect, StoryEffect
from service.domain.stories import Story


def effects(before: Sequence[Story], after: Sequence[Story]) -> list[Effect]:
    """Stories are the same where they share a claim; one that was split begins anew in each but its first part."""
    held = {(claim.id, story.subject): story for story in before for claim in story.claims}
    found: list[Effect] = []
    went_on: set[str] = set()
    for story in after:
        old = _distinct(held.get((claim.id, story.subject)) for claim in story.claims)
        old = [one for one in old if one.id not in went_on]
        went_on.update(one.id for one in old)
        found += _of(story, old)
    found += (
        Effect(effect=StoryEffect.STORY_ENDED, story=story.id, before=_span([story]), after=None)
        for story in before
        if story.id not in went_on
    )
    return found


def _of(story: Story, old: Sequence[Story]) -> Iterator[Effect]:
    was, now = _span(old), _span([story])
    if not old:
        yield Effect(effect=StoryEffect.STORY_CREATED, story=story.id, before=None, after=now)
    elif now is not None:
        if was is None or now[1] > was[1]:
            yield Effect(effect=StoryEffect.FIGURE_RAISED, story=story.id, before=was, after=now)
        if was is not None and now[0] < was[0]:
            yield Effect(effect=StoryEffect.FIGURE_LOWERED, story=story.id, before=was, after=now)
    known = {denial.origin.key for one in old for denial in one.denials}
    new = {of_whom(denial): None for denial in story.denials if denial.origin.key not in known}
    if new:
        yield Effect(effect=StoryEffect.NEWLY_DENIED, story=story.id, before=was, after=now, by=tuple(new))


def _span(stories: Iterable[Story]) -> tuple[int, int] | None:
    figures = [(story.min, story.max) for story in stories]
    lows = [low for low, _ in figures if low is not None]
    highs = [high for _, high in figures if high is not None]
    return (min(lows), max(highs)) if lows and highs else None


def _distinct(stories: Iterable[Story | None]) -> list[Story]:
    return list({story.id: story for story in stories if story is not None}.values())
