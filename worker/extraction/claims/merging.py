"""One claim per content: restatements become further evidence of the claim that they restate."""

from __future__ import annotations

from dataclasses import replace

from service.domain.claims import Force, Kind, Outcome, Place, PlaceLevel, Source, SourceType, Status
from worker.extraction.claims.drafts import Draft
from worker.extraction.model import LineKind

_SETTLED = frozenset({Status.OCCURRED, Status.ONGOING})
_HEADED = 3
_PEOPLE = (SourceType.PERSON, SourceType.OFFICIAL)
_HEADLINES = frozenset({LineKind.TITLE, LineKind.HEADING})
_SUMMARIES = _HEADLINES | {LineKind.BULLET}


def merge(drafts: list[Draft]) -> list[Draft]:
    """The article's distinct claims, in the order in which they are first told."""
    kept: list[Draft] = []
    replaced: dict[int, Draft] = {}
    for draft in sorted(drafts, key=_merging_order):
        base = next((k for k in kept if restates(draft, k)), None)
        if base is None:
            kept.append(draft)
        else:
            absorb(base, draft)
            replaced[id(draft)] = base
    for draft in kept:
        if draft.part_of is not None:
            total = replaced.get(id(draft.part_of), draft.part_of)
            draft.part_of = total if total is not draft and total in kept else None
    return sorted(kept, key=lambda d: (d.spans[0][0], d.count_span or (0, 0)))


def _merging_order(draft: Draft) -> tuple[bool, bool, int]:
    """Figures first; of the rest, the text before its headlines."""
    headline = draft.line_kind in _HEADLINES
    return (not draft.numbered, headline and not draft.numbered, draft.sentence)


def restates(draft: Draft, base: Draft) -> bool:
    """Whether both say the same of the same people, so far as both say it.

    A headline without a figure restates whatever the text tells of the same people's same movement.
    """
    if _heads_story(draft, base):
        return draft.outcome is base.outcome and _unnumbered_kinds_agree(draft, base)
    if draft.polarity is not base.polarity or not _same_force(draft.force, base.force):
        return False
    if not _same_outcome(draft, base) or not (_same_status(draft, base) or _refers_back(draft, base)):
        return False
    if draft.numbered and base.numbered:
        return _same_numbered(draft, base)
    return not draft.numbered and _places_agree(draft, base) and _adds_no_figure(draft, base)


def _refers_back(draft: Draft, base: Draft) -> bool:
    """Whether a noun names what was told before: "the withdrawal of French soldiers" of those who will leave."""
    return draft.reasons[0].startswith("noun:") and draft.kind is base.kind and base.sentence <= draft.sentence


def _heads_story(draft: Draft, base: Draft) -> bool:
    """Whether a headline without a figure is about the people of whom the text tells."""
    if draft.line_kind not in _HEADLINES or draft.numbered or base.line_kind is not LineKind.PROSE:
        return False
    nobody = all(link.anonymous and link.name is None for link in draft.chain)
    credited = nobody or not base.chain or _share_link(draft.chain, base.chain)
    same_force = draft.force is not None and _same_force(draft.force, base.force)
    return credited and same_force and draft.polarity is base.polarity


def _same_numbered(draft: Draft, base: Draft) -> bool:
    """A title's figure is the text's, whatever place and source the title gives, and a heading's that of its lines."""
    if draft.kind is not base.kind or not _same_figure(draft, base) or not _times_agree(draft, base):
        return False
    titled = LineKind.TITLE in (draft.line_kind, base.line_kind)
    headed = LineKind.HEADING in (draft.line_kind, base.line_kind)
    titled = titled or (headed and abs(draft.sentence - base.sentence) <= _HEADED)
    return titled or (_places_agree(draft, base) and _sources_agree(draft.chain, base.chain))


def _adds_no_figure(draft: Draft, base: Draft) -> bool:
    """Whether a draft without a figure says nothing that the base doesn't."""
    told_apart = draft.line_kind is LineKind.PROSE and draft.chain and not draft.reasons[0].startswith("noun:")
    if base.numbered and draft.kind is not base.kind and told_apart:
        return False
    if draft.quantity is not None and base.quantity is not None and draft.quantity.unit != base.quantity.unit:
        return False
    if not _unnumbered_kinds_agree(draft, base) or not _times_agree(draft, base) or not _personnel_agree(draft, base):
        return False
    return not draft.chain or _share_link(draft.chain, base.chain) or (not base.chain and base.line_kind in _SUMMARIES)


def absorb(base: Draft, other: Draft) -> None:
    """Gives the base what only the other tells, and the other's words as evidence."""
    if not base.locations or (other.locations and _finer(other.locations, base.locations)):
        base.locations = other.locations or base.locations
    if base.time is None or (base.time.start is None and base.time.end is None):
        base.time = other.time or base.time
    told_in_full = other.line_kind is LineKind.PROSE and base.line_kind in _SUMMARIES and other.chain
    if told_in_full or len(other.chain) > len(base.chain):
        base.chain = other.chain
    base.force = base.force or other.force
    base.origin = base.origin or other.origin
    base.transport = base.transport or other.transport
    base.part_of = base.part_of or other.part_of
    base.spans += [span for span in other.spans if span not in base.spans]
    base.counted_spans += other.counted_spans
    base.reasons.append("told again")
    if other.line_kind is LineKind.PROSE and base.line_kind in _SUMMARIES:
        base.locations = other.locations or base.locations
        base.line_kind = other.line_kind
        base.status = other.status
        base.outcome = other.outcome
        if base.quantity is not None and other.quantity is not None:
            more = base.quantity.additional or other.quantity.additional
            base.quantity, base.count_span = replace(other.quantity, additional=more), other.count_span


def _same_force(one: Force | None, other: Force | None) -> bool:
    if one is None or other is None:
        return True
    if one.group and other.group:
        return one.group == other.group
    return one.country == other.country and (one.group or None) == (other.group or None)


def _same_status(draft: Draft, base: Draft) -> bool:
    if draft.status is base.status or {draft.status, base.status} <= _SETTLED:
        return True
    return draft.numbered and base.numbered and (draft.line_kind in _SUMMARIES or base.line_kind in _SUMMARIES)


def _same_outcome(draft: Draft, base: Draft) -> bool:
    """A headline's "loses 23 soldiers" is the 23 killed of the text."""
    if draft.outcome is base.outcome:
        return True
    summary = draft.line_kind in _SUMMARIES or base.line_kind in _SUMMARIES
    return (
        summary
        and draft.numbered
        and draft.figure == base.figure
        and Outcome.KILLED_OR_WOUNDED in (draft.outcome, base.outcome)
    )


def _same_figure(draft: Draft, base: Draft) -> bool:
    if draft.figure == base.figure:
        return True
    summary = draft.line_kind in _SUMMARIES or base.line_kind in _SUMMARIES
    return (
        summary
        and draft.figure[0] is not None
        and draft.figure[0] == base.figure[0]
        and None in (draft.figure[1], base.figure[1])
    )


def _unnumbered_kinds_agree(draft: Draft, base: Draft) -> bool:
    if draft.kind is base.kind:
        return True
    return {draft.kind, base.kind} == {Kind.DEPLOYMENT, Kind.PRESENCE}


def _places_agree(draft: Draft, base: Draft) -> bool:
    if not draft.locations or not base.locations:
        return True
    return any(_one_holds_other(a, b) for a in draft.locations for b in base.locations)


def _one_holds_other(one: Place, other: Place) -> bool:
    if one.country is None or other.country is None:
        return one.name == other.name
    if one.country != other.country:
        return False
    if one.level is PlaceLevel.COUNTRY or other.level is PlaceLevel.COUNTRY:
        return True
    return one.region == other.region


def _personnel_agree(draft: Draft, base: Draft) -> bool:
    """Pilots are not the troops; a count of troops may restate "soldiers" and the other way round."""
    return draft.personnel is base.personnel or draft.personnel is None or base.personnel is None


def _finer(new: tuple[Place, ...], old: tuple[Place, ...]) -> bool:
    return (
        old[0].level is PlaceLevel.COUNTRY
        and new[0].level is not PlaceLevel.COUNTRY
        and new[0].country == old[0].country
    )


def _sources_agree(one: tuple[Source, ...], other: tuple[Source, ...]) -> bool:
    return (
        not one
        or not other
        or _share_link(one, other)
        or all(link.anonymous and link.name is None for link in (*one[-1:], *other[-1:]))
    )


def _share_link(one: tuple[Source, ...], other: tuple[Source, ...]) -> bool:
    named = [_words(name) for link in other for name in (link.name, link.organization, link.role) if name]
    for link in one:
        for name in (link.name, link.organization, link.role):
            words = _words(name) if name else None
            if words and any(words <= more or more <= words for more in named):
                return True
    return bool(_people(one) & _surnames(other) or _surnames(one) & _people(other))


def _words(name: str) -> frozenset[str]:
    """A name's words: "the army" is held by "the Malian army"."""
    return frozenset(name.casefold().split())


def _people(chain: tuple[Source, ...]) -> set[str]:
    return {link.name.split()[-1] for link in chain if link.name and link.type in _PEOPLE}


def _surnames(chain: tuple[Source, ...]) -> set[str]:
    """Those of its people, and the single words that may be some: a bare "Syrskyi" may pass for an organization."""
    return _people(chain) | {link.name for link in chain if link.name and " " not in link.name}


def _times_agree(draft: Draft, base: Draft) -> bool:
    if draft.time is None or base.time is None or draft.time.start is None or base.time.start is None:
        return True
    ends = (draft.time.end or draft.time.start, base.time.end or base.time.start)
    return draft.time.start <= ends[1] and base.time.start <= ends[0]
