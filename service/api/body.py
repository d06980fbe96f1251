"""Reads the article out of a request's body: JSON, plain text or HTML, with all that can be wrong with it.

The limit holds for the article's own bytes in UTF-8. A JSON body may be three times that and a little
more, since a writer that escapes everything outside of ASCII turns two bytes into six.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, Never

from flask import Request
from marshmallow import Schema, ValidationError

from service.api.parsing import invalid
from service.api.problems import ProblemError, name_for_echo
from service.api.schemas.articles import ArticleBody
from service.api.schemas.fields import storable

JSON_HEADROOM_BYTES: Final = 64 * 1024
DEEPEST_JSON: Final = 32
"""Objects and lists within each other; an article needs one."""
MOST_TAGS: Final = 150_000
"""Of a page; the longest real ones have half as many."""
RAW_BODIES: Final[Mapping[str, str]] = {"text/plain": "text", "text/html": "html"}
_UTF_8_NAMES: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})
_MIB: Final = 1024 * 1024
_MARKS: Final = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)
"""Strings as a whole, one without an end to the end, and brackets outside of them."""


def largest_body(max_text_bytes: int) -> int:
    """Bytes of the largest body that could hold an article of `max_text_bytes`."""
    return 3 * max_text_bytes + JSON_HEADROOM_BYTES


def read_article(request: Request, metadata: Mapping[str, Any], *, max_text_bytes: int) -> dict[str, Any]:
    """The checked fields of an ArticleBody. Raises ProblemError for all that can't be taken.

    `metadata` is what the query parameters said, which belongs to bodies that are not JSON.
    """
    _refuse_encoded(request)
    media_type = request.mimetype
    if media_type == "application/json" or (media_type.startswith("application/") and media_type.endswith("+json")):
        article = _read_json(request, metadata, max_text_bytes)
    elif media_type in RAW_BODIES:
        field = RAW_BODIES[media_type]
        article = {**metadata, field: _read_raw(request, field, max_text_bytes)}
    else:
        raise ProblemError(
            "unsupported-media-type",
            f"{name_for_echo(media_type) or 'A body without Content-Type'} can't be read; "
            "send application/json, text/plain or text/html.",
            headers={"Accept": "application/json, text/plain, text/html"},
        )
    _check_words(article, max_text_bytes)
    return article


def read_fields(request: Request, schema: Schema) -> dict[str, Any]:
    """The checked fields of a small JSON body. Raises ProblemError for all that can't be taken."""
    _refuse_encoded(request)
    if request.mimetype != "application/json":
        raise ProblemError("unsupported-media-type", "Send application/json.", headers={"Accept": "application/json"})
    return _load_object(request, schema, limit=JSON_HEADROOM_BYTES, shape="a JSON object")


def _refuse_encoded(request: Request) -> None:
    encoding = request.headers.get("Content-Encoding", "identity").strip().lower()
    if encoding not in {"", "identity"}:
        raise ProblemError(
            "unsupported-media-type",
            f"Content-Encoding {name_for_echo(encoding)!r} is not taken; send the body as it is.",
            headers={"Accept-Encoding": "identity"},
        )


def _read_json(request: Request, metadata: Mapping[str, Any], max_text_bytes: int) -> dict[str, Any]:
    if metadata:
        raise ProblemError(
            "invalid-parameter",
            "With a JSON body, all that is known about the article goes into the body.",
            errors={name: ["Belongs into the body."] for name in metadata},
        )
    limit, shape = largest_body(max_text_bytes), "a JSON object with `text` or `html`"
    loaded = _load_object(request, ArticleBody(), limit=limit, shape=shape)
    return {name: value for name, value in loaded.items() if value is not None}


def _load_object(request: Request, schema: Schema, *, limit: int, shape: str) -> dict[str, Any]:
    """The body as the schema checks it; `shape` says what it must be."""
    value = parse_json(_decoded(request, field=None, limit=limit))
    if not isinstance(value, dict):
        raise ProblemError("invalid-body", f"The body must be {shape}.")
    try:
        loaded: dict[str, Any] = schema.load(value)
    except ValidationError as error:
        raise invalid(error.normalized_messages(), schema=schema, given=value, what="field") from error
    return loaded


def _read_raw(request: Request, field: str, max_text_bytes: int) -> str:
    words = _decoded(request, field=field, limit=max_text_bytes)
    try:
        storable(words)
    except ValidationError as error:
        raise invalid({field: error.messages}, schema=ArticleBody(), given={}, what="field") from error
    return words


def _whole(request: Request, limit: int) -> bytes:
    """The body. Raises ProblemError when it is larger than `limit` bytes or ended before it was whole."""
    # Werkzeug cuts a body without Content-Length off at its limit and says nothing, so one more byte is let in.
    request.max_content_length = limit + 1
    raw = request.get_data(cache=True)
    if len(raw) > limit:
        raise ProblemError("too-large", f"The body is too large; {limit:,} bytes ({limit / _MIB:g} MiB) are taken.")
    if request.content_length is not None and len(raw) < request.content_length:
        raise ProblemError("bad-request", "The body ended early.")
    return raw


def _decoded(request: Request, *, field: str | None, limit: int) -> str:
    charset = request.mimetype_params.get("charset", "utf-8").lower()
    if charset not in _UTF_8_NAMES:
        raise ProblemError(
            "unsupported-media-type", f"The charset {name_for_echo(charset)!r} is not taken; send UTF-8."
        )
    try:
        return _whole(request, limit).decode("utf-8")
    except UnicodeDecodeError as error:
        sentence = f"Byte {error.start} is not UTF-8."
        raise ProblemError("not-utf-8", sentence, errors={field: [sentence]} if field else None) from error


def parse_json(text: str) -> Any:
    """The JSON value of `text`; stricter than json.loads: no NaN, no key twice, and depth is an error."""
    if _depth(text) > DEEPEST_JSON:
        raise ProblemError("malformed-json", "The JSON is nested too deep.")
    try:
        return json.loads(
            text.removeprefix("\N{ZERO WIDTH NO-BREAK SPACE}"),
            object_pairs_hook=_object,
            parse_constant=_refuse_constant,
        )
    except RecursionError as error:
        raise ProblemError("malformed-json", "The JSON is nested too deep.") from error
    except json.JSONDecodeError as error:
        sentence = f"{error.msg} (line {error.lineno}, column {error.colno})."
        raise ProblemError("malformed-json", sentence) from error
    except ValueError as error:
        # Integers of thousands of digits.
        raise ProblemError("malformed-json", "A number in the JSON is too long.") from error


def _depth(text: str) -> int:
    """How deep objects and lists lie within each other, at most; counting stops where it is too deep."""
    if text.count("[") + text.count("{") <= DEEPEST_JSON:
        return 0
    depth = deepest = 0
    for mark in _MARKS.finditer(text):
        if mark[0] in "[{":
            depth += 1
            deepest = max(deepest, depth)
            if depth > DEEPEST_JSON:
                break
        elif mark[0] in "]}":
            depth -= 1
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ProblemError("malformed-json", f"The key {name_for_echo(twice)!r} is given more than once.")
    return found


def _refuse_constant(name: str) -> Never:
    raise ProblemError("malformed-json", f"{name} is no JSON number.")


def _check_words(article: Mapping[str, Any], max_text_bytes: int) -> None:
    """Exactly one body, not blank, and not too large."""
    field = next((name for name in ("text", "html") if name in article), None)
    if field is None:
        raise ProblemError(
            "invalid-body", "Give the article's words as text or html.", errors={"text": ["Give text or html."]}
        )
    words: str = article[field]
    if not words.strip("\N{ZERO WIDTH NO-BREAK SPACE}\N{ZERO WIDTH SPACE}").strip():
        raise ProblemError("invalid-body", f"{field}: Is empty.", errors={field: ["Is empty."]})
    if field == "html" and words.count("<") > MOST_TAGS:
        raise ProblemError(
            "too-large",
            f"html has {words.count('<'):,} tags; {MOST_TAGS:,} are taken.",
            errors={field: ["Too many tags."]},
        )
    size = len(words.encode("utf-8"))
    if size > max_text_bytes:
        raise ProblemError(
            "too-large",
            f"{field} is {size:,} bytes in UTF-8; {max_text_bytes:,} ({max_text_bytes / _MIB:g} MiB) are taken.",
            errors={field: ["Too large."]},
        )
