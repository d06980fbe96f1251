"""The sweeper, against a database."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from itertools import count

import pytest

from service.domain.errors import StorageUnavailableError
from service.enqueue import NullWaker
from service.storage.engine import create_engine
from service.storage.jobs import Swept
from tests.integration.worker.register import ROOT, Register, wait_for
from worker.owners import lease_names
from worker.sweeper import Sweeper

OWNERS = (f"somebody-{number}" for number in count())


class CountingWaker:
    def __init__(self) -> None:
        self.woken = 0

    def wake(self) -> None:
        self.woken += 1


def sweeper(register: Register, waker: CountingWaker | NullWaker) -> Sweeper:
    return Sweeper(lambda: create_engine(register.settings), waker, register.settings)


def begin(register: Register, owner: str) -> None:
    with register.open() as work:
        for job in work.jobs.lease(owner, 8, 600.0):
            work.jobs.start(job, 600.0)
        work.commit()


def test_sweeper_takes_up_expired_leases_and_wakes_a_worker(register: Register) -> None:
    (id_,) = register.submit("one")
    begin(register, next(OWNERS))
    register.expire_leases()
    waker = CountingWaker()
    assert sweeper(register, waker).sweep() == Swept(deaths=1)
    assert (register.job(id_).state, waker.woken) == ("queued", 1)


def test_sweeper_wakes_workers_for_jobs_whose_wake_ups_were_lost(register: Register) -> None:
    register.submit(*(str(number) for number in range(9)))
    waker = CountingWaker()
    sweeper(register, waker).sweep()
    assert waker.woken == register.settings.wakeups_outstanding


def test_sweeper_wakes_nobody_for_an_empty_queue(register: Register) -> None:
    waker = CountingWaker()
    assert sweeper(register, waker).sweep() == Swept()
    assert waker.woken == 0


def test_sweeper_takes_back_at_once_what_a_dead_process_of_this_machine_held(register: Register) -> None:
    (dead_id,) = register.submit("one")
    script = "from worker.owners import lease_names; print(next(lease_names()))"
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, check=True)
    begin(register, ended.stdout.strip())
    (alive_id,) = register.submit("two")
    begin(register, next(lease_names()))
    assert sweeper(register, NullWaker()).sweep() == Swept(deaths=1)
    assert (register.job(dead_id).state, register.job(alive_id).state) == ("queued", "running")


def test_sweeper_sweeps_on_its_own_once_started(register: Register) -> None:
    (id_,) = register.submit("one")
    begin(register, next(OWNERS))
    often = replace(register, settings=replace(register.settings, sweep_interval_s=0.1))
    started = sweeper(often, NullWaker())
    started.start()
    try:
        register.expire_leases()
        wait_for(lambda: register.job(id_).state == "queued", why="the sweeper takes the job back")
    finally:
        started.stop()


def test_sweeper_wakes_everybody_once_the_database_is_back(register: Register, monkeypatch: pytest.MonkeyPatch) -> None:
    waker = CountingWaker()
    often = replace(register, settings=replace(register.settings, sweep_interval_s=0.05))
    sweeping = sweeper(often, waker)
    sweep, answers = sweeping.sweep, iter([False, True])

    def away_once() -> Swept:
        if next(answers, False):
            raise StorageUnavailableError("away")
        return sweep()

    monkeypatch.setattr(sweeping, "sweep", away_once)
    sweeping.start()
    try:
        wait_for(lambda: waker.woken == often.settings.wakeups_outstanding, why="all are woken")
    finally:
        sweeping.stop()
