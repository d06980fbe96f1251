"""Marks everything that is recognized in one parsed sentence."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from service.domain.claims import Time
from worker.extraction.grammar.date_words import DateWords
from worker.extraction.grammar.dates import find_times
from worker.extraction.grammar.quantities import NumberRejected, find_numbers
from worker.extraction.grammar.quantity_words import QuantityWords
from worker.extraction.grammar.tokens import Tokens
from worker.extraction.mentions.forces import ForceFinder
from worker.extraction.mentions.marking import (
    Counted,
    Dated,
    FindNames,
    Marked,
    Passage,
    PlaceNames,
    find_places,
)
from worker.extraction.mentions.naming import label_names
from worker.extraction.mentions.personnel import PeopleFinder
from worker.extraction.model import Quantity
from worker.extraction.parsing.tree import Tree

_SOON_DAYS = 200
"""Plans are told of the near future; a day that would lie further off is the nearest one of that name."""


class Marker:
    """The finders of one language, asked for each sentence in turn."""

    def __init__(
        self,
        *,
        places: PlaceNames,
        forces: ForceFinder,
        people: PeopleFinder,
        quantities: QuantityWords,
        dates: DateWords,
        names: FindNames,
    ) -> None:
        self._places, self._forces, self._people = places, forces, people
        self._quantities, self._dates, self._names = quantities, dates, names

    def mark(self, passage: Passage, doc: Tree, published: date | None) -> Marked:
        """The passage with its parse and its mentions; date phrases count from `published`."""
        words = [token.text for token in doc]
        tokens = Tokens(passage.reading.text)
        numbers = find_numbers(passage.reading.text, self._quantities, tokens=tokens)
        marked = Marked(
            index=passage.index, sentence=passage.sentence, line=passage.line, reading=passage.reading, doc=doc,
            counted=tuple(
                Counted(start=start, end=end, quantity=quantity)
                for quantity in numbers
                if isinstance(quantity, Quantity)
                for start, end in [doc.tokens_between(quantity.start, quantity.end)]
            ),
            rejected=tuple(n for n in numbers if isinstance(n, NumberRejected)),
            times=self._times(tokens, doc, published),
            places=tuple(find_places(words, self._places)), forces=tuple(self._forces.find(words)),
            people=tuple(self._people.find(doc)), label=passage.label,
        )  # fmt: skip
        label_names(marked, self._names)
        return marked

    def _times(self, tokens: Tokens, doc: Tree, published: date | None) -> tuple[Dated, ...]:
        read = partial(find_times, tokens.text, published=published, words=self._dates, tokens=tokens)
        past = read(tense="past")
        if not past and self._dates.units.keys().isdisjoint(tokens.lows):
            return ()
        future = read(tense="future")
        near = {(t.start, t.end): t for t in read(tense=None)}
        near |= {
            (t.start, t.end): t
            for t in future
            if published is not None and t.time.start is not None and (t.time.start - published).days <= _SOON_DAYS
        }
        dated = [(t, near.get((t.start, t.end), t)) for t in past]
        # "In two weeks" is a date of what is to come alone.
        ahead = (t for t in future if all(t.end <= p.start or p.end <= t.start for p in past))
        dated += [(replace(t, time=Time(text=t.time.text)), t) for t in ahead]
        dated.sort(key=lambda pair: pair[0].start)
        return tuple(
            Dated(*doc.tokens_between(p.start, p.end), past=p, future=f, ahead=_is_ahead(p.time, f.time, published))
            for p, f in dated
        )


def _is_ahead(past: Time, future: Time, published: date | None) -> bool:
    if published is None or future.start is None:
        return False
    if past.start is not None and past.start < published == past.end:
        return False
    rest = past.start == published and past.end is not None and past.end > published
    return future.start > published or rest
