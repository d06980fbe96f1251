"""A story as readers see it: figures by origin, denials, sums, and who printed it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from service.analysis.estimates import history, is_denied_by
from service.analysis.grouping import Pin, group
from service.analysis.subjects import Member, members_of, overlap
from service.domain.claims import Polarity
from service.domain.estimates import OriginHistory, Telling
from service.domain.figures import basis_of
from service.domain.origins import Original
from service.domain.register import ClaimView
from service.domain.stories import Story, Sum


def stories(
    claims: Iterable[ClaimView],
    *,
    pins: Mapping[Pin, str] | None = None,
    originals: Mapping[str, Original] | None = None,
) -> list[Story]:
    """Of the claims that no reviewer rejected, in the order of their first reports.

    Denials tell no story of their own; they are tied to each one that they deny: of the same force and a kind that
    they speak against, in the same place or all around it, at the same time, of any figure or of this one.
    """
    told = members_of(claims, originals)
    affirmed = [member for member in told if member.claim.polarity is Polarity.AFFIRMED]
    denied = sorted((one for one in told if one.claim.polarity is Polarity.DENIED), key=lambda one: one.order)
    parts = _parts(member.claim for member in affirmed)
    return [_story(one, denied, parts) for one in group(affirmed, pins=pins)]


def story_id(claim_id: str, place: str) -> str:
    return f"s_{claim_id.removeprefix('c_')}" + (f"-{place}" if place else "")


def read_story_id(id_: str) -> tuple[str, str] | None:
    """Claim id and place; None for what is no story's id."""
    if not id_.startswith("s_"):
        return None
    claim, _, place = id_.removeprefix("s_").partition("-")
    return f"c_{claim}", place


def _story(told: Sequence[Member], denied: Sequence[Member], parts: Mapping[str, Sequence[ClaimView]]) -> Story:
    first = told[0]
    claims = [member.claim for member in told]
    numbers = [
        number
        for member in told
        if member.reach is not None
        for number in (member.claim.count.min, member.claim.count.max)
        if number is not None
    ]
    starts = [claim.time.start for claim in claims if claim.time.start]
    ends = [claim.time.end for claim in claims if claim.time.end]
    return Story(
        id=story_id(first.claim.id, first.subject.place),
        subject=first.subject,
        force=first.claim.force,
        outcome=first.claim.outcome,
        place_name=next((member.place_name for member in told if member.place_name), None),
        start=min(starts, default=None),
        end=max(ends, default=None),
        first_reported_at=claims[0].reported_at,
        last_reported_at=claims[-1].reported_at,
        min=min(numbers, default=None),
        max=max(numbers, default=None),
        origins=_origins(told),
        outlets=tuple(sorted({claim.outlet for claim in claims if claim.outlet})),
        articles=len({claim.article_id for claim in claims}),
        claims=tuple(claims),
        denials=tuple(_tellings([one for one in denied if denies(one, told)])),
        sums=tuple(_sum(claim, parts[claim.id]) for claim in claims if claim.id in parts),
    )


def _origins(told: Sequence[Member]) -> tuple[OriginHistory, ...]:
    by_origin: dict[str, list[Member]] = defaultdict(list)
    for member in told:
        by_origin[member.origin.key].append(member)
    return tuple(history(_tellings(of_one)) for of_one in by_origin.values())


def _tellings(told: Sequence[Member]) -> list[Telling]:
    """Those that say the same by the same origin as one, in the order of their reports."""
    same: dict[tuple[object, ...], list[Member]] = defaultdict(list)
    ids = {member.claim.id: member.claim for member in told}
    for member in told:
        claim = member.claim
        key = (member.origin.key, claim.kind, claim.outcome, claim.status, claim.polarity, claim.count.min)
        same[(*key, claim.count.max, claim.count.qualifier, claim.count.additional, _is_part(claim, ids))].append(
            member
        )
    return [_telling(those, ids) for those in same.values()]


def _is_part(claim: ClaimView, ids: Mapping[str, ClaimView]) -> bool:
    return claim.part_of is not None and claim.part_of in ids


def _telling(told: Sequence[Member], ids: Mapping[str, ClaimView]) -> Telling:
    claim = told[0].claim
    return Telling(
        origin=told[0].origin,
        kind=claim.kind,
        outcome=claim.outcome,
        basis=basis_of(claim.kind, claim.time),
        status=claim.status,
        polarity=claim.polarity,
        count=claim.count,
        is_part=_is_part(claim, ids),
        first_reported_at=claim.reported_at,
        last_reported_at=told[-1].claim.reported_at,
        claims=len(told),
        articles=len({member.claim.article_id for member in told}),
        claim_id=claim.id,
    )


def denies(denial: Member, told: Sequence[Member]) -> bool:
    """Who denies any link of a story denies it."""
    subject = told[0].subject
    if denial.subject.force not in ("", subject.force):
        return False
    if not _covers(denial.subject.place, subject.place):
        return False
    if not is_denied_by(denial.claim.kind, denial.claim.outcome, subject.kind, told[0].claim.outcome):
        return False
    return any(
        overlap(denial.days, member.days)
        and (denial.reach is None or (member.reach is not None and overlap(denial.reach, member.reach)))
        for member in told
    )


def _covers(wide: str, narrow: str) -> bool:
    """A country covers its regions; what is said of no place covers all."""
    return not wide or wide == narrow or narrow.startswith(f"{wide}-")


def _parts(claims: Iterable[ClaimView]) -> dict[str, list[ClaimView]]:
    """By the id of their total, each once; parts are of other sizes, so that few are of its story."""
    parts: dict[str, list[ClaimView]] = defaultdict(list)
    for claim in {claim.id: claim for claim in claims}.values():
        if claim.part_of is not None:
            parts[claim.part_of].append(claim)
    for those in parts.values():
        those.sort(key=lambda claim: claim.id)
    return parts


def _sum(total: ClaimView, parts: Sequence[ClaimView]) -> Sum:
    lows, highs = [part.count.min for part in parts], [part.count.max for part in parts]
    low = sum(one for one in lows if one is not None) if None not in lows else None
    high = sum(one for one in highs if one is not None) if None not in highs else None
    adds_up = None
    if low is not None and high is not None and total.count.min is not None and total.count.max is not None:
        # Parts may leave somebody out; they may not be more than the whole.
        adds_up = low <= total.count.max
    return Sum(total=total, parts=tuple(parts), parts_min=low, parts_max=high, adds_up=adds_up)
