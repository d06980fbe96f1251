"""The pinned floor under which an evaluation may not fall."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from worker.evaluation.report import Report

BASELINE = "baseline.json"
MEASURES = ("core", "numeric", "full")
# Scores are pinned downwards to three places, so that the report which set the floor stands on it.
PLACES = 1000


class FloorError(ValueError):
    """The floor can't be read, or would be lowered without a reason."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Floor:
    """Least F1 of the claims, of those with figures, and of those with every field right."""

    core: float = 0.0
    numeric: float = 0.0
    full: float = 0.0
    because: str | None = None


def measured(report: Report) -> Floor:
    def down(f1: float) -> float:
        return math.floor(f1 * PLACES) / PLACES

    whole = report.tally()
    return Floor(
        core=down(whole.core.f1),
        numeric=down(report.tally(numeric=True).core.f1),
        full=down(whole.all_fields.f1),
    )


def read_floor(folder: Path) -> Floor:
    """The folder's floor; one at zero where none is pinned. Raises FloorError."""
    path = folder / BASELINE
    if not path.exists():
        return Floor()
    try:
        table = json.loads(path.read_text(encoding="utf-8"))
        return Floor(**{name: float(table[name]) for name in MEASURES}, because=table.get("because"))
    except (ValueError, KeyError, TypeError) as error:
        raise FloorError(f"{path.name} is no floor: {error}") from error


def below(now: Floor, floor: Floor) -> tuple[str, ...]:
    """A sentence for each measure that has fallen."""
    return tuple(
        f"{name} F1 is {getattr(now, name):.3f}, below the floor of {getattr(floor, name):.3f}"
        for name in MEASURES
        if getattr(now, name) < getattr(floor, name)
    )


def pin(folder: Path, now: Floor, *, because: str | None = None) -> None:
    """Make `now` the folder's floor. Lowering any measure needs a reason, which is written beside it."""
    lowered = below(now, read_floor(folder))
    if lowered and not because:
        raise FloorError(f"{'; '.join(lowered)}. To lower it, say why: --because")
    table: dict[str, float | str] = {name: getattr(now, name) for name in MEASURES}
    if because:
        table["because"] = because
    (folder / BASELINE).write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
