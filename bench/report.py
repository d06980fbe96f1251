"""What a benchmark has found: one table on stdout, one JSON file in bench/results/."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One measurement. `ratio` is its rate over the reference's rate; None for the reference's own parts."""

    label: str
    per_second: float
    ratio: float | None = None
    p50_ms: float | None = None
    p99_ms: float | None = None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`name` names the JSON file; `unit` is what is counted by the second."""

    name: str
    title: str
    unit: str
    rows: Sequence[Row]
    sizes: dict[str, int | str] = field(default_factory=dict)

    def table(self) -> str:
        sizes = ", ".join(f"{key} {value}" for key, value in self.sizes.items())
        heads = ("", f"{self.unit}/s", "beside reference", "median ms", "99 % ms")
        cells = [heads]
        cells += [
            (row.label, _number(row.per_second), _ratio(row.ratio), _number(row.p50_ms), _number(row.p99_ms))
            for row in self.rows
        ]
        # A column that no row fills is left out.
        kept = [n for n in range(len(heads)) if n < 2 or any(line[n] for line in cells[1:])]
        widths = {n: max(len(line[n]) for line in cells) for n in kept}
        lines = [self.title, f"{machine()}; {sizes}" if sizes else machine(), ""]
        for line, row in zip(cells, [None, *self.rows], strict=True):
            text = "  ".join(line[n].ljust(widths[n]) if n == 0 else line[n].rjust(widths[n]) for n in kept)
            lines.append(f"{text}  {row.note}".rstrip() if row else text.rstrip())
        return "\n".join(lines)

    def publish(self) -> None:
        """Prints the table, writes the file."""
        print(f"\n{self.table()}\n")
        RESULTS.mkdir(exist_ok=True)
        found = {"machine": machine(), "at": datetime.now(tz=UTC).isoformat(timespec="seconds"), **asdict(self)}
        (RESULTS / f"{self.name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"


def _number(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:,.1f}"


def _ratio(value: float | None) -> str:
    return "" if value is None else f"{value:.2f}"
