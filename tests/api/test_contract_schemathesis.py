"""What openapi.yaml promises, tried on the application with made-up requests, valid and invalid ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from flask import Flask
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import Engine

from tests.api.access import bearer, make_key
from tests.api.doubles import WORDS, claim, found, read_all

# Not positive_data_acceptance: that a place is known, a cursor was given out, or an address is whole can't be
# told in a schema.
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    negative_data_rejection,
    allow_header_conformance,
]
EXAMPLES = 10
OPENAPI = Path(__file__).parents[2] / "openapi.yaml"


def _operations() -> list[tuple[str, str, GenerationMode]]:
    """Every operation with valid requests, and where there is anything to get wrong, with invalid ones."""
    paths = yaml.safe_load(OPENAPI.read_text(encoding="utf-8"))["paths"]
    return [
        (method, path, mode)
        for path, item in paths.items()
        for method in ("get", "post", "delete")
        for mode in GenerationMode
        if method in item
        and (mode == GenerationMode.POSITIVE or item.get("parameters") or item[method].get("parameters"))
    ]


@pytest.mark.parametrize(("method", "path", "mode"), _operations())
def test_operation_keeps_its_promises(app: Flask, engine: Engine, method: str, path: str, mode: GenerationMode) -> None:
    app.test_client().post("/articles", json={"text": WORDS})
    read_all(engine, found(claim()))
    # A raw body has no wrong type: `false` is a text of five letters. test_bad_articles.py has what is refused.
    checks = [check for check in CHECKS if path != "/articles" or method != "post" or check != negative_data_rejection]
    operation = schemathesis.openapi.from_wsgi("/openapi.yaml", app)[path][method]

    statuses: set[int] = set()
    key = bearer(make_key(engine))

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(max_examples=EXAMPLES, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
    def keeps_its_promises(case: schemathesis.Case[Any]) -> None:
        # Made-up keys and desks are refused before anything else is looked at: test_routes_access.py asks for those.
        case.headers.pop("Muster-Desk", None)
        statuses.add(case.call_and_validate(checks=checks, headers=key).status_code)

    keeps_its_promises()
    if mode == GenerationMode.POSITIVE:
        assert not statuses & {401, 403, 429}
