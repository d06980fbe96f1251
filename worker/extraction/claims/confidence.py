"""How sure a claim is, from the reasons that its making left behind."""

from __future__ import annotations

from worker.extraction.claims.drafts import Draft
from worker.extraction.model import LineKind

_BASE = 0.86
_WEIGHTS = {
    "force carried": -0.1,
    "force unknown": -0.12,
    "force speaker": -0.05,
    "weak event": -0.12,
    "place carried": -0.04,
    "told again": 0.04,
    "part of a total": 0.02,
}
_HOW = {"object": 0.05, "subject": 0.05, "toll": 0.0, "clause": 0.0, "noun": -0.1, "near": -0.12, "list": 0.0}


def confidence(draft: Draft) -> float:
    """Between 0.05 and 0.99, to two places."""
    value = _BASE
    for reason in set(draft.reasons):
        value += _WEIGHTS.get(reason, 0.0) + _HOW.get(reason.split(":", 1)[0], 0.0)
    value += 0.05 if draft.numbered else -0.1
    value += 0.03 if draft.locations else -0.06
    value += 0.02 if draft.chain else 0.0
    value -= 0.05 if draft.line_kind is not LineKind.PROSE and "told again" not in draft.reasons else 0.0
    return round(min(0.99, max(0.05, value)), 2)
