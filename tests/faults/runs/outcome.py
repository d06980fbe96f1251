"""What came of a fault, in figures: the same for the tests and for the benchmark."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

from tests.faults.checker import Verdict
from tests.faults.site import PATIENCE_S, Site

SEED = 20261122


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How often the fault was injected, and the seconds until work went on after it was over.

    `refused` are answers of 503 or 409 on the way. A death is a reading that ended without its reader saying so.
    """

    injected: int
    verdict: Verdict
    recoveries_s: tuple[float, ...]
    refused: int
    in_doubt: int
    deaths: int
    most_attempts: int
    notes: dict[str, int] = field(default_factory=dict)

    @property
    def median_s(self) -> float | None:
        return median(self.recoveries_s) if self.recoveries_s else None

    @property
    def worst_s(self) -> float | None:
        return max(self.recoveries_s, default=None)


def outcome(site: Site, injected: int, *, patience_s: float = PATIENCE_S, **notes: int) -> Outcome:
    """Drains, and checks. Workers have to be running."""
    site.drain(patience_s=patience_s)
    deaths, most_attempts = site.tables.rows("SELECT coalesce(sum(deaths), 0), coalesce(max(attempt), 0) FROM jobs")[0]
    return Outcome(
        injected=injected,
        verdict=site.verdict(),
        recoveries_s=tuple(site.recoveries_s),
        refused=site.ledger.count("refused"),
        in_doubt=site.ledger.count("in_doubt"),
        deaths=int(deaths),
        most_attempts=int(most_attempts),
        notes=notes,
    )
