"""/changes: the register as a feed, for those who keep a copy or watch for news."""

from __future__ import annotations

from typing import Any

from service.api.auth import desk
from service.api.context import context
from service.api.parsing import Blueprint
from service.api.schemas.changes import ChangePageSchema
from service.api.schemas.queries import ChangeQuery
from service.domain.access import Scope
from service.domain.register import ChangeView, Page
from service.use_cases.changes import list_changes as find_changes

blueprint = Blueprint("changes", __name__, description="Follow what changes.")


@blueprint.route("/changes", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(ChangeQuery)
@blueprint.answers(200, ChangePageSchema, description="Oldest first")
@blueprint.problems()
def list_changes(query: dict[str, Any]) -> Page[ChangeView]:
    """Follow what changes.

    Read on from `next_cursor`, now or whenever you like: no change is ever added below a cursor that was given out.
    Who keeps the claims of `claim_created`, `claim_revised` and `claim_reviewed` by `claim_id` and drops those of
    `claim_retracted` has, at the end of the feed, what `/claims` answers. With `stories=true` the last entry of what
    was done at once tells what became of stories: created, ended, a figure raised or lowered, newly denied.
    """
    with context().reading() as work:
        with_stories = query.pop("stories")
        return find_changes(work, desk=desk(), with_stories=with_stories, **query)
