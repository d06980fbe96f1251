"""A long run through `muster up`: `python -m bench soak`, by itself alone; `--articles N` makes it longer or shorter.

A newsroom posts articles that are mixed anew each time and never alike, some of them web pages, while readers ask;
what every process holds in memory is looked at all the while. When all has been read, the ledger is held against the
tables as after a fault. With `--servers` it runs on the Postgres and Redis that MUSTER_TEST_* name.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

from bench import chart
from bench.memory import FLAT_MB, Growth, Memory
from bench.processes import ROOT, free_port, running, tool
from bench.report import RESULTS, machine
from bench.services import Backing, embedded, servers
from bench.varied import varied
from service.settings import Settings
from tests.faults.checker import Tables, Verdict, check
from tests.faults.ledger import Ledger, Letter
from tests.faults.newsroom import Newsroom

ARTICLES = 20_000
WORKERS = 2
WAITING = 200
"""Articles that may wait to be read; with more the newsroom holds back, so that API and workers both have work."""
LOOK_S = 0.5
HANG_S = 180.0
"""With nothing read for so long, the run is given up."""
ANSWER_S = 30.0
PAUSE_S = 0.1
PICTURE = ROOT / "docs" / "images" / "soak-memory.svg"
SHOWN_KINDS = ("worker", "API", "worker's main process", "API server")
QUESTIONS = (
    "/claims?limit=50",
    "/claims?region=Kursk&limit=200",
    "/claims?country=RU&sort=-count&limit=50",
    "/aggregates?group_by=region,month",
    "/aggregates?group_by=force,kind",
    "/articles?status=done&limit=50",
    "/regions?q=Kurs",
    "/metrics",
)
QUEUE = "SELECT count(*), min(queued_at) FROM jobs WHERE state = 'queued'"


@dataclass(slots=True)
class Answers:
    """What the readers were told: answers by status, and the longest that one took."""

    statuses: Counter[int] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    longest_s: float = 0.0

    @property
    def count(self) -> int:
        return self.statuses.total()

    @property
    def server_errors(self) -> int:
        return sum(number for status, number in self.statuses.items() if status >= HTTPStatus.INTERNAL_SERVER_ERROR)


@dataclass(frozen=True, slots=True, kw_only=True)
class Soak:
    """What came of it. `refused` are POSTs that were not accepted at once; `oldest_s` the queue's age at its worst."""

    label: str
    verdict: Verdict
    seconds: float
    refused: int
    answers: Answers
    memory: Memory
    oldest_s: float
    hung: bool

    @property
    def growths(self) -> list[Growth]:
        return [self.memory.growth(kind) for kind in SHOWN_KINDS if self.memory.by_kind[kind]]

    @property
    def problems(self) -> list[str]:
        told = list(self.verdict.problems)
        if self.hung:
            told.append(f"nothing was read for {HANG_S:g} s")
        if self.answers.server_errors:
            told.append(f"readers were answered 5xx {self.answers.server_errors} times")
        return [*told, *self.answers.failed[:3]]

    def table(self) -> str:
        verdict, done = self.verdict, self.verdict.done + self.verdict.failed
        doubled = len(verdict.doubled)
        lines = [
            f"Soak, {self.label}; {machine()}",
            "",
            "articles  accepted    done  failed  lost  doubled  refused  articles/s  oldest queued s",
            (
                f"{done:>8,}  {verdict.accepted:>8,}  {verdict.done:>6,}  {verdict.failed:>6,}  {verdict.missing:>4,}  "
                f"{doubled:>7,}  {self.refused:>7,}  {done / self.seconds:>10.1f}  {self.oldest_s:>15.1f}"
            ),
            "",
            (
                f"{self.answers.count:,} GETs, {self.answers.server_errors} of them 5xx, longest "
                f"{self.answers.longest_s:.1f} s"
            ),
            "",
            "MB resident             first quarter  median  last quarter   most  MB/1,000 articles  replaced",
        ]
        for growth in self.growths:
            slope = "" if growth.per_1000 is None else f"{growth.per_1000:.2f}"
            told = "" if growth.per_1000 is None else "flat" if growth.is_flat else "grows"
            lines.append(
                f"{growth.kind:<22}  {growth.first:>13,.0f}  {growth.middle:>6,.0f}  {growth.last:>12,.0f}  "
                f"{growth.most:>5,.0f}  {slope:>17}  {growth.replaced:>8}  {told}".rstrip()
            )
        lines += ["", f"flat: at most {FLAT_MB:g} MB by 1,000 articles in the latter half of a process's life"]
        return "\n".join([*lines, *self.problems])

    def picture(self) -> str:
        series = {kind: self.memory.series(kind) for kind in SHOWN_KINDS if self.memory.by_kind[kind]}
        return chart.lines(
            series, title=f"Memory held, {self.label}", across="articles read", up="MB, of the largest process"
        )

    def publish(self) -> None:
        """Prints the table, writes the figures and the picture."""
        print(f"\n{self.table()}\n")
        RESULTS.mkdir(exist_ok=True)
        found = {
            "machine": machine(),
            "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
            "label": self.label,
            "seconds": round(self.seconds, 1),
            "accepted": self.verdict.accepted,
            "done": self.verdict.done,
            "failed": self.verdict.failed,
            "lost": self.verdict.missing,
            "doubled": len(self.verdict.doubled),
            "refused": self.refused,
            "oldest_s": round(self.oldest_s, 1),
            "statuses": dict(self.answers.statuses),
            "longest_s": round(self.answers.longest_s, 2),
            "memory": [asdict(growth) for growth in self.growths],
            "problems": self.problems,
        }
        (RESULTS / "soak.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        (RESULTS / "soak-memory.svg").write_text(self.picture(), encoding="utf-8")


def measure(*, articles: int, on_servers: bool, settings: Mapping[str, str]) -> Soak:
    """`settings` go over those of the backing. Raises KeyError where servers are asked for and not named."""
    with servers() if on_servers else embedded() as backing:
        if backing is None:
            raise KeyError("Name the servers in MUSTER_TEST_POSTGRES_URL and MUSTER_TEST_REDIS_URL.")
        return soak(backing, articles=articles, settings=settings)


def soak(backing: Backing, *, articles: int, settings: Mapping[str, str]) -> Soak:
    """Runs `muster up` for as long as it takes to read so many articles."""
    port = free_port()
    wanted = {"MUSTER_WORKERS": str(WORKERS), **backing.settings, **settings}
    address = f"http://127.0.0.1:{port}"
    with (
        TemporaryDirectory(prefix="muster-soak-") as folder,
        running([tool("muster"), "up", "--port", str(port)], settings=wanted, ready_url=f"{address}/readyz") as service,
        closing(Ledger(Path(folder) / "ledger.jsonl")) as ledger,
        closing(Tables(Settings.from_env(wanted).database_url)) as tables,
    ):
        newsroom, memory, answers = Newsroom(port, ledger), Memory(), Answers()
        began = time.monotonic()
        newsroom.begin(_held_back(_letters(articles), tables))
        with _readers(address, answers):
            oldest_s, hung = _watch(newsroom, tables, memory, root=service.pid)
        seconds = time.monotonic() - began
        newsroom.give_up()
        return Soak(
            label=backing.label,
            verdict=check(ledger, tables, lambda path: _ask(address + path)),
            seconds=seconds,
            refused=ledger.count("refused") + ledger.count("in_doubt"),
            answers=answers,
            memory=memory,
            oldest_s=oldest_s,
            hung=hung,
        )


def _letters(count: int) -> Iterator[Letter]:
    for number in range(count):
        text, body = varied(number)
        yield Letter(key=f"key-soak-{number}", external_id=f"soak-{number}", text=text, body=body)


def _held_back(letters: Iterator[Letter], tables: Tables) -> Iterator[Letter]:
    """The same, some at a time, while no more than WAITING wait to be read."""
    for number, letter in enumerate(letters):
        if number % 20 == 0:
            while tables.open() > WAITING:
                time.sleep(LOOK_S)
        yield letter


def _watch(newsroom: Newsroom, tables: Tables, memory: Memory, *, root: int) -> tuple[float, bool]:
    """Until all is read: the queue's greatest age in seconds, and whether it was given up."""
    oldest_s, last, moved = 0.0, -1, time.monotonic()
    while newsroom.is_sending() or tables.open():
        settled = tables.settled()
        if settled != last:
            last, moved = settled, time.monotonic()
        elif time.monotonic() - moved > HANG_S:
            return oldest_s, True
        memory.sample(root, settled=settled)
        oldest_s = max(oldest_s, _age_s(tables))
        if sys.stderr.isatty():
            print(f"\r{settled:,} read ", end="", file=sys.stderr, flush=True)
        time.sleep(LOOK_S)
    memory.sample(root, settled=tables.settled())
    return oldest_s, False


def _age_s(tables: Tables) -> float:
    waiting, since = tables.rows(QUEUE)[0]
    if not waiting or since is None:
        return 0.0
    queued_at = datetime.fromisoformat(since) if isinstance(since, str) else since
    if queued_at.tzinfo is None:
        queued_at = queued_at.replace(tzinfo=UTC)
    return float((datetime.now(UTC) - queued_at).total_seconds())


@contextmanager
def _readers(address: str, answers: Answers) -> Iterator[None]:
    """Asks one question after the other for the length of the block."""
    over = threading.Event()

    def read() -> None:
        asked = 0
        while not over.wait(PAUSE_S):
            began = time.monotonic()
            answers.statuses[_status(address + QUESTIONS[asked % len(QUESTIONS)], answers.failed)] += 1
            answers.longest_s = max(answers.longest_s, time.monotonic() - began)
            asked += 1

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        yield
    finally:
        over.set()
        reader.join()


def _status(url: str, failed: list[str]) -> int:
    """0 where there was no answer."""
    try:
        with urlopen(url, timeout=ANSWER_S) as answer:
            answer.read()
            return int(answer.status)
    except HTTPError as error:
        failed.append(f"{url} answered {error.code}")
        return error.code
    except (URLError, OSError) as error:
        failed.append(f"{url} did not answer: {error}")
        return 0


def _ask(url: str) -> dict[str, Any]:
    with urlopen(url, timeout=ANSWER_S * 4) as answer:
        read: dict[str, Any] = json.load(answer)
        return read
