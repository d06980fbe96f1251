"""Brokers that forget, die, hang, or say everything three times."""

from __future__ import annotations

import time
from itertools import islice

from service.broker import QUEUE
from tests.e2e.link import Link
from tests.faults.extractors import article
from tests.faults.ledger import letters
from tests.faults.runs.outcome import Outcome, outcome
from tests.faults.servers import RabbitMq, Redis
from tests.faults.site import PATIENCE_S, Site, wait_for


def flushed(site: Site, redis: Redis, *, rounds: int, articles: int, patience_s: float = PATIENCE_S) -> Outcome:
    """FLUSHALL while messages wait for a worker that is not there yet."""
    sent = iter(letters((article(number) for number in range(articles)), name="flush"))
    for _ in range(rounds):
        site.newsroom.post(islice(sent, articles // rounds))
        wait_for(lambda: redis.waiting(QUEUE) > 0, why="a message waits")
        redis.flush()
    site.start_worker()
    return outcome(site, rounds, patience_s=patience_s)


def flushed_at_work(site: Site, redis: Redis, *, rounds: int, articles: int) -> Outcome:
    """FLUSHALL under a worker that reads."""
    sent = iter(letters((article(number) for number in range(articles)), name="flush"))
    site.start_worker()
    for _ in range(rounds):
        posting = site.newsroom.begin(list(islice(sent, articles // rounds)))
        site.await_progress()
        redis.flush()
        site.await_recovery()
        for thread in posting:
            thread.join()
    return outcome(site, rounds)


def killed(site: Site, broker: Redis | RabbitMq, *, rounds: int, articles: int, away_s: float = 0.5) -> Outcome:
    """`kill -9` of a broker under a worker that reads and a newsroom that posts; it comes back after `away_s`."""
    sent = iter(letters((article(number) for number in range(articles)), name="broker"))
    site.start_worker()
    for _ in range(rounds):
        posting = site.newsroom.begin(list(islice(sent, articles // rounds)))
        site.await_progress()
        broker.kill()
        time.sleep(away_s)
        broker.start()
        site.await_recovery()
        for thread in posting:
            thread.join()
    return outcome(site, rounds)


def interrupted(site: Site, link: Link, *, stalls: bool, rounds: int, articles: int, away_s: float) -> Outcome:
    """The line to the broker is cut, or hands nothing on, for `away_s`; articles are accepted all the same."""
    sent = iter(letters((article(number) for number in range(articles)), name="line"))
    site.start_worker()
    accepted_meanwhile = 0
    for _ in range(rounds):
        share = list(islice(sent, articles // rounds))
        site.newsroom.post(share[: len(share) // 2])
        site.await_progress()
        link.stall() if stalls else link.cut()
        began = time.monotonic()
        before = len(site.ledger.accepted())
        site.newsroom.post(share[len(share) // 2 :])
        accepted_meanwhile += len(site.ledger.accepted()) - before
        time.sleep(max(0.0, away_s - (time.monotonic() - began)))
        link.mend()
        site.await_recovery()
    return outcome(site, rounds, accepted_meanwhile=accepted_meanwhile)


def said_three_times(site: Site, *, articles: int) -> Outcome:
    """Each wake-up goes out three times, at random moments; `site` has tests.faults.apis:tripling for its API."""
    site.start_worker()
    site.newsroom.post(letters((article(number) for number in range(articles)), name="triple"))
    return outcome(site, articles)
