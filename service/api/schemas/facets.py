"""Facets as JSON."""

from __future__ import annotations

from marshmallow import Schema, fields


class FacetValueSchema(Schema):
    value = fields.String(
        required=True,
        metadata={"description": "As the filter of this field takes it; of `source` where the speaker has a name."},
    )
    name = fields.String(required=True, metadata={"description": "For people: the name of a code, else the value."})
    claims = fields.Integer(required=True)
    articles = fields.Integer(required=True)


class FacetSchema(Schema):
    values = fields.List(fields.Nested(FacetValueSchema), required=True)
    more = fields.Boolean(required=True, metadata={"description": "Whether there are values besides these."})
    without = fields.Integer(required=True, metadata={"description": "Claims that have no value here."})


class FacetsSchema(Schema):
    """What all filters find, and by field what its own filter could be instead."""

    claims = fields.Integer(required=True)
    articles = fields.Integer(required=True)
    facets = fields.Dict(keys=fields.String(), values=fields.Nested(FacetSchema), required=True)
