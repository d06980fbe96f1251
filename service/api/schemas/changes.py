"""The change feed as JSON."""

from __future__ import annotations

from marshmallow import fields

from service.api.schemas.claims import ClaimSchema
from service.api.schemas.fields import Instant, choice
from service.api.schemas.views import ViewSchema
from service.domain.register import ChangeKind, StoryEffect


class EffectSchema(ViewSchema):
    """What a change did to a story."""

    effect = choice(StoryEffect, required=True)
    story = fields.String(required=True, metadata={"description": "Its id, for /stories/{id}."})
    before = fields.List(
        fields.Integer(), required=True, allow_none=True, metadata={"description": "Lowest and highest figure."}
    )
    after = fields.List(fields.Integer(), required=True, allow_none=True)
    by = fields.List(fields.String(), required=True, metadata={"description": "Who newly denies it."})


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
    effects = fields.List(
        fields.Nested(EffectSchema),
        required=True,
        allow_none=True,
        metadata={"description": "On stories; null where not asked for, or where too many claims would be compared."},
    )


class ChangePageSchema(ViewSchema):
    data = fields.List(fields.Nested(ChangeSchema), required=True)
    next_cursor = fields.String(
        required=True, metadata={"description": "Where to go on, now or later; on an empty page the one asked with."}
    )
