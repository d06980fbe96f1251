"""Health, guard, headers, docs: what holds for every answer."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from service.app import create_app
from service.settings import Settings
from service.storage.engine import create_engine
from tests.api.doubles import CountingWaker, problem

OPENAPI = Path(__file__).parents[2] / "openapi.yaml"


def test_openapi_yaml_is_what_the_code_says(client: FlaskClient) -> None:
    served = client.get("/openapi.yaml").get_data(as_text=True)
    assert OPENAPI.read_text(encoding="utf-8") == served, "run: muster openapi > openapi.yaml"


def test_openapi_documents_every_route(app: Flask, client: FlaskClient) -> None:
    spec = yaml.safe_load(client.get("/openapi.yaml").get_data())
    assert spec["openapi"].startswith("3.1")
    undocumented = {"/", "/docs", "/openapi.yaml"}
    routes = {
        rule.rule.replace("<id:id>", "{id}").replace("<format:format>", "{format}") for rule in app.url_map.iter_rules()
    } - undocumented
    assert routes == set(spec["paths"])


def test_docs_need_no_other_site_and_no_script(client: FlaskClient) -> None:
    response = client.get("/docs")
    page = response.get_data(as_text=True)
    assert response.content_type == "text/html; charset=utf-8"
    assert "/articles/{id}/diagnostics" in page.replace("\u200b", "")
    assert "Key with the scope <code>submit</code>." in page
    assert "<script" not in page
    assert "http://" not in page
    assert "src=" not in page
    assert "style-src 'sha256-" in response.headers["Content-Security-Policy"]


def test_index_links_to_what_there_is(client: FlaskClient) -> None:
    links = client.get("/").get_json()["links"]
    assert client.get(links["docs"]).status_code == 200
    assert client.get(links["claims"]).status_code == 200


def test_healthz_needs_no_database(settings: Settings) -> None:
    away = create_app(Settings(database_url="sqlite:////nowhere/at/all.db"), engine=create_engine(settings))
    assert away.test_client().get("/healthz").get_json() == {"status": "ok"}


def test_readyz_is_ready(client: FlaskClient) -> None:
    assert client.get("/readyz").get_json()["status"] == "ready"


@pytest.mark.parametrize(("answers", "broker"), [(False, "away"), (None, "unknown"), (True, "ok")])
def test_readyz_answers_200_whatever_the_broker_does(
    client: FlaskClient, waker: CountingWaker, answers: bool | None, broker: str
) -> None:
    waker.broker_answers = answers
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.get_json()["broker"] == broker
    assert response.get_json()["status"] == ("degraded" if answers is False else "ready")


def test_readyz_answers_503_without_the_migration(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/empty.db")
    app = create_app(settings, waker=CountingWaker())
    problem(app.test_client().get("/readyz"), 503, "not-migrated")


def test_a_database_that_is_away_is_a_503(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, database_url="postgresql+psycopg://nobody@127.0.0.1:1/none")
    client = create_app(settings, waker=CountingWaker()).test_client()
    problem(client.get("/readyz"), 503, "storage-unavailable")
    response = client.post("/articles", json={"text": "Troops."})
    problem(response, 503, "storage-unavailable")
    assert response.headers["Retry-After"]
    assert b"muster_store_up 0.0" in client.get("/metrics").get_data()


def test_a_fault_of_ours_is_a_500_without_its_story(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    with app.extensions["muster"].writing() as work:
        work.connection.execute(text("DROP TABLE jobs"))
        work.commit()
    response = app.test_client().post("/articles", json={"text": "Secret words."})
    problem(response, 500, "internal-error")
    assert "jobs" not in response.get_data(as_text=True)
    assert "POST /articles failed" in caplog.text


def test_metrics_count_requests_by_route(client: FlaskClient) -> None:
    client.get("/articles/a_1")
    client.get("/articles/a_2")
    client.post("/articles", json={"text": "Troops."})
    metrics = client.get("/metrics").get_data(as_text=True)
    assert 'muster_http_requests_total{method="GET",route="/articles/<id:id>",status="404"} 2.0' in metrics
    assert 'muster_articles_submitted_total{result="accepted"} 1.0' in metrics
    assert 'muster_jobs{state="queued"} 1.0' in metrics
    assert "muster_queue_oldest_seconds" in metrics
    assert "a_1" not in metrics


def test_unknown_paths_and_methods_are_problems(client: FlaskClient) -> None:
    problem(client.get("/nope"), 404, "not-found")
    response = client.put("/articles", json={})
    assert "POST" in problem(response, 405, "method-not-allowed")["detail"]
    assert "POST" in response.headers["Allow"]


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "127.0.0.1:9", "[::1]:8000", "LOCALHOST", "localhost."]
)
def test_guard_answers_to_loopback_names(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "127.0.0.1.evil.example", "localhost@evil.example", "evil.example:80", "a b", "[::1", "0.0.0.0"],
)
@pytest.mark.parametrize("path", ["/healthz", "/docs", "/claims", "/nope"])
def test_guard_refuses_foreign_hosts(client: FlaskClient, host: str, path: str) -> None:
    problem(client.get(path, headers={"Host": host}), 421, "foreign-host")


def test_guard_answers_to_names_that_are_allowed(settings: Settings) -> None:
    named = Settings(database_url=settings.database_url, host="0.0.0.0", allowed_hosts=("muster.example",))
    client = create_app(named, waker=CountingWaker()).test_client()
    assert client.get("/healthz", headers={"Host": "muster.example"}).status_code == 200
    problem(client.get("/healthz", headers={"Host": "0.0.0.0"}), 421, "foreign-host")


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:3000"},
        {"Origin": "http://localhost.evil.example"},
        {"Origin": "file://"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
)
def test_guard_refuses_other_sites(client: FlaskClient, headers: dict[str, str]) -> None:
    problem(client.get("/claims", headers=headers), 403, "cross-site")
    problem(client.post("/articles", data="a", content_type="text/plain", headers=headers), 403, "cross-site")


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}],
)
def test_guard_lets_its_own_pages_in(client: FlaskClient, headers: dict[str, str]) -> None:
    assert client.get("/claims", headers=headers).status_code == 200


@pytest.mark.parametrize("path", ["/claims", "/nope", "/docs", "/metrics"])
def test_every_answer_bears_the_headers(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
