"""Stories, estimates and contradictions as clients meet them."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.domain.claims import Count, Polarity, Qualifier, Source, SourceType
from tests.api.doubles import claim, found, problem, read_all

MOSCOW = Source(name="Moscow", type=SourceType.OFFICIAL, country="RU", text="Moscow")


@pytest.fixture
def told(client: FlaskClient, engine: Engine) -> FlaskClient:
    """About 11,000 by Kyiv, 3,000 by Moscow, and Moscow's denial."""
    few = claim(
        "soldiers", count=Count(min=3000, max=3000, qualifier=Qualifier.EXACT, text="3,000"), attribution=(MOSCOW,)
    )
    denial = claim("Moscow denied it.", polarity=Polarity.DENIED, count=Count(), attribution=(MOSCOW,))
    client.post("/articles", json={"text": "Some words."})
    read_all(engine, found(claim(), few, denial))
    return client


def test_stories_lead_to_their_claims(told: FlaskClient) -> None:
    page = told.get("/stories?region=Kursk&force=KP").get_json()
    assert page["next_cursor"] is None
    assert sorted(story["min"] for story in page["data"]) == [3000, 11_000]
    for summary in page["data"]:
        story = told.get(summary["links"]["self"]).get_json()
        assert story == {**summary, "claims": [told.get(f"/claims/{story['claims'][0]['id']}").get_json()]}
        assert [denial["origin"]["name"] for denial in story["denials"]] == ["Moscow"]


def test_estimates_say_who_says_what(told: FlaskClient) -> None:
    answer = told.get("/estimates?force=North%20Korea&region=Kursk").get_json()
    (estimate,) = answer["estimates"]
    assert (estimate["range"]["min"], estimate["range"]["max"], estimate["range"]["origins"]) == (3000, 11_000, 2)
    assert estimate["sentence"] == (
        "Estimates of North Korean personnel in Kursk Oblast range from 3,000 (Moscow) to about 11,000 (Kyiv); "
        "Moscow denies it."
    )
    telling = estimate["range"]["highest"]
    assert told.get(telling["links"]["claim"]).get_json()["count"] == telling["count"]


def test_correction_shows_in_estimates_and_changes(told: FlaskClient) -> None:
    (kyivs,) = (one for one in told.get("/claims").get_json()["data"] if one["count"]["min"] == 11_000)
    tag = told.get(f"/claims/{kyivs['id']}").headers["ETag"]
    corrected = {"decision": "corrected", "correction": {"count": {"min": 12_000, "max": 12_000, "qualifier": "exact"}}}
    answer = told.post(f"/claims/{kyivs['id']}/reviews", json=corrected, headers={"If-Match": tag})
    assert answer.status_code == 200, answer.get_json()
    (estimate,) = told.get("/estimates?force=KP&region=Kursk").get_json()["estimates"]
    assert estimate["range"]["max"] == 12_000
    last = told.get("/changes").get_json()["data"][-1]
    assert (last["kind"], last["claim"]["count"]["min"]) == ("claim_reviewed", 12_000)


def test_rejection_takes_a_figure_out_of_estimates_and_stories(told: FlaskClient) -> None:
    (kyivs,) = (one for one in told.get("/claims").get_json()["data"] if one["count"]["min"] == 11_000)
    tag = told.get(f"/claims/{kyivs['id']}").headers["ETag"]
    told.post(f"/claims/{kyivs['id']}/reviews", json={"decision": "rejected"}, headers={"If-Match": tag})
    (estimate,) = told.get("/estimates?force=KP&region=Kursk").get_json()["estimates"]
    assert (estimate["range"]["max"], estimate["range"]["origins"]) == (3000, 1)
    assert [story["max"] for story in told.get("/stories").get_json()["data"]] == [3000]


@pytest.mark.parametrize("query", ["", "force=KP", "region=Kursk", "force=KP&region=Kursk&region=Tuva", "force=KP&q=x"])
def test_estimates_are_asked_for_one_force_and_one_place(client: FlaskClient, query: str) -> None:
    assert client.get(f"/estimates?{query}").status_code == 422


def test_contradictions_show_both_sides(told: FlaskClient) -> None:
    disputes = told.get("/contradictions").get_json()["data"]
    assert {one["conflict"] for one in disputes} == {"figures", "denial"}
    for one in disputes:
        assert one["one"]["evidence"]
        assert one["other"]["evidence"]


def test_merge_and_split_need_the_tag_of_what_was_seen(told: FlaskClient) -> None:
    one, other = (story["id"] for story in told.get("/stories").get_json()["data"])
    body = {"story": other, "comment": "One wave."}
    problem(told.post(f"/stories/{one}/merge", json=body), 428, "if-match-needed")
    problem(told.post(f"/stories/{one}/merge", json=body, headers={"If-Match": '"old"'}), 412, "changed-meanwhile")
    tag = told.get(f"/stories/{one}").headers["ETag"]
    merged = told.post(f"/stories/{one}/merge", json=body, headers={"If-Match": tag})
    assert merged.status_code == 200
    story = merged.get_json()
    assert len(story["claims"]) == 2
    taken = {"claims": [story["claims"][0]["id"]], "comment": "Two waves."}
    tagged = {"If-Match": merged.headers["ETag"]}
    split = told.post(f"{story['links']['self']}/split", json=taken, headers=tagged)
    assert len(split.get_json()["claims"]) == 1
    assert len(told.get("/stories").get_json()["data"]) == 2
