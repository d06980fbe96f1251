"""Who goes on speaking: gives claims without a source of their own the speaker whose words they stand among.

Asked once all claims are merged, so that a speaker carried wrongly neither joins nor parts claims.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.claims import Force, Kind, Source
from worker.extraction.attribution.speech import Speech, is_medium
from worker.extraction.claims.drafts import Draft, Said
from worker.extraction.model import LineKind

_RUN = 3
_MOST_QUOTED_CHARS = 4000
_FEWEST_OF_ONE = 4
_ONE_SHARE = 0.8
CARRIED = "source carried"
OWN = "force speaker"
"""The reason of a draft whose people are told to be those of who speaks."""


@dataclass(frozen=True, slots=True)
class Voices:
    """The acts of speech of an article in order, and the claims that each sentence gave before merging."""

    said: Sequence[Said]
    told: Sequence[Draft]

    def carry(self, drafts: Sequence[Draft]) -> None:
        """Gives a speaker to those of the merged `drafts` that have none."""
        for draft in drafts:
            if draft.chain or draft.line_kind in (LineKind.TITLE, LineKind.HEADING):
                continue
            said = self._of_quote(draft) if draft.quoted else self._before(draft)
            if said is not None:
                draft.chain = said.chain
                draft.reasons.append(CARRIED)
                _own(draft)
        _carry_only_source(drafts)

    def _of_quote(self, draft: Draft) -> Said | None:
        """Whoever closes the quotation; else who opened it, in this paragraph or the one before."""
        here = [s for s in self.said if s.line == draft.line and abs(s.sentence - draft.sentence) <= _RUN]
        closing = next((s for s in here if s.sentence >= draft.sentence), None)
        if closing is not None or here:
            return closing or here[-1]
        before = [s for s in self.said if draft.line - 2 <= s.line < draft.line]
        return before[-1] if before else None

    def _before(self, draft: Draft) -> Said | None:
        """The speaker of the sentences before, where these are reported and this one reads on in the same voice."""
        before = [s for s in self.said if s.sentence < draft.sentence <= s.sentence + _RUN]
        if not before:
            return None
        last = before[-1]
        reported = next((d.chain for d in self.told if d.sentence == last.sentence and d.chain), None)
        same = last.line == draft.line
        if (same and reported is not None) or (draft.shifted and draft.line - last.line <= 1):
            return Said(last.sentence, last.line, reported or last.chain)
        return None


def _own(draft: Draft) -> None:
    """ "*We* have 250 men there": they are the country's that speaks."""
    country = next((link.country for link in reversed(draft.chain) if link.country), None)
    if OWN in draft.reasons and country is not None:
        draft.force = Force(country=country)


def _carry_only_source(drafts: Sequence[Draft]) -> None:
    """An article that reports one body's figures, as of a ministry's communiqué, names it only now and then."""
    tolls = [d for d in drafts if d.kind is Kind.CASUALTIES]
    named = Counter(_speaker(d.chain) for d in tolls if d.chain)
    if not named:
        return
    (speaker, times) = named.most_common(1)[0]
    if times < _FEWEST_OF_ONE or times < _ONE_SHARE * sum(named.values()):
        return
    chain = next(d.chain for d in tolls if d.chain and _speaker(d.chain) == speaker)
    for draft in tolls:
        if not draft.chain:
            draft.chain = chain
            draft.reasons.append(CARRIED)


def _speaker(chain: tuple[Source, ...]) -> str | None:
    return chain[-1].name or chain[-1].organization or chain[-1].role


def voice_of(speeches: Sequence[Speech]) -> tuple[Source, ...]:
    """Whose voice a sentence is in: its widest speech's, and what that one passes on when it is a medium's."""
    acts = sorted((s for s in speeches if s.chain and s.scope and not s.points_back), key=lambda s: -len(s.scope))
    chain: list[Source] = []
    for act in acts:
        if not chain or all(is_medium(link) for link in chain):
            chain += [link for link in act.chain if link not in chain]
    return tuple(chain)


def in_quotes(text: str, start: int, at: int) -> bool:
    """Whether `at` stands in a quotation that is opened in `text` at or behind `start`, where its paragraph begins."""
    opened = False
    for letter in text[max(start, at - _MOST_QUOTED_CHARS) : at]:
        if letter in "“„«":
            opened = True
        elif letter in "”»":
            opened = False
        elif letter == '"':
            opened = not opened
    return opened
