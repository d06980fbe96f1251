"""Place names in running text, where most words are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from service.domain.claims import PlaceLevel
from service.domain.places import typewords
from service.domain.places.folding import fold
from service.domain.places.records import PlaceRecord

if TYPE_CHECKING:
    from service.domain.places.gazetteer import Gazetteer

_LONGEST_TOKENS = 10
# Small words inside a name that are written low: "Deir ez-Zor", "Rio de Janeiro", "Trinidad and Tobago".
_LOW = frozenset(
    "al el ad ar as ash at az an ez et es er il ul of the de del dos das do da di du des la le les los las and "
    "sur en am im an der on upon ye i y na nad pod e".split()
)
_ARTICLES = frozenset("al el ad ar as ash at az an ez et es er".split())
_JOINERS = frozenset("-‐‑‒–'’ʼ")
# A city of fewer people is not taken out of text under a name that is also a word or a person's name.
_SMALL_CITY_PEOPLE = 15_000


def match_longest(
    gazetteer: Gazetteer, words: Sequence[str], start: int
) -> tuple[int, tuple[PlaceRecord, ...]] | None:
    """Tokens matched from `start` on, and the readings of the name.

    The name must be written with capitals; a type word after it ("Kursk region") or before it ("city of
    Kursk") belongs to the match and chooses among the readings. Possessives are left out of the name.
    """
    if start >= len(words):
        return None
    head = _headed(gazetteer, words, start)
    if head is not None:
        return head
    if not _may_begin(words, start):
        return None
    best: tuple[int, tuple[PlaceRecord, ...]] | None = None
    joined = ""
    for count, word in enumerate(words[start : start + _LONGEST_TOKENS], 1):
        if not _belongs(word, first=count == 1):
            break
        piece = _without_possessive(word)
        joined = joined + piece if not joined or joined[-1] in "'’ʼ" or piece[:1] in "'’ʼ" else f"{joined} {piece}"
        folded = fold(joined)
        if piece in _JOINERS:
            continue
        readings = _readings(gazetteer, folded, words[start : start + count])
        if readings:
            best = count, readings
        if piece != word or not _goes_on(gazetteer, folded):
            break
    return None if best is None else _with_type(words, start, *best)


def _headed(gazetteer: Gazetteer, words: Sequence[str], start: int) -> tuple[int, tuple[PlaceRecord, ...]] | None:
    """ "Province of X", "city of X"."""
    if len(words) < start + 3 or words[start + 1].lower() != "of" or not typewords.is_head(fold(words[start])):
        return None
    skip = 3 if words[start + 2] in {"the", "The"} else 2
    found = match_longest(gazetteer, words, start + skip)
    if found is None:
        return None
    count, readings = found
    return count + skip, typewords.keep_levels(readings, fold(words[start]))


def _with_type(
    words: Sequence[str], start: int, count: int, readings: tuple[PlaceRecord, ...]
) -> tuple[int, tuple[PlaceRecord, ...]]:
    if start + count < len(words):
        word = fold(words[start + count])
        if typewords.is_trailing(word) and readings[0].level is not PlaceLevel.COUNTRY or word in {"state", "city"}:
            levels = typewords.levels_of(word)
            allowed = tuple(reading for reading in readings if levels is None or reading.level in levels)
            if allowed:
                return count + 1, allowed
    return count, readings


def _may_begin(words: Sequence[str], start: int) -> bool:
    first = words[start]
    if not first or not first[0].isalpha():
        return False
    if not first[0].islower():
        return True
    return "-" in first and fold(first).split()[0] in _ARTICLES or (
        first in _ARTICLES and start + 1 < len(words) and words[start + 1] in _JOINERS
    )


def _belongs(word: str, *, first: bool) -> bool:
    if first:
        return True
    if word in _JOINERS:
        return True
    if not any(char.isalnum() for char in word):
        return False
    return not word[0].islower() or fold(word) in _LOW or typewords.is_trailing(fold(word)) or "-" in word


def _without_possessive(word: str) -> str:
    for ending in ("'s", "’s", "s'", "s’"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] if ending[0] != "s" else word[:-1]
    return word


def _goes_on(gazetteer: Gazetteer, folded: str) -> bool:
    return gazetteer.names.begins(folded) or folded in gazetteer.overlay.beginnings


def _readings(gazetteer: Gazetteer, folded: str, tokens: Sequence[str]) -> tuple[PlaceRecord, ...]:
    overlay = gazetteer.overlay
    if folded in overlay.stopnames:
        return ()
    if folded in overlay.abbreviations and not "".join(tokens).isupper():
        return ()
    if len(folded) < 3 and folded not in overlay.abbreviations:
        return ()
    if len(tokens) > 1 and tokens[-1][:1].islower() and not typewords.is_trailing(fold(tokens[-1])):
        return ()
    readings = gazetteer.lookup(folded)
    if gazetteer.names.is_word(folded) and folded not in overlay.names:
        readings = tuple(r for r in readings if r.level is not PlaceLevel.CITY or r.population >= _SMALL_CITY_PEOPLE)
    return readings
