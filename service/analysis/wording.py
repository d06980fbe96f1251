"""Figures and their owners in words, for a sentence that can be pasted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from service.domain.claims import Count, Kind, Outcome, Qualifier
from service.domain.estimates import Estimate, Telling

_BEFORE: Final = {
    Qualifier.APPROXIMATE: "about ",
    Qualifier.MORE_THAN: "more than ",
    Qualifier.AT_LEAST: "at least ",
    Qualifier.AT_MOST: "up to ",
    Qualifier.LESS_THAN: "fewer than ",
}
_LOST: Final = {
    Outcome.KILLED: "killed",
    Outcome.WOUNDED: "wounded",
    Outcome.CAPTURED: "captured",
    Outcome.MISSING: "missing",
    Outcome.KILLED_OR_WOUNDED: "killed or wounded",
}
_MOST_NAMED: Final = 3


def in_words(count: Count) -> str | None:
    """`more than 10,000`, `10,000–12,000`, `dozens`; None where no figure was given."""
    if count.qualifier is Qualifier.VAGUE:
        return count.text
    low, high = count.min, count.max
    if low is not None and high is not None and low != high:
        return f"{low:,}–{high:,}"
    bound = low if low is not None else high
    return None if bound is None else f"{_BEFORE.get(count.qualifier, '')}{bound:,}"


def of_whom(telling: Telling) -> str:
    return telling.origin.name or "an unnamed article"


def sentence(estimate: Estimate, planned: Sequence[Telling], *, people: str, place: str) -> str | None:
    """The figures with their owners, what is planned, and who denies it; None where there is nothing of these.

    `people` as in "North Korean personnel", `place` as in "Kursk Oblast"; `planned` are figures of what has not
    happened.
    """
    subject = f"{people} {_what(estimate)}{place}"
    parts = [part for part in (_said(estimate, subject), _planned(estimate, planned, subject)) if part]
    if not parts and (estimate.denials or _vague(estimate)):
        parts = [_vague(estimate) or f"Nobody gives a figure of {subject}"]
    if denial := _denied(estimate.denials):
        parts.append(denial)
    return "; ".join(parts) + "." if parts else None


def _said(estimate: Estimate, subject: str) -> str | None:
    figures = estimate.range
    if figures is None:
        return None
    subject = f"Estimates of {'further ' if estimate.additional else ''}{subject}"
    lowest, highest = in_words(figures.lowest.count), in_words(figures.highest.count)
    if figures.origins == 1:
        return f"{subject} rest on one origin: {highest} ({of_whom(figures.highest)})"
    if figures.lowest is figures.highest or lowest == highest:
        return f"{subject} agree on {highest} ({figures.origins} origins, {of_whom(figures.highest)} among them)"
    return f"{subject} range from {lowest} ({of_whom(figures.lowest)}) to {highest} ({of_whom(figures.highest)})"


def _planned(estimate: Estimate, planned: Sequence[Telling], subject: str) -> str | None:
    if not planned:
        return None
    listed = _listed(f"{in_words(one.count)} ({of_whom(one)})" for one in planned)
    if estimate.range is not None:
        return f"planned or possible: {listed}"
    return f"Planned or possible are {'further ' if estimate.additional else ''}{subject}: {listed}"


def _vague(estimate: Estimate) -> str | None:
    """Words are shown as words."""
    said = [one for history in estimate.origins for one in history.tellings if one.count.qualifier is Qualifier.VAGUE]
    listed = _listed(f"\u201c{one.count.text}\u201d ({of_whom(one)})" for one in said)
    return f"No number is given, but {listed}" if listed else None


def _what(estimate: Estimate) -> str:
    if estimate.kind is Kind.CASUALTIES:
        return f"{_LOST[estimate.outcome]} in " if estimate.outcome else "lost in "
    if estimate.kind is Kind.PRESENCE:
        return "in "
    return "sent to " if estimate.kind is Kind.DEPLOYMENT else "withdrawn from "


def _denied(denials: Sequence[Telling]) -> str | None:
    named = {telling.origin.name for telling in denials if telling.origin.name}
    names = [of_whom(telling) for telling in denials if telling.origin.name or not named]
    if not names:
        return None
    return f"{_listed(names)} {'denies' if len(set(names)) == 1 else 'deny'} it"


def _listed(names: Iterable[str]) -> str:
    """`A`, `A and B`, `A, B and C`, `A, B, C and 2 more`; each once."""
    each = list(dict.fromkeys(names))
    shown = each[:_MOST_NAMED]
    if len(each) > len(shown):
        return f"{', '.join(shown)} and {len(each) - len(shown)} more"
    return " and ".join([", ".join(shown[:-1]), shown[-1]] if len(shown) > 1 else shown)
