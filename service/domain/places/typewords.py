"""Words for the kind of a place ("Kursk region", "the city of Kursk"), taken off a name by rule."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.claims import PlaceLevel
from service.domain.places.records import PlaceRecord

# Folded. Plurals serve "the Kursk and Belgorod regions".
REGION_WORDS = frozenset(
    "region regions oblast oblasts province provinces governorate governorates krai kray prefecture prefectures "
    "state states county counties department departments voivodeship voivodeships muhafazah wilayah wilaya "
    "canton emirate autonomous область області край провинция провінція регион регіон".split()
)
# Said of a part of a region too, so they tell nothing of the level.
LOOSE_WORDS = frozenset(
    "district districts raion rayon area areas direction sector front zone territory peninsula valley район "
    "напрямок направление".split()
)
CITY_WORDS = frozenset("city town village settlement municipality місто город село".split())
COUNTRY_WORDS = frozenset(("republic", "kingdom", "sultanate", "emirate"))
# Only before "of": "the island of Taiwan" is a place of any level.
_HEADS_ONLY = frozenset(("island", "peninsula", "capital", "port", "enclave", "exclave"))
_HANGUL_SUFFIXES = ("특별시", "광역시", "자치주", "공화국", "지역", "주", "도", "시", "성", "현")
_ALL = REGION_WORDS | LOOSE_WORDS | CITY_WORDS


def levels_of(word: str) -> frozenset[PlaceLevel] | None:
    """Levels that a type word allows; None when it tells nothing, an empty set when it is no type word."""
    if word in CITY_WORDS:
        return frozenset((PlaceLevel.CITY,))
    if word in REGION_WORDS:
        return frozenset((PlaceLevel.REGION, PlaceLevel.AREA))
    if word in COUNTRY_WORDS:
        return frozenset((PlaceLevel.COUNTRY, PlaceLevel.REGION))
    return None if word in LOOSE_WORDS or word in _HEADS_ONLY else frozenset()


def is_trailing(word: str) -> bool:
    return word in _ALL


def is_head(word: str) -> bool:
    """Whether "<word> of X" names X."""
    return word in _ALL or word in COUNTRY_WORDS or word in _HEADS_ONLY


def keep_levels(readings: Sequence[PlaceRecord], word: str) -> tuple[PlaceRecord, ...]:
    """Readings that the type word allows; all of them if it allows none, for "city" is also said of Moscow,
    which is a region to ISO."""
    levels = levels_of(word)
    kept = tuple(reading for reading in readings if levels is None or reading.level in levels)
    if word in {"state", "states"} and any(reading.level is PlaceLevel.COUNTRY for reading in readings) and not kept:
        return tuple(reading for reading in readings if reading.level is PlaceLevel.COUNTRY)
    return kept or tuple(readings)


def strip_types(folded: str) -> tuple[str, str] | None:
    """The bare name and the type word taken off it, or None when there is none to take off."""
    words = folded.split()
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    if len(words) > 2 and words[1] == "of" and is_head(words[0]):
        rest = words[3:] if words[2] == "the" and len(words) > 3 else words[2:]
        return " ".join(rest), words[0]
    if len(words) > 1 and is_trailing(words[-1]):
        return " ".join(words[:-1]), words[-1]
    if len(words) > 1 and is_trailing(words[0]):
        return " ".join(words[1:]), words[0]
    if len(words) == 1:
        for suffix in _HANGUL_SUFFIXES:
            if folded.endswith(suffix) and len(folded) > len(suffix) + 1:
                return folded[: -len(suffix)], suffix
    bare = " ".join(words)
    return (bare, "") if bare != folded else None
