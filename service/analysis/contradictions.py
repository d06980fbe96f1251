"""What cannot both hold: figures too far apart at one time, and what one says and another denies."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from service.analysis.estimates import HAPPENED
from service.analysis.stories import denies
from service.analysis.subjects import Member, is_comparable, members_of, overlap
from service.domain.claims import Polarity
from service.domain.figures import Basis, basis_of
from service.domain.origins import Original
from service.domain.register import ClaimView
from service.domain.stories import Conflict, Contradiction, Subject

_ADDED_UP: Final = frozenset({Basis.STOCK, Basis.CUMULATIVE, Basis.LOSSES})
"""Two moves of different size may both have been; two sizes of one force may not."""
_SAME_TIME_DAYS: Final = 14
"""Between the reports of figures that count up to their day."""


def contradictions(
    claims: Iterable[ClaimView], *, originals: Mapping[str, Original] | None = None
) -> list[Contradiction]:
    """Between different origins, newest first; one to each pair of origins and figures. A copy is its original's.

    Figures: of one subject and basis, said of overlapping days and reported within a fortnight, whose reaches don't
    meet. Plans, parts of totals, vague words and what a reviewer rejected contradict nothing.
    """
    told = sorted(members_of(claims, originals), key=lambda member: member.order)
    found = {_identity(one): one for one in (*_denials(told), *_figures(told))}
    return sorted(found.values(), key=lambda one: (one.other.reported_at, one.other.id, one.one.id), reverse=True)


def _identity(one: Contradiction) -> tuple[str, ...]:
    return (one.one.id, one.other.id)


def _figures(told: Sequence[Member]) -> Iterator[Contradiction]:
    by_subject: dict[Subject, list[Member]] = defaultdict(list)
    for member in told:
        claim = member.claim
        if (
            claim.polarity is Polarity.AFFIRMED
            and claim.status in HAPPENED
            and claim.part_of is None
            and member.reach is not None
            and basis_of(claim.kind, claim.time) in _ADDED_UP
        ):
            by_subject[member.subject].append(member)
    for subject, those in by_subject.items():
        seen = set()
        for n, other in enumerate(those):
            for one in those[:n]:
                pair = (one.origin.key, one.reach, other.origin.key, other.reach)
                if pair not in seen and _cannot_both_hold(one, other):
                    seen.add(pair)
                    yield Contradiction(conflict=Conflict.FIGURES, subject=subject, one=one.claim, other=other.claim)


def _cannot_both_hold(one: Member, other: Member) -> bool:
    if one.origin.key == other.origin.key or not is_comparable(one, other):
        return False
    apart = other.claim.reported_at - one.claim.reported_at
    if apart.days > _SAME_TIME_DAYS or not overlap(one.days, other.days):
        return False
    return one.bounds is not None and other.bounds is not None and not overlap(one.bounds, other.bounds)


def _denials(told: Sequence[Member]) -> Iterator[Contradiction]:
    denied = [member for member in told if member.claim.polarity is Polarity.DENIED]
    seen = set()
    for denial in denied:
        for member in told:
            if member.claim.polarity is not Polarity.AFFIRMED or member.origin.key == denial.origin.key:
                continue
            said = (denial.origin.key, denial.subject.kind, member.origin.key, member.subject, member.reach)
            if said not in seen and denies(denial, [member]):
                seen.add(said)
                one, other = sorted((denial, member), key=lambda side: side.order)
                yield Contradiction(conflict=Conflict.DENIAL, subject=member.subject, one=one.claim, other=other.claim)
