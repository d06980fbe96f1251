"""Real Celery workers in processes of their own."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from service.embedded import environment
from service.settings import Settings
from tests.integration.worker.register import ROOT


class CeleryWorker:
    """`celery worker` as it is run in production; its log is in the data folder.

    `path` is searched for modules first; `variables` are added to the environment.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        app: str = "worker.celery_main",
        path: Path | None = None,
        variables: Mapping[str, str] | None = None,
    ) -> None:
        command = [sys.executable, "-m", "celery", "--quiet", "--app", app, "worker"]
        searched = f"{path}{os.pathsep}{ROOT}" if path else str(ROOT)
        with (settings.data_dir / "worker.log").open("ab") as log:
            self.process = subprocess.Popen(
                command,
                cwd=ROOT,
                env={**environment(settings), "PYTHONPATH": searched, **(variables or {})},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def kill(self) -> None:
        """SIGKILL to all its processes at once, as when the power fails."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def running_worker(settings: Settings) -> Iterator[CeleryWorker]:
    worker = CeleryWorker(settings)
    try:
        yield worker
    finally:
        worker.kill()


def log_of_worker(folder: Path) -> list[dict[str, Any]]:
    """Every line that it has ended."""
    written, _, _ = (folder / "worker.log").read_text(encoding="utf-8").rpartition("\n")
    return [json.loads(line) for line in written.splitlines()]


def processes_reading(folder: Path) -> set[str]:
    """The processes that have begun a slow article."""
    return {path.name.removeprefix("reading-") for path in folder.glob("reading-*")}


def tree(pid: int) -> set[int]:
    """The living descendants of a process."""
    found: set[int] = set()
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, path.read_text(encoding="ascii").split()):
                found |= {child} | tree(child)
    return found


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
