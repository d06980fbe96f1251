"""Totals and their parts: "of whom", "including", "among them", lists under a total."""

from __future__ import annotations

from worker.extraction.claims.drafts import Draft, Told
from worker.extraction.frames.shares import is_share_of_told
from worker.extraction.mentions.constructions import PartWords, begins_with, holds_phrase
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Counted, Marked
from worker.extraction.model import Quantity
from worker.extraction.parsing.tree import Token

_REACH = 9
_LONGEST_TURN = 4
_MARKS = frozenset({":", "–", "—"})


def find_parts(marked: Marked, pairs: list[tuple[Draft, Group | None]], told: Told, words: PartWords) -> None:
    """Points each part's draft at its total's, in this sentence or the one before."""
    cued = begins_with([t.lower_ for t in marked.doc[:_LONGEST_TURN]], words.opening)
    opened = cued
    for index, (draft, group) in enumerate(pairs):
        if group is None or group.counted is None or not draft.numbered:
            continue
        whole = next((d for d, g in pairs if g is not None and g is group.whole and d.numbered), None)
        if whole is not None:
            join_part(draft, whole)
            continue
        if opened and index > 0 and pairs[0][0].numbered and group.counted.start > 2:
            total = _total(draft, [pairs[0][0]])
            if total is not None and total is not draft:
                join_part(draft, total)
                continue
        listed = cued and index > 0 and _is_listed(marked, group.counted, words)
        if not listed and not group.rest and not is_cued(marked, group, words):
            continue
        cued = True
        before = [other for other, _ in pairs[:index] if other.numbered]
        recent = [d for d in told.drafts if d.numbered and 0 <= marked.index - d.sentence <= 1]
        total = _total(draft, before) or _total(draft, recent)
        if total is not None:
            join_part(draft, total)


def _is_listed(marked: Marked, counted: Counted, words: PartWords) -> bool:
    """Whether the figure goes on with a list of parts: "and 300 wounded"."""
    before = marked.doc[counted.start - 3 : counted.start]
    return any(t.lower_ == ";" or t.lower_ in words.listing for t in before)


def join_part(draft: Draft, total: Draft) -> None:
    """A part takes from its total what it does not tell itself."""
    draft.part_of = total
    draft.reasons.append("part of a total")
    if draft.force is None or "force carried" in draft.reasons:
        draft.force = total.force or draft.force
    if not draft.locations:
        draft.locations = total.locations
    if draft.time is None and draft.kind is total.kind:
        draft.time = total.time
    if not draft.chain:
        draft.chain = total.chain


def total_for(quantity: Quantity, sentence: int, here: list[Draft], told: Told) -> Draft | None:
    """The figure told before, in this sentence or the one before, that these may be part of."""
    recent = [d for d in told.drafts if d.numbered and 0 <= sentence - d.sentence <= 1]
    for total in [*reversed(here), *reversed(recent)]:
        ceiling = total.quantity.max if total.quantity else None
        if total.numbered and total.part_of is None and (ceiling is None or (quantity.min or 0) <= ceiling):
            return total
    return None


def _total(draft: Draft, candidates: list[Draft]) -> Draft | None:
    floor = (
        draft.quantity.min
        if draft.quantity and draft.quantity.min is not None
        else (draft.quantity.max if draft.quantity else None)
    )
    for total in reversed(candidates):
        ceiling = total.quantity.max if total.quantity and total.quantity.max is not None else None
        if total is draft or total.part_of is draft:
            continue
        if floor is None or ceiling is None or floor <= ceiling:
            if total.part_of is not None:
                continue
            return total
    return None


def _before(marked: Marked, start: int, words: PartWords) -> list[str]:
    """The words before a figure, from behind the last "12 of them", which tells of another figure."""
    lowers = [t.lower_ for t in marked.doc[:start]]
    first = max(0, start - _REACH)
    for counted in marked.counted:
        if counted.end <= start and begins_with(lowers[counted.end : counted.end + _LONGEST_TURN], words.after):
            first = max(first, counted.end + 1)
    return [*lowers[first:], marked.doc[start].lower_]


def _is_mark(token: Token) -> bool:
    return token.text in _MARKS or (token.text == "-" and token.i > 0 and bool(token.nbor(-1).whitespace_))


def _is_behind_mark(marked: Marked, counted: Counted) -> bool:
    """Whether a larger figure and a colon or dash stand before it: "900 people: 600 deminers and 300 builders"."""
    marks = [t.i for t in marked.doc[: counted.start] if _is_mark(t)]
    own = counted.quantity.max or counted.quantity.min or 0
    return bool(marks) and any(c.end <= marks[-1] and (c.quantity.max or 0) > own for c in marked.counted)


def is_cued(marked: Marked, group: Group, words: PartWords) -> bool:
    """Whether words beside the group's figure say that it is part of another."""
    if group.counted is None:
        return False
    if _is_behind_mark(marked, group.counted) or is_share_of_told(marked, group.counted, words):
        return True
    lowers = [t.lower_ for t in marked.doc]
    start, end = group.counted.start, group.counted.end
    if group.people is not None and start > group.head.i:
        return False
    return (
        holds_phrase(_before(marked, start, words), words.before)
        or begins_with(lowers[end : end + _LONGEST_TURN], words.after)
        or not words.near_after.isdisjoint(lowers[end : end + 2])
    )
