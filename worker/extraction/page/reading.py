"""A sentence made fit to be parsed, with the way back to the article's own offsets.

Hard line breaks and the hyphens before them, markdown emphasis, curly quotes, footnote marks, brackets around an
editor's word and a transcript's stutters ("will en- — enter") confuse a parser; they are taken out here and nowhere
else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_REPLACED = {
    "\n": " ", "\r": " ", "\t": " ", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "“": '"', "”": '"', "„": '"',
    "«": '"', "»": '"', "‘": "'", "’": "'", "ʼ": "'", "‑": "-",
}  # fmt: skip
_DROPPED = re.compile(
    r"\*{1,3}|__"  # emphasis
    r"|(?<=\S)\[(?:\d{1,3}|[a-z]|note \d{1,2}|[a-z]{4,13} needed)\]"  # footnote marks
    r"|\]\([^()\s]{0,300}\)|[\[\]]"  # links and editor's brackets
    r"|\b\w{1,12}- ?— (?=\w)"  # stutters: "en- — enter"
    r"|\u00ad|\u200b|\ufeff|\ufe0f"
)
_HYPHENATED = re.compile(r"(?<![^\W\d_])([^\W\d_]{1,20})([-‐¬])[ \t]*\r?\n[ \t]*(?=[^\W\d_])")
_NEAR = 20_000
# What the ASCII of a sentence may hold that is not read as it stands: emphasis, brackets, breaks, runs of blanks.
_UNCLEAN = re.compile(r"[*_\[\]\n\r\t]|  |^ | \Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` is the cleaned sentence; `offsets[i]` is where its i-th code point stands in `article`."""

    text: str
    offsets: tuple[int, ...]
    article: str

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The article's half-open span for a non-empty half-open span of `text`."""
        return self.offsets[start], self.offsets[end - 1] + 1

    def behind(self, cut: int) -> Reading:
        """The reading without its first `cut` code points."""
        return replace(self, text=self.text[cut:], offsets=self.offsets[cut:])


def read(article: str, start: int, end: int) -> Reading:
    """Clean article[start:end]; runs of blanks become one, and both ends are trimmed."""
    raw = article[start:end]
    if raw.isascii() and _UNCLEAN.search(raw) is None:
        return Reading(raw, tuple(range(start, end)), article)
    gone = bytearray(len(raw))
    for match in _DROPPED.finditer(raw):
        gone[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    for match in _HYPHENATED.finditer(raw):
        first = match.start(2) + _keeps_hyphen(article, match.group(1), start)
        gone[first : match.end()] = b"\x01" * (match.end() - first)
    letters: list[str] = []
    offsets: list[int] = []
    for index, printed in enumerate(raw):
        if gone[index]:
            continue
        letter = _REPLACED.get(printed, printed)
        if letter == " " and (not letters or letters[-1] == " "):
            continue
        letters.append(letter)
        offsets.append(start + index)
    while letters and letters[-1] == " ":
        letters.pop()
        offsets.pop()
    return Reading("".join(letters), tuple(offsets), article)


def _keeps_hyphen(article: str, word: str, at: int) -> bool:
    """Whether a word cut at the end of a line has a hyphen of its own: "Russian-" of an article about Russian men.

    "Sol-" has none, nor has "Geor-", which stands nowhere in the article by itself.
    """
    if word.islower():
        return False
    around = article[max(0, at - _NEAR) : at + _NEAR]
    return word.isupper() or any(f"{word}{end}" in around for end in (" ", "'", "’", ".", ","))
