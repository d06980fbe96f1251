"""/claims.csv and its like: all claims of a query as one file."""

from __future__ import annotations

import logging
from collections.abc import Generator, Iterable, Iterator
from contextlib import ExitStack
from typing import Any, Final

from flask import Response

from service.api.auth import desk
from service.api.claims import read_query
from service.api.context import context
from service.api.parsing import Blueprint
from service.api.problems import RETRY_AFTER_S, ProblemError
from service.api.schemas.claims import ClaimSchema
from service.api.schemas.queries import ExportQuery
from service.domain.access import Scope
from service.domain.register import ClaimView
from service.faults import told
from service.formats.writers import FORMATS, Format
from service.use_cases import exports

log = logging.getLogger(__name__)

NUMBER_HEADER: Final = "Muster-Claims"
blueprint = Blueprint("exports", __name__, description="Take all claims of a query as one file.")

_BROKE_OFF: Final = "The export broke off here and is not whole; please take it again."
_HEADERS: Final = {
    NUMBER_HEADER: {"schema": {"type": "string", "pattern": "^[0-9]+$"}, "description": "Claims in the file."},
    "Content-Disposition": {"schema": {"type": "string"}, "description": "A name for the file."},
}
_SHAPES: Final[dict[str, object]] = {
    "json": {"type": "array", "items": {"$ref": "#/components/schemas/Claim"}},
    "geojson": {"type": "object"},
    "jsonld": {"type": "object"},
    "parquet": {"type": "string", "format": "binary"},
}
_FILES: Final = {
    "responses": {
        "200": {
            "description": ". ".join(f"`.{one.name}`: {one.description}" for one in FORMATS.values()),
            "headers": _HEADERS,
            "content": {
                one.content_type.partition(";")[0]: {"schema": _SHAPES.get(one.name, {"type": "string"})}
                for one in FORMATS.values()
            },
        }
    }
}


@blueprint.route("/claims.<format:format>", methods=["GET"])
@blueprint.needs(Scope.READ)
@blueprint.query(ExportQuery)
@blueprint.doc(**_FILES)
@blueprint.problems(404, 501)
def export_claims(query: dict[str, Any], format: str) -> Response:
    """Export claims.

    All claims that stood at this moment, in the order of `sort`; however long it takes, later changes are not seen.
    More than `MUSTER_EXPORT_LIMIT` are refused (422) before anything is sent. `Muster-Claims` says how many there are.
    A file that broke off on the way holds fewer: JSON, GeoJSON and JSON-LD lack their end then, Parquet can't be
    opened, and NDJSON and CSV end with a line that begins with `{"error"` or `error:`.
    """
    return _answer(FORMATS[format], query)


def _answer(format_: Format, query: dict[str, Any]) -> Response:
    ctx = context()
    with ExitStack() as held:
        # Who downloads slowly keeps a thread for long; the others are for everybody else.
        if not held.enter_context(ctx.waiting_room.place()):
            raise ProblemError(
                "busy", "As many exports run already as may at once.", headers={"Retry-After": str(RETRY_AFTER_S)}
            )
        export = exports.export_claims(ctx.reading, read_query(query), desk=desk(), most=ctx.settings.export_limit)
        file = format_.write(_shown(export.claims))
        # What goes wrong in the first piece is a problem still.
        first = next(file, b"")
        sent = _sent(format_, first, file, held.pop_all())
    next(sent)
    response = Response(sent, content_type=format_.content_type)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="muster-claims-{ctx.now():%Y-%m-%d}.{format_.name}"'
    )
    response.headers[NUMBER_HEADER] = str(export.number)
    response.call_on_close(sent.close)
    return response


def _shown(claims: Iterable[ClaimView]) -> Iterator[dict[str, Any]]:
    schema = ClaimSchema()
    return (schema.dump(claim) for claim in claims)


def _sent(format_: Format, first: bytes, file: Iterator[bytes], held: ExitStack) -> Generator[bytes]:
    """The file, once it has been begun with next(): then whoever lets go of it, gives back what is held.

    What goes wrong now can't become a problem any more. Not every server breaks off the transfer when this raises, so
    the file says itself that it is not whole.
    """
    with held:
        yield b""
        try:
            yield first
            yield from file
        except Exception as error:
            log.error("an export as %s broke off: %s", format_.name, told(error))  # noqa: TRY400 - a traceback quotes
            yield format_.cut_short(_BROKE_OFF)
            raise
