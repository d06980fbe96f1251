"""Place names in running text, where most words are none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from service.domain.claims import PlaceLevel
from service.domain.places.folding import fold
from service.domain.places.records import PlaceRecord

if TYPE_CHECKING:
    from service.domain.places.gazetteer import Gazetteer


def word_set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_LONGEST_TOKENS = 10
# Small words inside a name that are written low: "Deir ez-Zor", "Rio de Janeiro", "Trinidad and Tobago".
_LOW = word_set(
    "al el ad ar as ash at az an ez et es er il ul of the de del dos das do da di du des la le les los las and "
    "sur en am im an der on upon ye i y na nad pod e au aux sous par ben bin ibn bou d l"
)
_ARTICLES = word_set("al el ad ar as ash at az an ez et es er")
_JOINERS = frozenset("-‐‑‒–'’ʼ&")
_CONTRACTIONS = ("'ve", "'re", "'ll", "'m", "'d", "’ve", "’re", "’ll", "’m", "’d")
# Shorter words in capitals are mostly abbreviations, unless the words beside them are in capitals too.
_LONGEST_ABBREVIATION = 4
_SHORTEST_NAME = 3
# A place of fewer people is not taken out of text under a name that is also a word or a person's name.
_SMALL_PLACE_PEOPLE = 100_000


def match_longest(gazetteer: Gazetteer, words: Sequence[str], start: int) -> tuple[int, tuple[PlaceRecord, ...]] | None:
    """Tokens matched from `start` on, and the readings of the name.

    The name must be written with capitals; a type word after it ("Kursk region") or before it ("city of
    Kursk") belongs to the match and chooses among the readings. Possessives are left out of the name.
    """
    if start >= len(words):
        return None
    return _headed(gazetteer, words, start) or _bare(gazetteer, words, start)


def _bare(gazetteer: Gazetteer, words: Sequence[str], start: int) -> tuple[int, tuple[PlaceRecord, ...]] | None:
    """Match of a name that begins at the token itself."""
    if start >= len(words) or not _may_begin(words, start):
        return None
    best: tuple[int, tuple[PlaceRecord, ...]] | None = None
    joined = ""
    for count, word in enumerate(words[start : start + _LONGEST_TOKENS], 1):
        piece = _without_possessive(word)
        whole, joined = _join(joined, piece or "-"), _join(joined, word or "-")
        if count > 1 and not _belongs(gazetteer, word, fold(whole)):
            break
        if word in _JOINERS:
            continue
        readings = _readings(gazetteer, fold(whole), words[start : start + count])
        if readings:
            best = count, readings
        if not _goes_on(gazetteer, fold(joined)):
            break
    if best is None:
        return None
    after = words[start + best[0]] if start + best[0] < len(words) else ""
    if gazetteer.typewords.makes_paper(after):
        return None
    if best[0] == 1 and _looks_like_abbreviation(gazetteer, words, start):
        return None
    count, readings = _with_type(gazetteer, words, start, *best)
    stopped = gazetteer.overlay.stopnames.get(fold(" ".join(words[start : start + best[0]])))
    return None if stopped and (stopped != "person" or count == best[0]) else (count, readings)


def _join(left: str, right: str) -> str:
    """The words as they would be written: no space beside an apostrophe that stands alone."""
    close = not left or left[-1] in "'’ʼ" or right[0] in "'’ʼ"
    return f"{left}{right}" if close else f"{left} {right}"


def _headed(gazetteer: Gazetteer, words: Sequence[str], start: int) -> tuple[int, tuple[PlaceRecord, ...]] | None:
    """Match of a name behind its type word: "city of X", "province of the X"."""
    if len(words) < start + 3 or words[start + 1] not in {"of", "OF"}:
        return None
    head = fold(words[start])
    if not gazetteer.typewords.is_head(head):
        return None
    skip = 3 if words[start + 2] in {"the", "The"} else 2
    found = _bare(gazetteer, words, start + skip)
    if found is None:
        return None
    count, readings = found
    return count + skip, gazetteer.typewords.preferred(readings, head)


def _with_type(
    gazetteer: Gazetteer, words: Sequence[str], start: int, count: int, readings: tuple[PlaceRecord, ...]
) -> tuple[int, tuple[PlaceRecord, ...]]:
    if start + count < len(words):
        word = fold(words[start + count])
        # "Russia region" is no place; "Georgia state" is, for Georgia has a reading as a state.
        is_country = readings[0].level is PlaceLevel.COUNTRY
        if gazetteer.typewords.is_trailing(word) and (not is_country or word in {"state", "city"}):
            allowed = gazetteer.typewords.allowed(readings, word)
            if allowed:
                return count + 1, allowed
    return count, readings


def _looks_like_abbreviation(gazetteer: Gazetteer, words: Sequence[str], start: int) -> bool:
    """Whether a place's name in capitals stands alone among words that are not: "NIS", "ARPA"."""
    word = words[start]
    if not word.isupper() or len(word) > _LONGEST_ABBREVIATION or fold(word) in gazetteer.overlay.names:
        return False
    beside = [*words[max(start - 1, 0) : start], *words[start + 1 : start + 2]]
    return not any(len(other) > 1 and other.isupper() for other in beside)


def _may_begin(words: Sequence[str], start: int) -> bool:
    first = words[start]
    if not first or not first[0].isalpha() or first.endswith(_CONTRACTIONS):
        return False
    if not first[0].islower():
        return True
    if first in _ARTICLES:
        return start + 1 < len(words) and words[start + 1] in _JOINERS
    return "-" in first and first.split("-")[0] in _ARTICLES


def _belongs(gazetteer: Gazetteer, word: str, folded: str) -> bool:
    """Whether a token may stand inside a name, after its first one.

    Names written by hand may hold low words ("Yavoriv training ground"); `folded` is the name up to here.
    """
    if word in _JOINERS:
        return True
    if word.islower() and folded in gazetteer.overlay.beginnings:
        return True
    if not any(char.isalnum() for char in word):
        return False
    if not word[0].islower() or any(char.isupper() for char in word):
        return True
    return fold(word) in _LOW or gazetteer.typewords.is_trailing(fold(word)) or "-" in word


def _without_possessive(word: str) -> str:
    for ending in ("'s", "’s", "s'", "s’"):
        if word.endswith(ending) and len(word) > len(ending) + 1:
            return word[: -len(ending)] if ending[0] != "s" else word[:-1]
    return word


def _goes_on(gazetteer: Gazetteer, folded: str) -> bool:
    return gazetteer.names.begins(folded) or folded in gazetteer.overlay.beginnings


def _readings(gazetteer: Gazetteer, folded: str, tokens: Sequence[str]) -> tuple[PlaceRecord, ...]:
    overlay = gazetteer.overlay
    if overlay.stopnames.get(folded, "person") != "person" or folded in overlay.institutions:
        return ()
    if folded in overlay.adjectives and folded not in overlay.names:
        return ()
    if folded in overlay.abbreviations and not "".join(tokens).isupper():
        return ()
    if len(folded) < _SHORTEST_NAME and folded.isascii() and folded not in overlay.abbreviations:
        return ()
    last = tokens[-1]
    is_low_end = len(tokens) > 1 and last.islower() and not gazetteer.typewords.is_trailing(fold(last))
    if is_low_end and folded not in overlay.names:
        return ()
    readings = gazetteer.lookup(folded)
    if gazetteer.names.is_word(folded) and folded not in overlay.names:
        readings = tuple(r for r in readings if r.population >= _SMALL_PLACE_PEOPLE and is_own_name(folded, r))
    return readings


def is_own_name(folded: str, record: PlaceRecord) -> bool:
    """Whether it is the name the place is shown by, not one of its many names in other languages."""
    own = fold(record.name)
    return own == folded or own.startswith(f"{folded} ")
