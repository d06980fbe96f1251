"""APIs that are killed around a commit, asked to stop, or sent the same key by many at once."""

from __future__ import annotations

import random
import signal
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Literal

from tests.faults.apis import mark
from tests.faults.extractors import article
from tests.faults.ledger import Letter, letters_without_end
from tests.faults.newsroom import Newsroom
from tests.faults.runs.outcome import SEED, Outcome, outcome
from tests.faults.site import STOP_S, Site, wait_for

PAUSE_S = 0.02


def killed_around_commit(site: Site, *, moment: Literal["before", "after"], rounds: int) -> Outcome:
    """SIGKILL in the thread that commits a POST; `site` has tests.faults.apis:killed_at_commit for its API."""

    def kill() -> int:
        mark(site.settings.data_dir, moment)
        wait_for(site.api.has_died, why="the API dies at its commit")
        return 0

    return _replaced(site, kill, rounds=rounds)


def killed(site: Site, *, rounds: int, seed: int = SEED) -> Outcome:
    """SIGKILL at random moments under load."""
    chance = random.Random(seed)

    def kill() -> int:
        time.sleep(chance.uniform(0.0, 1.0))
        site.api.kill()
        return 0

    return _replaced(site, kill, rounds=rounds)


def asked_to_stop(site: Site, *, rounds: int) -> Outcome:
    """SIGTERM under load: what was begun is answered, and what could not be sent is sent to its successor.

    Notes how often the API did not end in order.
    """

    def ask() -> int:
        assert site.api.process is not None
        site.api.process.send_signal(signal.SIGTERM)
        return int(site.api.process.wait(STOP_S) != 0)

    return _replaced(site, ask, rounds=rounds)


def _replaced(site: Site, end: Callable[[], int], *, rounds: int) -> Outcome:
    sent = letters_without_end(map(article, count()), name="api")
    site.start_worker()
    disorderly = 0
    for _ in range(rounds):
        with site.newsroom.flow(sent, pause_s=PAUSE_S):
            site.await_progress()
            disorderly += end()
            site.api.kill()
            site.api.start()
            site.await_recovery(accepting=True)
    return outcome(site, rounds, disorderly=disorderly)


def one_key(site: Site, *, threads: int, keys: int) -> Outcome:
    """Many threads send one Idempotency-Key at once: for every other key the same article, else each its own.

    Who is told 409, since another is being answered, asks again. Notes how many keys were answered with more than one
    id, and the last answers by status.
    """
    doubled, last = 0, Counter[int]()
    for number in range(keys):
        same = number % 2 == 0
        copies = [
            Letter(
                key=f"key-{number}",
                external_id=f"one-{number}" if same else f"one-{number}-{thread}",
                text=article(number if same else 1_000 + number * threads + thread),
            )
            for thread in range(threads)
        ]
        told = _at_once(site.newsroom, copies)
        waiting = [copy for copy, (status, _) in zip(copies, told, strict=True) if status == 409]
        line = site.newsroom.line()
        told = [one for one in told if one[0] != 409] + [site.newsroom.send_once(line, copy) for copy in waiting]
        line.close()
        doubled += len({id_ for _, id_ in told if id_}) != 1
        last.update(status for status, _ in told)
    site.start_worker()
    return outcome(site, keys, keys_doubled=doubled, **{f"answered_{status}": last[status] for status in sorted(last)})


def _at_once(newsroom: Newsroom, copies: list[Letter]) -> list[tuple[int, str | None]]:
    together = Barrier(len(copies))

    def send(letter: Letter) -> tuple[int, str | None]:
        line = newsroom.line()
        together.wait()
        try:
            return newsroom.send_once(line, letter)
        finally:
            line.close()

    with ThreadPoolExecutor(len(copies)) as pool:
        return list(pool.map(send, copies))
