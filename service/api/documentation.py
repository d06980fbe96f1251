"""/, /openapi.yaml and /docs: what the service can do, told by itself and without any other site."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cached_property
from importlib.resources import files
from typing import Any, Final

from flask import Blueprint, Flask, Response, jsonify, render_template
from werkzeug.http import HTTP_STATUS_CODES

from service.api.auth import for_everybody
from service.api.parsing import refuse_parameters
from service.api.problems import KINDS, TYPE_PREFIX
from service.api.spec import KEY_SCHEME, MusterApi, as_yaml, specification

YAML_TYPE: Final = "application/yaml"
_METHODS: Final = ("get", "post", "delete")


class Documentation:
    """The specification as YAML and as what the page shows; rendered once, when first asked for."""

    def __init__(self, api: MusterApi) -> None:
        self._api = api

    @cached_property
    def spec(self) -> dict[str, Any]:
        return specification(self._api)

    @cached_property
    def yaml(self) -> str:
        return as_yaml(self.spec)

    @cached_property
    def style(self) -> str:
        return files("service.api").joinpath("templates/docs.css").read_text(encoding="utf-8")

    @cached_property
    def policy(self) -> str:
        """The page may show its own style, and nothing else may happen on it."""
        digest = base64.b64encode(hashlib.sha256(self.style.encode()).digest()).decode()
        return (
            f"default-src 'none'; style-src 'sha256-{digest}'; img-src 'self' data:; base-uri 'none'; "
            "form-action 'none'; frame-ancestors 'none'"
        )

    @cached_property
    def page(self) -> str:
        return render_template(
            "docs.html",
            spec=self.spec,
            style=self.style,
            groups=_groups(self.spec),
            schemas=self.spec["components"]["schemas"],
            problems=[{"type": TYPE_PREFIX + kind.name, "kind": kind} for kind in KINDS.values()],
            type_name=type_name,
            reference=reference,
            as_json=lambda value: json.dumps(value, indent=2, ensure_ascii=False),
        )


def _groups(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """Operations under their tag, in the order of the specification."""
    groups = {tag["name"]: {"tag": tag, "operations": []} for tag in spec["tags"]}
    for path, item in spec["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = item[method]
                parameters = [*item.get("parameters", []), *operation.get("parameters", [])]
                groups[operation["tags"][0]]["operations"].append(
                    {
                        "anchor": f"{method}-{path.strip('/').replace('/', '-').replace('{', '').replace('}', '')}",
                        "method": method.upper(),
                        "path": path,
                        "summary": operation.get("summary", "").rstrip("."),
                        "description": operation.get("description", ""),
                        "scopes": [scope for one in operation.get("security", ()) for scope in one[KEY_SCHEME]],
                        "parameters": parameters,
                        "body": operation.get("requestBody"),
                        "successes": _answers(operation, success=True),
                        "problems": _answers(operation, success=False),
                    }
                )
    return list(groups.values())


def _answers(operation: dict[str, Any], *, success: bool) -> list[dict[str, Any]]:
    return [
        {
            "status": status,
            "phrase": HTTP_STATUS_CODES.get(int(status), ""),
            "description": answer["description"],
            "content": answer.get("content", {}),
        }
        for status, answer in sorted(operation["responses"].items())
        if status.isdigit() and (int(status) < 400) is success
    ]


def reference(schema: dict[str, Any]) -> str | None:
    """Name of the component that a schema is or is a list of."""
    for candidate in (schema, schema.get("items", {}), *schema.get("anyOf", [])):
        if "$ref" in candidate:
            return str(candidate["$ref"]).rpartition("/")[2]
    return None


def type_name(schema: dict[str, Any]) -> str:
    """A schema's type in a few words, such as `list of Claim` or `string or null`."""
    if "$ref" in schema:
        return str(schema["$ref"]).rpartition("/")[2]
    if "anyOf" in schema:
        return " or ".join(type_name(inner) for inner in schema["anyOf"])
    kinds = schema.get("type", "any")
    if kinds == "array":
        return f"list of {type_name(schema.get('items', {}))}"
    name = " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
    return f"{schema['format']}{' or null' if 'null' in name else ''}" if "format" in schema else name


def create_blueprint(documentation: Documentation) -> Blueprint:
    blueprint = Blueprint("documentation", __name__, template_folder="templates")
    blueprint.before_request(refuse_parameters)

    @blueprint.get("/")
    @for_everybody
    def index() -> Response:
        """Where to go from here."""
        return jsonify(
            {
                "name": "Muster",
                "version": documentation.spec["info"]["version"],
                "links": {
                    "articles": "/articles",
                    "claims": "/claims",
                    "export": "/claims.csv",
                    "regions": "/regions?q=",
                    "aggregates": "/aggregates?group_by=region,month",
                    "docs": "/docs",
                    "specification": "/openapi.yaml",
                    "ready": "/readyz",
                    "metrics": "/metrics",
                },
            }
        )

    @blueprint.get("/openapi.yaml")
    @for_everybody
    def openapi() -> Response:
        return Response(documentation.yaml, content_type=YAML_TYPE)

    @blueprint.get("/docs")
    @for_everybody
    def docs() -> Response:
        response = Response(documentation.page, content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = documentation.policy
        return response

    return blueprint


def secure(app: Flask) -> None:
    """Headers that every answer bears."""

    def add(response: Response) -> Response:
        response.headers.setdefault("X-Content-Type-Options", "nosniff")
        response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
        response.headers.setdefault("Referrer-Policy", "no-referrer")
        response.headers.setdefault("X-Frame-Options", "DENY")
        response.headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    app.after_request(add)
