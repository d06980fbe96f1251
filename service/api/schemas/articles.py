"""The article as it is posted and as it is shown."""

from __future__ import annotations

import re
from typing import Any, Final
from urllib.parse import urlsplit

from marshmallow import RAISE, Schema, ValidationError, fields, validate, validates_schema

from service.api.schemas.claims import ClaimSchema, ExtractorSchema
from service.api.schemas.fields import Instant, PublishedAt, Text, choice
from service.api.schemas.views import ViewSchema
from service.domain.register import ArticleStatus, ArticleView

LONGEST_URL: Final = 2048
LONGEST_NAME: Final = 500
LONGEST_TITLE: Final = 2000
PUBLISHED_SOURCES: Final = ("given", "html", "text", "none")
_LANGUAGE: Final = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")


def _web_address(value: str) -> None:
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        host, parts = None, urlsplit("")
    if parts.scheme not in {"http", "https"} or not host:
        raise ValidationError("Must be a whole web address, such as https://example.org/story.")
    if any(character.isspace() or not character.isprintable() for character in value):
        raise ValidationError("Holds a space or a control character.")


class ArticleMetadata(Schema):
    """What may be told about an article beside its words."""

    class Meta:
        unknown = RAISE

    title = Text(max_length=LONGEST_TITLE, not_blank=True, metadata={"description": "Its headline."})
    url = Text(
        max_length=LONGEST_URL,
        validate=[_web_address],
        metadata={
            "pattern": "^https?://",
            "description": "Where it was published; names the article when there is no external_id.",
        },
    )
    outlet = Text(max_length=LONGEST_NAME, not_blank=True, metadata={"description": "Who published it."})
    author = Text(max_length=LONGEST_NAME, not_blank=True, metadata={"description": "Who wrote it."})
    published_at = PublishedAt(
        metadata={
            "description": "A date, or a date-time with its offset. Dates in the text count from it.",
            "anyOf": [{"type": "string", "format": "date"}, {"type": "string", "format": "date-time"}],
        }
    )
    language = Text(
        validate=[validate.Regexp(re.compile(_LANGUAGE.pattern + r"\Z"), error="Must be a tag such as en or en-GB.")],
        metadata={"description": "BCP 47 tag; found out from the text when left out."},
    )
    external_id = Text(
        max_length=LONGEST_NAME,
        not_blank=True,
        metadata={"description": "Your own id of the article; names it before url does."},
    )


class ArticleBody(ArticleMetadata):
    """An article to read: `text` or `html`, and what is known about it."""

    text = Text(metadata={"description": "Plain text, kept code point for code point; at most 2 MiB in UTF-8."})
    html = Text(metadata={"description": "The page as published; its article is found in it. At most 2 MiB."})

    def on_bind_field(self, field_name: str, field_obj: Any) -> None:  # noqa: ARG002 - marshmallow's signature
        """Null is as good as left out, so that an article read from here can be posted again."""
        field_obj.allow_none = True

    @validates_schema(skip_on_field_errors=False)
    def _one_body(self, data: dict[str, Any], **_: object) -> None:
        given = [name for name in ("text", "html") if data.get(name) is not None]
        if len(given) > 1:
            raise ValidationError({"html": ["Give text or html, not both."]})


class ArticleLinksSchema(Schema):
    self = fields.String(required=True)
    claims = fields.String(required=True)
    text = fields.String(required=True)
    diagnostics = fields.String(required=True)


class ArticleSchema(ViewSchema):
    """An article held by the register, and how far it has been read."""

    id = fields.String(required=True)
    status = choice(ArticleStatus, required=True)
    version = fields.Integer(required=True, metadata={"description": "Counts from 1; other text makes a new one."})
    title = fields.String(required=True, allow_none=True)
    url = fields.String(required=True, allow_none=True)
    outlet = fields.String(required=True, allow_none=True)
    author = fields.String(required=True, allow_none=True)
    external_id = fields.String(required=True, allow_none=True)
    published_at = Instant(required=True, allow_none=True)
    published_at_source = choice(PUBLISHED_SOURCES, required=True)
    language = fields.String(required=True, allow_none=True)
    submitted_at = Instant(required=True)
    finished_at = Instant(required=True, allow_none=True)
    attempts = fields.Integer(required=True)
    claims_count = fields.Integer(required=True)
    copy_of = fields.String(
        required=True,
        allow_none=True,
        metadata={
            "description": "The article whose text this one repeats, as papers print a wire story; else null. In "
            "estimates, stories and contradictions what it says in nobody's name counts as that one's."
        },
    )
    extractor = fields.Nested(ExtractorSchema, required=True, allow_none=True)
    error = fields.String(required=True, allow_none=True, metadata={"description": "Why it ended failed; else null."})
    links = fields.Nested(ArticleLinksSchema, required=True)

    def links_of(self, view: ArticleView) -> dict[str, str]:
        root = f"/articles/{view.id}"
        return {"self": root, "claims": f"{root}/claims", "text": f"{root}/text", "diagnostics": f"{root}/diagnostics"}


class ArticleWithClaimsSchema(ArticleSchema):
    """The article; with its claims when `Prefer: wait` was given and it is finished."""

    claims = fields.List(fields.Nested(ClaimSchema))


class ArticlePageSchema(ViewSchema):
    data = fields.List(fields.Nested(ArticleSchema), required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "For the next page; null on the last."}
    )


class IgnoredLineSchema(Schema):
    """Half-open code points into /articles/{id}/text."""

    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    reason = fields.String(required=True)


class NumberSeenSchema(Schema):
    text = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    min = fields.Integer(required=True, allow_none=True)
    max = fields.Integer(required=True, allow_none=True)
    qualifier = fields.String(required=True)
    used_by = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "Place from 0, among the article's claims, of the one it is the figure of."},
    )
    reason = fields.String(required=True, allow_none=True, metadata={"description": "Why no claim uses it."})


class ReadingSchema(Schema):
    """A phrase and what it was read as; null when it could not be read."""

    text = fields.String(required=True)
    start = fields.Integer(required=True)
    end = fields.Integer(required=True)
    read_as = fields.Raw(required=True, metadata={"type": ["object", "null"]})


class DiagnosticsSchema(Schema):
    """Answers "why not?": what was passed over, and what each number, date, place and source was read as."""

    reason = fields.String(
        required=True, allow_none=True, metadata={"description": "Why the article as a whole gave nothing."}
    )
    ignored = fields.List(fields.Nested(IgnoredLineSchema), required=True)
    numbers = fields.List(fields.Nested(NumberSeenSchema), required=True)
    dates = fields.List(fields.Nested(ReadingSchema), required=True)
    places = fields.List(fields.Nested(ReadingSchema), required=True)
    sources = fields.List(fields.Nested(ReadingSchema), required=True)
