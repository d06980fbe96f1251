"""kombu's filesystem transport, with messages that appear whole or not at all.

kombu's own writes into the file that readers already see, and moves what it reads through the
folder for temporary files, which may lie on another disk. Here a rename publishes a message, and
another one takes it; a message that can't be read is dropped, since it carries no work.
"""

from __future__ import annotations

import json
import os
import time
import uuid
from pathlib import Path
from queue import Empty
from typing import Any

from kombu.transport import filesystem
from kombu.utils.json import dumps, loads

LOOK_UP_S = 0.3

_UNREADY = ".tmp"


class Channel(filesystem.Channel):
    def _put(self, queue: str, payload: Any, **_: Any) -> None:  # type: ignore[override]  # kombu's own differ too
        folder = Path(self.data_folder_out)
        name = f"{time.time_ns():020d}_{uuid.uuid4()}.{queue}.msg"
        unready = folder / f"{name}{_UNREADY}"
        unready.write_text(dumps(payload), encoding="utf-8")
        unready.rename(folder / name)

    def _get(self, queue: str, timeout: float | None = None) -> Any:  # noqa: ARG002 - one look, never a wait
        folder = Path(self.data_folder_in)
        for name in sorted(os.listdir(folder)):  # noqa: PTH208 - names alone are asked for, fifty times a second
            if name.partition(".")[2] != f"{queue}.msg":
                continue
            taken = folder / f"{name}{_UNREADY}"
            try:
                (folder / name).rename(taken)
                text = taken.read_text(encoding="utf-8")
                taken.unlink()
                return loads(text)
            except (OSError, json.JSONDecodeError):
                # Another reader was first, or a crash left half a message.
                continue
        raise Empty


class Transport(filesystem.Transport):
    Channel = Channel

    def drain_events(self, connection: Any, timeout: float | None = None) -> None:  # type: ignore[override]
        """Comes back soon, since Celery looks whether it is to stop only in between."""
        super().drain_events(connection, timeout=LOOK_UP_S if timeout is None else min(timeout, LOOK_UP_S))  # type: ignore[no-untyped-call]
