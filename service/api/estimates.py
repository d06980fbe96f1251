"""/estimates: how many, according to whom, and who denies it."""

from __future__ import annotations

from typing import Any

from service.api.auth import desk
from service.api.context import context
from service.api.parsing import Blueprint, as_tuples
from service.api.schemas.estimates import EstimateAnswerSchema
from service.api.schemas.queries import EstimateQuery
from service.domain.access import Scope
from service.domain.estimates import EstimateAnswer
from service.domain.register import ClaimFilters
from service.use_cases.estimates import estimate

blueprint = Blueprint("estimates", __name__, description="Set figures side by side.")


@blueprint.route("/estimates", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(EstimateQuery)
@blueprint.answers(200, EstimateAnswerSchema, description="Each origin's own figures")
@blueprint.problems()
def list_estimates(query: dict[str, Any]) -> EstimateAnswer:
    """Ask how many, according to whom.

    Figures of one force at one place, by origin: whoever said it first, however many repeat it. Stock, flow,
    cumulative figures and losses stand apart, and so do additions. The range is from the lowest to the highest of the
    latest figures; nothing is averaged or summed, parts of a total are left out of it, and so is what is planned,
    possible, vague or rejected by a reviewer. `sentence` is made of these fields and ready to be pasted.
    """
    as_of = query.pop("as_of")
    named = {name: (query[name],) if query[name] else () for name in ("force", "region", "country")}
    with context().reading() as work:
        return estimate(work, ClaimFilters(**as_tuples({**query, **named})), as_of=as_of, desk=desk())
