"""What the stages ask of a parse, in words that no single parser owns.

The labels come from lexicons/<language>/syntax.toml, so that another language's scheme needs no new code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from spacy.tokens import Token

from worker.extraction.words import Table, expect_keys, strings, subtable

_LONGEST_CHAIN = 12
_PREPOSITION_GROUPS = ("of", "by", "origin", "destination", "location", "never")


@dataclass(frozen=True, slots=True)
class Syntax:
    """Dependency labels by relation, and prepositions by what they say of a place."""

    subject: frozenset[str]
    passive_subject: frozenset[str]
    object: frozenset[str]
    agent: frozenset[str]
    preposition: frozenset[str]
    prepositional_object: frozenset[str]
    open_complement: frozenset[str]
    clause_complement: frozenset[str]
    adverbial_clause: frozenset[str]
    relative_clause: frozenset[str]
    noun_clause: frozenset[str]
    apposition: frozenset[str]
    conjunct: frozenset[str]
    coordinator: frozenset[str]
    auxiliary: frozenset[str]
    negation: frozenset[str]
    marker: frozenset[str]
    modifier: frozenset[str]
    particle: frozenset[str]
    parataxis: frozenset[str]
    number: frozenset[str]
    predicate: frozenset[str]
    prepositions: dict[str, frozenset[str]]

    def children(self, token: Token, labels: frozenset[str]) -> list[Token]:
        return [child for child in token.children if child.dep_ in labels]

    def is_passive(self, verb: Token) -> bool:
        """Whether the verb's subject undergoes it: "were sent", "troops killed in"."""
        if self.children(verb, self.passive_subject) or any(c.dep_ == "auxpass" for c in verb.children):
            return True
        if verb.dep_ in self.conjunct and verb.tag_ == "VBN" and not self.children(verb, self.subject):
            return self.is_passive(verb.head)
        return verb.tag_ == "VBN" and verb.dep_ in self.noun_clause

    def conjuncts(self, token: Token) -> Iterator[Token]:
        """The token and what is joined to it by "and", "or"."""
        stack = [token]
        while stack:
            one = stack.pop()
            yield one
            stack.extend(self.children(one, self.conjunct))

    def subjects(self, verb: Token) -> list[Token]:
        """The verb's subjects, its own or shared through conjunction, control or a relative clause."""
        for _ in range(_LONGEST_CHAIN):
            own = self.children(verb, self.subject)
            if own:
                return [one for subject in own for one in self.conjuncts(subject) if one.dep_ != "expl"] or own
            if verb.dep_ in self.open_complement:
                controlled = [c for c in verb.head.children if c.dep_ in ("dobj", "obj", "dative")]
                if controlled and verb.head.pos_ == "VERB":
                    return [one for c in controlled for one in self.conjuncts(c)]
                verb = verb.head
            elif verb.dep_ in self.clause_complement and verb.tag_ == "VB" and not self.children(verb, self.marker):
                verb = verb.head
            elif verb.dep_ == "pcomp" and verb.head.head.pos_ in ("VERB", "AUX"):
                verb = verb.head.head
            elif verb.dep_ in self.predicate and verb.head.pos_ in ("VERB", "AUX"):
                verb = verb.head
            elif verb.dep_ in self.conjunct | self.auxiliary | self.adverbial_clause and verb.head.pos_ in (
                "VERB",
                "AUX",
            ):
                verb = verb.head
            elif verb.dep_ in self.relative_clause | self.noun_clause:
                return [verb.head]
            else:
                return []
        return []

    def objects(self, verb: Token) -> list[Token]:
        own = [one for child in self.children(verb, self.object) for one in self.conjuncts(child)]
        if not own and verb.dep_ in self.relative_clause and not self.is_passive(verb):
            subjects = self.children(verb, self.subject)
            if subjects and subjects[0].tag_ not in ("WP", "WDT"):
                return [verb.head]
        return own

    def governors(self, token: Token) -> Iterator[Token]:
        """From the token's head up to the root."""
        for _ in range(_LONGEST_CHAIN):
            if token.head.i == token.i:
                return
            token = token.head
            yield token


def parse_syntax(table: Table) -> Syntax:
    where = "syntax.toml"
    labels = [field.name for field in fields(Syntax) if field.name != "prepositions"]
    expect_keys(table, [*labels, "prepositions"], where=where)
    prepositions = subtable(table, "prepositions", where=where)
    expect_keys(prepositions, _PREPOSITION_GROUPS, where=where)
    return Syntax(
        **{label: frozenset(strings(table, label, where=where)) for label in labels},
        prepositions={group: frozenset(strings(prepositions, group, where=where)) for group in _PREPOSITION_GROUPS},
    )
