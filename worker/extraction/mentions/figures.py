"""Figures told by a verb: "the total casualties have exceeded 4,500", "25,200 were losses"."""

from __future__ import annotations

from worker.extraction.mentions.constructions import PredicateWords
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.syntax import Syntax


def join_predicated_figures(marked: Marked, groups: list[Group], words: PredicateWords, syntax: Syntax) -> None:
    """Gives a bare figure to the people that it measures, and takes it out of the list."""
    bare = {g.top.i: g for g in groups if g.people is None and g.counted is not None and g.force is None}
    for verb in marked.doc:
        puts = verb.lemma_ in words.putting
        if (not puts and verb.lemma_ not in words.measuring) or verb.pos_ not in ("VERB", "AUX"):
            continue
        subjects = [t.i for t in syntax.subjects(verb)]
        complements = [t.i for t in syntax.objects(verb)]
        for child in verb.children:
            if child.dep_ in syntax.preposition and child.lower_ in words.before_figure:
                complements += [c.i for c in child.children]
        if puts:
            nouns_put = [t.i for t in syntax.objects(verb)] + [t.i for t in syntax.children(verb, syntax.late_object)]
            _join(groups, bare, complements, nouns_put)
            continue
        for figures, nouns in ((complements, subjects), (subjects, complements)):
            _join(groups, bare, figures, nouns)


def _join(groups: list[Group], bare: dict[int, Group], figures: list[int], nouns: list[int]) -> None:
    figure = next((bare[i] for i in figures if i in bare), None)
    people = next((g for g in groups if g.people is not None and g.counted is None and g.top.i in nouns), None)
    if figure is None and people is not None and people.is_toll:
        figure = next((g for g in groups if g.top.i in figures and g.counted is not None and g.force is None), None)
    if figure is not None and people is not None and figure in groups:
        people.counted = figure.counted
        people.measured = True
        groups.remove(figure)
