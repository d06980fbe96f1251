"""Which claim of a new reading takes the place of one that an earlier reading of the article made."""

from __future__ import annotations

from collections.abc import Sequence

from service.domain.claims import Claim

LEAST_ALIKE = 3
"""Of the five things compared: what happened, whether it is denied, whose people, how many, where."""


def heirs(gone: Sequence[Sequence[Claim]], added: Sequence[Claim]) -> dict[int, int]:
    """For each claim that is gone, by index, the index of the added one that took its place; none for some.

    A claim that is gone is given in all its readings: as extracted, and as corrected. Its heir speaks of the same
    words and says much the same; of several, the likest, and each claim takes the place of one at most.
    """
    scored = [
        (max(alike(reading, claim) for reading in readings), old, new)
        for old, readings in enumerate(gone)
        for new, claim in enumerate(added)
    ]
    found: dict[int, int] = {}
    taken: set[int] = set()
    for score, old, new in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if score >= LEAST_ALIKE and old not in found and new not in taken:
            found[old] = new
            taken.add(new)
    return found


def alike(one: Claim, other: Claim) -> int:
    """In how many of the five things two claims about the same words agree; 0 where the words are others."""
    if not _share_words(one, other):
        return 0
    pairs = (
        ((one.kind, one.outcome), (other.kind, other.outcome)),
        (one.polarity, other.polarity),
        (_whose(one), _whose(other)),
        ((one.count.min, one.count.max), (other.count.min, other.count.max)),
        (_where(one), _where(other)),
    )
    return sum(left == right for left, right in pairs)


def _share_words(one: Claim, other: Claim) -> bool:
    """By the words and not their offsets, since the text may have changed as well."""
    return any(
        left.exact in right.exact or right.exact in left.exact for left in one.evidence for right in other.evidence
    )


def _whose(claim: Claim) -> tuple[str | None, str | None]:
    return (claim.force.country, claim.force.group) if claim.force else (None, None)


def _where(claim: Claim) -> set[str | None]:
    return {place.region or place.country or place.name for place in claim.locations}
