"""Whose people: countries by name, adjective, people and capital; armies, alliances and groups by name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from service.domain.claims import Force
from service.domain.places import fold
from worker.extraction.mentions.constructions import ForceWords
from worker.extraction.mentions.phrasebook import Phrasebook
from worker.extraction.mentions.word_forms import Plurals
from worker.extraction.words import Table, expect_keys, rows, string, string_or_none, strings

_LONGEST_NAME = 5
_SHORTEST_ADJECTIVE = 6
_LONGEST_LINK = 3
# Letters from which an acronym is read as a word.
_SPOKEN = 4
_KEPT = 20_000

_Meaning = tuple[str, str | None, tuple[str, ...]]
"""The form of a name, its country, and the countries that it may mean where there are several."""
_TABLES = {
    "armies": (("country",), "group"),
    "groups": (("group", "country"), "group"),
    "fighters": (("group", "country"), "group"),
    "companies": (("group", "country"), "group"),
    "nicknames": (("country",), "name"),
    "leaders": (("country",), "leader"),
}
"""The tables of groups.toml: the keys of a row beside its names, and the form of the mentions it gives."""


class CountryNames(Protocol):
    """The gazetteer's knowledge of countries, as far as forces need it. Names are folded."""

    def country_by_name(self, folded: str) -> str | None: ...
    def country_by_adjective(self, folded: str) -> str | None: ...
    def country_by_capital(self, folded: str) -> str | None: ...
    def country_by_institution(self, folded: str) -> str | None: ...
    def countries_by_adjective(self, folded: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceMention:
    """Tokens [start, end) that name a force. `form` is name, adjective, capital, group, leader, body or enemy.

    A leader acts for a country, a body is a common noun for a force named before; neither is people by itself.
    `candidates` are the countries that an ambiguous adjective may mean ("Korean"); `country` is then None
    until the article tells. Whom an enemy's word means the speaker tells.
    """

    start: int
    end: int
    country: str | None
    group: str | None
    form: str
    candidates: tuple[str, ...] = ()

    def force(self, text: str) -> Force:
        return Force(country=self.country, group=self.group, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Named:
    country: str | None
    group: str | None
    form: str = "group"

    @property
    def is_nickname(self) -> bool:
        return self.form == "name"

    def mention(self, start: int, end: int) -> ForceMention:
        if not self.is_nickname:
            return ForceMention(start=start, end=end, country=self.country, group=self.group, form=self.form)
        candidates = (self.country,) if self.country else ()
        return ForceMention(start=start, end=end, country=None, group=None, form=self.form, candidates=candidates)


class ForceFinder:
    """Finds force mentions in a sentence's tokens, longest first, none overlapping."""

    def __init__(
        self, groups: Table, countries: CountryNames, people: frozenset[str], words: ForceWords, plurals: Plurals
    ) -> None:
        """`people` are nouns: only before one of them is an adjective in lower case read ("russian soldiers")."""
        where = "groups.toml"
        expect_keys(groups, (*_TABLES, "enemies", "sides"), where=where)
        entries: dict[str, _Named] = {}
        for table, (keys, form) in _TABLES.items():
            for row in rows(groups, table, where=where):
                expect_keys(row, (*keys, "names"), where=where)
                country, group = (string_or_none(row, key, where=where) for key in ("country", "group"))
                named = _Named(country=country, group=group, form=form)
                names = strings(row, "names", where=where)
                _enter(entries, names, named, where)
                if form == "group" and country is None:
                    _enter(entries, tuple(n for n in _spoken(names) if n not in entries), named, where)
        for row in rows(groups, "enemies", where=where):
            expect_keys(row, ("names",), where=where)
            named = _Named(country=None, group=None, form="enemy")
            _enter(entries, strings(row, "names", where=where), named, where)
        fighters = rows(groups, "fighters", where=where)
        self.fighters = frozenset(string(row, "group", where=where) for row in fighters)
        self.sides = _read_sides(rows(groups, "sides", where=where), where)
        self._groups: Phrasebook[_Named] = Phrasebook(entries.items())
        self._small = frozenset(name for name in entries if name == name.casefold())
        self._countries, self._people, self._words, self._plurals = countries, people, words, plurals
        self._meanings: dict[str, _Meaning | None] = {}

    def find(self, words: Sequence[str]) -> list[ForceMention]:
        folded = [word.casefold() for word in words]
        found: list[ForceMention] = []
        at = 0
        while at < len(words):
            mention = self._country_at(words, at)
            named = self._groups.match(words, folded, at)
            if named is not None and (mention is None or named[0] >= mention.end):
                end, force = named
                mention = force.mention(at, end) if self._is_named(force, words, at, end) else mention
            if mention is None:
                at += 1
            else:
                if not self._is_anothers(mention, folded):
                    _append(found, mention)
                at = mention.end
        return found

    def _is_anothers(self, mention: ForceMention, folded: Sequence[str]) -> bool:
        """ "U.S.-backed", "pro-Russian": the people behind are not of the country named."""
        hyphen, word = (*folded[mention.end : mention.end + 2], "", "")[:2]
        if hyphen == "-" and word in self._words.others_behind_hyphen:
            return mention.form != "group" or word not in self._words.own_behind_hyphen
        before = folded[max(0, mention.start - 2) : mention.start]
        if before[-1:] == ["-"]:
            return before[0] in self._words.others_before_hyphen
        return bool(before) and before[-1] in self._words.others_before

    def _is_named(self, force: _Named, words: Sequence[str], at: int, end: int) -> bool:
        if force.is_nickname:
            return self._is_nickname(words, end)
        name = " ".join(words[at:end])
        return words[at][:1].isupper() or (force.form != "leader" and (end - at > 1 or name in self._small))

    def _is_nickname(self, words: Sequence[str], end: int) -> bool:
        """Whether "the North" before `end` is no part of a longer name; whom it means the article has to tell."""
        if not words[end - 1][:1].isupper():
            return False
        follow = words[end] if end < len(words) else ""
        return follow != "-" and follow.casefold() not in self._words.no_nickname_before and not follow[:1].isupper()

    def _country_at(self, words: Sequence[str], start: int) -> ForceMention | None:
        if not words[start][:1].isupper():
            return self._in_lower_case(words, start)
        for length in range(self._longest(words, start), 0, -1):
            piece = words[start : start + length]
            if length > 1 and not piece[-1][:1].isalnum():
                continue
            meaning = self._meaning(" ".join(piece))
            if meaning is not None:
                form, country, candidates = meaning
                return ForceMention(
                    start=start, end=start + length, country=country, group=None, form=form, candidates=candidates
                )
        return None

    def _longest(self, words: Sequence[str], start: int) -> int:
        """How many words a country's name may have here: behind the second, those in capitals and small links."""
        length = min(2, len(words) - start)
        while length < min(_LONGEST_NAME, len(words) - start):
            word = words[start + length]
            if word[:1].islower() and len(word) > _LONGEST_LINK:
                break
            length += 1
        return length

    def _meaning(self, printed: str) -> _Meaning | None:
        """The country that words stand for; kept, since an article names a few of them again and again."""
        if printed not in self._meanings:
            if len(self._meanings) >= _KEPT:
                self._meanings.clear()
            self._meanings[printed] = self._look_up(fold(printed))
        return self._meanings[printed]

    def _look_up(self, name: str) -> _Meaning | None:
        for form, country in (
            ("adjective", self._countries.country_by_adjective(name)),
            ("name", self._countries.country_by_name(name)),
            ("capital", self._countries.country_by_capital(name)),
            ("capital", self._countries.country_by_institution(name)),
        ):
            if country is not None:
                return form, country, ()
        candidates = self._countries.countries_by_adjective(name)
        return ("adjective", None, candidates) if candidates else None

    def _in_lower_case(self, words: Sequence[str], start: int) -> ForceMention | None:
        follow = words[start + 1].casefold() if start + 1 < len(words) else ""
        if len(words[start]) < _SHORTEST_ADJECTIVE or self._plurals.singular_of(follow, follow) not in self._people:
            return None
        country = self._countries.country_by_adjective(fold(words[start]))
        if country is None or self._countries.country_by_name(fold(words[start])) is not None:
            return None
        return ForceMention(start=start, end=start + 1, country=country, group=None, form="adjective")


def settle(mentions: Sequence[ForceMention], told: Mapping[str, int]) -> tuple[ForceMention, ...]:
    """Gives ambiguous adjectives the candidate that the article names most; those it never names are left out.

    `told` counts the article's unambiguous mentions by country.
    """
    settled = []
    for mention in mentions:
        named = [code for code in mention.candidates if told.get(code)]
        if named:
            settled.append(replace(mention, country=max(named, key=lambda code: told[code]), candidates=()))
        elif not mention.candidates:
            settled.append(mention)
    return tuple(settled)


def _read_sides(table: Sequence[Table], where: str) -> frozenset[tuple[str, str]]:
    """Each pair of enemies, both ways round."""
    pairs: set[tuple[str, str]] = set()
    for row in table:
        expect_keys(row, ("of",), where=where)
        sides = strings(row, "of", where=where)
        if len(sides) != 2:
            raise ValueError(f"{where}: {sides!r} are not two sides.")
        pairs |= {(sides[0], sides[1]), (sides[1], sides[0])}
    return frozenset(pairs)


def _append(found: list[ForceMention], mention: ForceMention) -> None:
    """Adds a mention; right behind an adjective it is one force with it.

    "The Yemeni Republican Guard" is Yemen's, "Nepalese UN peacekeepers" are Nepal's and the UN's.
    """
    before = found[-1] if found else None
    beside = before is not None and before.end == mention.start and before.form == "adjective"
    if before is not None and beside and mention.form == "group" and before.country:
        found[-1] = replace(mention, start=before.start, country=before.country)
    else:
        found.append(mention)


def _spoken(names: Iterable[str]) -> Iterator[str]:
    """Acronyms as they are printed where they are read as words: "Minusma", "Ecowas"."""
    return (name.capitalize() for name in names if name.isupper() and name.isalpha() and len(name) >= _SPOKEN)


def _enter(entries: dict[str, _Named], names: tuple[str, ...], named: _Named, where: str) -> None:
    for name in names:
        if entries.setdefault(name, named) is not named:
            raise ValueError(f"{where}: {name!r} names two forces.")
