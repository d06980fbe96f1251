"""Figures told by a verb: "the total casualties have exceeded 4,500", "cut its force to 500", "25,200 were losses"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.domain.claims import Qualifier
from worker.extraction.mentions.belonging import ForceJoiner
from worker.extraction.mentions.constructions import PredicateWords
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Counted, Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.parsing.tree import Token

_LONGEST_PHRASE = 14
_CLAUSE_MARKS = frozenset({";", ":", "(", "."})


class FigureJoiner:
    """Joins the figures that a sentence's verbs tell to the people whose strength they are."""

    def __init__(self, marked: Marked, words: PredicateWords, syntax: Syntax, forces: ForceJoiner) -> None:
        self._marked, self._words, self._syntax, self._forces = marked, words, syntax, forces

    def join(self, groups: list[Group]) -> None:
        """Gives each figure to the people that it measures, and takes it out of the list."""
        for verb in self._marked.doc:
            if verb.pos_ not in ("VERB", "AUX"):
                if verb.lower_ in self._words.numbering:
                    self._number(verb, groups)
                continue
            lemma = verb.lemma_.casefold()
            if lemma in self._words.putting and self._put(verb, groups):
                continue
            before = {id(g) for g in groups if g.measured}
            changes = lemma in self._words.changing and self._change(verb, groups)
            if changes or (lemma in self._words.measuring and self._measure(verb, groups)):
                for group in groups:
                    if group.measured and id(group) not in before:
                        group.measure = verb

    def _measure(self, verb: Token, groups: list[Group]) -> bool:
        """ "The losses *exceeded* 4,500", "25,200 *were* losses"."""
        syntax = self._syntax
        subjects = syntax.subjects(verb)
        predicates = [c for p in syntax.children(verb, syntax.predicate) for c in p.children]
        if verb.dep_ in syntax.relative_clause and any(syntax.is_relative_pronoun(s) for s in subjects):
            known = any(g.top.i == verb.head.i and (g.force or _is_typed(g)) for g in groups)
            subjects = [*subjects, verb.head] if known else subjects
        bare = [g for g in groups if _is_bare(g)]
        bounds = [g.head for g in bare if g.head.dep_ in syntax.preposition and g.head.head.i == verb.i < g.head.i]
        told = [*syntax.objects(verb), *predicates, *bounds]
        near = [p for p in syntax.children(verb, syntax.predicate) if p.lower_ in self._words.near]
        for head in (verb, *near):
            told += self._behind_prepositions(head, self._words.before_figure)
        complements = told
        for figures, nouns in ((complements, subjects), (subjects, complements)):
            if self._give(groups, bare, figures, nouns):
                return True
        measures = [g for g in bare if g.covers_any(complements)]
        there = syntax.children(verb, syntax.expletive)
        if there and not (measures and self._ends_phrase(measures[0])):
            return False
        subjects = there or subjects
        if measures and verb.lemma_.casefold() in self._words.numbering and any(s.pos_ == "PRON" for s in subjects):
            measures[0].measured = True
            return True
        for group in measures:
            if near and group.counted is not None and group.counted.quantity.qualifier is Qualifier.EXACT:
                about = replace(group.counted.quantity, qualifier=Qualifier.APPROXIMATE)
                group.counted = replace(group.counted, quantity=about)
        return self._strength(subjects, measures, points=True)

    def _ends_phrase(self, group: Group) -> bool:
        """ "There are *2,000*, they say", but not "there are 2,000 in Kuwait"."""
        return group.end < len(self._marked.doc) and self._marked.doc[group.end].is_punct

    def _number(self, noun: Token, groups: list[Group]) -> None:
        """ "The troops in Lebanon *number* 650", where the tagger takes the verb for a noun."""
        figure = next((g for g in groups if g.counted is not None and g.counted.start == noun.i + 1), None)
        if figure is None or figure.people is not None or noun.left_edge.pos_ == "DET":
            return
        doc, at = self._marked.doc, noun.i
        while at > 0 and doc[at - 1].pos_ not in ("VERB", "AUX") and doc[at - 1].text not in _CLAUSE_MARKS:
            at -= 1
        told = (g for g in groups if at <= g.start and g.end <= noun.i and g.counted is None and not g.is_toll)
        people = next((g for g in told if g.people is not None or g.force is not None), None)
        if people is not None:
            people.counted, people.measured = figure.counted, True
            groups.remove(figure)

    def _put(self, verb: Token, groups: list[Group]) -> bool:
        """ "*Put* the losses at 4,500", "the number is *put* at 3,000"."""
        syntax = self._syntax
        nouns = [*syntax.objects(verb), *syntax.children(verb, syntax.late_object)]
        if syntax.is_passive(verb):
            nouns = syntax.subjects(verb)
        figures = [*syntax.objects(verb), *self._behind_prepositions(verb, self._words.before_figure)]
        bare = [g for g in groups if _is_bare(g) or (_is_generic(g) and g.counted is not None and g.force is None)]
        reached = next((g for g in bare if self._is_reached(g, verb)), None)
        if self._give(groups, bare, figures, nouns) or (
            reached is not None and self._give(groups, [reached], [reached.top], nouns)
        ):
            return True
        return self._strength(nouns, [g for g in bare if g.covers_any(figures)], points=True)

    def _change(self, verb: Token, groups: list[Group]) -> bool:
        """ "*Raise* its presence to 2,200 troops", "the force will be *cut* to 500"."""
        syntax = self._syntax
        nouns = syntax.subjects(verb) if syntax.is_passive(verb) else syntax.objects(verb) or syntax.subjects(verb)
        told = next((g for g in groups if self._is_reached(g, verb)), None)
        if told is None or any(told.covers(noun) for noun in nouns):
            return False
        if told.counted is not None and self._begins_with_up_to(told.counted):
            exact = replace(told.counted.quantity, min=told.counted.quantity.max, qualifier=Qualifier.EXACT)
            told.counted = replace(told.counted, quantity=exact)
        return self._give(groups, [told], [told.top], nouns) or self._strength(nouns, [told])

    def _is_reached(self, group: Group, verb: Token) -> bool:
        """Whether the figure is what the change comes to: "from 9,000 *to 15,000*", "shot *up to 2,000*"."""
        counted, doc = group.counted, self._marked.doc
        if counted is None or not verb.i < counted.start <= verb.i + _LONGEST_PHRASE + _LONGEST_PHRASE:
            return False
        between = doc[verb.i + 1 : counted.start]
        if any(t.pos_ in ("VERB", "AUX") and not self._syntax.is_past_participle(t) for t in between):
            return False
        return doc[counted.start - 1].lower_ in self._words.to_figure or self._begins_with_up_to(counted)

    def _begins_with_up_to(self, counted: Counted) -> bool:
        opening = tuple(t.lower_ for t in self._marked.doc[counted.start : counted.start + 2])
        before = self._marked.doc[counted.start - 1].lower_ if counted.start else ""
        return opening in self._words.up_to and before not in self._words.to_figure

    def _behind_prepositions(self, head: Token, prepositions: frozenset[str]) -> list[Token]:
        links = [c for c in self._syntax.children(head, self._syntax.preposition) if c.lower_ in prepositions]
        return [c for link in links for c in link.children]

    def _give(self, groups: list[Group], told: Sequence[Group], figures: list[Token], nouns: list[Token]) -> bool:
        """Gives the people among the nouns the figure that the verb tells of them."""
        at = {t.i for t in nouns}
        people = next((g for g in groups if g.people is not None and g.counted is None and g.top.i in at), None)
        figure = next((g for t in figures for g in told if g.covers(t) and g is not people), None)
        if figure is None and people is not None and people.is_toll:
            where = {t.i for t in figures}
            figure = next((g for g in groups if g.top.i in where and g.counted is not None and g.force is None), None)
        if figure is None or people is None or figure not in groups:
            return False
        people.counted = figure.counted
        people.measured = True
        formation = people.people is not None and people.people.sort is PeopleSort.FORMATION
        if formation and figure.counted is not None and people.head.tag_ in self._syntax.tags.plural_noun:
            people.counted = figure.counted.in_formations(people.head.lemma_.casefold())
        if figure.people is not None and people.people is not None and people.people.sort is not PeopleSort.TYPED:
            people.people = figure.people
        groups.remove(figure)
        return True

    def _strength(self, nouns: Sequence[Token], told: Sequence[Group], *, points: bool = False) -> bool:
        """ "Its *presence* to 2,200": the noun names no people, but how many they are; "it" may where it `points`."""
        strengths = self._words.strengths | (self._words.again if points else frozenset())
        noun = next((n for n in nouns if n.lemma_.casefold() in strengths), None)
        if noun is None or not told or self._counts_others(noun):
            return False
        told[0].measured, told[0].strength = True, noun
        told[0].force = told[0].force or self._forces.around(noun)
        return True

    def _is_qualified(self, noun: Token) -> bool:
        """ "The *weekly* number", but not "the true number"."""
        return sum(child.lower_ not in self._words.plain for child in noun.lefts) > 1

    def _counts_others(self, noun: Token) -> bool:
        """Whether the number is that of civilians or things: "the number *of refugees*"."""
        if self._syntax.children(noun, self._syntax.owner):
            return False
        inside = range(noun.left_edge.i, min(noun.right_edge.i + 1, noun.i + _LONGEST_PHRASE))
        people = [p for p in self._marked.people if p.start in inside]
        if any(p.sort is PeopleSort.CIVILIAN for p in people):
            return True
        of = [c for c in self._syntax.children(noun, self._syntax.preposition) if c.lower_ in self._words.of]
        told = {i for p in people for i in range(p.start, p.end)}
        told |= {i for f in self._marked.forces for i in range(f.start, f.end)}
        if of:
            return not any(c.i in told or c.lemma_ in self._words.strengths for link in of for c in link.children)
        return not people and noun.lemma_.casefold() not in self._words.sure_strengths and self._is_qualified(noun)


def _is_typed(group: Group) -> bool:
    return group.people is not None and group.people.sort is PeopleSort.TYPED


def _is_bare(group: Group) -> bool:
    return group.people is None and group.counted is not None and group.force is None


def _is_generic(group: Group) -> bool:
    return group.people is not None and group.people.sort is PeopleSort.GENERIC
