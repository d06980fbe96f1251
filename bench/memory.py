"""What the processes of a running service hold in memory, and whether it grows with the articles read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import linear_regression, median

from bench.processes import processes

KINDS = {"granian": ("API server", "API"), "celery": ("worker's main process", "worker")}
"""By a word of the command: what the first process is called, and what those below it are."""
FLAT_MB = 1.0
"""Growth by 1,000 articles up to which memory counts as flat: 20 MB in 20,000 articles."""
LEAST_SAMPLES = 8
_MB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one process held once. `settled` are the articles read by the whole service until then."""

    settled: int
    mb: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Growth:
    """Memory of one kind of process, in MB: medians over the first quarter of the run, all of it, and the last.

    `per_1000` is the growth by 1,000 articles over the latter half of a process's life, of the one that grew most;
    None where none lived long enough to tell. `replaced` counts the processes that followed on others.
    """

    kind: str
    first: float
    middle: float
    last: float
    most: float
    per_1000: float | None
    replaced: int

    @property
    def is_flat(self) -> bool:
        return self.per_1000 is None or self.per_1000 <= FLAT_MB


@dataclass(slots=True)
class Memory:
    """Samples by kind and process."""

    by_kind: dict[str, dict[int, list[Held]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    at_once: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def sample(self, root: int, *, settled: int) -> None:
        """Asks every process of the service below `root`."""
        now: dict[str, int] = defaultdict(int)
        for pid, kind in kinds(root).items():
            held = resident_mb(pid)
            if held is not None:
                self.by_kind[kind][pid].append(Held(settled=settled, mb=held))
                now[kind] += 1
        for kind, count in now.items():
            self.at_once[kind] = max(self.at_once[kind], count)

    def series(self, kind: str) -> list[tuple[int, float]]:
        """The most that one process of this kind held, by articles read."""
        most: dict[int, float] = defaultdict(float)
        for samples in self.by_kind[kind].values():
            for held in samples:
                most[held.settled] = max(most[held.settled], held.mb)
        return sorted(most.items())

    def growth(self, kind: str) -> Growth:
        lives = list(self.by_kind[kind].values())
        told = sorted((held for life in lives for held in life), key=lambda held: held.settled)
        quarter = max(1, len(told) // 4)
        slopes = [slope for life in lives if (slope := _slope(life)) is not None]
        return Growth(
            kind=kind,
            first=median(held.mb for held in told[:quarter]),
            middle=median(held.mb for held in told),
            last=median(held.mb for held in told[-quarter:]),
            most=max(held.mb for held in told),
            per_1000=max(slopes, default=None),
            replaced=len(lives) - self.at_once[kind],
        )


def kinds(root: int) -> Mapping[int, str]:
    """What each process of a service is, by pid."""
    found = processes()
    below: dict[int, list[int]] = defaultdict(list)
    for pid, (parent, _) in found.items():
        below[parent].append(pid)
    return dict(_named(root, below, None))


def resident_mb(pid: int) -> float | None:
    """None where it has ended."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("VmRSS:"):
                return int(line.split()[1]) / _MB
    return None


def _named(pid: int, below: Mapping[int, Sequence[int]], kind: str | None) -> Iterator[tuple[int, str]]:
    inner = kind
    if kind is None:
        command = _command(pid)
        outer, inner = next((named for word, named in KINDS.items() if word in command), (None, None))
        if outer is not None:
            yield pid, outer
    elif "resource_tracker" not in _command(pid):
        yield pid, kind
    for child in below.get(pid, ()):
        yield from _named(child, below, inner)


def _command(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
    return ""


def _slope(life: Sequence[Held]) -> float | None:
    """MB by 1,000 articles in the latter half of what was read in this process's time."""
    if not life:
        return None
    half = (life[0].settled + life[-1].settled) / 2
    latter = [held for held in life if held.settled >= half]
    if len(latter) < LEAST_SAMPLES or latter[0].settled == latter[-1].settled:
        return None
    return 1000 * linear_regression([held.settled for held in latter], [held.mb for held in latter]).slope
