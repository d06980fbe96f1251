"""Long fuzzing: `python -m bench fuzz`, by itself alone; `--seconds N` for each target, `--target NAME` for some only.

The targets are those of tests/fuzz, which tries a few inputs of each, the same ones in every run. Here each round makes
up new ones, from the seed that `--seed` names on. Registers are asked on SQLite, and on Postgres where
MUSTER_TEST_POSTGRES_URL names one. What fails is printed with its simplest input; then the exit status is 1.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.report import RESULTS, machine
from tests.api.access import bearer, make_key
from tests.fuzz import files, headers, reading
from tests.fuzz.machine import Store, ask_at_random
from tests.fuzz.serving import targets
from tests.fuzz.stores import register
from tests.fuzz.target import Target, try_out

SECONDS = 30.0
ROUND, MACHINES = 100, 10
"""Inputs that are tried, and machines that are run, before the clock is looked at."""
FAILURES = 3
"""So many, and a target is given up."""

Run = Callable[[int], int]
"""Tries one round, numbered; returns how many inputs it tried."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    target: str
    examples: int
    seconds: float
    failures: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuzz:
    """The table of all targets; bench/results/fuzz.json holds the same."""

    tried: Sequence[Tried]
    seed: int

    def table(self) -> str:
        width = max(len(one.target) for one in self.tried)
        lines = [f"Fuzzing from seed {self.seed}; {machine()}", "", f"{'':<{width}}  examples  failures  seconds"]
        lines += [
            f"{one.target:<{width}}  {one.examples:>8,}  {len(one.failures):>8}  {one.seconds:>7.0f}"
            for one in self.tried
        ]
        failures = [f"\n{one.target}: {failure}" for one in self.tried for failure in one.failures]
        return "\n".join([*lines, *failures])

    def publish(self) -> None:
        """Prints the table, writes the file. Raises SystemExit where something failed."""
        print(f"\n{self.table()}\n")
        RESULTS.mkdir(exist_ok=True)
        found = {
            "machine": machine(),
            "at": datetime.now(tz=UTC).isoformat(timespec="seconds"),
            "seed": self.seed,
            "targets": [asdict(one) for one in self.tried],
        }
        (RESULTS / "fuzz.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
        if any(one.failures for one in self.tried):
            raise SystemExit(1)


def measure(*, seconds: float, only: Sequence[str], seed: int) -> Fuzz:
    """`seconds` is what each target is given. Raises KeyError for a target that is none."""
    logging.disable(logging.CRITICAL)
    tried = []
    with ExitStack() as stack:
        found = dict(_runs(stack))
        for name in only or found:
            print(f"{name} …", file=sys.stderr, flush=True)
            tried.append(_tried(name, found[name], seconds=seconds, seed=seed))
    return Fuzz(tried=tried, seed=seed)


def _tried(name: str, run: Run, *, seconds: float, seed: int) -> Tried:
    examples, failures, began, round_ = 0, list[str](), time.monotonic(), seed
    while time.monotonic() - began < seconds and len(failures) < FAILURES:
        try:
            examples += run(round_)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            failures.append(f"seed {round_}: {_told(error)}")
        round_ += 1
    return Tried(target=name, examples=examples, seconds=time.monotonic() - began, failures=tuple(failures))


def _told(error: BaseException) -> str:
    """The error and the input that Hypothesis notes beside it."""
    inner = getattr(error, "exceptions", ())
    notes = "\n".join(getattr(error, "__notes__", ()))
    return "\n".join([f"{type(error).__name__}: {error}", notes, *map(_told, inner)])[:4000]


def _runs(stack: ExitStack) -> Iterator[tuple[str, Run]]:
    for target in (*reading.TARGETS, *headers.TARGETS, *files.TARGETS):
        yield target.name, partial(_round, target)
    for label, postgres_url in (("SQLite", None), ("Postgres", os.environ.get("MUSTER_TEST_POSTGRES_URL"))):
        if label == "Postgres" and not postgres_url:
            continue
        for keyed in (True, False):
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="muster-fuzz-")))
            store = stack.enter_context(register(folder, keyed=keyed, postgres_url=postgres_url))
            asked = f"register {'with' if keyed else 'without'} keys, {label}"
            yield asked, partial(_machines, store)
            if keyed:
                for target in targets(store.app, store.engine, bearer(make_key(store.engine))):
                    yield f"{target.name}, {label}", partial(_round, target)


def _machines(store: Store, number: int) -> int:
    return ask_at_random(store, examples=MACHINES, numbered=number)


def _round(target: Target, number: int) -> int:
    return try_out(target, examples=ROUND, numbered=number)
