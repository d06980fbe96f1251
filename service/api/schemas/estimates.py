"""Estimates as JSON."""

from __future__ import annotations

from marshmallow import Schema, fields

from service.api.schemas.claims import CountSchema
from service.api.schemas.fields import Instant, choice
from service.api.schemas.views import ViewSchema
from service.domain.claims import Kind, Outcome, Polarity, Status
from service.domain.estimates import Telling
from service.domain.figures import Basis


class OriginSchema(ViewSchema):
    """Who said it first."""

    key = fields.String(required=True, metadata={"description": "The same for all that count as one speaker."})
    name = fields.String(
        required=True, allow_none=True, metadata={"description": "Null where an article without outlet names nobody."}
    )


class TellingLinksSchema(Schema):
    claim = fields.String(required=True, metadata={"description": "One of the claims, with its evidence."})


class TellingSchema(ViewSchema):
    """One figure of one origin, however many repeat it."""

    origin = fields.Nested(OriginSchema, required=True)
    count = fields.Nested(CountSchema, required=True)
    status = choice(Status, required=True)
    polarity = choice(Polarity, required=True)
    is_part = fields.Boolean(required=True, metadata={"description": "Part of a total that is told beside it."})
    first_reported_at = Instant(required=True)
    last_reported_at = Instant(required=True)
    claims = fields.Integer(required=True)
    articles = fields.Integer(required=True)
    links = fields.Nested(TellingLinksSchema, required=True)

    def links_of(self, view: Telling) -> dict[str, str]:
        return {"claim": f"/claims/{view.claim_id}"}


class OriginHistorySchema(ViewSchema):
    origin = fields.Nested(OriginSchema, required=True)
    latest = fields.Nested(
        TellingSchema,
        required=True,
        allow_none=True,
        metadata={"description": "Its last figure of the whole; null where it gave none in numbers."},
    )
    tellings = fields.List(fields.Nested(TellingSchema), required=True, metadata={"description": "Oldest first."})


class RangeSchema(ViewSchema):
    """From the lowest to the highest of the latest figures."""

    min = fields.Integer(required=True)
    max = fields.Integer(required=True, allow_none=True, metadata={"description": "Null where a figure is open above."})
    lowest = fields.Nested(TellingSchema, required=True)
    highest = fields.Nested(TellingSchema, required=True)
    origins = fields.Integer(required=True, metadata={"description": "How many gave a figure, each counted once."})


class EstimateSchema(ViewSchema):
    """Figures that can be compared."""

    kind = choice(Kind, required=True)
    outcome = choice(Outcome, required=True, allow_none=True)
    basis = choice(Basis, required=True)
    additional = fields.Boolean(required=True, metadata={"description": "On top of others."})
    range = fields.Nested(RangeSchema, required=True, allow_none=True)
    origins = fields.List(fields.Nested(OriginHistorySchema), required=True)
    denials = fields.List(fields.Nested(TellingSchema), required=True)
    sentence = fields.String(required=True, allow_none=True)


class EstimateAnswerSchema(ViewSchema):
    force = fields.String(required=True)
    place = fields.String(required=True)
    place_name = fields.String(required=True)
    estimates = fields.List(fields.Nested(EstimateSchema), required=True)
