"""What stands before a paragraph's words: a transcript's speaker, a dateline.

"MR. KIRBY:  Thank you", "Q    Good afternoon", "The Minister for Defence (Mr. Hale): I beg to move",
"SEOUL, May 3 (Agency) -- North Korea ...".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

from worker.extraction.words import Table, expect_keys, string, strings

_WHERE = "transcripts.toml"
_LONGEST_LABEL = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class TranscriptWords:
    """Source: lexicons/<language>/transcripts.toml. `capitals` and `small` are the alphabet's letters.

    `turns` need a colon behind them, `bare_turns` none. `titles` stand before a name, `links` within one.
    """

    turns: tuple[str, ...]
    bare_turns: tuple[str, ...]
    titles: tuple[str, ...]
    links: tuple[str, ...]
    capitals: str
    small: str


def parse_transcripts(table: Table) -> TranscriptWords:
    expect_keys(table, ("turns", "bare_turns", "titles", "links", "capitals", "small"), where=_WHERE)
    words = TranscriptWords(
        turns=strings(table, "turns", where=_WHERE),
        bare_turns=strings(table, "bare_turns", where=_WHERE),
        titles=strings(table, "titles", where=_WHERE),
        links=strings(table, "links", where=_WHERE),
        capitals=string(table, "capitals", where=_WHERE),
        small=string(table, "small", where=_WHERE),
    )
    letters = words.capitals + words.small
    if not letters.isalpha() or len(set(letters)) < len(letters):
        raise ValueError(f"{_WHERE}: 'capitals' and 'small' must be letters, each only once.")
    return words


class Sure(IntEnum):
    """How surely a label is one: only where the text has more of them, or by its own form.

    "Anna Hale:", "HALE:", "Mr. Hale:", "MR. HALE:" and "The Minister for Defence (Mr. Hale):".
    """

    BY_COMPANY = 0
    BY_CAPITALS = 1
    BY_FORM = 2
    BY_OFFICE = 3


@dataclass(frozen=True, slots=True)
class Label:
    """A turn's label: whom it names ("" for "Q" and "A"), and where the words after it begin."""

    name: str
    end: int
    sure: Sure


@dataclass(frozen=True, slots=True)
class Turn:
    """A line and who speaks it: "" is someone without a name, None nobody. `cut` is where its own words begin.

    `sign` is what stands in capitals before a colon and may be a speaker, "NATO", or a place, "NAIROBI".
    """

    speaker: str | None
    cut: int
    labelled: bool = False
    sign: str | None = None


class TranscriptReader:
    def __init__(self, words: TranscriptWords) -> None:
        turns, bare_turns = ("|".join(map(re.escape, group)) for group in (words.turns, words.bare_turns))
        titles = "|".join(sorted(map(re.escape, words.titles), key=len, reverse=True))
        capital, small = words.capitals, words.small
        shout = rf"[{capital}][{capital}'.\-]{{1,20}}"  # KIRBY
        links = "|".join(map(re.escape, words.links))
        word = rf"[{capital}][{capital}{small}'’.\-]{{0,20}}"  # Kirby
        more = rf"(?: (?:(?:{links}) )?{word})"  # of Hever
        aside = r"(?: ?\([^()]{1,60}\)){0,3}"  # (Woodspring) (Con)
        self._turn = re.compile(rf'(?:(?:{turns}):|{bare_turns}) (?=[{capital}"(])')
        self._shouted = re.compile(rf"(?P<name>(?:[{capital}][{capital}'.\-]{{0,20}} ){{0,8}}{shout}){aside}: ?")
        self._titled = re.compile(rf"(?P<name>(?:{titles})\.?{more}{{1,4}})(?:, [^:()]{{2,60}})?{aside}:(?: |$)")
        self._office = re.compile(
            rf"(?P<name>{word}(?: [\w,'’\-]{{1,20}}){{1,14}} \((?:{titles})\.?{more}{{1,3}}\)){aside}:(?: |$)"
        )
        self._plain = re.compile(rf"(?P<name>{word}{more}{{1,3}}){aside}:(?: |$)")
        self._title = re.compile(rf"(?<![{capital}{small}])(?:{titles})(?![{capital}{small}])", re.IGNORECASE)
        self._dateline = re.compile(
            rf"(?:[{capital}][{capital}.'\-]{{1,20}}[ /,]{{0,2}}){{1,4}}"  # SEOUL, WASHINGTON/PARIS
            rf"(?:,? ?[{capital}][{capital}{small}.]{{2,12}}){{0,2}}"  # South Korea
            rf"(?:,? ?[{capital}][{small}]{{2,8}}\.? \d{{1,2}})?(?:,? \d{{4}})?,? ?"  # Oct. 18, 2024
            r"(?:\([^)]{2,40}\) ?)?(?:--|[-–—]) "  # (Agency) --
        )

    def turns(self, lines: Sequence[str]) -> list[Turn]:
        """Whose turn each line belongs to. A mere name before a colon is a label where it comes again, or in a dialog.

        A turn lasts to the next label, but a single "President Mora: ..." in an article is no transcript.
        """
        seen = [self.label_of(line) for line in lines]
        times = Counter(label.name for label in seen if label is not None)
        dialog = any(label is not None and label.sure is Sure.BY_COMPANY and times[label.name] > 1 for label in seen)
        kept: list[Label | None] = []
        for index, label in enumerate(seen):
            sure = label is not None and (label.sure >= Sure.BY_FORM or times[label.name] > 1 or dialog)
            asks, answers = _is_asked(lines, seen, index), index > 0 and _is_asked(lines, seen, index - 1)
            kept.append(label if sure or asks or answers else None)
        lasting = sum(label is not None for label in kept) > 1
        turns: list[Turn] = []
        speaker: str | None = None
        for line, label, unsure in zip(lines, kept, seen, strict=True):
            if label is not None:
                speaker = label.name if lasting or label.sure is Sure.BY_OFFICE else None
                turns.append(Turn(speaker=label.name, cut=label.end, labelled=True))
            else:
                shouted = unsure if unsure is not None and unsure.sure is Sure.BY_CAPITALS else None
                cut = shouted.end if shouted is not None else self.dateline_end(line)
                turns.append(Turn(speaker=speaker, cut=cut, sign=shouted.name if shouted is not None else None))
        return turns

    def label_of(self, line: str) -> Label | None:
        """The label that one line by itself seems to have."""
        turn = self._turn.match(line)
        if turn is not None:
            return Label("", turn.end(), Sure.BY_FORM)
        start = line[:_LONGEST_LABEL]
        if ":" not in start:
            return None
        shouted = self._shouted.match(start)
        if shouted is not None:
            by_title = self._title.search(shouted["name"]) is not None
            return Label(shouted["name"], shouted.end(), Sure.BY_OFFICE if by_title else Sure.BY_CAPITALS)
        office = self._office.match(start)
        if office is not None:
            return Label(office["name"], office.end(), Sure.BY_OFFICE)
        titled = self._titled.match(start)
        if titled is not None:
            return Label(titled["name"], titled.end(), Sure.BY_FORM)
        plain = self._plain.match(start)
        return Label(plain["name"], plain.end(), Sure.BY_COMPANY) if plain is not None else None

    def dateline_end(self, line: str) -> int:
        """Where the words of a paragraph begin behind a dateline; 0 without one."""
        found = self._dateline.match(line)
        return found.end() if found is not None else 0


def _is_asked(lines: Sequence[str], labels: Sequence[Label | None], index: int) -> bool:
    """Whether a labelled line asks what the next labelled line answers."""
    answered = index + 1 < len(labels) and labels[index + 1] is not None
    return answered and labels[index] is not None and lines[index].rstrip().endswith("?")
