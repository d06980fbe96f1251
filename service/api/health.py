"""/healthz, /readyz and /metrics: for whoever runs the service."""

from __future__ import annotations

from typing import Any, Final

from flask import Response
from marshmallow import Schema, fields

from service.api import metrics
from service.api.context import context
from service.api.parsing import Blueprint
from service.api.problems import RETRY_AFTER_S, ProblemError
from service.api.schemas.fields import choice
from service.api.schemas.queries import NoQuery
from service.domain.access import Scope

blueprint = Blueprint("service", __name__, description="How the service is.")

_LATER: Final = {"Retry-After": str(RETRY_AFTER_S)}


class HealthSchema(Schema):
    status = fields.String(required=True)


@blueprint.route("/healthz", methods=["GET"])
@blueprint.for_everybody
@blueprint.query(NoQuery)
@blueprint.answers(200, HealthSchema, description="The process answers")
@blueprint.problems()
def health(_query: dict[str, Any]) -> dict[str, str]:
    """Ask whether the process is up."""
    return {"status": "ok"}


class ReadinessSchema(Schema):
    status = choice(("ready", "degraded"), required=True)
    database = fields.String(required=True)
    migration = fields.String(required=True, allow_none=True)
    broker = choice(
        ("ok", "away", "unknown"),
        required=True,
        metadata={"description": "Wake-ups only: with the broker away articles are read later, and none is lost."},
    )


@blueprint.route("/readyz", methods=["GET"])
@blueprint.for_everybody
@blueprint.query(NoQuery)
@blueprint.answers(200, ReadinessSchema, description="Requests can be answered; degraded when the broker is away")
@blueprint.problems()
def ready(_query: dict[str, Any]) -> dict[str, Any]:
    """Ask whether requests can be answered."""
    ctx = context()
    readiness = ctx.readiness()
    if not readiness.database:
        raise ProblemError("storage-unavailable", "The database can't be reached.", headers=_LATER)
    if not readiness.ready:
        raise ProblemError(
            "not-migrated",
            f"The database is at migration {readiness.migration or 'none'}, and {readiness.needed} is needed: "
            "run `muster db upgrade`.",
            headers=_LATER,
        )
    # A wake-up costs next to nothing and finds out whether the broker answers by the next time this is asked.
    ctx.wake()
    answers = ctx.broker_answers()
    return {
        "status": "degraded" if answers is False else "ready",
        "database": "ok",
        "migration": readiness.migration,
        "broker": {True: "ok", False: "away", None: "unknown"}[answers],
    }


@blueprint.route("/metrics", methods=["GET"])
@blueprint.needs(Scope.READ, without_store=True)
@blueprint.query(NoQuery)
@blueprint.answers(200, {"type": "string"}, content_type="text/plain", description="Prometheus' text format")
@blueprint.problems()
def show_metrics(_query: dict[str, Any]) -> Response:
    """Read the metrics."""
    return Response(context().metrics.render(), content_type=metrics.CONTENT_TYPE)
