"""Which figure counts a noun of people: the one before it, the one behind it, or none."""

from __future__ import annotations

from collections.abc import Collection

from worker.extraction.mentions.constructions import CountingWords, begins_with
from worker.extraction.mentions.marking import Counted, Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.mentions.phrases import PhraseExtent
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

WIDEST_NOUN_PHRASE = 9
_FARTHEST_BEHIND = 5
_NEAR_PEOPLE = 3
_MARKS_AFTER = frozenset({",", "(", "-"})


class FigureFinder:
    """Finds the figures of a sentence's nouns; `taken` are the starts of those that count something already."""

    def __init__(self, marked: Marked, words: CountingWords, syntax: Syntax, extent: PhraseExtent) -> None:
        self._marked, self._doc, self._words, self._syntax = marked, marked.doc, words, syntax
        self._extent = extent
        self.taken: set[int] = set()

    def before(self, start: int, heads: Collection[int]) -> Counted | None:
        """The figure that counts the noun at `start`, with only words of the same phrase between them.

        `heads` are the tokens of the sentence's nouns of people, which end a phrase unless they qualify the noun.
        """
        at = start - 1
        while at >= 0 and start - at <= WIDEST_NOUN_PHRASE:
            counted = next((c for c in self._marked.counted if c.start <= at < c.end), None)
            if counted is not None:
                if counted.start in self.taken or self._counts_noun_before(counted, start):
                    return None
                return self._share(counted) or counted
            token = self._doc[at]
            if token.text == "," and (self._doc[at + 1].lower_ in self._words.articles or self._acts(at + 1)):
                return None
            other = at in heads and token.dep_ not in self._syntax.qualifier and not self._joined(at, start)
            if other or not self._extent.is_inside(token):
                return None
            at -= 1
        return None

    def _acts(self, at: int) -> bool:
        """ "Wounded 30, *police* said": what begins right behind a comma with a verb of its own."""
        people = next((p for p in self._marked.people if p.start == at), None)
        return people is not None and self._doc[people.end - 1].dep_ in self._syntax.subject

    def behind(self, end: int) -> Counted | None:
        """The figure told after the noun: "a contingent of 500", "numbering between 1,000 and 3,000"."""
        for counted in self._marked.counted:
            if counted.start in self.taken or not end <= counted.start <= end + _FARTHEST_BEHIND:
                continue
            between = {self._doc[i].lower_ for i in range(end, counted.start)}
            if not between or self._counts_people_of(between, counted) or self._counts_other(counted):
                continue
            anchored = "(" in between or between == {","} or between & self._words.anchors
            if anchored and between <= self._words.after | _MARKS_AFTER:
                return counted
        return None

    def stands_alone(self, root: Token, counted: Counted) -> bool:
        """ "Six *others*": the word behind the figure stands for people."""
        at = root.head.i
        return counted.end <= at <= counted.end + 1 and root.head.lower_ in self._words.standing_alone

    def counts_thing(self, root: Token, counted: Counted) -> bool:
        """Whether the figure, whose head is `root`, counts what is no people: "five missiles"."""
        stands_alone = root.head.lower_ in self._words.standing_alone
        if root.dep_ in self._syntax.counting and root.head.i >= counted.end and not stands_alone:
            return True
        if self._counts_things_behind(root, counted):
            return True
        follow = self._doc[counted.end] if counted.end < len(self._doc) else None
        named = follow is not None and follow.pos_ in ("NOUN", "PROPN", "SYM")
        if named and follow is not None and follow.lower_ not in self._words.standing_alone:
            return True
        return counted.quantity.unit is not None and not any(p.start <= root.i < p.end for p in self._marked.people)

    def counts_civilians(self, counted: Counted) -> bool:
        """ "French nationals, 2,000 *of whom* live there": of people named right before, who are no soldiers."""
        behind = [t.lower_ for t in self._doc[counted.end : counted.end + 2]]
        if not begins_with(behind, self._words.of_whom):
            return False
        before = [p for p in self._marked.people if p.end <= counted.start]
        return bool(before) and before[-1].sort is PeopleSort.CIVILIAN

    def _counts_things_behind(self, root: Token, counted: Counted) -> bool:
        """ "A couple *of bad days*", "dozens *of bodies*"; "2,000 of the men" are people."""
        if counted.end >= len(self._doc) or self._doc[counted.end].lower_ not in self._words.of:
            return False
        link = self._doc[counted.end]
        nouns = [c for c in self._syntax.children(link, self._syntax.prepositional_object) if c.pos_ == "NOUN"]
        people = {i for p in self._marked.people for i in range(p.start, p.end)}
        return link.head.i == root.i and bool(nouns) and nouns[0].i not in people

    def _share(self, whole: Counted) -> Counted | None:
        """ "Half of the 200": the share in front of a whole."""
        return next(
            (c for c in self._marked.counted if c.quantity.share_of is not None and 0 <= whole.start - c.end <= 3), None
        )

    def _counts_noun_before(self, counted: Counted, start: int) -> bool:
        """Whether the figure's noun ends before `start`, as the parse has it: "from five countries, soldiers"."""
        root = self._doc[counted.start : counted.end].root
        noun = root.head
        return (
            root.dep_ in self._syntax.number
            and noun.pos_ == "NOUN"
            and counted.end <= noun.i < start - 1
            and "," in [t.text for t in self._doc[noun.i : start]]
        )

    def _joined(self, low: int, high: int) -> bool:
        return low + 1 == high or any(self._doc[i].lower_ in self._words.joining for i in range(low + 1, high))

    def _counts_people_of(self, between: Collection[str], counted: Counted) -> bool:
        """ "A contingent of 500 soldiers": the figure is that of the nearer noun."""
        return not self._words.of.isdisjoint(between) and any(
            counted.end <= p.end - 1 <= counted.end + _NEAR_PEOPLE for p in self._marked.people
        )

    def _counts_other(self, counted: Counted) -> bool:
        following = self._doc[counted.end] if counted.end < len(self._doc) else None
        if following is None or following.pos_ not in ("NOUN", "PROPN"):
            return False
        return not any(p.start <= following.i < p.end for p in self._marked.people)
