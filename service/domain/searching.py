"""Search by words: what of a claim is searched, and how a search is read.

Words are told apart here and nowhere else, so that every store finds the same. No language's stop words or stems are
taken off: names and figures matter, and so does "not"; `soldier*` finds the plural.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from service.domain.claims import Claim, Place
from service.domain.places.folding import unaccented

LONGEST_WORD: Final = 60
"""Code points that are compared; the rest of a longer word is passed over."""
MOST_WORDS: Final = 2000
"""Of one claim. With LONGEST_WORD it keeps a claim below what an index entry may hold on Postgres (1 MB)."""
MOST_WORDS_SOUGHT: Final = 32
SHORTEST_BEGINNING: Final = 2
BETWEEN: Final = "\ue000"
"""Stands between the texts of a claim, so that no phrase reaches from one into the next. No search can hold it."""

# Groups of three digits, each after a mark of thousands. A plain space is none: "in 2024 300 men" are two figures.
_THOUSANDS: Final = re.compile(r"(?<![\d,.])\d{1,3}(?:[,.'’\u00a0\u2009\u202f]\d{3})++(?!\d)")
_ACRONYM: Final = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b\.?")
# Han and Kana are written without spaces: each character counts as a word.
_UNSPACED: Final = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD: Final = re.compile(rf"[{_UNSPACED}]|[^\W_{_UNSPACED}]+")
_QUOTES: Final = str.maketrans(dict.fromkeys("“”„‟«»", '"'))
_PART: Final = re.compile(r'(-?)(?:"([^"]*)"?|([^\s"]+))')


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that stand next to each other; of the last one only its beginning where `begins`."""

    words: tuple[str, ...]
    begins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """All of `wanted` and none of `unwanted`; one of them at least has a term."""

    wanted: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()


def words(text: str) -> list[str]:
    """In lower case, without accents: "Il-76" is two, "11,000" is 11000, "U.S." is us, "Kyiv's" is kyiv and s."""
    joined = _THOUSANDS.sub(lambda found: re.sub(r"\D", "", found[0]), text)
    joined = _ACRONYM.sub(lambda found: found[0].replace(".", ""), joined)
    return [word[:LONGEST_WORD] for word in _WORD.findall(unaccented(joined).lower())]


def read_search(written: str) -> Search:
    """Words, "phrases", -without, begin*. Raises ValueError with a sentence that says what is wrong."""
    wanted: list[Term] = []
    unwanted: list[Term] = []
    for minus, quoted, bare in _PART.findall(written.translate(_QUOTES)):
        term = _term(quoted or bare)
        if term is not None:
            (unwanted if minus else wanted).append(term)
    if not wanted and not unwanted:
        raise ValueError("Holds no word to look for.")
    if sum(len(term.words) for term in (*wanted, *unwanted)) > MOST_WORDS_SOUGHT:
        raise ValueError(f"Holds more than {MOST_WORDS_SOUGHT} words.")
    return Search(wanted=tuple(wanted), unwanted=tuple(unwanted))


def _term(written: str) -> Term | None:
    found = tuple(words(written))
    if not found:
        return None
    begins = written.endswith("*")
    if begins and len(found[-1]) < SHORTEST_BEGINNING:
        raise ValueError(f"Give at least {SHORTEST_BEGINNING} letters before *.")
    return Term(words=found, begins=begins)


def searched_words(claim: Claim, *, title: str | None) -> str:
    """All that a search looks at in a claim: the article's title, the evidence, and the claim's own names and texts.

    Words with spaces between them, and BETWEEN from one text to the next. What the evidence holds is not repeated.
    """
    parts: list[str] = []
    for text in (title, *(span.exact for span in claim.evidence), *_texts(claim)):
        part = " ".join(words(text)) if text else ""
        if part and not any(f" {part} " in f" {held} " for held in parts):
            parts.append(part)
    return " ".join(f" {BETWEEN} ".join(parts).split(" ")[:MOST_WORDS])


def _texts(claim: Claim) -> Iterator[str | None]:
    if claim.force:
        yield from (claim.force.group, claim.force.text)
    if claim.personnel:
        yield claim.personnel.text
    yield claim.count.text
    for place in claim.locations:
        yield from _names(place)
    if claim.origin:
        yield from _names(claim.origin)
    yield from (claim.transport, claim.time.text)
    for source in claim.attribution:
        yield from (source.name, source.organization, source.role, source.text)


def _names(place: Place) -> tuple[str | None, ...]:
    return (place.name, place.text)
