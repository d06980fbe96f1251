"""A worker whose extractor can't be built says so and ends; no article is lost to it, and none is blamed."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from service.parent import CANNOT_WORK
from tests.e2e.conftest import wake
from tests.e2e.workers import is_alive, log_of_worker, running_worker, tree
from tests.integration.worker.extractors import BROKEN, NAMES, plain
from tests.integration.worker.register import PATIENCE_S, Register, wait_for


def test_worker_ends_with_the_reason_and_articles_wait_for_one_that_works(
    open_system: Callable[..., Register],
) -> None:
    register = open_system(extractor="broken", workers=2)
    ids = register.submit(plain("one"), plain("two"))
    wake(register)
    with running_worker(register.settings) as worker:
        wait_for(lambda: bool(tree(worker.process.pid)), why="the worker has started its processes")
        started = tree(worker.process.pid)
        assert worker.process.wait(PATIENCE_S) == CANNOT_WORK
        assert not any(is_alive(pid) for pid in started)
    told = [(line["logger"], line["event"]) for line in log_of_worker(register.settings.data_dir)]
    # What else stands there is Python's warning of a worker that runs as root.
    assert [event for logger, event in told if logger != "py.warnings"] == [BROKEN]
    assert register.status(*ids) == ["queued", "queued"]

    with running_worker(dataclasses.replace(register.settings, extractor_factory=f"{NAMES}:scripted")):
        wait_for(lambda: register.status(*ids) == ["done", "done"], why="a worker that works reads them")
    assert [(register.job(id_).attempt, register.job(id_).deaths) for id_ in ids] == [(1, 0), (1, 0)]
