"""Posting articles and following them."""

from __future__ import annotations

import threading

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from service.settings import Settings
from tests.api.doubles import NOTHING_SEEN, WORDS, CountingWaker, claim, fail_all, found, problem, read_all


def test_post_answers_202_with_location_and_wakes_a_worker(client: FlaskClient, waker: CountingWaker) -> None:
    response = client.post("/articles", json={"text": WORDS, "title": "Kursk"})
    article = response.get_json()
    assert response.status_code == 202
    assert response.headers["Location"] == f"/articles/{article['id']}"
    assert article["status"] == "queued"
    assert article["links"]["claims"] == f"/articles/{article['id']}/claims"
    assert "claims" not in article
    assert waker.woken == 1


def test_post_of_an_article_held_answers_200_and_wakes_nobody(client: FlaskClient, waker: CountingWaker) -> None:
    first = client.post("/articles", json={"text": WORDS}).get_json()
    second = client.post("/articles", json={"text": WORDS})
    assert second.status_code == 200
    assert second.get_json()["id"] == first["id"]
    assert waker.woken == 1


def test_post_of_changed_text_under_one_url_answers_202_with_a_new_version(client: FlaskClient) -> None:
    url = "https://example.org/kursk"
    first = client.post("/articles", json={"text": "One.", "url": url}).get_json()
    second = client.post("/articles", json={"text": "Two.", "url": url})
    assert second.status_code == 202
    assert (second.get_json()["id"], second.get_json()["version"]) == (first["id"], 2)


def test_post_of_names_of_two_articles_answers_409(client: FlaskClient) -> None:
    client.post("/articles", json={"text": "One.", "url": "https://example.org/1"})
    client.post("/articles", json={"text": "Two.", "external_id": "two"})
    response = client.post("/articles", json={"text": "3", "url": "https://example.org/1", "external_id": "two"})
    problem(response, 409, "conflict")


def test_post_takes_plain_text_with_the_rest_as_parameters(client: FlaskClient) -> None:
    response = client.post(
        "/articles",
        query_string={"title": "Kursk", "url": "https://example.org/1", "published_at": "2024-10-25"},
        data=WORDS,
        content_type="text/plain",
    )
    assert response.status_code == 202
    article = response.get_json()
    assert (article["title"], article["url"]) == ("Kursk", "https://example.org/1")
    assert article["published_at"] == "2024-10-25T00:00:00Z"


def test_post_takes_html(client: FlaskClient) -> None:
    response = client.post("/articles", data="<p>Troops are in Kursk.</p>", content_type="text/html; charset=UTF-8")
    assert response.status_code == 202
    problem(client.get(f"/articles/{response.get_json()['id']}/text"), 409, "not-ready")


@pytest.mark.parametrize("text", ["  Kursk\r\n\n\tКурськ 😀\u2028é\u0301 ", "\ufeffKursk", "\x01\x7f\ufffe"])
@pytest.mark.parametrize("raw", [True, False])
def test_text_is_kept_code_point_for_code_point(client: FlaskClient, text: str, *, raw: bool) -> None:
    if raw:
        posted = client.post("/articles", data=text.encode(), content_type="text/plain")
    else:
        posted = client.post("/articles", json={"text": text})
    response = client.get(f"/articles/{posted.get_json()['id']}/text")
    assert response.content_type == "text/plain; charset=utf-8"
    assert response.get_data().decode() == text


def test_one_idempotency_key_gives_one_answer(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    first = client.post("/articles", json={"text": WORDS}, headers=headers)
    second = client.post("/articles", json={"text": WORDS}, headers=headers)
    assert (first.status_code, second.status_code) == (202, 202)
    assert first.get_json()["id"] == second.get_json()["id"]


def test_one_idempotency_key_for_another_body_is_refused(client: FlaskClient) -> None:
    headers = {"Idempotency-Key": "k-1"}
    client.post("/articles", json={"text": WORDS}, headers=headers)
    problem(client.post("/articles", json={"text": "Other."}, headers=headers), 422, "idempotency-key-reused")


def test_prefer_wait_answers_200_with_claims_when_done_in_time(
    client: FlaskClient, engine: Engine, waker: CountingWaker
) -> None:
    waker.on_wake = lambda: read_all(engine, found(claim()))
    response = client.post("/articles", json={"text": WORDS}, headers={"Prefer": "respond-async, wait=5"})
    body = response.get_json()
    assert response.status_code == 200
    assert response.headers["Preference-Applied"] == "wait=5"
    assert body["status"] == "done"
    assert body["claims_count"] == 1
    assert [one["count"]["min"] for one in body["claims"]] == [11_000]


def test_prefer_wait_answers_202_when_it_takes_too_long(client: FlaskClient) -> None:
    response = client.post("/articles", json={"text": WORDS}, headers={"Prefer": "wait=0"})
    assert response.status_code == 202
    assert response.headers["Preference-Applied"] == "wait=0"


def test_prefer_wait_answers_at_once_when_half_of_the_threads_wait(app: Flask, settings: Settings) -> None:
    room = app.extensions["muster"].waiting_room
    with room.place() as first, room.place() as second:
        assert (first, second) == (True, True)
        response = app.test_client().post("/articles", json={"text": WORDS}, headers={"Prefer": "wait=20"})
    assert settings.threads == 4
    assert response.status_code == 202
    assert "Preference-Applied" not in response.headers


def test_prefer_wait_gives_its_place_back(app: Flask) -> None:
    for _ in range(5):
        response = app.test_client().post("/articles", json={"text": WORDS}, headers={"Prefer": "wait=0"})
        assert "Preference-Applied" in response.headers


def test_prefer_wait_ends_with_an_article_that_failed(
    client: FlaskClient, engine: Engine, waker: CountingWaker
) -> None:
    waker.on_wake = lambda: fail_all(engine, "It broke.")
    body = client.post("/articles", json={"text": WORDS}, headers={"Prefer": "wait=5"}).get_json()
    assert (body["status"], body["claims"]) == ("failed", [])
    assert "It broke." in body["error"]


def test_claims_of_an_article_are_paged_with_links(client: FlaskClient, engine: Engine) -> None:
    id_ = client.post("/articles", json={"text": WORDS}).get_json()["id"]
    read_all(engine, found(claim(), claim("North Korean soldiers"), claim("Moscow denied it")))
    path = f"/articles/{id_}/claims?limit=2"
    first = client.get(path)
    assert len(first.get_json()["data"]) == 2
    link = first.headers["Link"]
    assert link.endswith('>; rel="next"')
    second = client.get(link[1 : link.index(">")])
    assert len(second.get_json()["data"]) == 1
    assert second.get_json()["next_cursor"] is None
    assert "Link" not in second.headers


def test_evidence_indexes_the_stored_text(client: FlaskClient, engine: Engine) -> None:
    id_ = client.post("/articles", json={"text": WORDS}).get_json()["id"]
    read_all(engine, found(claim()))
    text = client.get(f"/articles/{id_}/text").get_data(as_text=True)
    for one in client.get(f"/articles/{id_}/claims").get_json()["data"]:
        for span in one["evidence"]:
            assert text[span["start"] : span["end"]] == span["exact"]


@pytest.mark.parametrize("reason", ["No article was found in this page.", "The language de is not read."])
def test_diagnostics_say_why_an_article_gave_nothing(client: FlaskClient, engine: Engine, reason: str) -> None:
    id_ = client.post("/articles", json={"html": "<nav>Menu</nav>"}).get_json()["id"]
    problem(client.get(f"/articles/{id_}/diagnostics"), 409, "not-ready")
    read_all(engine, found(text="", diagnostics={**NOTHING_SEEN, "reason": reason}))
    assert client.get(f"/articles/{id_}").get_json()["status"] == "done"
    assert client.get(f"/articles/{id_}/diagnostics").get_json()["reason"] == reason


def test_delete_retracts_and_ends_the_claims(client: FlaskClient, engine: Engine) -> None:
    id_ = client.post("/articles", json={"text": WORDS}).get_json()["id"]
    read_all(engine, found(claim()))
    assert len(client.get("/claims").get_json()["data"]) == 1
    assert client.delete(f"/articles/{id_}").get_json()["status"] == "retracted"
    assert client.get("/claims").get_json()["data"] == []
    assert client.delete(f"/articles/{id_}").status_code == 200
    assert client.post("/articles", json={"text": WORDS}).status_code == 202


def test_reprocess_queues_the_article_again(client: FlaskClient, engine: Engine, waker: CountingWaker) -> None:
    id_ = client.post("/articles", json={"text": WORDS}).get_json()["id"]
    read_all(engine, found(claim()))
    response = client.post(f"/articles/{id_}/reprocess")
    assert (response.status_code, response.get_json()["status"]) == (202, "queued")
    assert waker.woken == 2


def test_retry_takes_a_failed_article_up_again(client: FlaskClient, engine: Engine) -> None:
    id_ = client.post("/articles", json={"text": WORDS}).get_json()["id"]
    fail_all(engine, "It broke.")
    assert client.post(f"/articles/{id_}/retry").get_json()["status"] == "queued"


def test_retry_of_an_article_that_is_done_answers_409(client: FlaskClient, engine: Engine) -> None:
    id_ = client.post("/articles", json={"text": WORDS}).get_json()["id"]
    read_all(engine, found(claim()))
    problem(client.post(f"/articles/{id_}/retry"), 409, "conflict")


@pytest.mark.parametrize("path", ["", "/claims", "/text", "/diagnostics"])
@pytest.mark.parametrize("id_", ["a_nothing", "%00", "a%2Fb", "ж", "x" * 65])
def test_articles_not_held_are_not_found(client: FlaskClient, id_: str, path: str) -> None:
    problem(client.get(f"/articles/{id_}{path}"), 404, "not-found")


def test_list_filters_by_status(client: FlaskClient, engine: Engine) -> None:
    client.post("/articles", json={"text": "One."})
    read_all(engine, found(text="One."))
    client.post("/articles", json={"text": "Two."})
    rows = client.get("/articles?status=done").get_json()["data"]
    assert [row["status"] for row in rows] == ["done"]
    assert len(client.get("/articles?status=done&status=queued").get_json()["data"]) == 2


def test_many_posts_of_one_article_at_once_accept_it_once(app: Flask) -> None:
    statuses: list[int] = []

    def post() -> None:
        statuses.append(app.test_client().post("/articles", json={"text": WORDS}).status_code)

    threads = [threading.Thread(target=post) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(statuses) == [200] * 7 + [202]
