"""The faults, one function each: inject, stop, drain, ask the checker. Small in the tests, large in the benchmark."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from itertools import islice
from statistics import median

from service.broker import QUEUE
from tests.faults.checker import Verdict
from tests.faults.extractors import article
from tests.faults.ledger import letters
from tests.faults.servers import Redis
from tests.faults.site import PATIENCE_S, Site, wait_for

SEED = 20261122


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of one fault: how often it was injected, and the seconds until work went on after each."""

    fault: str
    injected: int
    verdict: Verdict
    recoveries_s: tuple[float, ...]

    @property
    def median_s(self) -> float | None:
        return median(self.recoveries_s) if self.recoveries_s else None

    @property
    def worst_s(self) -> float | None:
        return max(self.recoveries_s, default=None)


def outcome(site: Site, fault: str, injected: int, *, patience_s: float = PATIENCE_S) -> Outcome:
    """Drains, and checks."""
    site.drain(patience_s=patience_s)
    return Outcome(fault=fault, injected=injected, verdict=site.verdict(), recoveries_s=tuple(site.recoveries_s))


def workers_killed(site: Site, *, kills: int, articles: int, seed: int = SEED) -> Outcome:
    """SIGKILL to the worker's process group, at random: while it starts, before it reads, in the midst of reading."""
    chance = random.Random(seed)
    sent = iter(letters((article(number) for number in range(articles)), name="kill"))
    share = -(-articles // (kills + 1))
    for _ in range(kills):
        posting = site.newsroom.begin(list(islice(sent, share)))
        worker = site.start_worker()
        if chance.random() < 0.8:
            site.await_recovery()
        time.sleep(chance.uniform(0.0, 1.0))
        worker.kill()
        for thread in posting:
            thread.join()
    site.newsroom.post(sent)
    site.start_worker()
    site.await_recovery()
    return outcome(site, "worker's process group killed", kills)


def wakeups_flushed(site: Site, redis: Redis, *, rounds: int, articles: int, patience_s: float = PATIENCE_S) -> Outcome:
    """FLUSHALL while messages wait for a worker that is not there yet."""
    sent = iter(letters((article(number) for number in range(articles)), name="flush"))
    for _ in range(rounds):
        site.newsroom.post(islice(sent, articles // rounds))
        wait_for(lambda: redis.waiting(QUEUE) > 0, why="a message waits")
        redis.flush()
    site.start_worker()
    return outcome(site, "FLUSHALL of Redis", rounds, patience_s=patience_s)
