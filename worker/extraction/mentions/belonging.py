"""Which force a noun of people belongs to, as its own phrase tells: before it, in it, behind it."""

from __future__ import annotations

from worker.extraction.mentions.constructions import BelongingWords
from worker.extraction.mentions.counting import WIDEST_NOUN_PHRASE
from worker.extraction.mentions.forces import ForceMention
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import People, PeopleSort
from worker.extraction.mentions.phrases import PhraseExtent
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_FARTHEST_BEHIND = 5
_LEAVING_TOKENS = 8


class ForceJoiner:
    """Joins the forces of a sentence to its people.

    `leaving` are the lemmas of withdrawal, behind which "from X" is a place and no force; `moving` are verbs whose
    subject may be a country itself.
    """

    def __init__(
        self,
        marked: Marked,
        words: BelongingWords,
        syntax: Syntax,
        extent: PhraseExtent,
        *,
        leaving: frozenset[str],
        moving: frozenset[str],
    ) -> None:
        self._marked, self._doc, self._words, self._syntax = marked, marked.doc, words, syntax
        self._extent, self._leaving, self._moving = extent, leaving, moving

    def of(self, head: Token, left: int, people: People) -> ForceMention | None:
        """The force of the people whose noun is `head` and whose phrase begins at `left`."""
        left = min([left, *(f.start for f in self._marked.forces if f.end == people.start and f.form == "adjective")])
        before = [f for f in self._marked.forces if left <= f.start and f.end <= head.i and not self._is_where(f, head)]
        if before:
            near = before[-1]
            if self._extent.joins(self._doc[near.end : people.start]):
                return near
        inside = next((f for f in self._marked.forces if f.start <= head.i < f.end), None)
        if inside is not None:
            return inside
        owned = any(c.dep_ in self._syntax.owner and c.pos_ == "PRON" for c in head.children)
        return None if owned else self.behind(people.end)

    def around(self, noun: Token) -> ForceMention | None:
        """The force of a noun of strength: "the *US* footprint", "the number of *Ethiopian* troops"."""
        inside = range(noun.left_edge.i, noun.i)
        before = [f for f in self._marked.forces if f.start in inside]
        return before[-1] if before else self.behind(noun.i + 1)

    def allies(self, force: ForceMention | None, head: Token) -> tuple[ForceMention, ...]:
        """Forces listed beside the first: "Russian and Belarusian troops", "men from Nepal, India"."""
        if force is None:
            return ()
        found: list[ForceMention] = []
        edge = force.end
        listing = self._words.and_or | {","}
        for mention in self._marked.forces if force.start > head.i else ():
            if mention.start < force.end or mention.form != force.form or mention.end == len(self._doc):
                continue
            if all(t.lower_ in listing or t.lower_ in self._words.articles for t in self._doc[edge : mention.start]):
                found.append(mention)
                edge = mention.end
        edge = force.start
        for mention in reversed(self._marked.forces) if force.end <= head.i else ():
            if mention.end > force.start or mention.form != force.form:
                continue
            between = self._doc[mention.end : edge]
            if len(between) and all(t.lower_ in listing for t in between):
                found.append(mention)
                edge = mention.start
        return tuple(found)

    def _is_where(self, force: ForceMention, body: Token) -> bool:
        """ "The *Mali* mission": where it is, and not whose."""
        bare = force.form == "name" and self._doc[force.end - 1].dep_ in self._syntax.qualifier
        return bare and body.lemma_.casefold() in self._words.abroad

    def behind(self, end: int) -> ForceMention | None:
        """ "military personnel from the DPRK", "soldiers of the Korean People's Army"."""
        is_linked = False
        for at in range(end, min(len(self._doc), end + _FARTHEST_BEHIND + 1)):
            mention = next((f for f in self._marked.forces if f.start <= at < f.end), None)
            if mention is not None:
                return mention if is_linked and not self._is_journey(mention, end) else None
            word = self._doc[at].lower_
            if word in self._words.links:
                if word in self._words.from_ and self._leaves(end, at):
                    return None
                is_linked = True
            elif word not in self._words.between and not (is_linked and self._describes(at, end)):
                return None
        return None

    def source_behind(self, at: int) -> ForceMention | None:
        """ "300 *from Nepal*": the force behind a figure or pronoun that ends at `at`."""
        if at >= len(self._doc) or self._doc[at].lower_ not in self._words.from_:
            return None
        return self.behind(at)

    def told_of(self, figure: Token) -> ForceMention | None:
        """ "some 850 are *Canadian*"."""
        verb = figure.head
        if verb.pos_ not in ("AUX", "VERB") or figure.dep_ not in self._syntax.subject:
            return None
        told = [c.i for c in verb.children if c.dep_ in self._syntax.predicate or c.dep_ in self._syntax.object]
        return next((f for f in self._marked.forces if any(f.start <= i < f.end for i in told)), None)

    def _describes(self, at: int, end: int) -> bool:
        """ "soldiers of the *elite* 11th Corps"."""
        return self._doc[end].lower_ in self._words.of and self._doc[at].pos_ in ("ADJ", "NOUN")

    def _is_journey(self, mention: ForceMention, end: int) -> bool:
        """ "from Russia to Syria"."""
        return (
            mention.end < len(self._doc)
            and self._doc[mention.end].lower_ in self._words.onward
            and self._doc[end].lower_ in self._words.from_
        )

    def _leaves(self, end: int, at: int) -> bool:
        for token in reversed(list(self._doc[max(0, end - _LEAVING_TOKENS) : at])):
            if token.text == ",":
                return False
            if token.lemma_.casefold() in self._leaving:
                return True
        return False

    # ---- forces that are people by themselves

    def stands_for_people(self, force: ForceMention) -> bool:
        """Peoples and bodies named by their force alone: "the North Koreans", "Wagner", "NATO"."""
        head = self._doc[force.end - 1]
        if force.form == "adjective" and (head.tag_ in self._syntax.tags.plural_noun or self._is_numbered(head)):
            return not self._are_civilians(force.end)
        if force.form == "group" and head.dep_ not in self._syntax.attributive:
            return True
        return self._moves_itself(force, head)

    def _is_numbered(self, head: Token) -> bool:
        """ "2,000 *Sudanese*": a plural that looks like none."""
        named = head.pos_ in ("NOUN", "PROPN") and head.dep_ not in self._syntax.attributive
        return named and bool(self._syntax.children(head, self._syntax.number))

    def _moves_itself(self, force: ForceMention, head: Token) -> bool:
        """ "Germany is likely to deploy to Lithuania"."""
        if force.form not in ("name", "capital") or head.dep_ not in self._syntax.subject:
            return False
        if any(head.i < p.start <= head.i + WIDEST_NOUN_PHRASE for p in self._marked.people):
            return False
        return any(
            t.lemma_.casefold() in self._moving
            and t.pos_ == "VERB"
            and head.i in [s.i for s in self._syntax.subjects(t)]
            and not self._syntax.objects(t)
            for t in self._doc
        )

    def _are_civilians(self, end: int) -> bool:
        """ "Some 1,100 Lebanese, most of them civilians"."""
        return any(
            p.sort is PeopleSort.CIVILIAN and end <= p.start <= end + _FARTHEST_BEHIND for p in self._marked.people
        )
