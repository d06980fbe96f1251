"""From what was told to what can be compared: histories by origin, and how far their latest figures lie apart."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from service.analysis.wording import sentence
from service.domain.claims import Kind, Outcome, Polarity, Qualifier, Status
from service.domain.estimates import Estimate, OriginHistory, Range, Telling
from service.domain.figures import Basis

HAPPENED = (Status.OCCURRED, Status.ONGOING)
_ORDER = (Basis.STOCK, Basis.FLOW, Basis.CUMULATIVE, Basis.LOSSES)
_Group = tuple[Kind, Outcome | None, Basis, bool]


def estimates(tellings: Iterable[Telling], *, people: str, place: str) -> list[Estimate]:
    """One estimate to each kind of figure: stock, flow, cumulative and losses apart, additions apart from wholes.

    A denial without a figure of its own stands in every estimate of the same kind; one of presence or of deployment
    stands in both, since who denies that they are there denies that they came.
    """
    affirmed: dict[_Group, list[Telling]] = defaultdict(list)
    denied: list[Telling] = []
    for telling in sorted(tellings, key=_in_time):
        if telling.polarity is Polarity.DENIED:
            denied.append(telling)
        else:
            affirmed[telling.kind, telling.outcome, telling.basis, telling.count.additional].append(telling)
    groups = [_estimate(group, told, denied) for group, told in affirmed.items()]
    covered = {telling for estimate in groups for telling in estimate.denials}
    left: dict[_Group, list[Telling]] = defaultdict(list)
    for telling in denied:
        if telling not in covered:
            left[telling.kind, telling.outcome, telling.basis, telling.count.additional].append(telling)
    groups += [_estimate(group, [], told) for group, told in left.items()]
    groups.sort(key=_by_kind)
    return [replace(one, sentence=sentence(one, _planned(one), people=people, place=place)) for one in groups]


def _in_time(telling: Telling) -> tuple[object, ...]:
    return (telling.first_reported_at, telling.last_reported_at, telling.claim_id)


def _by_kind(estimate: Estimate) -> tuple[object, ...]:
    return (_ORDER.index(estimate.basis), list(Kind).index(estimate.kind), estimate.outcome or "", estimate.additional)


def _estimate(group: _Group, told: Sequence[Telling], denied: Sequence[Telling]) -> Estimate:
    kind, outcome, basis, additional = group
    by_origin: dict[str, list[Telling]] = defaultdict(list)
    for telling in told:
        by_origin[telling.origin.key].append(telling)
    histories = [history(tellings) for tellings in by_origin.values()]
    return Estimate(
        kind=kind,
        outcome=outcome,
        basis=basis,
        additional=additional,
        range=_range([history.latest for history in histories if history.latest]),
        origins=tuple(histories),
        denials=tuple(one for one in denied if is_denied_by(one.kind, one.outcome, kind, outcome)),
        sentence=None,
    )


def history(tellings: Sequence[Telling]) -> OriginHistory:
    """Of one origin's tellings, oldest first."""
    wholes = [one for one in tellings if _is_figure(one) and not one.is_part and one.status in HAPPENED]
    latest = max(wholes, key=lambda one: (one.last_reported_at, one.first_reported_at, one.claim_id), default=None)
    return OriginHistory(origin=tellings[0].origin, latest=latest, tellings=tuple(tellings))


def _planned(estimate: Estimate) -> list[Telling]:
    """The last figure of each origin for what has not happened."""
    found = []
    for history in estimate.origins:
        ahead = [one for one in history.tellings if _is_figure(one) and not one.is_part and one.status not in HAPPENED]
        found += ahead[-1:]
    return found


def _is_figure(telling: Telling) -> bool:
    count = telling.count
    return count.qualifier not in (Qualifier.VAGUE, Qualifier.NONE) and not (count.min is None and count.max is None)


def _range(latest: Sequence[Telling]) -> Range | None:
    if not latest:
        return None
    lowest = min(latest, key=_low)
    highest = max(latest, key=_high)
    return Range(
        min=_low(lowest),
        max=None if any(_is_open(one) for one in latest) else _high(highest),
        lowest=lowest,
        highest=highest,
        origins=len(latest),
    )


def _low(telling: Telling) -> int:
    """Of "up to 500" the 500: below it nothing was said."""
    low, high = telling.count.min, telling.count.max
    return low if low is not None else high or 0


def _high(telling: Telling) -> int:
    low, high = telling.count.min, telling.count.max
    return high if high is not None else low or 0


def _is_open(telling: Telling) -> bool:
    return telling.count.max is None


def is_denied_by(denied: Kind, denied_outcome: Outcome | None, kind: Kind, outcome: Outcome | None) -> bool:
    """Who denies that they are there denies that they came, and the other way round."""
    if Kind.CASUALTIES in (denied, kind):
        return denied is kind and denied_outcome in (None, outcome)
    if Kind.WITHDRAWAL in (denied, kind):
        return denied is kind
    return True
