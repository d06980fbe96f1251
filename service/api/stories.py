"""/stories and /contradictions: what many articles tell, and where they can't all be right."""

from __future__ import annotations

from typing import Any

from service.api import links
from service.api.auth import desk
from service.api.context import context
from service.api.parsing import Blueprint, as_tuples
from service.api.schemas.queries import AsOfQuery, StoryQuery
from service.api.schemas.stories import ContradictionPageSchema, StoryPageSchema, StorySchema
from service.domain.access import Scope
from service.domain.register import ClaimFilters, Page
from service.domain.stories import Contradiction, Story
from service.use_cases.stories import find_contradictions, find_stories, get_story

blueprint = Blueprint("stories", __name__, description="See what many articles tell, and where they disagree.")


@blueprint.route("/stories", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(StoryQuery)
@blueprint.answers(200, StoryPageSchema, description="Last told first")
@blueprint.problems()
def list_stories(query: dict[str, Any]) -> tuple[Page[Story], dict[str, str]]:
    """Find stories.

    A story holds the claims of one force, kind and place whose days and figures fit together, whoever tells them and
    in however many articles. Its figures stand by origin: whoever said it first.
    """
    with context().reading() as work:
        page = find_stories(work, desk=desk(), **_asked(query))
    return page, links.next_link(page.next_cursor)


@blueprint.route("/stories/<id:id>", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(AsOfQuery)
@blueprint.answers(200, StorySchema, description="The story with its claims")
@blueprint.problems(404)
def show_story(query: dict[str, Any], id: str) -> Story:
    """Show a story with its claims and their evidence."""
    with context().reading() as work:
        return get_story(work, id, as_of=query["as_of"], desk=desk())


@blueprint.route("/contradictions", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(StoryQuery)
@blueprint.answers(200, ContradictionPageSchema, description="Newest first")
@blueprint.problems()
def list_contradictions(query: dict[str, Any]) -> tuple[Page[Contradiction], dict[str, str]]:
    """Find what can't both hold.

    Figures of different origins for the same people at the same time that are too far apart, and what one origin says
    and another denies, each side with its evidence.
    """
    with context().reading() as work:
        page = find_contradictions(work, desk=desk(), **_asked(query))
    return page, links.next_link(page.next_cursor)


def _asked(query: dict[str, Any]) -> dict[str, Any]:
    rest = {name: query.pop(name) for name in ("as_of", "limit", "cursor")}
    return {"filters": ClaimFilters(**as_tuples(query)), **rest}
