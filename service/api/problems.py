"""Every error of the API as an RFC 9457 problem: the one place where errors become HTTP."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect

from service.api.request_log import request_id
from service.domain.errors import (
    AccessError,
    AmbiguousPlaceError,
    BacklogError,
    ChangedMeanwhileError,
    ConflictError,
    ExtraNeededError,
    GoneError,
    InProgressError,
    InvalidInputError,
    KeyRefusedError,
    MusterError,
    NotFoundError,
    NotReadyError,
    PurgedError,
    ScopeMissingError,
    StorageInDoubtError,
    StorageUnavailableError,
    TooManyClaimsError,
    UnknownPlaceError,
)
from service.faults import told

log = logging.getLogger(__name__)

CONTENT_TYPE: Final = "application/problem+json"
TYPE_PREFIX: Final = "urn:muster:problem:"
RETRY_AFTER_S: Final = 2
BACKLOG_RETRY_AFTER_S: Final = 60
_LONGEST_ECHO: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemKind:
    """A stable kind of problem: `name` ends its type URI and never changes its meaning."""

    name: str
    status: int
    title: str


KINDS: Final[Mapping[str, ProblemKind]] = {
    kind.name: kind
    for kind in (
        ProblemKind(name="bad-request", status=400, title="The request can't be read"),
        ProblemKind(name="malformed-json", status=400, title="The body is not JSON"),
        ProblemKind(name="key-needed", status=401, title="A key is needed"),
        ProblemKind(name="key-refused", status=401, title="The key is not good"),
        ProblemKind(name="scope-missing", status=403, title="The key may not do this"),
        ProblemKind(name="cross-site", status=403, title="Requests from other sites are refused"),
        ProblemKind(name="not-found", status=404, title="Not found"),
        ProblemKind(name="method-not-allowed", status=405, title="Method not allowed here"),
        ProblemKind(name="conflict", status=409, title="In conflict with what is held"),
        ProblemKind(name="not-ready", status=409, title="Not ready yet"),
        ProblemKind(name="purged", status=409, title="Erased, and not to be posted again"),
        ProblemKind(name="gone", status=410, title="Erased for good"),
        ProblemKind(name="in-progress", status=409, title="The same request is being answered"),
        ProblemKind(name="changed-meanwhile", status=412, title="Not as it was when you read it"),
        ProblemKind(name="too-large", status=413, title="The body is too large"),
        ProblemKind(name="unsupported-media-type", status=415, title="Unsupported media type"),
        ProblemKind(name="foreign-host", status=421, title="This service doesn't answer to that host name"),
        ProblemKind(name="unknown-parameter", status=422, title="Unknown query parameter"),
        ProblemKind(name="invalid-parameter", status=422, title="A query parameter can't be used"),
        ProblemKind(name="unknown-field", status=422, title="Unknown field in the body"),
        ProblemKind(name="invalid-body", status=422, title="The body can't be taken as it is"),
        ProblemKind(name="not-utf-8", status=422, title="The body is not UTF-8"),
        ProblemKind(name="invalid-input", status=422, title="The request can't be taken as it is"),
        ProblemKind(name="too-many-claims", status=422, title="More claims than are exported at once"),
        ProblemKind(name="unknown-place", status=422, title="Unknown place"),
        ProblemKind(name="ambiguous-place", status=422, title="The name means more than one place"),
        ProblemKind(name="idempotency-key-reused", status=422, title="Idempotency-Key used for another body"),
        ProblemKind(name="if-match-needed", status=428, title="Say in If-Match which state you judged"),
        ProblemKind(name="too-many-requests", status=429, title="Too many requests with this key"),
        ProblemKind(name="internal-error", status=500, title="Something went wrong in here"),
        ProblemKind(name="extra-needed", status=501, title="Not installed here"),
        ProblemKind(name="busy", status=503, title="Too many exports at once"),
        ProblemKind(name="backlog", status=503, title="Too much waits to be read"),
        ProblemKind(name="storage-unavailable", status=503, title="The database can't be reached"),
        ProblemKind(name="storage-in-doubt", status=503, title="The database went away while storing this"),
        ProblemKind(name="not-migrated", status=503, title="The database needs its migration"),
    )
}


class ProblemError(Exception):
    """Raised by the API's own checks; carries all that the answer will say."""

    def __init__(
        self,
        name: str,
        detail: str,
        *,
        errors: Mapping[str, Sequence[str]] | None = None,
        did_you_mean: Mapping[str, Sequence[str]] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.problem = Problem(
            kind=KINDS[name],
            detail=detail,
            errors=errors or {},
            did_you_mean=did_you_mean or {},
            headers=headers or {},
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`errors` and `did_you_mean` go by field or parameter name."""

    kind: ProblemKind
    detail: str
    errors: Mapping[str, Sequence[str]] = field(default_factory=dict)
    did_you_mean: Mapping[str, Sequence[str]] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, object]:
        body: dict[str, object] = {
            "type": TYPE_PREFIX + self.kind.name,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": printable(self.detail),
        }
        if self.errors:
            body["errors"] = _printable_lists(self.errors)
        if self.did_you_mean:
            body["did_you_mean"] = _printable_lists(self.did_you_mean)
        return body


def printable(text: str) -> str:
    """`text` fit to be echoed: valid Unicode, without control characters, and not endless."""
    cut = text if len(text) <= _LONGEST_ECHO * 4 else text[: _LONGEST_ECHO * 4] + "…"
    valid = cut.encode("utf-8", "replace").decode("utf-8")
    return "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in valid)


def name_for_echo(name: str) -> str:
    return printable(name if len(name) <= _LONGEST_ECHO else name[:_LONGEST_ECHO] + "…")


def _printable_lists(by_field: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {name_for_echo(key): [printable(message) for message in messages] for key, messages in by_field.items()}


def challenge(error: str | None = None, *, scope: str | None = None) -> Mapping[str, str]:
    """The WWW-Authenticate header of RFC 6750."""
    said = ['Bearer realm="muster"']
    if error:
        said.append(f'error="{error}"')
    if scope:
        said.append(f'scope="{scope}"')
    return {"WWW-Authenticate": ", ".join(said)}


def answer(problem: Problem) -> Response:
    body = problem.as_dict()
    name = request_id()
    if name is not None:
        body["request_id"] = name
    response = Response(json.dumps(body, ensure_ascii=False), status=problem.kind.status, content_type=CONTENT_TYPE)
    response.headers.extend(dict(problem.headers))
    return response


def register(app: Flask) -> None:
    app.register_error_handler(ProblemError, lambda error: answer(error.problem))
    app.register_error_handler(MusterError, lambda error: answer(problem_of(error)))
    app.register_error_handler(HTTPException, _answer_http_exception)
    app.register_error_handler(Exception, _answer_unexpected)


_NAMES: Final[Mapping[type[MusterError], str]] = {
    NotFoundError: "not-found",
    ConflictError: "conflict",
    PurgedError: "purged",
    ChangedMeanwhileError: "changed-meanwhile",
    GoneError: "gone",
    TooManyClaimsError: "too-many-claims",
    ExtraNeededError: "extra-needed",
}
_LATER: Final[Mapping[type[MusterError], tuple[str, int]]] = {
    NotReadyError: ("not-ready", RETRY_AFTER_S),
    StorageUnavailableError: ("storage-unavailable", RETRY_AFTER_S),
    StorageInDoubtError: ("storage-in-doubt", RETRY_AFTER_S),
    InProgressError: ("in-progress", RETRY_AFTER_S),
    BacklogError: ("backlog", BACKLOG_RETRY_AFTER_S),
}
"""Names of problems that pass, and seconds after which to ask again."""


def problem_of(error: MusterError) -> Problem:
    """The problem that a named error of the domain becomes."""
    match error:
        case UnknownPlaceError():
            suggestions = {error.name: error.suggestions} if error.suggestions else {}
            return Problem(kind=KINDS["unknown-place"], detail=str(error), did_you_mean=suggestions)
        case AmbiguousPlaceError():
            return Problem(
                kind=KINDS["ambiguous-place"],
                detail=str(error),
                did_you_mean={error.name: [code for code, _ in error.candidates]},
            )
        case InvalidInputError():
            name = "idempotency-key-reused" if "Idempotency-Key" in error.errors else "invalid-input"
            return Problem(kind=KINDS[name], detail=str(error), errors=error.errors)
        case AccessError():
            return _no_access(error)
        case _ if type(error) in _NAMES:
            return Problem(kind=KINDS[_NAMES[type(error)]], detail=str(error))
        case NotReadyError() | InProgressError() | BacklogError() | StorageUnavailableError():
            return _for_later(error)
    log.error("no problem is set for %s", told(error))
    return _internal()


def _for_later(error: MusterError) -> Problem:
    name, wait_s = _LATER[type(error)]
    if isinstance(error, StorageUnavailableError):
        log.error("storage unavailable: %s", error)
    return Problem(kind=KINDS[name], detail=str(error), headers={"Retry-After": str(wait_s)})


def _no_access(error: AccessError) -> Problem:
    match error:
        case ScopeMissingError():
            name, headers = "scope-missing", challenge("insufficient_scope", scope=error.scope)
        case KeyRefusedError():
            name, headers = "key-refused", challenge("invalid_token")
        case _:
            name, headers = "key-needed", challenge()
    return Problem(kind=KINDS[name], detail=str(error), headers=headers)


def _answer_http_exception(error: HTTPException) -> Response | HTTPException:
    """Problems of routing and parsing; redirects pass as they are."""
    if isinstance(error, RequestRedirect):
        return error
    names = {
        404: "not-found",
        405: "method-not-allowed",
        413: "too-large",
        415: "unsupported-media-type",
        429: "too-many-requests",
    }
    code = error.code or 500
    if code >= 500:
        return answer(_internal())
    detail = error.description or "The request can't be read."
    if code == 404:
        detail = f"There is nothing at {name_for_echo(request.path)}; /docs lists what there is."
    if code == 429:
        detail = f"This key has made its requests of this minute ({detail}); Retry-After says when to go on."
    headers = {}
    valid_methods = getattr(error, "valid_methods", None)
    if code == 405 and valid_methods:
        headers["Allow"] = ", ".join(sorted(valid_methods))
        detail = f"{request.method} can't be used on {name_for_echo(request.path)}; use {headers['Allow']}."
    return answer(Problem(kind=KINDS[names.get(code, "bad-request")], detail=detail, headers=headers))


def _answer_unexpected(error: Exception) -> Response:
    # The route and not the path: that is for outsiders to choose.
    log.error("%s %s failed: %s", request.method, request.url_rule, told(error))
    return answer(_internal())


def _internal() -> Problem:
    return Problem(kind=KINDS["internal-error"], detail="The error has been logged; nothing of this request was kept.")
