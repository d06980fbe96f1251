"""Stories and contradictions as JSON."""

from __future__ import annotations

from marshmallow import Schema, fields

from service.api.schemas.claims import ClaimSchema, ForceSchema
from service.api.schemas.estimates import OriginHistorySchema, TellingSchema
from service.api.schemas.fields import Instant, choice
from service.api.schemas.views import ViewSchema
from service.domain.claims import Kind, Outcome
from service.domain.stories import Conflict, Story


class SumSchema(ViewSchema):
    """A total and the parts told beside it."""

    total = fields.Nested(ClaimSchema, required=True)
    parts = fields.List(fields.Nested(ClaimSchema), required=True)
    parts_min = fields.Integer(required=True, allow_none=True, metadata={"description": "Sum of the parts, at least."})
    parts_max = fields.Integer(required=True, allow_none=True, metadata={"description": "Sum of the parts, at most."})
    adds_up = fields.Boolean(
        required=True,
        allow_none=True,
        metadata={"description": "False where the parts are more than the total; null where a figure is open."},
    )


class StoryLinksSchema(Schema):
    self = fields.String(required=True)


class StorySummarySchema(ViewSchema):
    """Claims of the same content, across articles, without the claims."""

    id = fields.String(required=True, metadata={"description": "Of its first claim and the place."})
    force = fields.Nested(ForceSchema, required=True, allow_none=True)
    kind = choice(Kind, required=True, attribute="subject.kind")
    outcome = choice(Outcome, required=True, allow_none=True)
    additional = fields.Boolean(required=True, attribute="subject.additional")
    place = fields.String(
        required=True,
        attribute="subject.place",
        metadata={"description": "Code of the region, or of the country where no region is named; empty for nowhere."},
    )
    place_name = fields.String(required=True, allow_none=True)
    start = fields.Date(required=True, allow_none=True, metadata={"description": "First day it is about."})
    end = fields.Date(required=True, allow_none=True, metadata={"description": "Last day it is about."})
    first_reported_at = Instant(required=True)
    last_reported_at = Instant(required=True)
    min = fields.Integer(required=True, allow_none=True, metadata={"description": "The lowest figure; no mean."})
    max = fields.Integer(required=True, allow_none=True, metadata={"description": "The highest figure."})
    origins = fields.List(fields.Nested(OriginHistorySchema), required=True)
    outlets = fields.List(fields.String(), required=True)
    articles = fields.Integer(required=True)
    denials = fields.List(fields.Nested(TellingSchema), required=True)
    sums = fields.List(fields.Nested(SumSchema), required=True)
    links = fields.Nested(StoryLinksSchema, required=True)

    def links_of(self, view: Story) -> dict[str, str]:
        return {"self": f"/stories/{view.id}"}


class StorySchema(StorySummarySchema):
    """Claims of the same content, across articles."""

    claims = fields.List(fields.Nested(ClaimSchema), required=True, metadata={"description": "Oldest first."})


class StoryPageSchema(ViewSchema):
    data = fields.List(fields.Nested(StorySummarySchema), required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "For the next page; null on the last."}
    )


class ContradictionSchema(ViewSchema):
    """Two sides that cannot both be right."""

    conflict = choice(Conflict, required=True)
    place = fields.String(required=True, attribute="subject.place")
    one = fields.Nested(ClaimSchema, required=True, metadata={"description": "Reported first."})
    other = fields.Nested(ClaimSchema, required=True)


class ContradictionPageSchema(ViewSchema):
    data = fields.List(fields.Nested(ContradictionSchema), required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "For the next page; null on the last."}
    )
