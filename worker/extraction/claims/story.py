"""What place a claim without one means: the place told right before it, else the one that the article is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from service.domain.claims import Kind, Place, PlaceLevel
from worker.extraction.claims.drafts import Draft, Mention
from worker.extraction.model import LineKind

_LEAD_SENTENCES = 4
_NEAR_SENTENCES = 2
# How much a mention says of what the article is about: one where something happens, any other, one in a headline.
_HAPPENING, _NAMED, _HEADLINE = 1.0, 0.3, 3.0
# The same of a place in the force's own country, which is named for much else.
_HOME = 0.5
# The share of all mentions that a country needs to be the story's, and a region among its country's.
_COUNTRY_SHARE = 0.5
_REGION_SHARE = 0.6
_HEADLINES = frozenset({LineKind.TITLE, LineKind.HEADING})


@dataclass(frozen=True, slots=True)
class Story:
    """The places that an article names, in order."""

    mentions: Sequence[Mention]

    def places_for(self, draft: Draft, drafts: Sequence[Draft]) -> tuple[Place, ...]:
        """The places that a draft without any takes from its paragraph, else from the whole article.

        Where the two lie in different countries a figure stays without a place, as a wrong one is worse than none.
        """
        general, beside = self._of_article(draft), _beside(draft, drafts)
        if beside and general is not None and all(p.country != general.country for p in beside):
            return () if draft.numbered else beside
        if beside:
            return beside
        near = self._near(draft)
        if near is not None and general is not None and near.country == general.country:
            return (near,)
        return (general,) if general is not None else ()

    def _near(self, draft: Draft) -> Place | None:
        """The last place where something happened, in the draft's paragraph or right before it."""
        for mention in reversed(self.mentions):
            distance = draft.sentence - mention.sentence
            if distance > _NEAR_SENTENCES:
                return None
            near = mention.line == draft.line or distance == 1
            if distance >= 0 and near and mention.happens and _may_be(draft, mention.place):
                return mention.place
        return None

    def _of_article(self, draft: Draft) -> Place | None:
        weights: defaultdict[str, float] = defaultdict(float)
        happening = {m.place.country for m in self.mentions if m.happens}
        home = draft.force.country if draft.force is not None else None
        for mention in self.mentions:
            country = mention.place.country
            if country is None or country not in happening or not _may_be(draft, mention.place):
                continue
            if country != home or mention.happens:
                weights[country] += _weight(mention) * (_HOME if country == home else 1.0)
        if not weights:
            return None
        country, weight = max(weights.items(), key=lambda item: item[1])
        here = [m for m in self.mentions if m.place.country == country]
        leads = any(_leads(m) for m in here)
        if not leads or weight < _COUNTRY_SHARE * sum(weights.values()):
            return None
        return self._region_of(here) or next((m.place for m in here if m.place.level is PlaceLevel.COUNTRY), None)

    def _region_of(self, here: Sequence[Mention]) -> Place | None:
        """The region that the article is about, where it leads with one and seldom names another of the country."""
        weights: defaultdict[str, float] = defaultdict(float)
        for mention in here:
            if mention.place.region is not None and mention.happens:
                weights[mention.place.region] += _weight(mention)
        if not weights:
            return None
        region, weight = max(weights.items(), key=lambda item: item[1])
        within = [m for m in here if m.place.region == region]
        if not any(_leads(m) for m in within) or weight < _REGION_SHARE * sum(weights.values()):
            return None
        return within[0].place


def carry_story(drafts: Sequence[Draft], story: Story) -> None:
    """Gives drafts without a place the one that they mean."""
    for draft in drafts:
        if not draft.locations:
            draft.locations = story.places_for(draft, drafts)
            if draft.locations:
                draft.reasons.append("place carried")


def carry_times(drafts: Sequence[Draft]) -> None:
    """Gives losses without a day the one of the losses told right before them in the paragraph, at the same place."""
    for index, draft in enumerate(drafts):
        if draft.kind is not Kind.CASUALTIES or not draft.at_once or (draft.time is not None and draft.time.text):
            continue
        before = drafts[index - 1] if index else None
        if before is None or before.kind is not draft.kind or not before.at_once or before.time is None:
            continue
        near = before.line == draft.line and draft.sentence - before.sentence <= 1
        if near and before.time.start is not None and _same_spot(before.locations, draft.locations):
            draft.time = before.time
            draft.reasons.append("time carried")


def _same_spot(one: Sequence[Place], other: Sequence[Place]) -> bool:
    return {(p.country, p.region) for p in one} == {(p.country, p.region) for p in other}


def _beside(draft: Draft, drafts: Sequence[Draft]) -> tuple[Place, ...]:
    """Where the nearest claim of the paragraph or of the sentence before is told to be, whosever people it is of."""
    near = [
        d
        for d in drafts
        if d.locations
        and "place carried" not in d.reasons
        and (d.line == draft.line or (d.sentence == draft.sentence - 1 and d.force == draft.force))
        and abs(d.sentence - draft.sentence) <= _NEAR_SENTENCES
        and all(_may_be(draft, place) for place in d.locations)
    ]
    return min(near, key=lambda d: abs(d.sentence - draft.sentence)).locations if near else ()


def _weight(mention: Mention) -> float:
    if mention.line_kind in _HEADLINES:
        return _HEADLINE
    return _HAPPENING if mention.happens else _NAMED


def _leads(mention: Mention) -> bool:
    return mention.line_kind in _HEADLINES or mention.sentence < _LEAD_SENTENCES


def _may_be(draft: Draft, place: Place) -> bool:
    """Whether a place may be meant without being told: people move and stand abroad, and fall at home too."""
    if draft.force is None or draft.kind is Kind.CASUALTIES or draft.force.group is not None:
        return True
    return place.country != draft.force.country
