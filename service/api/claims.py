"""/claims and /aggregates: who is said to be where, how many, according to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import Any, Final

from service.api import links
from service.api.auth import desk
from service.api.context import context
from service.api.parsing import Blueprint, as_tuples, nearest
from service.api.problems import ProblemError
from service.api.schemas.claims import ClaimPageSchema, ClaimSchema
from service.api.schemas.places import AggregateListSchema
from service.api.schemas.queries import AggregateQuery, AsOfQuery, ClaimQueryParameters
from service.domain.access import Scope
from service.domain.register import ClaimFilters, ClaimQuery, ClaimSort, ClaimView, GroupKey, Page
from service.use_cases.aggregates import aggregate
from service.use_cases.claims import find_claims, get_claim
from service.use_cases.reviews import version_tag

blueprint = Blueprint("claims", __name__, description="Ask who is said to be where, how many, according to whom.")

_FILTER_NAMES: Final = tuple(field.name for field in fields(ClaimFilters))
_MOST_GROUPS: Final = 4
TAGGED: Final = {
    "ETag": {
        "schema": {"type": "string"},
        "required": True,
        "description": "Another one each time that the claim changes; to be sent as If-Match with a review.",
    }
}


@blueprint.route("/claims", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(ClaimQueryParameters)
@blueprint.answers(200, ClaimPageSchema, description="A page of claims")
@blueprint.problems()
def list_claims(query: dict[str, Any]) -> tuple[Page[ClaimView], dict[str, str]]:
    """Find claims.

    A filter on a place covers what lies inside it: `region=Kursk` finds a claim about Sudzha. Names that no place
    bears are refused with suggestions, and so are names of several places.
    """
    with context().reading() as work:
        page = find_claims(work, read_query(query), desk=desk(), limit=query["limit"], cursor=query["cursor"])
    return page, links.next_link(page.next_cursor)


@blueprint.route("/claims/<id:id>", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(AsOfQuery)
@blueprint.answers(200, ClaimSchema, description="The claim", headers=TAGGED)
@blueprint.problems(404)
def show_claim(query: dict[str, Any], id: str) -> tuple[ClaimView, dict[str, str]]:
    """Show a claim.

    Its ETag is what a review of it needs.
    """
    with context().reading() as work:
        return tagged(get_claim(work, id, as_of=query["as_of"], desk=desk()))


def tagged(claim: ClaimView) -> tuple[ClaimView, dict[str, str]]:
    return claim, {"ETag": f'"{version_tag(claim)}"'}


@blueprint.route("/aggregates", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(AggregateQuery)
@blueprint.answers(200, AggregateListSchema, description="One row to a group, ordered by its keys")
@blueprint.problems()
def list_aggregates(query: dict[str, Any]) -> dict[str, Any]:
    """Count claims by group.

    Claims and articles are counted; `min` and `max` are the smallest and largest figure that anybody gave. Nothing
    is summed or averaged: the figures of several speakers are not added up.
    """
    groups = read_groups(query["group_by"])
    with context().reading() as work:
        names = tuple(str(group) for group in groups)
        rows = aggregate(work, read_filters(query), group_by=names, as_of=query["as_of"], desk=desk())
    return {"group_by": [str(group) for group in groups], "data": rows}


def read_query(query: dict[str, Any]) -> ClaimQuery:
    return ClaimQuery(filters=read_filters(query), sort=ClaimSort(query["sort"]), as_of=query["as_of"])


def read_filters(query: dict[str, Any]) -> ClaimFilters:
    given: dict[str, Any] = {name: query[name] for name in _FILTER_NAMES}
    return ClaimFilters(**as_tuples(given))


def read_groups(
    given: str, *, parameter: str = "group_by", known: Iterable[GroupKey] = GroupKey, most: int = _MOST_GROUPS
) -> tuple[GroupKey, ...]:
    """The groups named in `given`, in their order. Raises ProblemError for unknown, repeated or too many ones."""
    names_known = [group.value for group in known]
    names = [name.strip() for name in given.split(",")]
    unknown = [name for name in names if name not in names_known]
    if unknown:
        near = nearest(unknown[0], names_known)
        raise ProblemError(
            "invalid-parameter",
            f"Claims can't be counted by {unknown[0]!r}" + (f"; did you mean {near[0]!r}?" if near else "."),
            errors={parameter: ["Must be some of " + ", ".join(names_known) + "."]},
            did_you_mean={unknown[0]: near} if near else None,
        )
    if len(names) > most or len(set(names)) < len(names):
        sentence = f"Name up to {most} of them, each once."
        raise ProblemError("invalid-parameter", sentence, errors={parameter: [sentence]})
    return tuple(GroupKey(name) for name in names)
