"""Whose people: countries by name, adjective, people and capital; armies, alliances and groups by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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


class CountryNames(Protocol):
    """The gazetteer's knowledge of countries, as far as forces need it. Names are folded."""

    def country_by_name(self, folded: str) -> str | None: ...
    def country_by_adjective(self, folded: str) -> str | None: ...
    def country_by_capital(self, folded: str) -> str | None: ...
    def country_by_institution(self, folded: str) -> str | None: ...
    def countries_by_adjective(self, folded: str) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ForceMention:
    """Tokens [start, end) that name a force. `form` is name, adjective, capital or group.

    `candidates` are the countries that an ambiguous adjective may mean ("Korean"); `country` is then None
    until the article tells.
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
    nickname: bool = False

    def mention(self, start: int, end: int) -> ForceMention:
        if not self.nickname:
            return ForceMention(start=start, end=end, country=self.country, group=self.group, form="group")
        candidates = (self.country,) if self.country else ()
        return ForceMention(start=start, end=end, country=None, group=None, form="name", candidates=candidates)


class ForceFinder:
    """Finds force mentions in a sentence's tokens, longest first, none overlapping."""

    def __init__(
        self, groups: Table, countries: CountryNames, people: frozenset[str], words: ForceWords, plurals: Plurals
    ) -> None:
        """`people` are nouns: only before one of them is an adjective in lower case read ("russian soldiers")."""
        where = "groups.toml"
        expect_keys(groups, ("armies", "groups", "nicknames"), where=where)
        entries: dict[str, _Named] = {}
        for row in rows(groups, "armies", where=where):
            expect_keys(row, ("country", "names"), where=where)
            named = _Named(country=string(row, "country", where=where), group=None)
            _enter(entries, strings(row, "names", where=where), named, where)
        for row in rows(groups, "groups", where=where):
            expect_keys(row, ("group", "country", "names"), where=where)
            named = _Named(country=string_or_none(row, "country", where=where), group=string(row, "group", where=where))
            _enter(entries, strings(row, "names", where=where), named, where)
        for row in rows(groups, "nicknames", where=where):
            expect_keys(row, ("country", "names"), where=where)
            named = _Named(country=string(row, "country", where=where), group=None, nickname=True)
            _enter(entries, strings(row, "names", where=where), named, where)
        self._groups: Phrasebook[_Named] = Phrasebook(entries.items())
        self._countries, self._people, self._words, self._plurals = countries, people, words, plurals

    def find(self, words: Sequence[str]) -> list[ForceMention]:
        folded = [word.casefold() for word in words]
        found: list[ForceMention] = []
        at = 0
        while at < len(words):
            mention = self._country_at(words, at)
            named = self._groups.match(words, folded, at)
            if named is not None and (mention is None or named[0] >= mention.end):
                end, force = named
                mention = None if force.nickname and not self._is_nickname(words, end) else force.mention(at, end)
            if mention is None:
                at += 1
            else:
                found.append(mention)
                at = mention.end
        return found

    def _is_nickname(self, words: Sequence[str], end: int) -> bool:
        """Whether "the North" before `end` is no part of a longer name; whom it means the article has to tell."""
        if not words[end - 1][:1].isupper():
            return False
        follow = words[end] if end < len(words) else ""
        return follow != "-" and follow.casefold() not in self._words.no_nickname_before and not follow[:1].isupper()

    def _country_at(self, words: Sequence[str], start: int) -> ForceMention | None:
        if not words[start][:1].isupper():
            return self._in_lower_case(words, start)
        for length in range(min(_LONGEST_NAME, len(words) - start), 0, -1):
            piece = words[start : start + length]
            if length > 1 and not piece[-1][:1].isalnum():
                continue
            name = fold(" ".join(piece))
            for form, country in (
                ("adjective", self._countries.country_by_adjective(name)),
                ("name", self._countries.country_by_name(name)),
                ("capital", self._countries.country_by_capital(name)),
                ("capital", self._countries.country_by_institution(name)),
            ):
                if country is not None:
                    return ForceMention(start=start, end=start + length, country=country, group=None, form=form)
            candidates = self._countries.countries_by_adjective(name)
            if candidates:
                return ForceMention(
                    start=start, end=start + length, country=None, group=None, form="adjective", candidates=candidates
                )
        return None

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


def _enter(entries: dict[str, _Named], names: tuple[str, ...], named: _Named, where: str) -> None:
    for name in names:
        if entries.setdefault(name, named) is not named:
            raise ValueError(f"{where}: {name!r} names two forces.")
