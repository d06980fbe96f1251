"""The OpenAPI specification, rendered from the schemas and views."""

from __future__ import annotations

from copy import deepcopy
from importlib.metadata import version
from typing import Any, Final, cast

import yaml
from flask import Flask
from flask_smorest import Api
from werkzeug.routing import BaseConverter

from service.api.auth import DESK_HEADER
from service.api.parsing import describe
from service.api.problems import CONTENT_TYPE
from service.api.schemas.articles import ArticleBody
from service.api.schemas.audit import ReasonBody
from service.api.schemas.problem import ProblemSchema
from service.api.schemas.reviews import BODIES
from service.domain.access import DESK_PATTERN
from service.formats.writers import FORMATS

TITLE: Final = "Muster"
OPENAPI_VERSION: Final = "3.1.0"
DESCRIPTION: Final = """\
A register of deployment claims: who is said to be where, how many, according to whom, and who denies it.

Post articles; each statement that somebody's personnel are at, going to, leaving, or were lost at a place is kept
with its figure, its source and its exact words. Figures are never blended: every speaker's own is kept.

**Errors** are RFC 9457 problems (`application/problem+json`) with a stable `type`. Unknown parameters and fields are
errors, never ignored. **Pages**: follow `next_cursor`, or the `Link` header with `rel="next"`; a reader who does sees
every claim that stood at the beginning exactly once. **Offsets** count Unicode code points.

**Keys** are sent as `Authorization: Bearer muster_…`. Each has scopes (`read`, `submit`, `review`, `admin`) and desks;
what another desk holds is not found. A service that keeps to its own machine asks for no key until one is made.
"""
KEY_SCHEME: Final = "key"
_DESK_PARAMETER: Final[dict[str, Any]] = {
    "in": "header",
    "name": DESK_HEADER,
    "required": False,
    "schema": {"type": "string", "pattern": f"^{DESK_PATTERN}$"},
    "description": "The desk that the request is about; without it, the first that the key was made for.",
}


class IdConverter(BaseConverter):
    """Ids of articles and claims; anything else in their place is simply not found."""

    regex = "[A-Za-z0-9_-]{1,64}"


class FormatConverter(BaseConverter):
    """The format of an export, written as the ending of a file."""

    regex = "|".join(FORMATS)


class MusterApi(Api):  # type: ignore[misc]  # flask-smorest ships no types
    """flask-smorest's specification without its error answers and pages, which are our own."""

    DEFAULT_ERROR_RESPONSE_NAME = None
    ERROR_SCHEMA = ProblemSchema

    def _register_error_handlers(self) -> None:
        """Errors become problems in problems.py."""

    def _register_pagination_header(self) -> None:
        """Pages are linked by cursor; flask-smorest's counted pages are not used."""


def create_api(app: Flask) -> MusterApi:
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["format"] = FormatConverter
    app.config.update(
        API_TITLE=TITLE,
        API_VERSION=version("muster"),
        OPENAPI_VERSION=OPENAPI_VERSION,
        API_SPEC_OPTIONS={
            "info": {
                "description": DESCRIPTION,
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            }
        },
    )
    api = MusterApi(app)
    api.register_converter(IdConverter, lambda _: {"type": "string", "pattern": f"^{IdConverter.regex}$"})
    api.register_converter(FormatConverter, lambda _: {"type": "string", "enum": list(FORMATS)})
    api.ma_plugin.converter.add_attribute_function(_settle)
    api.spec.components.schema("ArticleBody", schema=ArticleBody())
    api.spec.components.schema("Reason", schema=ReasonBody())
    for name, schema in BODIES.items():
        api.spec.components.schema(name, schema=schema())
    api.spec.components.security_scheme(
        KEY_SCHEME,
        {
            "type": "http",
            "scheme": "bearer",
            "bearerFormat": "muster_<id>_<secret>",
            "description": "Made with `muster keys create`. Beside each operation stands the scope that it needs.",
        },
    )
    return api


def _settle(_converter: Any, field: Any, ret: dict[str, Any]) -> dict[str, Any]:
    """Corrects what apispec derives: None is no default, and `anyOf` says the type by itself."""
    if "default" in ret and ret["default"] is None:
        del ret["default"]
    if "anyOf" in field.metadata:
        ret.pop("type", None)
        ret.pop("format", None)
    return {}


def specification(api: MusterApi) -> dict[str, Any]:
    """In the order in which it is read; answers by status."""
    rendered = cast("dict[str, Any]", deepcopy(api.spec.to_dict()))
    for item in rendered["paths"].values():
        for operation in item.values():
            if isinstance(operation, dict):
                _tell_of_keys(operation)
                operation["responses"] = dict(sorted(operation["responses"].items()))
    first = [name for name in ("openapi", "info", "tags", "paths", "components") if name in rendered]
    return {name: rendered[name] for name in [*first, *(name for name in rendered if name not in first)]}


def _tell_of_keys(operation: dict[str, Any]) -> None:
    """What holds for every operation that needs a key."""
    if not operation.get("security"):
        return
    operation["parameters"] = [*operation.get("parameters", []), _DESK_PARAMETER]
    answer = {"content": {CONTENT_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}}
    challenge = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    operation["responses"]["401"] = {"description": describe(401), "headers": challenge, **answer}
    later = {"Retry-After": {"schema": {"type": "string"}, "required": True}}
    operation["responses"]["429"] = {"description": describe(429), "headers": later, **answer}
    operation["responses"].setdefault("404", {"description": describe(404), **answer})


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are, and everything in full: no aliases."""

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's signature
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _represent_text)
_Dumper.add_multi_representer(str, lambda dumper, text: _represent_text(dumper, str(text)))


def as_yaml(spec: dict[str, Any]) -> str:
    """The same text for the same specification, wherever it is rendered."""
    return yaml.dump(spec, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)
