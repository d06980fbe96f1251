"""The shape of an error, for the specification only: problems.py writes the answers."""

from __future__ import annotations

from marshmallow import Schema, fields


class ProblemSchema(Schema):
    """RFC 9457 problem details."""

    type = fields.String(required=True, metadata={"description": "Stable; clients may compare it."})
    title = fields.String(required=True)
    status = fields.Integer(required=True)
    detail = fields.String(required=True, metadata={"description": "What went wrong this time, for a person."})
    errors = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "Messages by field or parameter."},
    )
    did_you_mean = fields.Dict(
        keys=fields.String(),
        values=fields.List(fields.String()),
        metadata={"description": "By what was written: what may have been meant, nearest first."},
    )
    request_id = fields.String(
        metadata={"description": "As in the header X-Request-Id; the service's log tells of this request by it."}
    )
