"""Every route of the application, as its table has them: which key it needs, and that desks see only their own.

A new route fails here until it is listed, and until it keeps desks apart.
"""

from __future__ import annotations

from typing import Any, Final

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from service.domain.access import Scope
from service.domain.claims import Polarity, Source, SourceType
from tests.api.access import OTHER_DESK, client_with, make_desk, make_key
from tests.api.doubles import WORDS, claim, found, problem, read_all

Route = tuple[str, str]
EVERYBODY: Final = None

NEEDS: Final[dict[Route, Scope | None]] = {
    ("GET", "/"): EVERYBODY,
    ("GET", "/docs"): EVERYBODY,
    ("GET", "/openapi.yaml"): EVERYBODY,
    ("GET", "/healthz"): EVERYBODY,
    ("GET", "/readyz"): EVERYBODY,
    ("GET", "/metrics"): Scope.READ,
    ("POST", "/articles"): Scope.SUBMIT,
    ("GET", "/articles"): Scope.READ,
    ("GET", "/articles/<id:id>"): Scope.READ,
    ("DELETE", "/articles/<id:id>"): Scope.SUBMIT,
    ("GET", "/articles/<id:id>/claims"): Scope.READ,
    ("GET", "/articles/<id:id>/text"): Scope.READ,
    ("GET", "/articles/<id:id>/diagnostics"): Scope.READ,
    ("POST", "/articles/<id:id>/reprocess"): Scope.SUBMIT,
    ("POST", "/articles/<id:id>/retry"): Scope.SUBMIT,
    ("GET", "/claims"): Scope.READ,
    ("GET", "/claims.<format:format>"): Scope.READ,
    ("GET", "/claims/facets"): Scope.READ,
    ("GET", "/claims/<id:id>"): Scope.READ,
    ("POST", "/claims/<id:id>/reviews"): Scope.REVIEW,
    ("GET", "/claims/<id:id>/reviews"): Scope.READ,
    ("GET", "/aggregates"): Scope.READ,
    ("GET", "/changes"): Scope.READ,
    ("GET", "/estimates"): Scope.READ,
    ("GET", "/stories"): Scope.READ,
    ("GET", "/stories/<id:id>"): Scope.READ,
    ("GET", "/contradictions"): Scope.READ,
    ("POST", "/stories/<id:id>/merge"): Scope.REVIEW,
    ("POST", "/stories/<id:id>/split"): Scope.REVIEW,
    ("GET", "/regions"): Scope.READ,
    ("GET", "/audit"): Scope.ADMIN,
    ("POST", "/articles/<id:id>/purge"): Scope.ADMIN,
    ("POST", "/articles/<id:id>/readmit"): Scope.ADMIN,
}
REQUESTS: Final[dict[Route, dict[str, Any]]] = {
    ("POST", "/articles"): {"json": {"text": "Some other words."}},
    ("GET", "/claims/facets"): {"query_string": {"fields": "force,outlet"}},
    ("GET", "/aggregates"): {"query_string": {"group_by": "force,outlet"}},
    ("GET", "/estimates"): {"query_string": {"force": "KP", "region": "Kursk"}},
    ("GET", "/regions"): {"query_string": {"q": "Kursk"}},
    ("POST", "/claims/<id:id>/reviews"): {"json": {"decision": "rejected"}, "headers": {"If-Match": '"r1"'}},
    ("POST", "/stories/<id:id>/merge"): {"json": {"story": "s_1", "comment": "One."}, "headers": {"If-Match": '"1"'}},
    ("POST", "/stories/<id:id>/split"): {
        "json": {"claims": ["c_1"], "comment": "Two."},
        "headers": {"If-Match": '"1"'},
    },
    ("POST", "/articles/<id:id>/purge"): {"json": {"reason": "A court said so."}},
    ("POST", "/articles/<id:id>/readmit"): {"json": {"reason": "A court said so."}},
}
"""What a request needs besides its path to be a good one."""
TELLS_NOTHING_OF_ARTICLES: Final = {("GET", "/metrics"), ("GET", "/regions"), *(r for r in NEEDS if NEEDS[r] is None)}
SECRET_OUTLET: Final = "The Other Desk's Gazette"


def routes(app: Flask) -> list[Route]:
    return [
        (method, rule.rule)
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})
    ]


def ask(client: FlaskClient, route: Route, id_: str = "a_1", **more: Any) -> TestResponse:
    method, rule = route
    return client.open(
        rule.replace("<id:id>", id_).replace("<format:format>", "ndjson"),
        method=method,
        **{**REQUESTS.get(route, {}), **more},
    )


def by_id() -> list[Route]:
    return [route for route in NEEDS if "<id:id>" in route[1]]


def test_every_route_is_listed_with_what_it_needs(app: Flask) -> None:
    assert set(routes(app)) == set(NEEDS)
    # Whatever a path holds besides ids has to be thought of here first.
    assert all(rule.arguments <= {"id", "format"} for rule in app.url_map.iter_rules())


def test_every_route_that_needs_a_key_says_so_in_the_specification(app: Flask) -> None:
    paths = app.extensions["muster-documentation"].spec["paths"]
    for (method, rule), scope in NEEDS.items():
        operation = paths.get(rule.replace("<id:id>", "{id}").replace("<format:format>", "{format}"), {}).get(
            method.lower()
        )
        if operation is None:
            assert rule in {"/", "/docs", "/openapi.yaml"}
            continue
        assert operation["security"] == ([{"key": [scope.value]}] if scope else [])
        if scope:
            assert "WWW-Authenticate" in operation["responses"]["401"]["headers"]
            assert any(parameter["name"] == "Muster-Desk" for parameter in operation["parameters"])


@pytest.mark.parametrize("route", [route for route in NEEDS if NEEDS[route] is None], ids=str)
def test_route_for_everybody_needs_no_key(app: Flask, engine: Engine, route: Route) -> None:
    make_key(engine)
    assert ask(app.test_client(), route).status_code == 200


@pytest.mark.parametrize("route", [route for route in NEEDS if NEEDS[route]], ids=str)
def test_route_answers_401_without_a_key(app: Flask, engine: Engine, route: Route) -> None:
    make_key(engine)
    response = ask(app.test_client(), route)
    problem(response, 401, "key-needed")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="muster"'


@pytest.mark.parametrize("route", [route for route in NEEDS if NEEDS[route]], ids=str)
def test_route_answers_403_without_its_scope(app: Flask, engine: Engine, route: Route) -> None:
    scope = NEEDS[route]
    others = [other for other in Scope if other is not scope]
    response = ask(client_with(app, make_key(engine, *others)), route)
    problem(response, 403, "scope-missing")
    assert f'error="insufficient_scope", scope="{scope}"' in response.headers["WWW-Authenticate"]


@pytest.mark.parametrize("route", [route for route in NEEDS if NEEDS[route]], ids=str)
def test_route_lets_its_scope_in(app: Flask, engine: Engine, route: Route) -> None:
    scope = NEEDS[route]
    assert scope is not None
    assert ask(client_with(app, make_key(engine, scope)), route).status_code in {200, 202, 404}


@pytest.fixture
def others_ids(app: Flask, engine: Engine) -> list[str]:
    """Ids of the other desk: an article that was read, its claim and denial, one that failed, one retracted."""
    make_desk(engine)
    client = client_with(app, make_key(engine, desks=(OTHER_DESK,)))
    read = client.post("/articles", json={"text": WORDS, "outlet": SECRET_OUTLET}).get_json()["id"]
    moscow = Source(name="Moscow", type=SourceType.OFFICIAL, country="RU", text="Moscow")
    denial = claim("Moscow denied it.", polarity=Polarity.DENIED, attribution=(moscow,))
    read_all(engine, found(claim(), denial, outlet=SECRET_OUTLET))
    retracted = client.post("/articles", json={"text": "Taken back.", "outlet": SECRET_OUTLET}).get_json()["id"]
    client.delete(f"/articles/{retracted}")
    queued = client.post("/articles", json={"text": "Still to be read.", "outlet": SECRET_OUTLET}).get_json()["id"]
    claims = [row["id"] for row in client.get("/claims").get_json()["data"]]
    assert len(claims) == 2
    assert client.get(f"/articles/{read}").status_code == 200
    return [read, retracted, queued, *claims]


@pytest.mark.parametrize("route", by_id(), ids=str)
def test_route_answers_404_to_another_desks_ids(
    app: Flask, engine: Engine, others_ids: list[str], route: Route
) -> None:
    client = client_with(app, make_key(engine))
    for id_ in others_ids:
        body = problem(ask(client, route, id_), 404, "not-found")
        assert SECRET_OUTLET not in str(body)


@pytest.mark.parametrize("route", by_id(), ids=str)
def test_route_changes_nothing_of_another_desk(app: Flask, engine: Engine, others_ids: list[str], route: Route) -> None:
    theirs = client_with(app, make_key(engine, desks=(OTHER_DESK,)))
    before = [theirs.get(path).get_json() for path in ("/articles", "/claims")]
    for id_ in others_ids:
        ask(client_with(app, make_key(engine)), route, id_)
    assert [theirs.get(path).get_json() for path in ("/articles", "/claims")] == before


@pytest.mark.parametrize(
    "route",
    [route for route in NEEDS if "<id:id>" not in route[1] and route not in TELLS_NOTHING_OF_ARTICLES],
    ids=str,
)
def test_list_shows_nothing_of_another_desk(app: Flask, engine: Engine, others_ids: list[str], route: Route) -> None:
    text = ask(client_with(app, make_key(engine)), route).get_data(as_text=True)
    assert SECRET_OUTLET not in text
    assert not any(id_ in text for id_ in others_ids)
    if NEEDS[route] is Scope.READ:
        # The same question does find something there, or this test would prove nothing.
        theirs = client_with(app, make_key(engine, desks=(OTHER_DESK,)))
        shown = ask(theirs, route).get_data(as_text=True)
        assert SECRET_OUTLET in shown or any(id_ in shown for id_ in others_ids)


@pytest.mark.parametrize("route", [route for route in NEEDS if NEEDS[route]], ids=str)
@pytest.mark.parametrize("desk", [OTHER_DESK, "no-such-desk", "%00", "Default"])
def test_route_answers_404_for_a_desk_that_is_not_the_keys(app: Flask, engine: Engine, route: Route, desk: str) -> None:
    make_desk(engine)
    response = ask(client_with(app, make_key(engine)), route, headers={"Muster-Desk": desk})
    assert desk in problem(response, 404, "not-found")["detail"]
