"""Keeps what was seen on the way, so that "why not?" has an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.domain.claims import Qualifier
from worker.extraction.claims.drafts import Draft, Said
from worker.extraction.frames.scene import Stages
from worker.extraction.mentions.marking import Marked
from worker.extraction.model import DateSeen, Diagnostics, IgnoredLine, NumberSeen, PlaceSeen, SourceSeen


class Diagnosis:
    def __init__(self, text: str, ignored: Sequence[IgnoredLine]) -> None:
        self._text, self._ignored = text, tuple(ignored)
        self._numbers: list[NumberSeen] = []
        self._dates: list[DateSeen] = []
        self._places: list[PlaceSeen] = []

    def leave(self, spans: Sequence[tuple[int, int]]) -> None:
        """Sentences behind the part of a very long article that is read."""
        self._ignored += tuple(IgnoredLine(start=start, end=end, reason="too-long") for start, end in spans)

    def see(self, marked: Marked, stages: Stages, home: frozenset[str]) -> None:
        for counted in marked.counted:
            start, end = marked.article_span(counted.start, counted.end)
            quantity = counted.quantity
            self._numbers.append(
                NumberSeen(
                    text=self._text[start:end], start=start, end=end, min=quantity.min, max=quantity.max,
                    qualifier=quantity.qualifier, reason="joined to no event of people",
                )
            )  # fmt: skip
        for rejected in marked.rejected:
            start, end = marked.reading.span(rejected.start, rejected.end)
            self._numbers.append(
                NumberSeen(
                    text=self._text[start:end],
                    start=start,
                    end=end,
                    min=None,
                    max=None,
                    qualifier=Qualifier.NONE,
                    reason=rejected.reason,
                )
            )
        for dated in marked.times:
            start, end = marked.article_span(dated.start, dated.end)
            self._dates.append(DateSeen(text=self._text[start:end], start=start, end=end, read_as=dated.past.time))
        for use in stages.places.uses(marked, home):
            start, end = marked.article_span(use.start, use.end)
            self._places.append(PlaceSeen(text=self._text[start:end], start=start, end=end, read_as=use.place))

    def finish(self, drafts: Sequence[Draft], said: Sequence[Said]) -> Diagnostics:
        used = {span: index for index, draft in enumerate(drafts) for span in draft.counted_spans}
        numbers = []
        for seen in sorted(self._numbers, key=lambda n: n.start):
            index = used.get((seen.start, seen.end))
            numbers.append(seen if index is None else replace(seen, reason=None, used_by=index))
        sources = []
        for draft in drafts:
            for link in draft.chain:
                at = self._text.find(link.text) if link.text else -1
                if at >= 0 and link.text is not None:
                    sources.append(SourceSeen(text=link.text, start=at, end=at + len(link.text), read_as=link))
        for act in said:
            for link in act.heard:
                at = self._text.find(link.text, act.start, act.end) if link.text else -1
                if at >= 0 and link.text is not None:
                    sources.append(SourceSeen(text=link.text, start=at, end=at + len(link.text), read_as=link))
        reason = None if drafts else "No statement about personnel was found."
        unique = {(s.start, s.end): s for s in sources}
        return Diagnostics(
            reason=reason, ignored=self._ignored, numbers=tuple(numbers), dates=tuple(self._dates),
            places=tuple(self._places), sources=tuple(unique[key] for key in sorted(unique)),
        )  # fmt: skip
