"""Workers are killed in the midst of their work; every article ends done or failed, once."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import pytest

from tests.e2e.conftest import wake
from tests.e2e.workers import processes_reading, running_worker, tree
from tests.integration.worker.extractors import deadly, plain, slow, stuck
from tests.integration.worker.register import Register, wait_for

OpenSystem = Callable[..., Register]


def is_settled(register: Register, *ids: str) -> Callable[[], bool]:
    return lambda: set(register.status(*ids)) <= {"done", "failed"}


def has_done(register: Register, wanted: int) -> bool:
    return register.done_count() >= wanted


def test_article_outlives_the_worker_that_was_killed_while_reading_it(open_system: OpenSystem, tmp_path: Path) -> None:
    register = open_system()
    read_slowly, *others = register.submit(slow(tmp_path), plain("one"), plain("two"))
    with running_worker(register.settings) as first:
        wake(register)
        wait_for(lambda: bool(processes_reading(tmp_path)), why="the first worker begins to read")
        first.kill()
    (tmp_path / "go").touch()
    with running_worker(register.settings):
        wait_for(is_settled(register, read_slowly, *others), why="the second worker reads what the first left")
    assert set(register.status(read_slowly, *others)) == {"done"}
    assert [register.claims_of(id_) for id_ in (read_slowly, *others)] == [1, 1, 1]
    assert [register.times_done(id_) for id_ in (read_slowly, *others)] == [1, 1, 1]
    assert register.job(read_slowly).deaths == 1


def test_article_that_kills_its_readers_fails_alone(open_system: OpenSystem) -> None:
    register = open_system()
    ids = register.submit(plain("one"), deadly("two"), plain("three"), plain("four"))
    with running_worker(register.settings):
        wake(register)
        wait_for(is_settled(register, *ids), why="all articles are settled")
    assert register.status(*ids) == ["done", "failed", "done", "done"]
    assert register.article(ids[1]).error == "The worker died while reading this article, at attempt 3."
    assert [register.claims_of(id_) for id_ in ids] == [1, 0, 1, 1]
    assert [register.times_done(id_) for id_ in ids] == [1, 0, 1, 1]


def test_article_that_takes_too_long_fails_and_says_so(open_system: OpenSystem, tmp_path: Path) -> None:
    register = open_system(soft_limit_s=1.0, hard_limit_s=20.0, lease_s=30.0, max_attempts=1)
    (id_,) = register.submit(slow(tmp_path))
    with running_worker(register.settings):
        wake(register)
        wait_for(is_settled(register, id_), why="the article is given up")
    assert register.article(id_).error == "Reading this article took longer than 1 seconds."


def test_article_that_never_ends_is_given_up_with_its_process(open_system: OpenSystem) -> None:
    register = open_system(soft_limit_s=0.5, hard_limit_s=1.0, lease_s=3.0, max_attempts=1)
    stuck_id, other = register.submit(stuck("for ever"), plain("one"))
    with running_worker(register.settings):
        wake(register)
        wait_for(is_settled(register, stuck_id, other), why="both articles are settled")
    assert register.status(stuck_id, other) == ["failed", "done"]
    assert register.article(stuck_id).error == "The worker died while reading this article, at attempt 1."


def test_process_is_replaced_with_the_model_loaded_and_both_articles_end_once(
    open_system: OpenSystem, tmp_path: Path
) -> None:
    register = open_system(extractor="real", max_tasks_per_child=1, workers=1)
    with running_worker(register.settings):
        (first,) = register.submit("Norway has sent 300 engineers to Estonia, its defense minister said on Monday.")
        wake(register)
        wait_for(is_settled(register, first), why="the first process reads the first article")
        (second,) = register.submit("Some 40 Danish instructors are in Latvia, the army said.")
        wake(register)
        wait_for(is_settled(register, second), why="the next process reads the second article")
    assert register.status(first, second) == ["done", "done"]
    assert [register.times_done(id_) for id_ in (first, second)] == [1, 1]
    for id_ in (first, second):
        assert register.claims_of(id_) == register.standing_claims_of(id_) == register.article(id_).claims_count
    assert len(processes_reading(tmp_path)) == 2


@pytest.mark.slow
def test_articles_end_once_whoever_is_killed_whenever(open_system: OpenSystem) -> None:
    chance = random.Random(20261121)
    register = open_system(max_attempts=100, workers=2, batch=4)
    ids: list[str] = []
    with ExitStack() as stack:
        for round_ in range(8):
            worker = stack.enter_context(running_worker(register.settings))
            ids += register.submit(*(plain(f"{round_} {number}") for number in range(40)))
            wake(register)
            wanted = chance.randint(register.done_count(), len(ids) - 1)
            wait_for(partial(has_done, register, wanted), why="some articles are read")
            victims = sorted(tree(worker.process.pid))
            if victims and chance.random() < 0.5:
                os.kill(chance.choice(victims), signal.SIGKILL)
            worker.kill()
        stack.enter_context(running_worker(register.settings))
        wait_for(is_settled(register, *ids), why="the last worker reads the rest")
    assert set(register.status(*ids)) == {"done"}
    assert {register.claims_of(id_) for id_ in ids} == {1}
    assert {register.times_done(id_) for id_ in ids} == {1}
