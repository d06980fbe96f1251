"""When a claim found is a claim known, and which of its fields are right."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from service.domain.claims import Claim, Source
from worker.evaluation.assignment import best_matching
from worker.evaluation.gold import GoldClaim

# Longer than a sentence is no evidence, and a name found in a longer text is no source.
MAX_EVIDENCE = 1200
MAX_SOURCE_TEXT = 160
# One more pair outweighs every field of it: there are fewer fields than this.
PAIR_WEIGHT = 100


class Field(StrEnum):
    """What is judged about a claim once it is matched."""

    LOCATION = "location"
    STATUS = "status"
    OUTCOME = "outcome"
    PERSONNEL = "personnel"
    QUALIFIER = "qualifier"
    ADDITIONAL = "additional"
    PART = "part"
    ORIGIN = "origin"
    TIME = "time"
    SOURCE = "source"
    EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Indexes of gold and of claims. `pardoned` claims meet an optional gold; `spurious` ones meet none."""

    matched: dict[int, int] = field(default_factory=dict)
    pardoned: dict[int, int] = field(default_factory=dict)
    missed: tuple[int, ...] = ()
    spurious: tuple[int, ...] = ()


def match(golds: Sequence[GoldClaim], claims: Sequence[Claim], text: str) -> Matching:
    """As many pairs as can be, then as many right fields as can be; optional gold takes what is left over."""
    firm = [index for index, gold in enumerate(golds) if not gold.optional]
    loose = [index for index, gold in enumerate(golds) if gold.optional]
    matched = _assign(golds, claims, text, rows=firm, columns=range(len(claims)))
    taken = set(matched.values())
    left = [index for index in range(len(claims)) if index not in taken]
    pardoned = _assign(golds, claims, text, rows=loose, columns=left)
    forgiven = set(pardoned.values())
    return Matching(
        matched=matched,
        pardoned=pardoned,
        missed=tuple(index for index in firm if index not in matched),
        spurious=tuple(index for index in left if index not in forgiven),
    )


def _assign(
    golds: Sequence[GoldClaim], claims: Sequence[Claim], text: str, *, rows: Sequence[int], columns: Sequence[int]
) -> dict[int, int]:
    return best_matching(
        {
            (row, column): PAIR_WEIGHT + sum(fields_right(golds[row], claims[column], text).values())
            for row in rows
            for column in columns
            if not differences(golds[row], claims[column])
        }
    )


def differences(gold: GoldClaim, claim: Claim) -> tuple[str, ...]:
    """What makes them two different claims; empty for the same one.

    A place tells claims apart only where there is no figure, except that two countries never agree.
    """
    found: list[str] = []
    if claim.kind.value not in gold.kinds:
        found.append("kind")
    if claim.polarity.value not in gold.polarities:
        found.append("polarity")
    if gold.forces is not None and not _force_names(claim) & set(gold.forces):
        found.append("force")
    if (claim.count.min, claim.count.max) not in gold.counts:
        found.append("count")
    if gold.outcomes is not None and _value(claim.outcome) not in gold.outcomes:
        found.append("outcome")
    countries = {code.split("-")[0] for code in _place_codes(claim)}
    if not gold.numeric:
        if not _location_right(gold, claim):
            found.append("location")
    elif gold.places and countries and not countries & gold.countries:
        found.append("location")
    return tuple(found)


def fields_right(gold: GoldClaim, claim: Claim, text: str) -> dict[Field, bool]:
    """For each field that the gold annotates, whether the claim has it right. `text` is what offsets index."""
    right = {Field.LOCATION: _location_right(gold, claim), Field.EVIDENCE: _evidence_right(gold, claim, text)}
    simple: tuple[tuple[Field, tuple[object, ...] | None, object], ...] = (
        (Field.STATUS, gold.statuses, claim.status.value),
        (Field.OUTCOME, gold.outcomes, _value(claim.outcome)),
        (Field.PERSONNEL, gold.personnel, _value(claim.personnel.type) if claim.personnel else None),
        (Field.QUALIFIER, gold.qualifiers, claim.count.qualifier.value),
        (Field.ADDITIONAL, gold.additional, claim.count.additional),
        (Field.PART, gold.part, claim.part_of is not None),
        (Field.ORIGIN, gold.origins, (claim.origin.region or claim.origin.country) if claim.origin else None),
        (Field.TIME, gold.times, days_of(claim)),
    )
    for name, accepted, got in simple:
        if accepted is not None:
            right[name] = got in accepted
    if gold.sources is not None:
        right[Field.SOURCE] = _source_right(gold.sources, claim.attribution)
    return right


def days_of(claim: Claim) -> tuple[str | None, str | None]:
    start, end = claim.time.start, claim.time.end
    return (start.isoformat() if start else None, end.isoformat() if end else None)


def _value(word: StrEnum | None) -> str | None:
    return None if word is None else word.value


def _force_names(claim: Claim) -> set[str | None]:
    return {name for name in (claim.force.country, claim.force.group) if name} if claim.force else set()


def _place_codes(claim: Claim) -> set[str]:
    return {code for place in claim.locations for code in (place.region, place.country) if code}


def _location_right(gold: GoldClaim, claim: Claim) -> bool:
    """Every wanted place is there, and none lies in a country that the gold doesn't name."""
    if gold.places is None:
        return True
    codes = _place_codes(claim)
    if {code.split("-")[0] for code in codes} - gold.countries:
        return False
    return all(any(code in codes for code in place) for place in gold.places)


def _source_right(sources: Sequence[str | None], chain: Sequence[Source]) -> bool:
    """One of the names starts a word somewhere in the chain; an empty chain is right where none is named."""
    if not chain:
        return not sources or None in sources
    said = " | ".join(
        words
        for link in chain
        for words in (link.name, link.organization, link.role, link.text)
        if words and len(words) <= MAX_SOURCE_TEXT
    )
    return any(re.search(r"(?<!\w)" + re.escape(name), said, re.IGNORECASE) for name in sources if name)


def _evidence_right(gold: GoldClaim, claim: Claim, text: str) -> bool:
    """All spans are exact and of a sentence's size, and one of them touches the gold's quote."""
    spans = claim.evidence
    if not spans:
        return False
    if any(text[span.start : span.end] != span.exact or span.end - span.start > MAX_EVIDENCE for span in spans):
        return False
    return gold.quote is None or touches(claim, gold.quote, text)


def touches(claim: Claim, quote: str, text: str) -> bool:
    """Whether a span of the claim's evidence overlaps the quote, wherever the text has it."""
    at = text.find(quote)
    while at >= 0:
        if any(span.start < at + len(quote) and at < span.end for span in claim.evidence):
            return True
        at = text.find(quote, at + 1)
    return False
