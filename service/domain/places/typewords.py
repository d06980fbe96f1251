"""Words for the kind of a place ("Kursk region", "the city of Kursk"), taken off a name by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.domain.claims import PlaceLevel
from service.domain.places.records import PlaceRecord

# Levels that a kind of word allows; a kind that is not here tells nothing of the level.
_LEVELS = {
    "city": frozenset((PlaceLevel.CITY,)),
    "region": frozenset((PlaceLevel.REGION, PlaceLevel.AREA)),
    "country": frozenset((PlaceLevel.COUNTRY, PlaceLevel.REGION)),
}
_TRAILING = frozenset(("region", "loose", "city"))
_HEADS = frozenset(("region", "loose", "city", "country", "head"))


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeWords:
    """Folded type words by kind: region, loose, city, country, head, suffix, paper. Source: data/typewords.tsv."""

    kinds: Mapping[str, str]

    def is_trailing(self, word: str) -> bool:
        """Whether the word may follow a name: "Kursk oblast"."""
        return self.kinds.get(word) in _TRAILING

    def is_head(self, word: str) -> bool:
        """Whether "<word> of X" names X."""
        return self.kinds.get(word) in _HEADS

    def makes_paper(self, word: str) -> bool:
        """Whether the word after a name makes it a newspaper's: "The New York Times"."""
        return word[:1].isupper() and self.kinds.get(word.lower()) == "paper"

    def allowed(self, readings: Sequence[PlaceRecord], word: str) -> tuple[PlaceRecord, ...]:
        """Readings of a level that the type word allows, perhaps none.

        A republic is a country where there is one of the name ("republic of Georgia"), else a region
        ("Republic of Tatarstan").
        """
        levels = _LEVELS.get(self.kinds.get(word, ""))
        kept = tuple(reading for reading in readings if levels is None or reading.level in levels)
        if self.kinds.get(word) == "country":
            return tuple(reading for reading in kept if reading.level is PlaceLevel.COUNTRY) or kept
        return kept

    def preferred(self, readings: Sequence[PlaceRecord], word: str) -> tuple[PlaceRecord, ...]:
        """As `allowed`, but all of the readings if none is.

        For "city" is also said of Moscow, a region to ISO, and "state" of Israel.
        """
        return self.allowed(readings, word) or tuple(readings)

    def strip(self, folded: str) -> tuple[str, str] | None:
        """The bare name and the type word taken off it, or None when there is none to take off."""
        words = folded.removeprefix("the ").split()
        if len(words) > 2 and words[1] == "of" and self.is_head(words[0]):
            return " ".join(words[2:]).removeprefix("the "), words[0]
        if len(words) > 1 and self.is_trailing(words[-1]):
            return " ".join(words[:-1]), words[-1]
        if len(words) > 1 and self.is_trailing(words[0]):
            return " ".join(words[1:]), words[0]
        for suffix, kind in self.kinds.items():
            if kind == "suffix" and folded.endswith(suffix) and len(folded) > len(suffix) + 1:
                return folded.removesuffix(suffix), suffix
        bare = " ".join(words)
        return (bare, "") if bare and bare != folded else None
