"""Speaker labels at the start of a transcript's line: "MR. KIRBY:  Thank you", "Q    Good afternoon"."""

from __future__ import annotations

import re

_LABEL = re.compile(
    r"(?P<name>(?:[A-Z][A-Z'.\-]{0,20} ){0,4}[A-Z][A-Z'.\-]{1,20})(?: \([^)]{1,40}\))?: ?|(?P<turn>[QA]):? (?=[A-Z\"(])"
)


def label_of(line: str) -> tuple[str, int] | None:
    """The label and where the words after it begin, or None. "Q" and "A" are labels without a name."""
    found = _LABEL.match(line)
    if found is None:
        return None
    return found["name"] or found["turn"], found.end()
