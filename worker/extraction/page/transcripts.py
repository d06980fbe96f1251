"""Speaker labels at the start of a transcript's line: "MR. KIRBY:  Thank you", "Q    Good afternoon"."""

from __future__ import annotations

import re

_LABEL = re.compile(
    r"(?P<name>(?:[A-Z][A-Z'.\-]{0,20} ){0,4}[A-Z][A-Z'.\-]{1,20})(?: \([^)]{1,40}\))?: ?|(?P<turn>[QA]):? (?=[A-Z\"(])"
)

_DATELINE = re.compile(
    r"(?:[A-Z][A-Z.'\-]{1,20}[ /,]{0,2}){1,4}(?:,? ?[A-Z][A-Za-z.]{2,12}){0,2}(?:,? ?[A-Z][a-z]{2,8}\.? \d{1,2})?(?:,? \d{4})?,? ?(?:\([^)]{2,40}\) ?)?(?:--|[-–—]) "
)


def dateline_end(line: str) -> int:
    """Where the words of a paragraph begin behind a dateline: "SEOUL, May 3 (Agency) -- North Korea ..."; 0 without one."""
    found = _DATELINE.match(line)
    return found.end() if found is not None else 0


def label_of(line: str) -> tuple[str, int] | None:
    """The label and where the words after it begin, or None. "Q" and "A" are labels without a name."""
    found = _LABEL.match(line)
    if found is None:
        return None
    return found["name"] or found["turn"], found.end()
