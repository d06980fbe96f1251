"""/claims/facets: what a query may be narrowed by."""

from __future__ import annotations

from typing import Any

from service.api.auth import desk
from service.api.claims import read_filters, read_groups
from service.api.context import context
from service.api.parsing import Blueprint
from service.api.schemas.facets import FacetsSchema
from service.api.schemas.queries import FacetQuery
from service.domain.access import Scope
from service.use_cases.facets import FACETS, Facets, find_facets

blueprint = Blueprint("facets", __name__, description="See what a query may be narrowed by.")


@blueprint.route("/claims/facets", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(FacetQuery)
@blueprint.answers(200, FacetsSchema, description="Each field's values, those with most claims first")
@blueprint.problems()
def list_facets(query: dict[str, Any]) -> Facets:
    """Count claims by the values of several fields.

    Takes the filters of `/claims`. Each field is counted without its own filter: with `kind=casualties` the other
    kinds are still shown, with what each would give.
    """
    fields = read_groups(query["fields_"], parameter="fields", known=FACETS, most=len(FACETS))
    with context().reading() as work:
        return find_facets(
            work, read_filters(query), fields=fields, limit=query["limit"], as_of=query["as_of"], desk=desk()
        )
