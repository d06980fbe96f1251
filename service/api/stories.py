"""/stories and /contradictions: what many articles tell, and where they can't all be right."""

from __future__ import annotations

from typing import Any, Final

from flask import request

from service.api import links
from service.api.auth import caller, desk
from service.api.body import read_fields
from service.api.context import context
from service.api.parsing import Blueprint, as_tuples
from service.api.reviews import seen_tags
from service.api.schemas.queries import AsOfQuery, NoQuery, StoryQuery
from service.api.schemas.reviews import MergeBody, SplitBody
from service.api.schemas.stories import ContradictionPageSchema, StoryPageSchema, StorySchema
from service.domain.access import Scope
from service.domain.register import ClaimFilters, Page
from service.domain.stories import Contradiction, Story
from service.use_cases.stories import find_contradictions, find_stories, get_story
from service.use_cases.story_reviews import merge_stories, split_story, story_tag

blueprint = Blueprint("stories", __name__, description="See what many articles tell, and where they disagree.")

_TAGGED: Final = {
    "ETag": {
        "schema": {"type": "string"},
        "required": True,
        "description": "Another one each time that the story changes; to be sent as If-Match with a decision.",
    }
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "description": "The ETag of the story as you read it.",
}


def _body(schema: str) -> dict[str, Any]:
    return {
        "required": True,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}},
    }


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
@blueprint.answers(200, StorySchema, description="The story with its claims", headers=_TAGGED)
@blueprint.problems(404)
def show_story(query: dict[str, Any], id: str) -> tuple[Story, dict[str, str]]:
    """Show a story with its claims and their evidence.

    Its ETag is what merging and splitting it need.
    """
    with context().reading() as work:
        return _tagged(get_story(work, id, as_of=query["as_of"], desk=desk()))


@blueprint.route("/stories/<id:id>/merge", methods=["POST"])
@blueprint.needs(Scope.REVIEW)
@blueprint.query(NoQuery)
@blueprint.doc(requestBody=_body("MergeBody"))
@blueprint.headers(_IF_MATCH)
@blueprint.answers(200, StorySchema, description="The story that they make", headers=_TAGGED)
@blueprint.problems(400, 404, 409, 412, 413, 415, 428)
def post_merge(_query: dict[str, Any], id: str) -> tuple[Story, dict[str, str]]:
    """Make one story of two.

    Of the same force, kind, outcome and place. They stay one, and what hangs together with any of it joins it.
    """
    seen, fields = seen_tags("/stories/{id}"), read_fields(request, MergeBody())
    ctx = context()
    with ctx.writing() as work:
        other, comment = fields["story"], fields["comment"]
        story = merge_stories(
            work, id, other, comment=comment, seen=seen, desk=desk(), now=ctx.now(), by=caller().actor
        )
    return _tagged(story)


@blueprint.route("/stories/<id:id>/split", methods=["POST"])
@blueprint.needs(Scope.REVIEW)
@blueprint.query(NoQuery)
@blueprint.doc(requestBody=_body("SplitBody"))
@blueprint.headers(_IF_MATCH)
@blueprint.answers(200, StorySchema, description="The story of the claims that were taken out", headers=_TAGGED)
@blueprint.problems(400, 404, 412, 413, 415, 428)
def post_split(_query: dict[str, Any], id: str) -> tuple[Story, dict[str, str]]:
    """Take claims out of a story.

    They tell a story of their own from now on, and stay apart from the others whatever comes in later.
    """
    seen, fields = seen_tags("/stories/{id}"), read_fields(request, SplitBody())
    ctx = context()
    with ctx.writing() as work:
        claims, comment = fields["claims"], fields["comment"]
        story = split_story(work, id, claims, comment=comment, seen=seen, desk=desk(), now=ctx.now(), by=caller().actor)
    return _tagged(story)


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


def _tagged(story: Story) -> tuple[Story, dict[str, str]]:
    return story, {"ETag": f'"{story_tag(story)}"'}


def _asked(query: dict[str, Any]) -> dict[str, Any]:
    rest = {name: query.pop(name) for name in ("as_of", "limit", "cursor")}
    return {"filters": ClaimFilters(**as_tuples(query)), **rest}
