"""Whose article it is, and who stands against whom in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.marking import Marked

Side = tuple[str | None, str | None]
"""The country and the group of a force; one of them may be None."""

_ONE_STORY = 0.6
_SCENE_NAMES = 4
"""The share of all names of countries above which an article is about one country, and how many names tell it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parties:
    """`voice` is the country from which the article speaks, `scene` the one that it is all about.

    `named` counts the forces of the article; `sides` are pairs of lasting enemies, `fighters` groups of no state.
    """

    voice: str | None = None
    scene: str | None = None
    named: Counter[Side] = field(default_factory=Counter)
    sides: frozenset[tuple[str, str]] = frozenset()
    fighters: frozenset[str] = frozenset()

    @property
    def home(self) -> str | None:
        """The country whose army is "the army" where no other was named."""
        return self.voice or self.scene

    def enemy_of(self, country: str) -> Side | None:
        """Whom a speaker of the country calls the enemy: the known other side, else the force named most."""
        others = [s for s in self.named if (s[0] != country or s[1] in self.fighters) and not _is_alliance(s)]
        known = [other for one, other in self.sides if one == country]
        told = [s for s in others if s[0] in known]
        if told or others:
            return max(told or others, key=lambda side: self.named[side])
        return (known[0], None) if len(known) == 1 else None

    def mission(self) -> str | None:
        """The alliance or mission that the article names most."""
        named = [side for side in self.named if _is_alliance(side)]
        return max(named, key=lambda side: self.named[side])[1] if named else None

    def fighting_group(self) -> Side | None:
        """The only armed group of no state that the article names."""
        groups = {side for side in self.named if side[1] in self.fighters}
        return groups.pop() if len(groups) == 1 else None


def read_parties(
    marked: Iterable[Marked], *, voice: str | None, sides: frozenset[tuple[str, str]], fighters: frozenset[str]
) -> Parties:
    named: Counter[Side] = Counter()
    countries: Counter[str] = Counter()
    for one in marked:
        named.update((f.country, f.group) for f in one.forces if f.country or f.group)
        countries.update(f.country for f in one.forces if f.country)
        taken = {i for f in one.forces for i in range(f.start, f.end)}
        places = (p.readings[0].country for p in one.places if p.start not in taken)
        countries.update(country for country in places if country)
    top = countries.most_common(1)
    told = sum(countries.values())
    scene = top[0][0] if told >= _SCENE_NAMES and top[0][1] >= _ONE_STORY * told else None
    return Parties(voice=voice, scene=scene, named=named, sides=sides, fighters=fighters)


def _is_alliance(side: Side) -> bool:
    return side[0] is None


def force_of_side(mention: ForceMention, side: Side) -> ForceMention:
    """The mention of an enemy, once it is known who that is."""
    return ForceMention(start=mention.start, end=mention.end, country=side[0], group=side[1], form="adjective")
