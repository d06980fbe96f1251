"""What an editor sends to judge a claim, and the history of what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from service.api.schemas.fields import Day, Degrees, Figure, Instant, Text, TrueOrFalse, choice
from service.api.schemas.views import ViewSchema
from service.domain.claims import (
    CORRECTABLE,
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
from service.use_cases.reviews import LONGEST_COMMENT

_LONGEST_NAME: Final = 200
_LONGEST_WORDS: Final = 1000
_MOST_PLACES: Final = 50
_MOST_SOURCES: Final = 20


class MergeBody(Schema):
    """Another story that is the same, and why."""

    class Meta:
        unknown = RAISE

    story = Text(required=True, max_length=100, not_blank=True, metadata={"description": "Id of the other story."})
    comment = Text(required=True, max_length=LONGEST_COMMENT, not_blank=True)


class SplitBody(Schema):
    """Claims that tell another story, and why."""

    class Meta:
        unknown = RAISE

    claims = fields.List(
        Text(max_length=100, not_blank=True),
        required=True,
        validate=validate.Length(min=1, max=1000),
        metadata={"description": "Ids of the claims to be taken out."},
    )
    comment = Text(required=True, max_length=LONGEST_COMMENT, not_blank=True)


class NameOr(fields.Field[Any]):
    """A name by itself, or an object that says more. `component` is the object's name in the specification."""

    def __init__(self, schema: type[Schema], *, component: str, words: fields.String, **kwargs: Any) -> None:
        kinds: list[dict[str, Any]] = [
            {"type": "string", **_limits(words)},
            {"$ref": f"#/components/schemas/{component}"},
        ]
        if kwargs.get("allow_none"):
            kinds.append({"type": "null"})
        super().__init__(metadata={"anyOf": kinds, **kwargs.pop("metadata", {})}, **kwargs)
        self._schema = schema()
        self._words = words

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, str):
            return self._words.deserialize(value)
        if isinstance(value, Mapping):
            return self._schema.load(value)
        raise ValidationError("Must be a name or an object.")


def _limits(words: fields.String) -> dict[str, Any]:
    choices = [str(one) for rule in words.validators if isinstance(rule, validate.OneOf) for one in rule.choices]
    return {"enum": choices} if choices else {"maxLength": _LONGEST_NAME, "pattern": r"\S"}


class _Given(Schema):
    class Meta:
        unknown = RAISE


def _name(**kwargs: Any) -> Text:
    return Text(max_length=_LONGEST_NAME, not_blank=True, **kwargs)


def _quote() -> Text:
    return Text(
        max_length=_LONGEST_WORDS,
        not_blank=True,
        allow_none=True,
        metadata={"description": "If given, word for word from the article."},
    )


class GivenForceSchema(_Given):
    country = _name(allow_none=True, metadata={"description": "Code, name or adjective of a country."})
    group = _name(allow_none=True)
    text = _quote()


class GivenPersonnelSchema(_Given):
    type = choice(PersonnelType, allow_none=True)
    text = _quote()


class GivenUnitSchema(_Given):
    echelon = _name(required=True, metadata={"example": "battalion"})
    number = Figure(minimum=1, allow_none=True)


class GivenCountSchema(_Given):
    min = Figure(allow_none=True)
    max = Figure(allow_none=True)
    qualifier = choice(
        Qualifier,
        required=True,
        metadata={
            "description": "exact and approximate: min and max alike; range: both; more_than, at_least and vague: min "
            "alone; at_most and less_than: max alone; none: neither."
        },
    )
    additional = TrueOrFalse()
    unit = fields.Nested(GivenUnitSchema, allow_none=True)
    text = _quote()


class GivenPlaceSchema(_Given):
    """A name to be looked up, or, with a level, a place in full, which need not be in the gazetteer."""

    name = _name(required=True)
    text = _quote()
    level = choice(PlaceLevel)
    region = _name(allow_none=True, metadata={"description": "ISO 3166-2; beside a level."})
    country = _name(allow_none=True, metadata={"description": "ISO 3166-1 alpha-2; beside a level."})
    lat = Degrees(most=90, allow_none=True)
    lon = Degrees(most=180, allow_none=True)


class GivenTimeSchema(_Given):
    start = Day(allow_none=True)
    end = Day(allow_none=True)
    precision = choice(
        TimePrecision,
        allow_none=True,
        metadata={"description": "Left out: day for one day, else range."},
    )
    text = _quote()


class GivenSourceSchema(_Given):
    name = _name(allow_none=True)
    type = choice(SourceType, required=True)
    organization = _name(allow_none=True)
    role = _name(allow_none=True)
    country = _name(allow_none=True, metadata={"description": "Code, name or adjective of a country."})
    anonymous = TrueOrFalse(metadata={"description": "Left out: whether there is no name."})
    text = _quote()


def _place(**kwargs: Any) -> NameOr:
    return NameOr(GivenPlaceSchema, component="GivenPlace", words=_name(), **kwargs)


class CorrectionSchema(_Given):
    """The fields to be corrected, each as a whole; others stay as they are."""

    kind = choice(Kind)
    outcome = choice(Outcome, allow_none=True)
    status = choice(Status)
    polarity = choice(Polarity)
    force = NameOr(
        GivenForceSchema,
        component="GivenForce",
        words=_name(),
        allow_none=True,
        metadata={"description": "As a name, a country's."},
    )
    personnel = NameOr(GivenPersonnelSchema, component="GivenPersonnel", words=choice(PersonnelType), allow_none=True)
    count = fields.Nested(GivenCountSchema, allow_none=True)
    locations = fields.List(_place(), validate=validate.Length(max=_MOST_PLACES, error=f"At most {_MOST_PLACES}."))
    origin = _place(allow_none=True)
    transport = Text(max_length=_LONGEST_WORDS, not_blank=True, allow_none=True)
    time = fields.Nested(GivenTimeSchema, allow_none=True)
    attribution = fields.List(
        fields.Nested(GivenSourceSchema),
        validate=validate.Length(max=_MOST_SOURCES, error=f"At most {_MOST_SOURCES}."),
        metadata={"description": "From the outlet to the original speaker."},
    )
    part_of = _name(allow_none=True, metadata={"description": "Id of a claim of the same article."})


class ReviewBody(_Given):
    """A decision, a comment, or both."""

    decision = choice(
        Review,
        allow_none=True,
        load_default=None,
        metadata={"description": "unreviewed takes back what was decided and corrected; null is a mere comment."},
    )
    correction = fields.Nested(
        CorrectionSchema,
        allow_none=True,
        load_default=None,
        metadata={"description": "With the decision corrected, and with no other."},
    )
    comment = Text(max_length=LONGEST_COMMENT, not_blank=True, allow_none=True, load_default=None)


BODIES: Final[Mapping[str, type[Schema]]] = {
    "ReviewBody": ReviewBody,
    "MergeBody": MergeBody,
    "SplitBody": SplitBody,
    "GivenForce": GivenForceSchema,
    "GivenPersonnel": GivenPersonnelSchema,
    "GivenPlace": GivenPlaceSchema,
}
"""By their names in the specification."""


class FieldChangeSchema(Schema):
    field = fields.String(required=True, validate=validate.OneOf(("review", *CORRECTABLE)))
    from_ = fields.Raw(required=True, allow_none=True, data_key="from", metadata={"description": "Before."})
    to = fields.Raw(required=True, allow_none=True, metadata={"description": "After."})


class ReviewEntrySchema(ViewSchema):
    """Who decided or remarked what, and when."""

    id = fields.Integer(required=True, metadata={"description": "Grows with each entry."})
    at = Instant(required=True)
    claim_id = fields.String(
        required=True, metadata={"description": "The claim that was judged; another one may have taken its place."}
    )
    article_id = fields.String(required=True)
    version = fields.Integer(required=True, metadata={"description": "Of the article."})
    decision = choice(Review, required=True, allow_none=True, metadata={"description": "null: a mere comment."})
    changes = fields.List(fields.Nested(FieldChangeSchema), required=True)
    comment = fields.String(required=True, allow_none=True)
    actor = fields.String(required=True, metadata={"description": "The key's name; `local` without a key."})
    key = fields.String(required=True, allow_none=True, metadata={"description": "The key's id."})


class ReviewPageSchema(Schema):
    data = fields.List(fields.Nested(ReviewEntrySchema), required=True)
    standing = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The claim that stands and bears these reviews now; null where none does."},
    )
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "For the next page; null on the last."}
    )
