"""Which claims tell one story: those linked by days and figures, whatever order they came in.

Two claims of one subject are linked where their days are at most a week apart and their figures, with slack, overlap;
a story is all that hangs together by such links. Claims without a number are linked with each other only. The answer
depends on the set of claims alone, so that it is the same however they arrived.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias

from service.analysis.subjects import Member, Reach, overlap
from service.domain.stories import Subject

_APART_DAYS: Final = 7
Pin: TypeAlias = tuple[str, str]
"""Claim id and place."""


@dataclass(slots=True)
class _Island:
    """Members of one figure whose days hang together."""

    reach: Reach | None
    days: tuple[int, int]
    members: list[Member]


def group(members: Iterable[Member], *, pins: Mapping[Pin, str] | None = None) -> list[list[Member]]:
    """Stories as lists of members, both in the order of their reports.

    `pins` are what reviewers decided: members with the same label are one story and those with different ones are
    never; a member without a label that hangs together with several of them goes where most of its links are.
    """
    by_subject: dict[Subject, list[Member]] = defaultdict(list)
    for member in members:
        by_subject[member.subject].append(member)
    found = [one for told in by_subject.values() for one in _stories(told, pins or {})]
    for one in found:
        one.sort(key=lambda member: member.order)
    return sorted(found, key=lambda one: (one[0].order, one[0].subject))


def _stories(told: Sequence[Member], pins: Mapping[Pin, str]) -> list[list[Member]]:
    pinned: dict[str, list[Member]] = defaultdict(list)
    free: list[Member] = []
    for member in told:
        label = pins.get((member.claim.id, member.subject.place))
        (pinned[label] if label else free).append(member)
    loose = []
    for component in _components(free):
        label = _nearest(component, pinned)
        if label is None:
            loose.append(component)
        else:
            pinned[label] += component
    return [*pinned.values(), *loose]


def _nearest(component: Sequence[Member], pinned: Mapping[str, Sequence[Member]]) -> str | None:
    """The label with most links to the component; the first of the alphabet where several have as many."""
    links = Counter(
        {
            label: sum(_linked(one, other) for one in component for other in told)
            for label, told in sorted(pinned.items())
        }
    )
    label, most = max(links.items(), key=lambda item: item[1], default=("", 0))
    return label if most else None


def _linked(one: Member, other: Member) -> bool:
    if not overlap(one.days, other.days, slack=_APART_DAYS):
        return False
    if one.reach is None or other.reach is None:
        return one.reach is other.reach
    return overlap(one.reach, other.reach)


def _components(members: Sequence[Member]) -> list[list[Member]]:
    """Figures repeat, so members of one figure are joined first, along their days; then those few islands."""
    islands = _islands(members)
    parent = list(range(len(islands)))

    def root(n: int) -> int:
        while parent[n] != n:
            parent[n] = parent[parent[n]]
            n = parent[n]
        return n

    for n, one in enumerate(islands):
        for m in range(n):
            other = islands[m]
            meet = one.reach and other.reach and overlap(one.reach, other.reach)
            if meet and overlap(one.days, other.days, slack=_APART_DAYS):
                parent[root(n)] = root(m)
    found: dict[int, list[Member]] = defaultdict(list)
    for n, island in enumerate(islands):
        found[root(n)] += island.members
    return list(found.values())


def _islands(members: Sequence[Member]) -> list[_Island]:
    islands: list[_Island] = []
    last: dict[Reach | None, _Island] = {}
    for member in sorted(members, key=lambda one: (one.days, one.claim.id)):
        island = last.get(member.reach)
        if island is not None and overlap(island.days, member.days, slack=_APART_DAYS):
            island.members.append(member)
            island.days = (island.days[0], max(island.days[1], member.days[1]))
            continue
        last[member.reach] = _Island(reach=member.reach, days=member.days, members=[member])
        islands.append(last[member.reach])
    return islands
