"""/regions: looks names of places up."""

from __future__ import annotations

from typing import Any

from service.api.parsing import Blueprint
from service.api.schemas.places import RegionListSchema
from service.api.schemas.queries import RegionQuery
from service.domain.access import Scope
from service.use_cases.regions import search_regions

blueprint = Blueprint("regions", __name__, description="Look names of places up.")


@blueprint.route("/regions", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(RegionQuery)
@blueprint.answers(200, RegionListSchema, description="Best first; empty when nothing bears such a name")
@blueprint.problems()
def list_regions(query: dict[str, Any]) -> dict[str, Any]:
    """Look a place up by any of its names, the beginning of one, or a code."""
    return {"data": search_regions(query["q"], limit=query["limit"])}
