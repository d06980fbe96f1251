"""What set off a piece of work, so that those who do it later can say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`request_id` names the request, as the log does; `traceparent` is its trace, as W3C Trace Context writes it."""

    request_id: str | None = None
    traceparent: str | None = None


UNKNOWN: Final = Cause()
"""Of what a person or a timer set off."""
