"""/claims/{id}/reviews: editors judge claims, and everybody sees what they decided."""

from __future__ import annotations

from typing import Any, Final

from flask import request

from service.api import links
from service.api.auth import caller, desk
from service.api.body import read_fields
from service.api.claims import TAGGED, tagged
from service.api.context import context
from service.api.parsing import Blueprint
from service.api.problems import ProblemError
from service.api.schemas.claims import ClaimSchema
from service.api.schemas.queries import NoQuery, PageQuery
from service.api.schemas.reviews import ReviewBody, ReviewPageSchema
from service.domain.access import Scope
from service.domain.claims import Review
from service.domain.register import ClaimView
from service.use_cases.reviews import GivenReview, list_reviews, review_claim

blueprint = Blueprint("reviews", __name__, description="Judge claims.")

_BODY: Final = {
    "required": True,
    "content": {
        "application/json": {
            "schema": {"$ref": "#/components/schemas/ReviewBody"},
            "example": {
                "decision": "corrected",
                "correction": {"count": {"min": 10000, "max": 12000, "qualifier": "range"}, "locations": ["Sudzha"]},
                "comment": "The caption gives both figures.",
            },
        }
    },
}
_IF_MATCH: Final = {
    "name": "If-Match",
    "required": True,
    "schema": {"type": "string"},
    "example": '"r17"',
    "description": "The ETag of the claim as you read it.",
}


@blueprint.route("/claims/<id:id>/reviews", methods=["POST"])
@blueprint.needs(Scope.REVIEW)
@blueprint.query(NoQuery)
@blueprint.doc(requestBody=_BODY)
@blueprint.headers(_IF_MATCH)
@blueprint.answers(200, ClaimSchema, description="The claim as it is now", headers=TAGGED)
@blueprint.problems(400, 404, 409, 412, 413, 415, 428)
def post_review(_query: dict[str, Any], id: str) -> tuple[ClaimView, dict[str, str]]:
    """Confirm, reject, correct or comment on a claim.

    Readers get the corrected claim, and beside it in `extracted` what had been extracted; its evidence stays. Send
    the claim's ETag as `If-Match`: whoever judges a claim that somebody else changed meanwhile is refused with 412.
    """
    seen = seen_tags("/claims/{id}")
    fields = read_fields(request, ReviewBody())
    given = GivenReview(
        decision=Review(fields["decision"]) if fields["decision"] else None,
        correction=fields["correction"] or {},
        comment=fields["comment"],
    )
    ctx = context()
    with ctx.writing() as work:
        claim = review_claim(work, id, given, seen=seen, desk=desk(), now=ctx.now(), by=caller().actor)
    return tagged(claim)


@blueprint.route("/claims/<id:id>/reviews", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(PageQuery)
@blueprint.answers(200, ReviewPageSchema, description="Oldest first")
@blueprint.problems(404)
def get_reviews(query: dict[str, Any], id: str) -> tuple[dict[str, Any], dict[str, str]]:
    """See who decided what about a claim.

    Also of a claim that has ended, and with what was decided about those that it took the place of when its article
    was read anew.
    """
    with context().reading() as work:
        page, standing = list_reviews(work, id, desk=desk(), **query)
    shown = {"data": page.data, "standing": standing, "next_cursor": page.next_cursor}
    return shown, links.next_link(page.next_cursor)


def seen_tags(what: str) -> list[str]:
    """The tags in If-Match. Raises ProblemError where there is none: a judgement is about something that was seen."""
    tags = request.if_match
    if not request.headers.get("If-Match", "").strip() or tags.star_tag:
        raise ProblemError(
            "if-match-needed",
            f"Send the ETag as you read it as If-Match; GET {what} gives it.",
        )
    return list(tags.as_set())
