"""Faults by the dozen: `python -m bench faults`, or one of them with `--fault NAME`; `--scale N` makes it longer.

Postgres and Redis are started for it, on free ports; nothing else on the machine is touched. Each row is a register of
its own, whose every 202 is checked afterwards from outside, as tests/faults/checker.py tells. The last row is the
positive control: work that messages alone carry, where the checker has to find losses.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench.corpus import articles
from bench.report import RESULTS, machine
from tests.e2e.link import Link
from tests.faults.runs import apis, brokers, stores, workers
from tests.faults.runs.outcome import Outcome
from tests.faults.servers import Postgres, Redis, private_postgres, private_rabbitmq, private_redis, small_disk
from tests.faults.site import Site, open_site

REAL = "worker.pipeline:build_extractor"
BRIEF: Mapping[str, Any] = {"soft_limit_s": 2.0, "hard_limit_s": 3.0, "lease_s": 5.0}
CONTROL = "tests.faults.broker_only"
SMALL_DISK_MB = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row: a fault and what came of it."""

    fault: str
    label: str
    outcome: Outcome

    def cells(self) -> tuple[str, ...]:
        came = self.outcome
        verdict = came.verdict
        return (
            self.label,
            f"{came.injected:,}",
            f"{verdict.accepted:,}",
            f"{verdict.missing:,}",
            f"{len(verdict.doubled):,}",
            f"{verdict.failed:,}",
            "" if came.median_s is None else f"{came.median_s:.1f}",
            "" if came.worst_s is None else f"{came.worst_s:.1f}",
            "; ".join(verdict.problems)[:160],
        )


HEADS = ("", "times", "accepted", "lost", "doubled", "failed", "median s", "worst s", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """The table of all faults; bench/results/faults.json holds the same and more."""

    lines: Sequence[Line]

    def table(self) -> str:
        cells = [HEADS, *(line.cells() for line in self.lines)]
        widths = [max(len(row[n]) for row in cells) for n in range(len(HEADS))]
        rows = ("  ".join(_aligned(row, n, widths[n]) for n in range(len(HEADS))).rstrip() for row in cells)
        return "\n".join([f"Faults; {machine()}", "", *rows])

    def publish(self) -> None:
        print(f"\n{self.table()}\n")
        RESULTS.mkdir(exist_ok=True)
        found = {
            "machine": machine(),
            "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
            "faults": [_as_json(line) for line in self.lines],
        }
        (RESULTS / "faults.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def measure(*, scale: float, only: Sequence[str] = ()) -> Faults:
    """`scale` multiplies faults and articles. Raises ServerMissingError, and KeyError for a fault that is none."""
    chosen = [FAULTS[name] for name in only] if only else list(FAULTS.values())
    lines = []
    with private_postgres() as postgres:
        for number, fault in enumerate(chosen):
            print(f"{fault.name} …", file=sys.stderr, flush=True)
            with postgres.database(f"bench_{number}") as url, TemporaryDirectory(prefix="muster-faults-") as folder:
                came = fault.run(Ground(postgres=postgres, url=url, folder=Path(folder)), scale)
            lines.append(Line(fault=fault.name, label=fault.label, outcome=came))
            print("  ".join(lines[-1].cells()), file=sys.stderr, flush=True)
    return Faults(lines=lines)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What a fault happens on: a server, an empty database of it, a folder."""

    postgres: Postgres
    url: str
    folder: Path

    @contextmanager
    def on_servers(self, *, aof: bool = False, **options: Any) -> Iterator[tuple[Site, Redis]]:
        settings = {"database_url": self.url, **options}
        with private_redis(aof=aof) as redis, open_site(self.folder, broker_url=redis.url, **settings) as site:
            yield site, redis

    @contextmanager
    def embedded(self, **options: Any) -> Iterator[Site]:
        with open_site(self.folder, database_url=f"sqlite:///{self.folder}/muster.db", **options) as site:
            yield site


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    name: str
    label: str
    run: Callable[[Ground, float], Outcome]


def _times(count: int, scale: float) -> int:
    return max(1, round(count * scale))


def _workers_killed(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers() as (site, _):
        return workers.killed(site, kills=_times(50, scale), articles=_times(5_000, scale))


def _workers_killed_embedded(ground: Ground, scale: float) -> Outcome:
    with ground.embedded() as site:
        return workers.killed(site, kills=_times(20, scale), articles=_times(1_000, scale))


def _workers_killed_real(ground: Ground, scale: float) -> Outcome:
    count = _times(200, scale)
    texts = [article.text for article in articles(count)]
    with ground.on_servers(extractor=REAL) as (site, _):
        return workers.killed(site, kills=_times(6, scale), articles=count, texts=lambda number: texts[number])


def _workers_stopped(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers(extractor="slow", **BRIEF) as (site, _):
        return workers.stopped_past_the_lease(site, rounds=_times(5, scale), articles=_times(300, scale))


def _workers_asked(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers() as (site, _):
        return workers.asked_to_stop(site, rounds=_times(10, scale), articles=_times(1_500, scale))


def _clock(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers(workers=1) as (site, _):
        return workers.one_an_hour_off(site, articles=_times(1_000, scale), hours=-1.0)


def _poison(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers(**BRIEF) as (site, _):
        return workers.poisoned(site, poisons=workers.POISONS, neighbors=_times(100, scale))


def _redis_killed(aof: bool) -> Callable[[Ground, float], Outcome]:  # noqa: FBT001 - one of two rows
    def run(ground: Ground, scale: float) -> Outcome:
        with ground.on_servers(aof=aof) as (site, redis):
            return brokers.killed(site, redis, rounds=_times(10, scale), articles=_times(1_000, scale))

    return run


def _redis_flushed(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers() as (site, redis):
        return brokers.flushed_at_work(site, redis, rounds=_times(20, scale), articles=_times(1_000, scale))


def _broker_line(stalls: bool) -> Callable[[Ground, float], Outcome]:  # noqa: FBT001
    def run(ground: Ground, scale: float) -> Outcome:
        with private_redis() as redis:
            link = Link(redis.url)
            with open_site(ground.folder, database_url=ground.url, broker_url=link.url) as site:
                rounds, count = _times(5, scale), _times(500, scale)
                return brokers.interrupted(site, link, stalls=stalls, rounds=rounds, articles=count, away_s=3.0)

    return run


def _tripled(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers(api="tests.faults.apis:tripling") as (site, _):
        return brokers.said_three_times(site, articles=_times(1_000, scale))


def _postgres_crashed(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers() as (site, _):
        return stores.crashed(site, ground.postgres, rounds=_times(10, scale), away_s=1.0)


def _postgres_line(stalls: bool) -> Callable[[Ground, float], Outcome]:  # noqa: FBT001
    def run(ground: Ground, scale: float) -> Outcome:
        link = Link(ground.url)
        with ground.on_servers(database_url=link.url, tables_url=ground.url, statement_timeout_s=2.0) as (site, _):
            return stores.interrupted(site, link, stalls=stalls, rounds=_times(5, scale), away_s=3.0)

    return run


def _sqlite_locked(ground: Ground, scale: float) -> Outcome:
    with ground.embedded(statement_timeout_s=1.0) as site:
        return stores.locked(site, rounds=_times(5, scale), away_s=3.0)


def _sqlite_full(ground: Ground, scale: float) -> Outcome:
    with ground.embedded() as site:
        return stores.full(site, rounds=_times(5, scale), away_s=2.0)


def _disk_full(ground: Ground, scale: float) -> Outcome:
    with (
        small_disk(ground.folder, size_mb=SMALL_DISK_MB) as disk,
        open_site(ground.folder, database_url=f"sqlite:///{disk}/muster.db") as site,
    ):
        return stores.filled(site, disk, rounds=_times(5, scale), away_s=2.0)


def _rabbitmq_killed(ground: Ground, scale: float) -> Outcome:
    with (
        private_rabbitmq() as rabbitmq,
        open_site(ground.folder, database_url=ground.url, broker_url=rabbitmq.url) as site,
    ):
        return brokers.killed(site, rabbitmq, rounds=_times(5, scale), articles=_times(500, scale))


def _api_at_commit(moment: Any) -> Callable[[Ground, float], Outcome]:
    def run(ground: Ground, scale: float) -> Outcome:
        with ground.on_servers(api="tests.faults.apis:killed_at_commit") as (site, _):
            return apis.killed_around_commit(site, moment=moment, rounds=_times(10, scale))

    return run


def _api_killed(ground: Ground, scale: float) -> Outcome:
    with ground.embedded() as site:
        return apis.killed(site, rounds=_times(10, scale))


def _api_asked(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers() as (site, _):
        return apis.asked_to_stop(site, rounds=_times(10, scale))


def _one_key(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers(threads=16) as (site, _):
        return apis.one_key(site, threads=32, keys=_times(50, scale))


def _control(ground: Ground, scale: float) -> Outcome:
    with ground.on_servers(api=f"{CONTROL}:create", worker_app=CONTROL) as (site, redis):
        return brokers.flushed(site, redis, rounds=_times(5, scale), articles=_times(300, scale), patience_s=5.0)


FAULTS = {
    fault.name: fault
    for fault in (
        Fault(name="worker-kill", label="worker's process group killed", run=_workers_killed),
        Fault(name="worker-kill-sqlite", label="the same on SQLite and files", run=_workers_killed_embedded),
        Fault(name="worker-kill-real", label="the same with the real extractor", run=_workers_killed_real),
        Fault(name="worker-stop", label="worker stopped past its lease, then continued", run=_workers_stopped),
        Fault(name="worker-term", label="worker asked to stop under load", run=_workers_asked),
        Fault(name="clock", label="one worker's clock an hour slow", run=_clock),
        Fault(name="poison", label="articles that kill, wedge or fill up their reader", run=_poison),
        Fault(name="redis-kill-aof", label="Redis killed, with AOF", run=_redis_killed(True)),
        Fault(name="redis-kill", label="Redis killed, without AOF", run=_redis_killed(False)),
        Fault(name="rabbitmq-kill", label="RabbitMQ killed", run=_rabbitmq_killed),
        Fault(name="redis-flush", label="FLUSHALL of Redis", run=_redis_flushed),
        Fault(name="redis-stall", label="line to Redis stalled for 3 s", run=_broker_line(True)),
        Fault(name="redis-cut", label="line to Redis cut for 3 s", run=_broker_line(False)),
        Fault(name="wakeups-tripled", label="every wake-up three times, out of order", run=_tripled),
        Fault(name="postgres-crash", label="Postgres stopped in immediate mode", run=_postgres_crashed),
        Fault(name="postgres-stall", label="line to Postgres stalled", run=_postgres_line(True)),
        Fault(name="postgres-cut", label="line to Postgres cut for 3 s", run=_postgres_line(False)),
        Fault(name="sqlite-locked", label="SQLite locked for 3 s", run=_sqlite_locked),
        Fault(name="sqlite-full", label="SQLite's files may not grow", run=_sqlite_full),
        Fault(name="disk-full", label="SQLite's disk full", run=_disk_full),
        Fault(name="api-before-commit", label="API killed before a commit", run=_api_at_commit("before")),
        Fault(name="api-after-commit", label="API killed after a commit", run=_api_at_commit("after")),
        Fault(name="api-kill", label="API killed at random, SQLite", run=_api_killed),
        Fault(name="api-term", label="API asked to stop under load", run=_api_asked),
        Fault(name="one-key", label="one Idempotency-Key from 32 threads at once", run=_one_key),
        Fault(name="control", label="control: messages alone, FLUSHALL", run=_control),
    )
}


def _aligned(row: Sequence[str], column: int, width: int) -> str:
    return row[column].ljust(width) if column in (0, len(HEADS) - 1) else row[column].rjust(width)


def _as_json(line: Line) -> dict[str, object]:
    came = line.outcome
    verdict = came.verdict
    return {
        "fault": line.fault,
        "label": line.label,
        "injected": came.injected,
        "accepted": verdict.accepted,
        "done": verdict.done,
        "failed": verdict.failed,
        "lost": verdict.missing,
        "doubled": len(verdict.doubled),
        "problems": verdict.problems,
        "refused": came.refused,
        "in_doubt": came.in_doubt,
        "deaths": came.deaths,
        "most_attempts": came.most_attempts,
        "recoveries_s": [round(seconds, 2) for seconds in came.recoveries_s],
        **came.notes,
    }
