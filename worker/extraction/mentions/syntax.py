"""What the stages ask of a parse, in words that no single parser owns.

The labels come from lexicons/<language>/syntax.toml, so that another language's scheme needs no new code.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

from worker.extraction.parsing.tree import Token
from worker.extraction.words import Table, expect_keys, strings, subtable

_LONGEST_CHAIN = 12
_PREPOSITION_GROUPS = ("of", "by", "origin", "destination", "location")


@dataclass(frozen=True, slots=True)
class Tags:
    """The tagger's names of word forms; syntax.toml says what each group is for."""

    infinitive: frozenset[str]
    plain_form: frozenset[str]
    headline_infinitive: frozenset[str]
    present: frozenset[str]
    past: frozenset[str]
    past_participle: frozenset[str]
    past_form: frozenset[str]
    infinitive_form: frozenset[str]
    gerund: frozenset[str]
    participle: frozenset[str]
    possessive_ending: frozenset[str]
    singular_noun: frozenset[str]
    plural_noun: frozenset[str]
    relative_pronoun: frozenset[str]
    relative_word: frozenset[str]
    question_word: frozenset[str]
    adverb: frozenset[str]
    superlative: frozenset[str]
    clause_word: frozenset[str]


@dataclass(frozen=True, slots=True)
class Syntax:
    """Dependency labels by relation, tags by word form, and prepositions by what they say of a place."""

    subject: frozenset[str]
    passive_subject: frozenset[str]
    expletive: frozenset[str]
    object: frozenset[str]
    controller: frozenset[str]
    controlling: frozenset[str]
    late_object: frozenset[str]
    bare_place: frozenset[str]
    agent: frozenset[str]
    preposition: frozenset[str]
    prepositional_object: frozenset[str]
    prepositional_clause: frozenset[str]
    open_complement: frozenset[str]
    clause_complement: frozenset[str]
    adverbial_clause: frozenset[str]
    relative_clause: frozenset[str]
    noun_clause: frozenset[str]
    tensed_clause: frozenset[str]
    apposition: frozenset[str]
    conjunct: frozenset[str]
    coordinator: frozenset[str]
    auxiliary: frozenset[str]
    passive_auxiliary: frozenset[str]
    negation: frozenset[str]
    marker: frozenset[str]
    opener: frozenset[str]
    modifier: frozenset[str]
    qualifier: frozenset[str]
    attributive: frozenset[str]
    place_modifier: frozenset[str]
    counting: frozenset[str]
    adjective: frozenset[str]
    adjectival: frozenset[str]
    owner: frozenset[str]
    determiner: frozenset[str]
    name_beside: frozenset[str]
    listed: frozenset[str]
    parataxis: frozenset[str]
    number: frozenset[str]
    predicate: frozenset[str]
    governed: frozenset[str]
    under_modal: frozenset[str]
    under_negation: frozenset[str]
    same_subject: frozenset[str]
    tags: Tags
    prepositions: dict[str, frozenset[str]]

    def is_infinitive(self, token: Token) -> bool:
        return token.tag_ in self.tags.infinitive

    def is_past_participle(self, token: Token) -> bool:
        return token.tag_ in self.tags.past_participle

    def is_gerund(self, token: Token) -> bool:
        return token.tag_ in self.tags.gerund

    def is_relative_pronoun(self, token: Token) -> bool:
        return token.tag_ in self.tags.relative_pronoun

    def is_contrast(self, negation: Token) -> bool:
        """ "To Niger, *not* to Mali", "but *not* from Mali": behind a full verb "not" excludes only what follows."""
        head, after = negation.head, negation.i + 1
        behind = head.pos_ == "VERB" and head.i < negation.i
        return (behind or head.pos_ == "ADP") and after < len(negation.doc) and negation.doc[after].pos_ == "ADP"

    def children(self, token: Token, labels: frozenset[str]) -> list[Token]:
        return [child for child in token.children if child.dep_ in labels]

    def is_passive(self, verb: Token) -> bool:
        """Whether the verb's subject undergoes it: "were sent", "troops killed in"."""
        if self.children(verb, self.passive_subject) or self.children(verb, self.passive_auxiliary):
            return True
        if verb.dep_ in self.conjunct and self.is_past_participle(verb) and not self.children(verb, self.subject):
            return self.is_passive(verb.head)
        return self.is_past_participle(verb) and verb.dep_ in self.noun_clause

    def objects_behind(self, head: Token, prepositions: frozenset[str]) -> list[Token]:
        """The nouns that hang on the word by one of the prepositions."""
        links = [c for c in self.children(head, self.preposition) if c.lower_ in prepositions]
        return [noun for link in links for noun in self.children(link, self.prepositional_object)]

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
                named = [one for subject in own for one in self.conjuncts(subject)]
                return [one for one in named if one.dep_ not in self.expletive] or own
            if verb.dep_ in self.open_complement:
                controlled = self.children(verb.head, self.controller) or self.objects_behind(
                    verb.head, self.controlling
                )
                if controlled and verb.head.pos_ == "VERB":
                    return [one for c in controlled for one in self.conjuncts(c)]
            above = self._clause_above(verb)
            if above is None:
                return [verb.head] if verb.dep_ in self.relative_clause or verb.dep_ in self.noun_clause else []
            verb = above
        return []

    def _clause_above(self, verb: Token) -> Token | None:
        """The verb whose subject is also this one's, which has none of its own."""
        relation, head = verb.dep_, verb.head
        if relation in self.open_complement:
            return head
        if relation in self.clause_complement and self.is_infinitive(verb) and not self.children(verb, self.marker):
            return head
        if relation in self.prepositional_clause and head.head.pos_ in ("VERB", "AUX"):
            return head.head
        shared = (self.predicate, self.conjunct, self.auxiliary, self.adverbial_clause)
        if head.pos_ in ("VERB", "AUX") and any(relation in labels for labels in shared):
            return head
        return None

    def objects(self, verb: Token) -> list[Token]:
        own = [one for child in self.children(verb, self.object) for one in self.conjuncts(child)]
        if not own and verb.dep_ in self.relative_clause and not self.is_passive(verb):
            subjects = self.children(verb, self.subject)
            if subjects and not self.is_relative_pronoun(subjects[0]):
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
    labels = [field.name for field in fields(Syntax) if field.name not in ("tags", "prepositions")]
    expect_keys(table, [*labels, "tags", "prepositions"], where=where)
    tags = subtable(table, "tags", where=where)
    forms = [field.name for field in fields(Tags)]
    expect_keys(tags, forms, where=where)
    prepositions = subtable(table, "prepositions", where=where)
    expect_keys(prepositions, _PREPOSITION_GROUPS, where=where)
    return Syntax(
        **{label: frozenset(strings(table, label, where=where)) for label in labels},
        tags=Tags(**{form: frozenset(strings(tags, form, where=where)) for form in forms}),
        prepositions={group: frozenset(strings(prepositions, group, where=where)) for group in _PREPOSITION_GROUPS},
    )
