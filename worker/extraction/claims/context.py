"""What an article tells once and means throughout: places, lists under a total, speakers of a transcript."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from service.domain.claims import Force, Kind, PersonnelType, Place, Polarity, Source
from worker.extraction.attribution.speech import PASSING_ON
from worker.extraction.claims.drafts import Draft
from worker.extraction.mentions.parties import Parties, Side
from worker.extraction.model import Line, LineKind

OTHERS = "force of others"
"""The reason of a draft whose people are not the country's that the article is about, though nobody says whose."""

_FAR = 6
_LEAD = 3


def carry_places(drafts: Sequence[Draft]) -> None:
    """Gives a draft without a place the one of its paragraph, else of its neighbors when they agree."""
    for index, draft in enumerate(drafts):
        if draft.locations or draft.kind is Kind.WITHDRAWAL:
            continue
        source = _place_giver(draft, drafts[:index], drafts)
        if source is not None and _alike(draft, source) and not _at_home(draft, source.locations):
            draft.locations = source.locations
            draft.reasons.append("place carried")


def _at_home(draft: Draft, places: Sequence[Place]) -> bool:
    """Whether people who move or stand would do so in their own country, which a text tells where it means it."""
    home = draft.force.country if draft.force is not None and draft.force.group is None else None
    return draft.kind is Kind.DEPLOYMENT and home is not None and any(p.country == home for p in places)


def _place_giver(draft: Draft, before: Sequence[Draft], drafts: Sequence[Draft]) -> Draft | None:
    """Its total, else the nearest in its line, else the last one a few sentences before of the same people."""
    if draft.part_of is not None and draft.part_of.locations:
        return draft.part_of
    same_line = [d for d in drafts if d.line == draft.line and d.locations and "place carried" not in d.reasons]
    if same_line:
        return min(same_line, key=lambda d: abs(d.sentence - draft.sentence))
    near = [d for d in before if d.locations and draft.sentence - d.sentence <= _FAR]
    return near[-1] if near else None


def credit(drafts: Sequence[Draft], source: Source | None) -> None:
    """Puts the outlet that the article credits with the whole in front of every chain that names no outlet."""
    if source is None:
        return
    for draft in drafts:
        if not any(link.type in PASSING_ON for link in draft.chain):
            draft.chain = (source, *draft.chain)


def carry_force(drafts: Sequence[Draft], told: Sequence[Force], parties: Parties) -> None:
    """Gives figures without a force the likeliest: of all the article's people, of its country, of the place."""
    counts = Counter((f.country, f.group) for f in told)
    for draft in drafts:
        bare = draft.kind is Kind.CASUALTIES and draft.personnel_text is None and draft.line_kind is LineKind.PROSE
        if draft.force is not None or not draft.numbered or OTHERS in draft.reasons or bare:
            continue
        draft.force = _likeliest(draft, counts, parties)
        if draft.force is not None:
            draft.reasons.append("force carried")


def _likeliest(draft: Draft, counts: Counter[Side], parties: Parties) -> Force | None:
    """`counts` tells how often the article speaks of each force's people."""
    (country, group), times = counts.most_common(1)[0] if counts else ((None, None), 0)
    if times >= _LEAD and times * 10 >= sum(counts.values()) * 8:
        return Force(country=country, group=group)
    if draft.personnel is PersonnelType.PEACEKEEPERS:
        mission = parties.mission()
        return Force(group=mission) if mission is not None else None
    here = {place.country for place in draft.locations}
    if parties.voice is not None and (not here or parties.voice in here):
        return Force(country=parties.voice)
    if times > 1 and times * 2 > sum(counts.values()):
        return Force(country=country, group=group)
    if parties.home is not None:
        return Force(country=parties.home)
    return _of_the_place(draft, parties) or _of_the_main_mission(parties)


def _of_the_place(draft: Draft, parties: Parties) -> Force | None:
    """Soldiers fall at home where the article names nobody else's."""
    here = {place.country for place in draft.locations}
    alone = len(here) == 1 and parties.named.keys() <= {(country, None) for country in here}
    return Force(country=next(iter(here))) if alone and draft.kind is Kind.CASUALTIES else None


def _of_the_main_mission(parties: Parties) -> Force | None:
    """The alliance that the article names more than any country."""
    mission = parties.mission()
    if mission is None or parties.named[None, mission] < max(parties.named.values()):
        return None
    return Force(group=mission)


def refine_places(drafts: Sequence[Draft], places: tuple[Place, ...], force: Force, sentence: int) -> None:
    """For "They will work in X": gives the place to the same people's claims just before that have none."""
    for draft in drafts:
        same = draft.force is not None and (draft.force.country, draft.force.group) == (force.country, force.group)
        if same and not draft.locations and 0 < sentence - draft.sentence <= _LEAD + 1:
            draft.locations = places
            draft.reasons.append("place carried")


def named_in_full(drafts: Sequence[Draft]) -> list[Draft]:
    """For an article with no word of war: the drafts that tell force, event and place in their own words."""
    return [d for d in drafts if d.locations and not any(r.startswith(("force", "weak", "place")) for r in d.reasons)]


def _is_nobodys(draft: Draft) -> bool:
    """People who only stand somewhere, and mere figures, with nothing to say whose they are."""
    return draft.force is None and (draft.personnel_text is None or draft.reasons[0].startswith("near:"))


def _is_echo(draft: Draft) -> bool:
    """Whether a draft has no figure, force or place of its own, as in "Rutte confirms their presence"."""
    own_place = bool(draft.locations) and "place carried" not in draft.reasons
    affirmed = draft.polarity is Polarity.AFFIRMED
    return affirmed and draft.quantity is None and "force carried" in draft.reasons and not own_place


def _is_aside(draft: Draft) -> bool:
    """Whether a weak presence without a figure stands at no place of its own: "the battalion has three companies"."""
    own_place = bool(draft.locations) and "place carried" not in draft.reasons
    stands = draft.kind is Kind.PRESENCE and "weak event" in draft.reasons
    return stands and not draft.numbered and not own_place


def placed(drafts: Sequence[Draft]) -> list[Draft]:
    """Without echoes, and figureless drafts that name no place and whose event alone does not tell a movement."""
    told = [d for d in drafts if not (_is_nobodys(d) or _is_echo(d) or _is_aside(d))]
    return [
        d
        for d in told
        if d.locations or d.quantity is not None or d.suffices or d.kind in (Kind.WITHDRAWAL, Kind.CASUALTIES)
    ]


def _alike(one: Draft, other: Draft) -> bool:
    if one.force is None or other.force is None:
        return True
    return (one.force.country, one.force.group) == (other.force.country, other.force.group)


def list_total(line: Line, drafts: Sequence[Draft], lines_of: dict[int, int]) -> Draft | None:
    """The total that a list's items are parts of: the last figure told before the list."""
    if line.list_of is None:
        return None
    told = [d for d in drafts if d.numbered and lines_of.get(d.sentence, -1) <= line.list_of]
    return told[-1] if told else None


def inherit(total: Draft, **changes: object) -> Draft:
    """A list item's claim: its total's frame with its own figure."""
    return replace(total, part_of=total, **changes)  # type: ignore[arg-type]
