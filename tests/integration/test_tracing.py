"""One trace from the request to the claims, where OpenTelemetry is asked for; nothing of it where it is not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanContext, SpanKind, StatusCode

from service.app import create_app
from service.enqueue import NullWaker
from service.settings import Settings
from service.telemetry import OFF, Traces, start
from tests.architecture.sources import ROOT
from tests.integration.worker.register import Register, open_register
from tests.logged import logged
from worker.extraction.model import Document, Extraction
from worker.jobs import Worker
from worker.owners import lease_names

WORDS = "Zwölfhundert Quixotic soldiers"
GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


@dataclass
class Reader:
    name: str = "reader"
    version: str = "1"

    def extract(self, document: Document) -> Extraction:
        if "fails" in (document.text or ""):
            raise ValueError(document.text)
        return Extraction(text=document.text or "")


@pytest.fixture
def register(tmp_path: Path) -> Iterator[Register]:
    settings = Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db", max_attempts=1)
    with open_register(settings) as opened:
        yield opened


@pytest.fixture
def kept() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def traces(kept: InMemorySpanExporter) -> Traces:
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(kept))
    return Traces(provider)


@pytest.fixture
def client(register: Register, traces: Traces) -> FlaskClient:
    return create_app(register.settings, engine=register.engine, waker=NullWaker(), tracing=traces).test_client()


def drain(register: Register, traces: Traces) -> None:
    Worker(
        open_work=register.open,
        read_work=register.read,
        extractor=Reader(),
        settings=register.settings,
        owners=lease_names(),
        tracing=traces,
    ).drain(for_s=60.0)


def context(span: ReadableSpan) -> SpanContext:
    held = span.get_span_context()
    assert held is not None
    return held


def by_name(kept: InMemorySpanExporter) -> dict[str, ReadableSpan]:
    return {span.name: span for span in kept.get_finished_spans()}


def test_one_trace_runs_from_the_request_to_what_the_worker_saved(
    client: FlaskClient, register: Register, traces: Traces, kept: InMemorySpanExporter
) -> None:
    client.post("/articles", json={"text": "Troops."}, headers={"traceparent": GIVEN})
    drain(register, traces)
    spans = by_name(kept)
    parents = {name: span.parent.span_id for name, span in spans.items() if span.parent}
    ids = {name: context(span).span_id for name, span in spans.items()}
    assert parents == {
        "POST /articles": int(GIVEN.split("-")[2], 16),
        "submit": ids["POST /articles"],
        "read article": ids["submit"],
        "extract": ids["read article"],
        "save": ids["read article"],
    }
    assert {context(span).trace_id for name, span in spans.items() if name != "lease"} == {int(GIVEN.split("-")[1], 16)}
    assert spans["POST /articles"].kind == SpanKind.SERVER
    assert spans["read article"].kind == SpanKind.CONSUMER


def test_a_reading_is_linked_to_the_lease_that_it_came_with(
    client: FlaskClient, register: Register, traces: Traces, kept: InMemorySpanExporter
) -> None:
    client.post("/articles", json={"text": "Troops."})
    drain(register, traces)
    spans = by_name(kept)
    (link,) = spans["read article"].links
    assert link.context.span_id == context(spans["lease"]).span_id
    assert link.context.trace_id == context(spans["lease"]).trace_id
    assert (spans["lease"].attributes or {})["muster.jobs"] == 1


def test_spans_name_article_attempt_and_request(
    client: FlaskClient, register: Register, traces: Traces, kept: InMemorySpanExporter
) -> None:
    id_ = client.post("/articles", json={"text": "Troops."}, headers={"X-Request-Id": "mine"}).get_json()["id"]
    drain(register, traces)
    assert dict(by_name(kept)["read article"].attributes or {}) == {
        "muster.article_id": id_,
        "muster.version": 1,
        "muster.attempt": 1,
        "muster.request_id": "mine",
    }


def test_spans_hold_no_words_of_articles_nor_of_errors(
    client: FlaskClient, register: Register, traces: Traces, kept: InMemorySpanExporter
) -> None:
    client.post("/articles?x=Quixotic", json={"text": WORDS, "title": WORDS})
    client.post("/articles", json={"text": f"{WORDS} fails", "title": WORDS})
    client.get("/Quixotic")
    drain(register, traces)
    told = "".join(span.to_json() for span in kept.get_finished_spans())
    assert "ValueError" in told
    assert "Quixotic" not in told


def test_a_reading_that_fails_marks_its_span(
    client: FlaskClient, register: Register, traces: Traces, kept: InMemorySpanExporter
) -> None:
    client.post("/articles", json={"text": "This fails."})
    drain(register, traces)
    extract = by_name(kept)["extract"]
    assert extract.status.status_code == StatusCode.ERROR
    assert (extract.attributes or {})["error.type"] == "ValueError"
    assert not extract.events


def test_no_span_of_a_request_encloses_the_next(client: FlaskClient, kept: InMemorySpanExporter) -> None:
    for _ in range(2):
        client.get("/claims")
    first, second = kept.get_finished_spans()
    assert first.parent is None
    assert second.parent is None
    assert context(first).trace_id != context(second).trace_id


def test_probes_are_not_traced(client: FlaskClient, kept: InMemorySpanExporter) -> None:
    for path in ("/healthz", "/readyz", "/metrics"):
        client.get(path)
    assert not kept.get_finished_spans()


def test_lines_of_the_log_name_the_trace(client: FlaskClient, register: Register, traces: Traces) -> None:
    with logged("api") as lines:
        client.post("/articles", json={"text": "Troops."}, headers={"traceparent": GIVEN})
        drain(register, traces)
    told = [line for line in lines.told if "Article" in line]
    assert len(told) == 2
    assert all(f'"trace_id": "{GIVEN.split("-")[1]}"' in line for line in told)


def test_without_being_asked_nothing_is_traced() -> None:
    assert start(None, service="muster-api") is OFF


def test_without_the_extra_it_says_so_and_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "opentelemetry.exporter.otlp.proto.http.trace_exporter", None)
    with logged("api") as lines:
        assert start("otlp", service="muster-api") is OFF
    assert [line for line in lines.told if "muster[telemetry]" in line]


LOADED = """
import sys
import service.wsgi, worker.app
from service.telemetry import start
start(None, service="x")
# redis-py takes the metrics of an SDK that it finds; what traces is for us to leave alone.
sys.exit(any(name.startswith(("opentelemetry.sdk.trace", "opentelemetry.exporter")) for name in sys.modules))
"""


def test_nothing_that_traces_is_loaded_unless_asked_for() -> None:
    ended = subprocess.run([sys.executable, "-c", LOADED], cwd=ROOT, env={**os.environ}, check=False)
    assert ended.returncode == 0
