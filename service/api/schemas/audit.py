"""The audit and its entries, and what is left of an erased article."""

from __future__ import annotations

from marshmallow import RAISE, Schema, fields

from service.api.schemas.fields import DayOrInstant, Instant, Text, choice
from service.api.schemas.queries import PageQuery, names, when
from service.api.schemas.views import ViewSchema
from service.domain.register import Action


class AuditQuery(PageQuery):
    action = fields.List(choice(Action), load_default=list, metadata={"description": "What was done."})
    article = names("Id of an article.")
    key = names("Id of the key that did it.")
    at_from = DayOrInstant(load_default=None, metadata=when("Done then or later."))
    at_to = DayOrInstant(load_default=None, metadata=when("Done then or earlier."))


class AuditEntrySchema(ViewSchema):
    """One deed."""

    id = fields.Integer(required=True, metadata={"description": "Grows with each entry."})
    at = Instant(required=True)
    action = choice(Action, required=True)
    actor = fields.String(
        required=True, metadata={"description": "The key's name; `local` without a key, `operator` from the shell."}
    )
    key = fields.String(required=True, allow_none=True, metadata={"description": "The key's id."})
    article_id = fields.String(required=True, allow_none=True)
    version = fields.Integer(required=True, allow_none=True)
    claim_id = fields.String(required=True, allow_none=True)
    note = fields.String(required=True, allow_none=True, metadata={"description": "The reason given, or what else."})


class AuditPageSchema(ViewSchema):
    data = fields.List(fields.Nested(AuditEntrySchema), required=True)
    next_cursor = fields.String(
        required=True, allow_none=True, metadata={"description": "For the next page; null on the last."}
    )


class ReasonBody(Schema):
    """Why; kept in the audit."""

    class Meta:
        unknown = RAISE

    reason = Text(required=True, max_length=1000, not_blank=True, metadata={"description": "Who asked for it, say."})


class TombstoneSchema(ViewSchema):
    """What is left of an erased article."""

    id = fields.String(required=True)
    purged_at = Instant(required=True)
    readmitted_at = Instant(required=True, allow_none=True)
