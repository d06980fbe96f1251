"""/claims/{id}/reviews over HTTP: what an editor may send, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine
from werkzeug.test import TestResponse

from service.domain.access import Scope
from tests.api.access import client_with, make_key
from tests.api.doubles import NOW, WORDS, claim, found, problem, read_all


@pytest.fixture
def shown(client: FlaskClient, engine: Engine) -> dict[str, Any]:
    """The one claim of an article that has been read."""
    client.post("/articles", json={"text": WORDS})
    read_all(engine, found(claim()))
    row: dict[str, Any] = client.get("/claims").get_json()["data"][0]
    return row


def tag(client: FlaskClient, shown: dict[str, Any]) -> str:
    return client.get(shown["links"]["self"]).headers["ETag"]


def send(client: FlaskClient, shown: dict[str, Any], body: Any, *, seen: str | None = None) -> TestResponse:
    return client.post(shown["links"]["reviews"], json=body, headers={"If-Match": seen or tag(client, shown)})


def correct(client: FlaskClient, shown: dict[str, Any], **correction: Any) -> TestResponse:
    return send(client, shown, {"decision": "corrected", "correction": correction})


def test_a_correction_answers_the_claim_with_its_new_etag(client: FlaskClient, shown: dict[str, Any]) -> None:
    seen = tag(client, shown)
    response = correct(client, shown, count={"min": 60, "max": 60, "qualifier": "exact"}, locations=["Sudzha"])
    now = response.get_json()
    assert response.status_code == 200
    assert now["count"] == {"min": 60, "max": 60, "qualifier": "exact", "additional": False, "unit": None, "text": None}
    assert [(place["name"], place["region"]) for place in now["locations"]] == [("Sudzha", "RU-KRS")]
    assert (now["review"], now["review_stale"]) == ("corrected", False)
    assert now["extracted"] == {"count": shown["count"], "locations": shown["locations"]}
    assert now["evidence"] == shown["evidence"]
    assert response.headers["ETag"] == tag(client, shown) != seen
    assert client.get("/claims?region=Sudzha&max_count=60").get_json()["data"] == [now]


def test_history_over_http(app: Flask, engine: Engine, client: FlaskClient, shown: dict[str, Any]) -> None:
    editor = client_with(app, made := make_key(engine))
    send(editor, shown, {"decision": "rejected", "comment": "A drill, not a movement."})
    send(editor, shown, {"comment": "The ministry called back."})
    answer = editor.get(shown["links"]["reviews"]).get_json()
    assert answer["standing"] == shown["id"]
    assert answer["next_cursor"] is None
    first, second = answer["data"]
    assert first == {
        "id": first["id"],
        "at": NOW.isoformat().replace("+00:00", "Z"),
        "claim_id": shown["id"],
        "article_id": shown["article_id"],
        "version": 1,
        "decision": "rejected",
        "changes": [{"field": "review", "from": "unreviewed", "to": "rejected"}],
        "comment": "A drill, not a movement.",
        "actor": "test",
        "key": made.key.id,
    }
    assert (second["decision"], second["changes"]) == (None, [])
    assert 'rel="next"' in editor.get(shown["links"]["reviews"] + "?limit=1").headers["Link"]


def test_a_review_needs_if_match(client: FlaskClient, shown: dict[str, Any]) -> None:
    body = {"decision": "confirmed"}
    problem(client.post(shown["links"]["reviews"], json=body), 428, "if-match-needed")
    problem(send(client, shown, body, seen="*"), 428, "if-match-needed")
    for seen in ('"r0"', 'W/"r1"', "nonsense", '"r0", "r999"'):
        problem(send(client, shown, body, seen=seen), 412, "changed-meanwhile")
    assert client.get(shown["links"]["self"]).get_json() == shown


def test_of_two_with_the_same_etag_the_second_is_told(client: FlaskClient, shown: dict[str, Any]) -> None:
    seen = tag(client, shown)
    assert send(client, shown, {"decision": "confirmed"}, seen=seen).status_code == 200
    problem(send(client, shown, {"decision": "rejected"}, seen=seen), 412, "changed-meanwhile")


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "comment"),
        ({"decision": None}, "comment"),
        ({"decision": "confimed"}, "decision"),
        ({"decision": "corrected"}, "correction"),
        ({"decision": "corrected", "correction": {}}, "correction"),
        ({"decision": "confirmed", "correction": {"kind": "withdrawal"}}, "correction"),
        ({"correction": {"kind": "withdrawal"}, "comment": "Why."}, "correction"),
        ({"comment": " "}, "comment"),
        ({"comment": "x" * 2001}, "comment"),
        ({"comment": "a\x00b"}, "comment"),
        ({"verdict": "confirmed"}, "verdict"),
    ],
)
def test_a_review_that_says_nothing_clear_is_refused(
    client: FlaskClient, shown: dict[str, Any], body: dict[str, Any], path: str
) -> None:
    response = send(client, shown, body)
    assert response.status_code == 422
    assert list(response.get_json(force=True)["errors"]) == [path]
    assert client.get(shown["links"]["reviews"]).get_json()["data"] == []


ONE = {"min": 5, "max": 5, "qualifier": "exact"}


@pytest.mark.parametrize(
    ("correction", "path"),
    [
        ({"kind": None}, "kind"),
        ({"kind": "invasion"}, "kind"),
        ({"kind": "casualties"}, "outcome"),
        ({"outcome": "killed"}, "outcome"),
        ({"evidence": []}, "evidence"),
        ({"confidence": 1}, "confidence"),
        ({"force": {}}, "force"),
        ({"force": 7}, "force"),
        ({"force": "Nowhereland"}, "force"),
        ({"force": {"country": "RU-KRS"}}, "force.country"),
        ({"force": {"contry": "RU"}}, "force.contry"),
        ({"personnel": "wizards"}, "personnel"),
        ({"count": {"min": 5}}, "count.qualifier"),
        ({"count": {**ONE, "max": 4}}, "count.min"),
        ({"count": {**ONE, "max": 6}}, "count.qualifier"),
        ({"count": {**ONE, "qualifier": "range"}}, "count.qualifier"),
        ({"count": {**ONE, "qualifier": "at_most"}}, "count.min"),
        ({"count": {"qualifier": "more_than"}}, "count.min"),
        ({"count": {**ONE, "min": "5"}}, "count.min"),
        ({"count": {**ONE, "min": True}}, "count.min"),
        ({"count": {**ONE, "min": 5.5}}, "count.min"),
        ({"count": {**ONE, "min": -5}}, "count.min"),
        ({"count": {**ONE, "additional": "yes"}}, "count.additional"),
        ({"count": {"qualifier": "none", "unit": {"echelon": "brigade", "number": 0}}}, "count.unit.number"),
        ({"locations": "Kursk"}, "locations"),
        ({"locations": ["Kursk", "RU-KRS"]}, "locations"),
        ({"locations": [{"name": "Kursk", "region": "RU-KRS"}]}, "locations.region"),
        ({"locations": [{"name": "A farm", "level": "point", "country": "XX"}]}, "locations.country"),
        ({"locations": [{"name": "A farm", "level": "point", "country": "RU", "region": "UA-14"}]}, "locations.region"),
        ({"locations": [{"name": "A farm", "level": "point", "region": "UA-14"}]}, "locations.country"),
        ({"locations": [{"name": "A farm", "level": "point", "lat": 51}]}, "locations.lat"),
        ({"locations": [{"name": "A farm", "level": "point", "lat": 91, "lon": 0}]}, "locations.lat"),
        ({"locations": [{"name": "Ruritania", "level": "country"}]}, "locations.level"),
        ({"time": {"start": "2024-02-30"}}, "time.start"),
        ({"time": {"start": "2024-10-02", "end": "2024-10-01"}}, "time.end"),
        ({"time": {"start": "2024-10-01", "end": "2024-10-09", "precision": "week"}}, "time.precision"),
        ({"time": {"start": "2024-10-01", "precision": "day"}}, "time.precision"),
        ({"time": {"precision": "day"}}, "time.precision"),
        ({"attribution": [{"name": "Kyiv"}]}, "attribution.type"),
        ({"attribution": [{"name": "Kyiv", "type": "official", "anonymous": True}]}, "attribution.anonymous"),
        ({"attribution": [{"type": "official", "country": "Kursk"}]}, "attribution.country"),
        ({"part_of": "c_none"}, "part_of"),
        ({"count": {**ONE, "text": "words that nobody wrote"}}, "count.text"),
    ],
    ids=str,
)
def test_a_correction_is_read_strictly(
    client: FlaskClient, shown: dict[str, Any], correction: dict[str, Any], path: str
) -> None:
    response = correct(client, shown, **correction)
    assert response.status_code == 422, response.get_data(as_text=True)
    assert list(response.get_json(force=True)["errors"]) == [f"correction.{path}"]
    assert client.get(shown["links"]["self"]).get_json() == shown


@pytest.mark.parametrize(
    ("correction", "reading"),
    [
        ({"kind": "casualties", "outcome": "wounded"}, {"kind": "casualties", "outcome": "wounded"}),
        ({"force": "Russian"}, {"force": {"country": "RU", "group": None, "text": None}}),
        ({"force": {"group": "Wagner Group"}}, {"force": {"country": None, "group": "Wagner Group", "text": None}}),
        ({"force": None}, {"force": None}),
        ({"personnel": "pilots"}, {"personnel": {"type": "pilots", "text": None}}),
        ({"personnel": {"type": "pilots", "text": "soldiers"}}, {"personnel": {"type": "pilots", "text": "soldiers"}}),
        ({"origin": "Vladivostok"}, {}),
        ({"transport": "Il-76 planes"}, {"transport": "Il-76 planes"}),
        (
            {"time": {"start": "2024-10-05", "end": "2024-10-05"}},
            {"time": {"start": "2024-10-05", "end": "2024-10-05", "precision": "day", "text": None}},
        ),
        (
            {"time": {"start": "2024-10-05"}},
            {"time": {"start": "2024-10-05", "end": None, "precision": "range", "text": None}},
        ),
        ({"time": None}, {"time": {"start": None, "end": None, "precision": None, "text": None}}),
        ({"attribution": []}, {"attribution": []}),
        ({"locations": []}, {"locations": []}),
        ({"polarity": "denied", "status": "possible"}, {"polarity": "denied", "status": "possible"}),
    ],
    ids=str,
)
def test_a_correction_is_read(
    client: FlaskClient, shown: dict[str, Any], correction: dict[str, Any], reading: dict[str, Any]
) -> None:
    response = correct(client, shown, **correction)
    now = response.get_json()
    assert response.status_code == 200, now
    assert {name: now[name] for name in reading} == reading
    assert now["extracted"] == {name: shown[name] for name in correction}


def test_null_is_a_count_without_figure(client: FlaskClient, shown: dict[str, Any]) -> None:
    count = correct(client, shown, count=None).get_json()["count"]
    assert (count["min"], count["max"], count["qualifier"]) == (None, None, "none")


def test_another_kind_than_casualties_loses_its_outcome(client: FlaskClient, shown: dict[str, Any]) -> None:
    correct(client, shown, kind="casualties", outcome="killed")
    now = correct(client, shown, kind="withdrawal").get_json()
    assert (now["kind"], now["outcome"]) == ("withdrawal", None)


def test_a_place_that_the_claim_has_keeps_its_words(client: FlaskClient, shown: dict[str, Any]) -> None:
    kept, new = correct(client, shown, locations=["Kurshchyna", "UA-63"]).get_json()["locations"]
    assert kept["text"] == "Kursk"
    assert (new["name"], new["text"]) == ("Kharkiv Oblast", None)


def test_a_place_in_full_need_not_be_known(client: FlaskClient, shown: dict[str, Any]) -> None:
    place = {"name": "Olgovka farm", "level": "point", "region": "RU-KRS", "country": "RU", "lat": 51.4, "lon": 35.3}
    assert correct(client, shown, locations=[place]).get_json()["locations"] == [{**place, "text": None}]
    assert client.get("/claims?region=Kursk").get_json()["data"][0]["id"] == shown["id"]


def test_unknown_places_are_refused_with_suggestions(client: FlaskClient, shown: dict[str, Any]) -> None:
    body = problem(correct(client, shown, locations=["Kursq"]), 422, "unknown-place")
    assert "Kursk Oblast" in body["did_you_mean"]["Kursq"]
    body = problem(correct(client, shown, origin="Georgia"), 422, "ambiguous-place")
    assert body["did_you_mean"]["Georgia"] == ["GE", "US-GA"]


def test_a_misspelled_field_of_a_correction_is_told_with_its_path(client: FlaskClient, shown: dict[str, Any]) -> None:
    body = correct(client, shown, cuont=ONE).get_json(force=True)
    assert body["errors"] == {"correction.cuont": ["Unknown field."]}


def test_judging_needs_the_scope_review(app: Flask, engine: Engine, client: FlaskClient, shown: dict[str, Any]) -> None:
    submitter = client_with(app, make_key(engine, Scope.READ, Scope.SUBMIT, Scope.ADMIN))
    problem(send(submitter, shown, {"decision": "confirmed"}), 403, "scope-missing")
