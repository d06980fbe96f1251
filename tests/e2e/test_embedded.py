"""`muster up`: the whole tree, over HTTP."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import requests

from service.domain.access import Scope
from service.embedded import Embedded, EmbeddedError, environment, start_embedded
from service.settings import Settings
from service.storage.engine import create_engine
from service.storage.unit_of_work import UnitOfWork
from service.use_cases.keys import create_key
from tests.e2e.workers import is_alive, tree
from tests.integration.worker.extractors import BROKEN, NAMES, plain
from tests.integration.worker.register import ROOT, wait_for


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    # The test's extractor is found from the root of the repository.
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/muster.db",
        extractor_factory=f"{NAMES}:scripted",
        sweep_interval_s=0.5,
        port=0,
        workers=1,
    )


@pytest.fixture
def embedded(settings: Settings) -> Iterator[Embedded]:
    with start_embedded(settings) as started:
        started.wait_until_ready()
        yield started


def call(url: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url, data=data, headers={"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=30) as answer:
        read: dict[str, Any] = json.load(answer)
        return read


def submit(embedded: Embedded, text: str) -> str:
    id_: str = call(f"{embedded.address}/articles", {"text": text})["id"]
    return id_


def is_done(embedded: Embedded, id_: str) -> bool:
    done: bool = call(f"{embedded.address}/articles/{id_}")["status"] == "done"
    return done


def test_embedded_reads_an_article_that_was_posted(embedded: Embedded) -> None:
    id_ = submit(embedded, plain("one"))
    wait_for(lambda: is_done(embedded, id_), why="the article is read")
    assert call(f"{embedded.address}/articles/{id_}")["claims_count"] == 1


def test_embedded_starts_again_whoever_was_killed(embedded: Embedded) -> None:
    before = tree(os.getpid())
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    wait_for(lambda: not any(is_alive(pid) for pid in before), why="the processes are gone")
    embedded.wait_until_ready()
    id_ = submit(embedded, plain("two"))
    wait_for(lambda: is_done(embedded, id_), why="the article is read by those who took their place")


def test_embedded_leaves_nobody_behind_when_stopped(settings: Settings) -> None:
    with start_embedded(settings) as started:
        started.wait_until_ready()
        running = tree(os.getpid())
    assert running
    assert not any(is_alive(pid) for pid in running)


UP = (
    "import os, sys; from service.embedded import run_embedded; from service.settings import Settings;"
    "sys.exit(run_embedded(Settings.from_env(os.environ)))"
)


@contextmanager
def up(settings: Settings) -> Iterator[subprocess.Popen[bytes]]:
    """`muster up` in a process of its own, once it has said that it is up."""
    with subprocess.Popen(
        [sys.executable, "-c", UP], cwd=ROOT, env=environment(settings), stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stderr is not None
            lines = iter(process.stderr.readline, b"")
            assert any(line.startswith(b"Muster is up at http://127.0.0.1:") for line in lines)
            yield process
        finally:
            process.kill()


def test_up_leaves_nobody_behind_when_killed(settings: Settings) -> None:
    with up(settings) as process:
        running = tree(process.pid)
        assert running
        process.kill()
        wait_for(lambda: not any(is_alive(pid) for pid in running), why="the tree has ended with its parent")


def test_up_stops_on_sigterm_and_leaves_nobody_behind(settings: Settings) -> None:
    with up(settings) as process:
        running = tree(process.pid)
        process.terminate()
        assert process.wait() == 0
        assert not any(is_alive(pid) for pid in running)


def test_up_ends_at_once_with_the_reason_when_the_extractor_cannot_be_built(settings: Settings) -> None:
    broken = dataclasses.replace(settings, extractor_factory=f"{NAMES}:broken", workers=2)
    ended = subprocess.run(
        [sys.executable, "-c", UP], cwd=ROOT, env=environment(broken), capture_output=True, timeout=120, check=False
    )
    said = [line for line in ended.stderr.decode().splitlines() if not line.startswith("Muster is up at ")]
    assert (ended.returncode, said, ended.stdout) == (1, [f"muster: {BROKEN}"], b"")


def test_embedded_refuses_a_port_that_is_taken(embedded: Embedded, settings: Settings) -> None:
    taken = Settings(data_dir=settings.data_dir, port=embedded.settings.port)
    with pytest.raises(EmbeddedError, match="can't be listened on"):
        start_embedded(taken)


def test_up_on_other_addresses_starts_with_a_key_only(settings: Settings) -> None:
    wide = dataclasses.replace(settings, host="0.0.0.0", workers=0)
    with pytest.raises(EmbeddedError, match="muster keys create"):
        start_embedded(wide)
    engine = create_engine(wide)
    with UnitOfWork(engine) as work:
        key = create_key(work, "wire", scopes=[Scope.READ], desks=["default"], now=datetime.now(UTC))
        work.commit()
    engine.dispose()
    with start_embedded(wide) as embedded:
        embedded.wait_until_ready()
        assert embedded.asks_for_key
        address = f"{embedded.address}/claims"
        assert requests.get(address, timeout=10).status_code == 401
        headers = {"Authorization": f"Bearer {key.token.written()}"}
        assert requests.get(address, headers=headers, timeout=10).status_code == 200
