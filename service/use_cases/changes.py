"""What changed in a desk's register, in order."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from service.analysis.effects import effects
from service.domain.errors import InvalidInputError
from service.domain.register import ChangeKind, ChangeView, ClaimConditions, Effect, Page
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.checks import check_limit
from service.use_cases.stories import conditions_around, stories_about

_PARTS: Final = frozenset({ChangeKind.CLAIM_CREATED, ChangeKind.CLAIM_REVISED, ChangeKind.CLAIM_RETRACTED})
"""Of what is done at once; another entry follows."""
LONGEST_CURSOR: Final = 19
"""Digits of the largest id that a database gives."""


def list_changes(
    work: UnitOfWork, *, desk: str, since: str | None = None, limit: int = 50, with_stories: bool = False
) -> Page[ChangeView]:
    """The changes after `since`, oldest first; from the beginning where it is None. `with_stories` adds the effects.

    `next_cursor` is never None: on the last page it is where to ask again for what will have changed by then.
    Entries of a desk are numbered under its lock, so none appears later below a number that was read. Raises
    InvalidInputError for a cursor that was not given out.
    """
    check_limit(limit)
    after = _read(since)
    data = tuple(work.changes.list(after=after, desk=desk, limit=limit))
    if with_stories:
        data = tuple(_with_effects(work, change, desk=desk) for change in data)
    return Page(data=data, next_cursor=str(data[-1].id if data else after))


def _with_effects(work: UnitOfWork, change: ChangeView, *, desk: str) -> ChangeView:
    """What was done at once is told once: on the entry that is logged last."""
    if change.kind in _PARTS:
        return change
    found: dict[tuple[str, str], Effect] = {}
    for conditions in _around(work, change, desk=desk):
        try:
            before = stories_about(work, conditions, revision=change.revision - 1, desk=desk)
            after = stories_about(work, conditions, revision=change.revision, desk=desk)
        except InvalidInputError:
            return change
        found.update(((one.story, one.effect), one) for one in effects(before, after))
    return replace(change, effects=tuple(found.values()))


def _around(work: UnitOfWork, change: ChangeView, *, desk: str) -> list[ClaimConditions]:
    """Of what is looked at before and after: the subjects of the claims that began or ended, each once.

    A denial touches the stories of all regions of its country.
    """
    if change.kind in (ChangeKind.STORIES_MERGED, ChangeKind.STORY_SPLIT) and change.claim_id:
        claim = work.claims.get(change.claim_id, revision=change.revision, desk=desk)
        touched = [claim] if claim else []
    else:
        touched = [*work.changes.touched(change.revision, change.at, desk=desk)]
    return list(dict.fromkeys(conditions for claim in touched for conditions in conditions_around(claim)))


def _read(since: str | None) -> int:
    if since is None:
        return 0
    if not (since.isascii() and since.isdigit() and len(since) <= LONGEST_CURSOR and int(since) < 2**63):
        message = "It is none that Muster gave out; leave it out to read from the beginning."
        raise InvalidInputError("The query can't be answered.", errors={"since": [message]})
    return int(since)
