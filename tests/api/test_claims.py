"""Asking for claims: filters, pages, and what is said about a question that can't be answered."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.domain.claims import Count, Kind, Outcome, Place, PlaceLevel, Polarity, Qualifier
from tests.api.doubles import WORDS, claim, found, problem, read_all

SUDZHA = Place(name="Sudzha", region="RU-KRS", country="RU", level=PlaceLevel.CITY, text="Kursk")
KHERSON = Place(name="Kherson Oblast", region="UA-65", country="UA", level=PlaceLevel.REGION, text="Kursk")


@pytest.fixture
def held(client: FlaskClient, engine: Engine) -> FlaskClient:
    client.post("/articles", json={"text": WORDS, "outlet": "Front Wire", "published_at": "2024-10-25"})
    denied = Count(min=1000, qualifier=Qualifier.MORE_THAN, text="11,000")
    read_all(
        engine,
        found(
            claim(),
            claim("North Korean soldiers", locations=(SUDZHA,), count=denied, polarity=Polarity.DENIED),
            claim("Moscow", kind=Kind.CASUALTIES, outcome=Outcome.KILLED, locations=(KHERSON,), count=Count()),
        ),
    )
    return client


def _spans(client: FlaskClient, query: str) -> set[str]:
    response = client.get(f"/claims?{query}")
    assert response.status_code == 200, response.get_json(force=True)
    return {one["evidence"][0]["exact"] for one in response.get_json()["data"]}


ALL = {"11,000 North Korean soldiers", "North Korean soldiers", "Moscow"}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", ALL),
        ("region=Kursk", ALL - {"Moscow"}),
        ("region=RU-KRS&region=UA-65", ALL),
        ("country=UA", {"Moscow"}),
        ("force=North+Korea", ALL),
        ("force=RU", set()),
        ("kind=casualties", {"Moscow"}),
        ("kind=casualties&kind=presence", ALL),
        ("outcome=killed", {"Moscow"}),
        ("polarity=denied", {"North Korean soldiers"}),
        ("personnel=troops&region=Kursk", ALL - {"Moscow"}),
        ("min_count=5000", ALL - {"Moscow"}),
        ("max_count=5000", {"North Korean soldiers"}),
        ("from=2024-10-15&to=2024-10-20", ALL),
        ("from=2024-11-01", set()),
        ("reported_from=2024-10-25&reported_to=2024-10-25", ALL),
        ("reported_to=2024-10-24T23:59:59Z", set()),
        ("source=Kyiv", ALL),
        ("outlet=front+wire", ALL),
        ("article=a_other", set()),
        # The denied claim has the figure too, from elsewhere in its article.
        ("q=korean+11000", {"11,000 North Korean soldiers", "North Korean soldiers"}),
        ("q=korean+12000", set()),
        ("q=11000+-moscow", ALL - {"Moscow"}),
        ("q=%22Korean+soldiers%22&polarity=denied", {"North Korean soldiers"}),
    ],
)
def test_filters(held: FlaskClient, query: str, expected: set[str]) -> None:
    assert _spans(held, query) == expected


def test_a_claim_is_shown_with_all_its_fields(held: FlaskClient) -> None:
    shown = held.get("/claims?min_count=11000&polarity=affirmed").get_json()["data"][0]
    assert held.get(shown["links"]["self"]).get_json() == shown
    assert shown["links"]["article"] == f"/articles/{shown['article_id']}"
    assert shown["force"] == {"country": "KP", "group": None, "text": "North Korean"}
    assert shown["time"] == {"start": "2024-10-01", "end": "2024-10-31", "precision": "month", "text": "October"}
    assert shown["extractor"] == {"name": "muster-test", "version": "1"}
    assert (shown["reported_at"], shown["reported_at_source"]) == ("2024-10-25T00:00:00Z", "published")
    assert shown["outlet"] == "Front Wire"
    assert shown["review"] == "unreviewed"
    assert list(shown) == [
        *("id", "article_id", "kind", "outcome", "status", "polarity", "force", "personnel", "count", "locations"),
        *("origin", "transport", "time", "attribution", "part_of", "evidence", "confidence", "reasons", "review"),
        *("review_stale", "extracted", "outlet", "reported_at", "reported_at_source", "extractor", "links"),
    ]


def test_pages_meet_every_claim_once_and_keep_the_filters(held: FlaskClient) -> None:
    met: list[str] = []
    path = "/claims?limit=1&force=KP&sort=-count"
    while True:
        response = held.get(path)
        met.extend(one["id"] for one in response.get_json()["data"])
        link = response.headers.get("Link")
        if link is None:
            break
        path = link[1 : link.index(">")]
        assert "force=KP" in path
        assert "sort=-count" in path
    assert len(met) == len(set(met)) == 3


def test_an_unknown_parameter_is_refused_with_what_was_meant(client: FlaskClient) -> None:
    body = problem(client.get("/claims?regoin=Kursk"), 422, "unknown-parameter")
    assert body["errors"] == {"regoin": ["Unknown parameter."]}
    assert body["did_you_mean"]["regoin"][0] == "region"


@pytest.mark.parametrize(
    "path",
    [
        *("/claims?x=1", "/claims/c_1?x=1", "/aggregates?group_by=kind&x=1", "/regions?q=a&x=1", "/articles?x=1"),
        *("/articles/a_1?x=1", "/articles/a_1/claims?x=1", "/articles/a_1/text?x=1", "/articles/a_1/diagnostics?x=1"),
        *("/healthz?x=1", "/readyz?x=1", "/metrics?x=1", "/docs?x=1", "/openapi.yaml?x=1", "/?x=1"),
    ],
)
def test_every_route_refuses_unknown_parameters(client: FlaskClient, path: str) -> None:
    problem(client.get(path), 422, "unknown-parameter")


@pytest.mark.parametrize("path", ["/articles/a_1/retry?x=1", "/articles/a_1/reprocess?x=1"])
def test_actions_refuse_unknown_parameters(client: FlaskClient, path: str) -> None:
    problem(client.post(path), 422, "unknown-parameter")


def test_an_unknown_value_is_refused_with_what_was_meant(client: FlaskClient) -> None:
    body = problem(client.get("/claims?kind=presence&kind=withdrawel"), 422, "invalid-parameter")
    assert list(body["errors"]) == ["kind"]
    assert body["did_you_mean"] == {"withdrawel": ["withdrawal"]}


def test_an_unknown_region_is_refused_with_suggestions(client: FlaskClient) -> None:
    body = problem(client.get("/claims?region=Kursq"), 422, "unknown-place")
    assert body["did_you_mean"]["Kursq"]


def test_a_name_of_two_places_is_refused_with_both_codes(client: FlaskClient) -> None:
    body = problem(client.get("/claims?region=Georgia"), 422, "ambiguous-place")
    assert {"GE", "US-GA"} <= set(body["did_you_mean"]["Georgia"])


@pytest.mark.parametrize(
    "query",
    [
        *("limit=0", "limit=201", "limit=x", "limit=1.5", "limit=1_0", "limit=%2B5", "limit=", "limit=1&limit=2"),
        *("min_count=-1", "min_count=1e3", "min_count=" + "9" * 30, "min_count=" + "9" * 5000, "max_count=nan"),
        *("from=yesterday", "to=2024-02-30", "from=2024-10-02&to=2024-10-01", "from=2024-1-1", "reported_from=x"),
        *("min_count=5&max_count=4", "reported_from=2024-10-02&reported_to=2024-10-01T00:00:00Z"),
        *("sort=price", "sort=count&sort=time", "kind=", "status=DONE", "region=", "region=%00", "source=%20"),
        *("cursor=x", "cursor=", "cursor=%F0%9F", "cursor=" + "A" * 900, "article=" + "a" * 300),
        *("q=", "q=%20", "q=%22%22", "q=-", "q=*+%26%0A(", "q=a*", "q=%00", "q=" + "a+" * 40, "q=" + "a" * 501),
        "&".join(f"region=RU-{index}" for index in range(60)),
    ],
)
def test_a_bad_value_is_refused(client: FlaskClient, query: str) -> None:
    response = client.get(f"/claims?{query}")
    assert response.status_code == 422
    assert response.get_json(force=True)["errors"]


def test_aggregates_count_by_group(held: FlaskClient) -> None:
    body = held.get("/aggregates?group_by=country,polarity").get_json()
    assert body["group_by"] == ["country", "polarity"]
    rows = {(row["country"], row["polarity"]): row for row in body["data"]}
    assert rows["RU", "affirmed"]["claims"] == 1
    assert rows["RU", "denied"]["min"] == 1000
    assert rows["UA", "affirmed"]["min"] is None


@pytest.mark.parametrize("groups", ["", "regoin", "region,region", "region,", "kind,status,polarity,force,outlet"])
def test_aggregates_refuse_bad_groups(client: FlaskClient, groups: str) -> None:
    body = problem(client.get(f"/aggregates?group_by={groups}"), 422, "invalid-parameter")
    assert list(body["errors"]) == ["group_by"]


def test_facets_count_each_field_without_its_own_filter(held: FlaskClient) -> None:
    body = held.get("/claims/facets?fields=country,kind&kind=casualties").get_json()
    assert (body["claims"], body["articles"]) == (1, 1)
    assert body["facets"] == {
        "country": {
            "values": [{"value": "UA", "name": "Ukraine", "claims": 1, "articles": 1}],
            "more": False,
            "without": 0,
        },
        "kind": {
            "values": [
                {"value": "presence", "name": "presence", "claims": 2, "articles": 1},
                {"value": "casualties", "name": "casualties", "claims": 1, "articles": 1},
            ],
            "more": False,
            "without": 0,
        },
    }


@pytest.mark.parametrize("fields", ["", "regoin", "kind,kind", "kind,", "month", "origin"])
def test_facets_refuse_bad_fields(client: FlaskClient, fields: str) -> None:
    body = problem(client.get(f"/claims/facets?fields={fields}"), 422, "invalid-parameter")
    assert list(body["errors"]) == ["fields"]


@pytest.mark.parametrize("query", ["", "fields=kind&limit=0", "fields=kind&limit=101", "fields=kind&fields=force"])
def test_facets_refuse_what_can_not_be_shown(client: FlaskClient, query: str) -> None:
    problem(client.get(f"/claims/facets?{query}"), 422, "invalid-parameter")


def test_aggregates_need_groups(client: FlaskClient) -> None:
    assert problem(client.get("/aggregates"), 422, "invalid-parameter")["errors"] == {
        "group_by": ["Missing data for required field."]
    }


@pytest.mark.parametrize("name", ["Kursk", "kurshchyna", "Курская область", "RU-KRS"])
def test_regions_are_found_by_any_name(client: FlaskClient, name: str) -> None:
    codes = [row["code"] for row in client.get("/regions", query_string={"q": name}).get_json()["data"]]
    assert "RU-KRS" in codes


def test_claims_not_held_are_not_found(client: FlaskClient) -> None:
    problem(client.get("/claims/c_nothing"), 404, "not-found")


@pytest.mark.parametrize("path", ["/claims", "/docs", "/healthz"])
def test_query_of_bytes_that_are_not_utf_8_is_refused(client: FlaskClient, path: str) -> None:
    response = client.get(path, environ_overrides={"QUERY_STRING": "region=\x80"})
    assert "byte 7" in problem(response, 422, "invalid-parameter")["detail"]
