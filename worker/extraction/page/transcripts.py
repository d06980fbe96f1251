"""What stands before a paragraph's words: a transcript's speaker, a dateline.

"MR. KIRBY:  Thank you", "Q    Good afternoon", "SEOUL, May 3 (Agency) -- North Korea ...".
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from worker.extraction.words import Table, expect_keys, string, strings

_WHERE = "transcripts.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptWords:
    """Source: lexicons/<language>/transcripts.toml. `capitals` and `small` are the alphabet's letters.

    `turns` need a colon behind them, `bare_turns` none.
    """

    turns: tuple[str, ...]
    bare_turns: tuple[str, ...]
    capitals: str
    small: str


def parse_transcripts(table: Table) -> TranscriptWords:
    expect_keys(table, ("turns", "bare_turns", "capitals", "small"), where=_WHERE)
    words = TranscriptWords(
        turns=strings(table, "turns", where=_WHERE),
        bare_turns=strings(table, "bare_turns", where=_WHERE),
        capitals=string(table, "capitals", where=_WHERE),
        small=string(table, "small", where=_WHERE),
    )
    letters = words.capitals + words.small
    if not letters.isalpha() or len(set(letters)) < len(letters):
        raise ValueError(f"{_WHERE}: 'capitals' and 'small' must be letters, each only once.")
    return words


class TranscriptReader:
    def __init__(self, words: TranscriptWords) -> None:
        turns, bare_turns = ("|".join(map(re.escape, group)) for group in (words.turns, words.bare_turns))
        capital, small = words.capitals, words.small
        self._label = re.compile(
            rf"(?P<name>(?:[{capital}][{capital}'.\-]{{0,20}} ){{0,4}}[{capital}][{capital}'.\-]{{1,20}})"
            r"(?: \([^)]{1,40}\))?: ?"
            rf'|(?:(?:{turns}):|{bare_turns}) (?=[{capital}"(])'
        )
        self._dateline = re.compile(
            rf"(?:[{capital}][{capital}.'\-]{{1,20}}[ /,]{{0,2}}){{1,4}}"  # SEOUL, WASHINGTON/PARIS
            rf"(?:,? ?[{capital}][{capital}{small}.]{{2,12}}){{0,2}}"  # South Korea
            rf"(?:,? ?[{capital}][{small}]{{2,8}}\.? \d{{1,2}})?(?:,? \d{{4}})?,? ?"  # Oct. 18, 2024
            r"(?:\([^)]{2,40}\) ?)?(?:--|[-–—]) "  # (Agency) --
        )

    def label_of(self, line: str) -> tuple[str, int] | None:
        """The label and where the words after it begin, or None. "" is a label without a name, as "Q" and "A" are."""
        found = self._label.match(line)
        return (found["name"] or "", found.end()) if found is not None else None

    def dateline_end(self, line: str) -> int:
        """Where the words of a paragraph begin behind a dateline; 0 without one."""
        found = self._dateline.match(line)
        return found.end() if found is not None else 0
