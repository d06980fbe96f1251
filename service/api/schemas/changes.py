"""The change feed as JSON."""

from __future__ import annotations

from marshmallow import fields

from service.api.schemas.claims import ClaimSchema
from service.api.schemas.fields import Instant, choice
from service.api.schemas.views import ViewSchema
from service.domain.register import ChangeKind


class ChangeSchema(ViewSchema):
    """One change, and the claim that it left."""

    id = fields.Integer(required=True, metadata={"description": "Grows with each change; not without gaps."})
    at = Instant(required=True)
    kind = choice(ChangeKind, required=True)
    article_id = fields.String(required=True)
    version = fields.Integer(required=True)
    claim_id = fields.String(required=True, allow_none=True)
    claim = fields.Nested(
        ClaimSchema,
        required=True,
        allow_none=True,
        metadata={"description": "As this change left it; null where none is left, or its article was erased since."},
    )


class ChangePageSchema(ViewSchema):
    data = fields.List(fields.Nested(ChangeSchema), required=True)
    next_cursor = fields.String(
        required=True, metadata={"description": "Where to go on, now or later; on an empty page the one asked with."}
    )
