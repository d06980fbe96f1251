"""Databases that crash, hang, are locked, or have no room left."""

from __future__ import annotations

import resource
import sqlite3
import time
from collections.abc import Callable
from contextlib import suppress
from itertools import count
from pathlib import Path

from tests.e2e.link import Link
from tests.e2e.workers import tree
from tests.faults.extractors import article
from tests.faults.ledger import letters_without_end
from tests.faults.runs.outcome import Outcome, outcome
from tests.faults.servers import Postgres
from tests.faults.site import Site, wait_for

PAUSE_S = 0.05
SETTLING_S = 0.2
BLOCK_BYTES = 4096


def crashed(site: Site, postgres: Postgres, *, rounds: int, away_s: float) -> Outcome:
    """Postgres stopped in immediate mode under load, away until a POST was refused and `away_s` have gone by."""

    def away() -> Callable[[], None]:
        postgres.stop("immediate")
        return postgres.start

    return _away(site, away, rounds=rounds, away_s=away_s)


def interrupted(site: Site, link: Link, *, stalls: bool, rounds: int, away_s: float) -> Outcome:
    """The line to the database is cut, or hands nothing on."""

    def away() -> Callable[[], None]:
        link.stall() if stalls else link.cut()
        return link.mend

    return _away(site, away, rounds=rounds, away_s=away_s)


def locked(site: Site, *, rounds: int, away_s: float) -> Outcome:
    """Somebody holds SQLite's write lock for longer than anybody waits for it."""
    path = site.settings.database_url.removeprefix("sqlite:///")

    def away() -> Callable[[], None]:
        holder = sqlite3.connect(path, timeout=60, isolation_level=None, check_same_thread=False)
        holder.execute("BEGIN IMMEDIATE")
        return holder.close

    return _away(site, away, rounds=rounds, away_s=away_s)


def full(site: Site, *, rounds: int, away_s: float) -> Outcome:
    """No file of the API's or the worker's may grow, as on a disk that is full; reading goes on."""

    def away() -> Callable[[], None]:
        _limit_files(site, 0)
        return lambda: _limit_files(site, resource.RLIM_INFINITY)

    return _away(site, away, rounds=rounds, away_s=away_s)


def filled(site: Site, disk: Path, *, rounds: int, away_s: float) -> Outcome:
    """The file system under the database is filled to its last byte, and the kernel itself says so."""
    ballast = disk / "ballast"

    def away() -> Callable[[], None]:
        with ballast.open("wb", buffering=0) as file, suppress(OSError):
            while True:
                file.write(bytes(BLOCK_BYTES))
        return ballast.unlink

    return _away(site, away, rounds=rounds, away_s=away_s)


def _away(site: Site, begin: Callable[[], Callable[[], None]], *, rounds: int, away_s: float) -> Outcome:
    """`begin` starts the fault and gives what ends it. Notes how many 202 were answered while it was certain."""
    sent = letters_without_end(map(article, count()), name="store")
    site.start_worker()
    accepted_meanwhile = 0
    for _ in range(rounds):
        with site.newsroom.flow(sent, pause_s=PAUSE_S):
            site.await_progress()
            end = begin()
            began, refused = time.monotonic(), site.ledger.count("refused")
            # What was answered in the moment of the fault's beginning may have been done before it.
            time.sleep(SETTLING_S)
            before = len(site.ledger.accepted())
            wait_for(lambda refused=refused: site.ledger.count("refused") > refused, why="a POST is refused")  # type: ignore[misc]
            time.sleep(max(0.0, away_s - (time.monotonic() - began)))
            accepted_meanwhile += len(site.ledger.accepted()) - before
            end()
            site.await_recovery(accepting=True)
    return outcome(site, rounds, accepted_meanwhile=accepted_meanwhile)


def _limit_files(site: Site, most_bytes: int) -> None:
    """Of processes that run already; raising the limit again needs no right that this does not have."""
    started = [site.api.process, *(worker.process for worker in site.workers)]
    for process in started:
        if process is not None:
            for pid in {process.pid} | tree(process.pid):
                hard = resource.prlimit(pid, resource.RLIMIT_FSIZE)[1]
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (most_bytes, hard))
