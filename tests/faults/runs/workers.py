"""Workers that are killed, stopped, asked to stop, or wrong about the time."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from tests.faults.extractors import aborting, article, crashing, eating, endless, wedged
from tests.faults.ledger import letters
from tests.faults.runs.outcome import SEED, Outcome, outcome
from tests.faults.site import Site, wait_for
from tests.integration.worker.extractors import deadly

AWAKE_S = 1.5
"""A worker that was stopped has written by then what it was about to write."""
SKEWED = Path(__file__).parents[1] / "skewed"
POISONS: dict[str, Callable[[str], str]] = {
    "segfault": crashing,
    "abort": aborting,
    "kill": deadly,
    "memory": eating,
    "endless": endless,
    "wedged": wedged,
}


def killed(
    site: Site, *, kills: int, articles: int, texts: Callable[[int], str] = article, seed: int = SEED
) -> Outcome:
    """SIGKILL to the worker's process group, at random: while it starts, before it reads, in the midst of reading."""
    chance = random.Random(seed)
    sent = iter(letters((texts(number) for number in range(articles)), name="kill"))
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
    return outcome(site, kills)


def stopped_past_the_lease(site: Site, *, rounds: int, articles: int) -> Outcome:
    """SIGSTOP in the midst of reading, until the lease has run out and another has read what it held; then SIGCONT."""
    sent = iter(letters((article(number) for number in range(articles)), name="stop"))
    lease_s = site.settings.lease_s
    for _ in range(rounds):
        worker = site.start_worker()
        site.newsroom.post(islice(sent, articles // rounds))
        wait_for(lambda: _held(site) > 0 and site.tables.settled() > 0, why="the worker reads")
        worker.signal(signal.SIGSTOP)
        time.sleep(lease_s + 0.5)
        other = site.start_worker()
        site.await_recovery()
        wait_for(lambda: _held(site) == 0 and site.tables.open() == 0, why="the other worker reads what the first held")
        worker.signal(signal.SIGCONT)
        # It goes on with what it was reading, and writes what it can.
        time.sleep(AWAKE_S)
        worker.kill()
        other.kill()
    site.start_worker()
    return outcome(site, rounds)


def asked_to_stop(site: Site, *, rounds: int, articles: int) -> Outcome:
    """SIGTERM to the worker in the midst of work. Notes how often it ended otherwise than in order."""
    sent = iter(letters((article(number) for number in range(articles)), name="term"))
    disorderly = 0
    for _ in range(rounds):
        posting = site.newsroom.begin(list(islice(sent, articles // rounds)))
        worker = site.start_worker()
        site.await_recovery()
        disorderly += worker.terminate() != 0
        for thread in posting:
            thread.join()
    site.start_worker()
    return outcome(site, rounds, disorderly=disorderly)


def one_an_hour_off(site: Site, *, articles: int, hours: float) -> Outcome:
    """Two workers, of which one believes that it is later or earlier. Notes what bears a time that can't be."""
    site.start_worker()
    site.start_worker(path=SKEWED, variables={"SKEWED_BY_HOURS": str(hours)})
    site.newsroom.post(letters((article(number) for number in range(articles)), name="clock"))
    site.await_recovery()
    site.drain()
    odd = (
        "SELECT count(*) FROM article_versions WHERE finished_at < submitted_at "
        "OR finished_at > submitted_at + interval '30 minutes'"
    )
    return outcome(site, 1, impossible_times=int(site.tables.rows(odd)[0][0]))


def poisoned(site: Site, *, poisons: dict[str, Callable[[str], str]], neighbors: int) -> Outcome:
    """Articles that kill, wedge or fill up whoever reads them, each among `neighbors` others.

    Notes how many poisons did not end `failed`, how many neighbors did not end `done`, and how many of these were
    begun more than once.
    """
    poison, others = [], []
    for name, make in poisons.items():
        around = letters((article(number) for number in range(neighbors)), name=f"beside-{name}")
        bad = letters([make(name)], name=name)
        poison += bad
        others += around
        site.newsroom.post([*around[: neighbors // 2], *bad, *around[neighbors // 2 :]])
    site.start_worker()
    site.drain()
    ended = {row[0]: row[1:] for row in site.tables.rows(_ENDED)}
    return outcome(
        site,
        len(poison),
        poison_not_failed=sum(ended[letter.external_id][0] != "failed" for letter in poison),
        neighbors_not_done=sum(ended[letter.external_id][0] != "done" for letter in others),
        neighbors_begun_again=sum(ended[letter.external_id][1] > 1 for letter in others),
    )


_ENDED = "SELECT a.external_id, a.status, j.attempt FROM articles a JOIN jobs j ON j.article_id = a.id"


def _held(site: Site) -> int:
    return int(site.tables.rows("SELECT count(*) FROM jobs WHERE state = 'running'")[0][0])
