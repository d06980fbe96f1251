"""Shares of people told before: "half of them", whose figure is that of the whole times the share."""

from __future__ import annotations

from dataclasses import replace

from service.domain.claims import Qualifier
from worker.extraction.claims.drafts import Told
from worker.extraction.mentions.constructions import PartWords, begins_with
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Counted, Marked
from worker.extraction.model import Quantity

_TURN = 2
_WIDE = (Qualifier.MORE_THAN, Qualifier.AT_LEAST)
_TIGHT = (Qualifier.LESS_THAN, Qualifier.AT_MOST)


def is_share_of_told(marked: Marked, counted: Counted, words: PartWords) -> bool:
    """Whether the figure is a share that ends with the word for people told before: "half *of them*"."""
    ending = [t.lower_ for t in marked.doc[max(counted.start, counted.end - _TURN) : counted.end]]
    return counted.quantity.share_of is not None and begins_with(ending, words.after)


def resolve_shares(marked: Marked, groups: list[Group], told: Told, words: PartWords) -> None:
    """Gives the shares of a sentence their figures, where the whole's was told in it or in the sentence before."""
    for group in groups:
        counted = group.counted
        if counted is None or counted.quantity.bounded or not is_share_of_told(marked, counted, words):
            continue
        last = next((c for c in reversed(marked.counted) if c.end <= counted.start), None)
        people = last is not None and any(g.counted is not None and g.counted.start == last.start for g in groups)
        recent = (d.quantity for d in reversed(told.drafts) if 0 <= marked.index - d.sentence <= 1 and d.numbered)
        whole = last.quantity if last is not None and people else next(recent, None) if last is None else None
        if whole is not None:
            group.counted = replace(counted, quantity=_part_of(whole, counted.quantity))


def _part_of(whole: Quantity, share: Quantity) -> Quantity:
    part = share.share_of or 0.0
    low = round(part * whole.min) if whole.min is not None and share.qualifier not in _TIGHT else None
    high = round(part * whole.max) if whole.max is not None and share.qualifier not in _WIDE else None
    bound = next((q.qualifier for q in (share, whole) if q.qualifier in (*_WIDE, *_TIGHT)), None)
    return replace(share, min=low, max=high, qualifier=bound or Qualifier.APPROXIMATE)
