"""Servers and workers under test: started in a process group of their own, awaited, and stopped whatever happens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.error import URLError
from urllib.request import urlopen

ROOT = Path(__file__).parents[1]
STOP_S = 20.0
TICKS = os.sysconf("SC_CLK_TCK")


class StartError(RuntimeError):
    """A process under test did not come up; the message ends with its log."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def tool(name: str) -> str:
    """A command of the environment that this runs in."""
    return str(Path(sys.executable).with_name(name))


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """This process's environment without settings of Muster's, and `extra`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MUSTER_")}
    return {**kept, "PYTHONPATH": str(ROOT), **extra}


@contextmanager
def running(
    command: Sequence[str], *, settings: Mapping[str, str], ready_url: str | None = None, limit_s: float = 90
) -> Iterator[subprocess.Popen[bytes]]:
    """Runs a command for the length of the block; with `ready_url`, from when that answers 200."""
    with TemporaryDirectory(prefix="muster-bench-") as folder:
        log = Path(folder) / "log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=environment(settings),
                cwd=folder,
                start_new_session=True,
            )
        try:
            if ready_url:
                _await(process, ready_url, log, limit_s)
            yield process
        finally:
            _stop(process)


def cpu_s(root: int) -> float | None:
    """CPU seconds that a process and all below it have had so far; None where there is no /proc to ask.

    Other processes on the machine stretch the time that work takes, and leave this as it is.
    """
    found = processes()
    if root not in found:
        return None
    tree = {root}
    while below := {pid for pid, (parent, _) in found.items() if parent in tree} - tree:
        tree |= below
    return sum(found[pid][1] for pid in tree)


def processes() -> dict[int, tuple[int, float]]:
    """Parent and CPU seconds of every process on the machine; empty where there is no /proc to ask."""
    found: dict[int, tuple[int, float]] = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            fields = stat.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
            found[int(stat.parent.name)] = (int(fields[1]), (int(fields[11]) + int(fields[12])) / TICKS)
    return found


def _await(process: subprocess.Popen[bytes], url: str, log: Path, limit_s: float) -> None:
    deadline = time.monotonic() + limit_s
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.1)
    raise StartError(f"{process.args!r} is not ready:\n{log.read_text(errors='replace')[-2000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM to the process, then SIGKILL to what is left of its group."""
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
