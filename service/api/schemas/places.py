"""Regions as the gazetteer knows them, and figures over claims."""

from __future__ import annotations

from marshmallow import Schema, fields

from service.api.schemas.fields import choice
from service.domain.claims import PlaceLevel


class RegionSchema(Schema):
    """A place that claims can be asked for by any of its names."""

    code = fields.String(required=True, metadata={"description": "ISO 3166-1, ISO 3166-2, or geonames:ID of a city."})
    name = fields.String(required=True, metadata={"description": "CLDR's English name."})
    level = choice(PlaceLevel, required=True)
    region = fields.String(required=True, allow_none=True)
    country = fields.String(required=True, allow_none=True)
    lat = fields.Float(required=True, allow_none=True)
    lon = fields.Float(required=True, allow_none=True)


class RegionListSchema(Schema):
    data = fields.List(fields.Nested(RegionSchema), required=True)


class AggregateListSchema(Schema):
    """One row to a group: its keys, then the figures."""

    group_by = fields.List(fields.String(), required=True)
    data = fields.List(
        fields.Dict(),
        required=True,
        metadata={
            "description": "Each row has the groups asked for by name, then `claims`, `articles`, `min` and `max`.",
            "items": {
                "type": "object",
                "properties": {
                    "claims": {"type": "integer"},
                    "articles": {"type": "integer"},
                    "min": {"type": ["integer", "null"]},
                    "max": {"type": ["integer", "null"]},
                },
                "required": ["claims", "articles", "min", "max"],
                "additionalProperties": {"type": ["string", "null"]},
            },
        },
    )
