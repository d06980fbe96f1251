"""How requests are read: strictly, and with a word on what may have been meant."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from functools import wraps
from http import HTTPStatus
from typing import Any, Final, Never, ParamSpec, TypeVar, cast

import flask
from flask_smorest import Blueprint as SmorestBlueprint
from marshmallow import RAISE, Schema, ValidationError, fields, validate
from webargs.flaskparser import FlaskParser

from service.api.auth import EVERYBODY, mark
from service.api.problems import CONTENT_TYPE, KINDS, ProblemError, name_for_echo
from service.api.schemas.problem import ProblemSchema
from service.domain.access import Scope

P = ParamSpec("P")
R = TypeVar("R")

_NEAR: Final = 0.6
_MOST_SUGGESTIONS: Final = 3
COMMON_PROBLEMS: Final = (403, 421, 422, 500, 503)
"""What any operation may answer: of the guard, of its parameters, and of the storage."""


class StrictParser(FlaskParser):
    """webargs' parser, but an unknown parameter or a repeated single one is an error."""

    DEFAULT_UNKNOWN_BY_LOCATION = {"query": RAISE, "querystring": RAISE, "path": RAISE}  # noqa: RUF012

    def load_querystring(self, req: flask.Request, schema: Schema) -> Any:
        refuse_repeated(req.args, schema)
        return super().load_querystring(req, schema)

    def handle_error(self, error: ValidationError, req: flask.Request, schema: Schema, **_: Any) -> Never:
        messages = error.normalized_messages()["query"]
        given = {name: req.args.getlist(name) for name in req.args}
        raise invalid(messages, schema=schema, given=given, what="parameter") from error


class Blueprint(SmorestBlueprint):  # type: ignore[misc]  # flask-smorest ships no types
    ARGUMENTS_PARSER = StrictParser()

    def needs(self, scope: Scope, *, without_store: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Lets in only callers with this scope, and documents it.

        `without_store`: on a machine of its own the route is answered though the database is away.
        """

        def decorate(view: Callable[P, R]) -> Callable[P, R]:
            marked = mark(view, scope, without_store=without_store)
            return cast("Callable[P, R]", self.doc(security=[{"key": [scope.value]}])(marked))

        return decorate

    def for_everybody(self, view: Callable[P, R]) -> Callable[P, R]:
        """Lets the route be asked without a key, and documents it."""
        return cast("Callable[P, R]", self.doc(security=[])(mark(view, EVERYBODY)))

    def query(self, schema: type[Schema]) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Passes the checked query parameters to the view as its first positional argument."""
        return cast("Callable[[Callable[P, R]], Callable[P, R]]", self.arguments(schema, location="query"))

    def answers(
        self,
        status: int,
        schema: type[Schema] | Mapping[str, object] | None = None,
        *,
        content_type: str | None = None,
        description: str | None = None,
        headers: Mapping[str, object] | None = None,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Dumps what the view returns with `schema` and documents it."""
        decorator = self.response(status, schema, content_type=content_type, description=description, headers=headers)
        return cast("Callable[[Callable[P, R]], Callable[P, R]]", decorator)

    def also(
        self,
        status: int,
        schema: type[Schema] | None = None,
        *,
        description: str | None = None,
        headers: Mapping[str, object] | None = None,
    ) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Documents a further success."""
        decorator = self.alt_response(status, schema=schema, description=description, headers=headers, success=True)
        return cast("Callable[[Callable[P, R]], Callable[P, R]]", decorator)

    def headers(self, *parameters: Mapping[str, object]) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Documents request headers; stands below `query`, whose list of parameters it begins."""

        def decorate(view: Callable[P, R]) -> Callable[P, R]:
            @wraps(view)
            def documented(*args: P.args, **kwargs: P.kwargs) -> R:
                return view(*args, **kwargs)

            doc = deepcopy(getattr(view, "_apidoc", {}))
            listed = doc.setdefault("arguments", {}).setdefault("parameters", [])
            listed.extend({"in": "header", **parameter} for parameter in parameters)
            documented._apidoc = doc  # type: ignore[attr-defined]  # noqa: SLF001 - where flask-smorest looks for it
            return documented

        return decorate

    def problems(self, *statuses: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
        """Documents the problems an operation may answer, besides those that any may."""

        def decorate(view: Callable[P, R]) -> Callable[P, R]:
            for status in sorted({*COMMON_PROBLEMS, *statuses}):
                view = self.alt_response(
                    status, schema=ProblemSchema, content_type=CONTENT_TYPE, description=describe(status)
                )(view)
            # The server answers this before we are asked, and without a body.
            return cast("Callable[P, R]", self.alt_response(414, description="The address is too long")(view))

        return decorate


def describe(status: int) -> str:
    """Titles of all problems with this status; 422 has too many to be listed."""
    if status == HTTPStatus.UNPROCESSABLE_ENTITY:
        return "The request can't be taken as it is: see `errors` and `did_you_mean`"
    return "; ".join(kind.title for kind in KINDS.values() if kind.status == status)


def refuse_repeated(args: Mapping[str, Any], schema: Schema) -> None:
    single = {field.data_key or name for name, field in schema.fields.items() if not isinstance(field, fields.List)}
    repeated = [name for name in args if name in single and len(args.getlist(name)) > 1]  # type: ignore[attr-defined]
    if repeated:
        raise ProblemError(
            "invalid-parameter",
            f"{_listed(repeated)} can be given only once.",
            errors={name: ["Given more than once."] for name in repeated},
        )


def invalid(messages: Mapping[str, Any], *, schema: Schema, given: Mapping[str, Any], what: str) -> ProblemError:
    """The problem for marshmallow's messages; `what` is `parameter` or `field`."""
    known = {field.data_key or name: field for name, field in schema.fields.items()}
    unknown = [name for name in messages if name not in known]
    errors = {
        path: [f"Unknown {what}."] if path in unknown else said
        for name, found in messages.items()
        for path, said in _by_path(name, found)
    }
    did_you_mean = {name: near for name in unknown if (near := nearest(name, known))}
    for name in messages.keys() & known.keys():
        for value in _strings(given.get(name)):
            if near := _near_choice(value, known[name]):
                did_you_mean[value] = near
    if unknown:
        hint = f"; did you mean {did_you_mean[unknown[0]][0]!r}?" if unknown[0] in did_you_mean else "."
        detail = f"There is no {what} {_listed(unknown)}{hint}"
        return ProblemError(f"unknown-{what}", detail, errors=errors, did_you_mean=did_you_mean)
    name, first = next(iter(errors.items()), ("", ["Can't be used."]))
    detail = f"{name_for_echo(name)}: {first[0]}" if name else first[0]
    if did_you_mean:
        detail += f" Did you mean {next(iter(did_you_mean.values()))[0]!r}?"
    kind = "invalid-parameter" if what == "parameter" else "invalid-body"
    return ProblemError(kind, detail, errors=errors, did_you_mean=did_you_mean)


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Names written like `name`, nearest first."""
    folded = {candidate.casefold(): candidate for candidate in known}
    found = difflib.get_close_matches(name[:100].casefold(), folded, n=_MOST_SUGGESTIONS, cutoff=_NEAR)
    return [folded[candidate] for candidate in found]


def _near_choice(value: str, field: fields.Field[Any]) -> list[str]:
    inner = field.inner if isinstance(field, fields.List) else field
    choices = [str(one) for rule in inner.validators if isinstance(rule, validate.OneOf) for one in rule.choices]
    return [] if value in choices else nearest(value, choices)


def _strings(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, str)]


def _by_path(path: str, found: Any) -> Iterator[tuple[str, list[str]]]:
    """Messages about an object within the body go by the path to the field, without its place in a list: count.min."""
    if isinstance(found, Mapping) and found and all(isinstance(name, str) for name in found):
        for name, inner in found.items():
            yield from _by_path(path if name == "_schema" else f"{path}.{name}", inner)
    elif isinstance(found, Mapping) and any(isinstance(inner, Mapping) for inner in found.values()):
        for inner in found.values():
            yield from _by_path(path, inner)
    else:
        yield path, _flat(found)


def _flat(found: Any) -> list[str]:
    """Messages come nested by list index; readers need only the messages, each once."""
    if isinstance(found, str):
        return [found]
    parts: Sequence[Any] = list(found.values()) if isinstance(found, Mapping) else list(found)
    return list(dict.fromkeys(message for part in parts for message in _flat(part)))


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name_for_echo(name)) for name in names[:5]) + (", …" if len(names) > 5 else "")


def refuse_undecodable() -> None:
    """A query of bytes that are not UTF-8 as they are; those written as %XX are read."""
    try:
        flask.request.query_string.decode()
    except UnicodeDecodeError as error:
        sentence = f"The query's byte {error.start} is not UTF-8; write it as %XX."
        raise ProblemError("invalid-parameter", sentence) from error


def refuse_parameters() -> None:
    """For routes that take no query parameters."""
    if flask.request.args:
        raise ProblemError(
            "unknown-parameter",
            "There are no parameters here.",
            errors={name: ["Unknown parameter."] for name in flask.request.args},
        )


def as_tuples(query: Mapping[str, Any]) -> dict[str, Any]:
    """The same with tuples for lists, as frozen filters want them."""
    return {name: tuple(value) if isinstance(value, list) else value for name, value in query.items()}
