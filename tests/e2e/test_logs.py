"""The log of real processes: every line of it is one of ours, whoever spoke and whatever happened."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from service.settings import LogFormat, Settings
from tests.e2e.conftest import wake
from tests.e2e.workers import log_of_worker, running_worker, tree
from tests.integration.worker.extractors import NAMES, plain
from tests.integration.worker.register import open_register, wait_for


@pytest.mark.parametrize("level", ["DEBUG", "INFO"])
def test_every_line_of_a_worker_is_json_though_its_processes_are_killed(tmp_path: Path, level: str) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url=f"sqlite:///{tmp_path}/muster.db",
        extractor_factory=f"{NAMES}:scripted",
        sweep_interval_s=0.5,
        workers=1,
        log_level=level,
        log_format=LogFormat.JSON,
    )
    with open_register(settings) as register:
        (id_,) = register.submit(plain("one"))
        with running_worker(settings) as worker:
            wake(register)
            wait_for(lambda: register.status(id_) == ["done"], why="the article is read")
            for pid in tree(worker.process.pid):
                os.kill(pid, signal.SIGKILL)
            wait_for(lambda: "SIGKILL" in str(log_of_worker(tmp_path)), why="the worker tells of its process's end")
    told = log_of_worker(tmp_path)
    read = [line for line in told if line["event"] == "Article read"]
    assert [line["article_id"] for line in read] == [id_]
    assert all({"timestamp", "level", "event", "logger", "part", "process"} <= line.keys() for line in told)
