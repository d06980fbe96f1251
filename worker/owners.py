"""Names of those who hold leases, from which it can be told that one is dead before its lease runs out."""

from __future__ import annotations

import os
import socket
import uuid
from collections.abc import Iterator
from itertools import count
from pathlib import Path

_PROC = Path("/proc")


def lease_names() -> Iterator[str]:
    """A new name for each lease this process takes: `machine:pid:start#number`.

    Where the kernel tells nothing, the machine is its host name and nobody will think it dead.
    """
    pid = os.getpid()
    machine, started = _machine(), _started(pid)
    # Twice the same process within one clock tick would be the same owner without this.
    once = uuid.uuid4().hex[:8]
    for number in count():
        yield f"{machine or socket.gethostname()}:{pid}:{started or 'unknown'}#{once}{number}"


def is_gone(owner: str) -> bool:
    """True when the owner ran on this machine, in this container, and its process has ended for sure."""
    process, _, _ = owner.rpartition("#")
    parts = process.rsplit(":", 2)
    if len(parts) != 3 or not parts[1].isdigit():
        return False
    machine, pid, started = parts
    return machine == _machine() and started != "unknown" and _started(int(pid)) != started


def _machine() -> str | None:
    """This boot of this kernel and the space in which process numbers count; containers have their own."""
    try:
        boot = (_PROC / "sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{(_PROC / 'self/ns/pid').readlink().name}"
    except OSError:
        return None


def _started(pid: int) -> str | None:
    """When this process began, in ticks since boot; None for one that has ended, a zombie included."""
    try:
        stat = (_PROC / str(pid) / "stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name before the last bracket may hold anything, spaces and brackets included.
    fields = stat.rpartition(")")[2].split()
    state, started = fields[0], fields[19]
    return None if state in "ZXx" else started
