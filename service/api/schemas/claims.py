"""The claim as JSON, and pages of claims."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from marshmallow import Schema, fields

from service.api.schemas.fields import Instant, choice
from service.api.schemas.views import ViewSchema
from service.domain.claims import (
    Kind,
    Outcome,
    PersonnelType,
    PlaceLevel,
    Polarity,
    Qualifier,
    Review,
    SourceType,
    Status,
    TimePrecision,
)
from service.domain.register import ClaimView

_VERBATIM = {"description": "Verbatim from the article."}


class ForceSchema(ViewSchema):
    country = fields.String(
        required=True, allow_none=True, metadata={"description": "ISO 3166-1 alpha-2, or 3166-3 for states gone."}
    )
    group = fields.String(
        required=True, allow_none=True, metadata={"description": "A non-state or multinational force."}
    )
    text = fields.String(required=True, allow_none=True, metadata=_VERBATIM)


class PersonnelSchema(ViewSchema):
    type = choice(PersonnelType, required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True, metadata=_VERBATIM)


class UnitSchema(ViewSchema):
    echelon = fields.String(required=True)
    number = fields.Integer(required=True, allow_none=True)


class CountSchema(ViewSchema):
    min = fields.Integer(required=True, allow_none=True, metadata={"description": "Included; null is open."})
    max = fields.Integer(required=True, allow_none=True, metadata={"description": "Included; null is open."})
    qualifier = choice(
        Qualifier, required=True, metadata={"description": "How the figure was said; vague figures are floors."}
    )
    additional = fields.Boolean(required=True, metadata={"description": "Said to come on top of others."})
    unit = fields.Nested(UnitSchema, required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True, metadata=_VERBATIM)


class PlaceSchema(ViewSchema):
    name = fields.String(required=True, metadata={"description": "CLDR's English name."})
    region = fields.String(required=True, allow_none=True, metadata={"description": "ISO 3166-2."})
    country = fields.String(required=True, allow_none=True, metadata={"description": "ISO 3166-1 alpha-2."})
    level = choice(PlaceLevel, required=True)
    lat = fields.Float(required=True, allow_none=True)
    lon = fields.Float(required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True, metadata=_VERBATIM)


class TimeSchema(ViewSchema):
    start = fields.Date(required=True, allow_none=True, metadata={"description": "First day, included."})
    end = fields.Date(required=True, allow_none=True, metadata={"description": "Last day, included."})
    precision = choice(TimePrecision, required=True, allow_none=True)
    text = fields.String(required=True, allow_none=True, metadata=_VERBATIM)


class SourceSchema(ViewSchema):
    name = fields.String(required=True, allow_none=True)
    type = choice(SourceType, required=True)
    organization = fields.String(required=True, allow_none=True)
    role = fields.String(required=True, allow_none=True)
    country = fields.String(required=True, allow_none=True)
    anonymous = fields.Boolean(required=True)
    text = fields.String(required=True, allow_none=True, metadata=_VERBATIM)


class EvidenceSchema(ViewSchema):
    exact = fields.String(required=True)
    prefix = fields.String(required=True)
    suffix = fields.String(required=True)
    start = fields.Integer(
        required=True, metadata={"description": "Unicode code points into /articles/{id}/text, included."}
    )
    end = fields.Integer(required=True, metadata={"description": "Excluded: text[start:end] is `exact`."})


class ExtractedSchema(ViewSchema):
    """The fields that an editor corrected, as they were extracted; others are left out."""

    kind = choice(Kind)
    outcome = choice(Outcome, allow_none=True)
    status = choice(Status)
    polarity = choice(Polarity)
    force = fields.Nested(ForceSchema, allow_none=True)
    personnel = fields.Nested(PersonnelSchema, allow_none=True)
    count = fields.Nested(CountSchema)
    locations = fields.List(fields.Nested(PlaceSchema))
    origin = fields.Nested(PlaceSchema, allow_none=True)
    transport = fields.String(allow_none=True)
    time = fields.Nested(TimeSchema)
    attribution = fields.List(fields.Nested(SourceSchema))
    part_of = fields.String(allow_none=True)

    def dump(self, obj: Any, *, many: bool | None = None) -> Any:  # noqa: ARG002 - marshmallow's signature
        held = SimpleNamespace(**obj)
        return {name: dump(held) for name, dump in self._dumps if name in obj}


class ExtractorSchema(ViewSchema):
    name = fields.String(required=True)
    version = fields.String(required=True)


class ClaimLinksSchema(Schema):
    self = fields.String(required=True)
    article = fields.String(required=True)
    reviews = fields.String(required=True)


class ClaimSchema(ViewSchema):
    """One statement, by somebody, about personnel at, going to, leaving or lost at a place."""

    id = fields.String(required=True)
    article_id = fields.String(required=True)
    kind = choice(Kind, required=True)
    outcome = choice(
        Outcome, required=True, allow_none=True, metadata={"description": "Of casualties only; else null."}
    )
    status = choice(Status, required=True, metadata={"description": "The claim's own tense, not whether it is true."})
    polarity = choice(Polarity, required=True)
    force = fields.Nested(ForceSchema, required=True, allow_none=True)
    personnel = fields.Nested(PersonnelSchema, required=True, allow_none=True)
    count = fields.Nested(CountSchema, required=True)
    locations = fields.List(fields.Nested(PlaceSchema), required=True)
    origin = fields.Nested(PlaceSchema, required=True, allow_none=True)
    transport = fields.String(required=True, allow_none=True)
    time = fields.Nested(TimeSchema, required=True)
    attribution = fields.List(
        fields.Nested(SourceSchema),
        required=True,
        metadata={"description": "From the outlet to the original speaker; empty when nobody is named."},
    )
    part_of = fields.String(
        required=True, allow_none=True, metadata={"description": "The claim of the total that this is a part of."}
    )
    evidence = fields.List(fields.Nested(EvidenceSchema), required=True)
    confidence = fields.Float(required=True, metadata={"minimum": 0, "maximum": 1})
    reasons = fields.List(
        fields.String(), required=True, metadata={"description": "Rules that raised or lowered `confidence`."}
    )
    review = choice(
        Review, required=True, metadata={"description": "What an editor decided; nothing automatic ever confirms."}
    )
    review_stale = fields.Boolean(
        required=True,
        metadata={"description": "The article was read otherwise when a review was made: it needs another look."},
    )
    extracted = fields.Nested(
        ExtractedSchema,
        required=True,
        allow_none=True,
        metadata={"description": "What was extracted in the place of the fields that an editor corrected; else null."},
    )
    outlet = fields.String(required=True, allow_none=True)
    reported_at = Instant(required=True)
    reported_at_source = choice(
        ("published", "submitted"), required=True, metadata={"description": "Which time `reported_at` is."}
    )
    extractor = fields.Nested(ExtractorSchema, required=True)
    links = fields.Nested(ClaimLinksSchema, required=True)

    def links_of(self, view: ClaimView) -> dict[str, str]:
        itself = f"/claims/{view.id}"
        return {"self": itself, "article": f"/articles/{view.article_id}", "reviews": f"{itself}/reviews"}


class ClaimPageSchema(ViewSchema):
    data = fields.List(fields.Nested(ClaimSchema), required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "For the next page; null on the last."}
    )
