"""Python imports this before all else where the folder is in its path: the process's clock is wrong from the start."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

import time_machine

_wrong = datetime.now(UTC) + timedelta(hours=float(os.environ["SKEWED_BY_HOURS"]))
time_machine.travel(_wrong, tick=True).start()
