"""What people a noun names, and whether it is people at all."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from service.domain.claims import Outcome, PersonnelType
from worker.extraction.mentions.constructions import PeopleWords
from worker.extraction.mentions.phrasebook import Phrasebook
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.mentions.word_forms import Plurals
from worker.extraction.parsing.tree import Token, Tree
from worker.extraction.words import Table, expect_keys, strings, subtable


class PeopleSort(StrEnum):
    """How surely a noun means military people."""

    TYPED = "typed"
    GENERIC = "generic"
    BODY = "body"
    FORMATION = "formation"
    TOLL = "toll"
    CIVILIAN = "civilian"
    CONTAINER = "container"


@dataclass(frozen=True, slots=True, kw_only=True)
class People:
    """Tokens [start, end) that name people; the last token is the noun."""

    start: int
    end: int
    sort: PeopleSort
    type: PersonnelType | None = None
    outcome: Outcome | None = None


@dataclass(frozen=True, slots=True)
class PersonnelWords:
    """Nouns by lemma. Source: lexicons/<language>/personnel.toml and the tolls of events.toml."""

    book: Phrasebook[tuple[PeopleSort, PersonnelType | None, Outcome | None]]
    containers: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    gate: frozenset[str]
    nonstate: frozenset[str]
    martial: frozenset[str]
    surely_martial: frozenset[str]


def parse_personnel(table: Table, tolls: dict[str, Outcome], plurals: Plurals) -> PersonnelWords:
    where = "personnel.toml"
    expect_keys(table, ("types", "generic", "container", "formation", "martial", "nonstate", "definite"), where=where)
    types = subtable(table, "types", where=where)
    expect_keys(types, [one.value for one in PersonnelType], where=where)
    generic = subtable(table, "generic", where=where)
    container = subtable(table, "container", where=where)
    formation = subtable(table, "formation", where=where)
    martial = subtable(table, "martial", where=where)
    nonstate = subtable(table, "nonstate", where=where)
    expect_keys(generic, ("people", "bodies", "civilians"), where=where)
    definite = subtable(table, "definite", where=where)
    expect_keys(container, ("nouns",), where=where)
    expect_keys(formation, ("nouns",), where=where)
    expect_keys(martial, ("words", "sure"), where=where)
    expect_keys(nonstate, ("nouns",), where=where)
    expect_keys(definite, ("determiners", "pronouns"), where=where)
    entries: dict[str, tuple[PeopleSort, PersonnelType | None, Outcome | None]] = {}

    shared: dict[str, tuple[PeopleSort, PersonnelType | None, Outcome | None]] = {}

    def enter(names: tuple[str, ...], sort: PeopleSort, kind: PersonnelType | None, outcome: Outcome | None) -> None:
        for name in names:
            if name in entries:
                raise ValueError(f"{where}: {name!r} stands in two classes.")
            entries[name] = (sort, kind, outcome)
            singular = " ".join(plurals.singular_of(word, word) for word in name.split())
            shared.setdefault(singular, (sort, kind, outcome))

    for kind in PersonnelType:
        enter(strings(types, kind.value, where=where), PeopleSort.TYPED, kind, None)
    enter(strings(generic, "people", where=where), PeopleSort.GENERIC, PersonnelType.TROOPS, None)
    enter(strings(generic, "bodies", where=where), PeopleSort.BODY, PersonnelType.TROOPS, None)
    enter(strings(generic, "civilians", where=where), PeopleSort.CIVILIAN, None, None)
    formations = strings(formation, "nouns", where=where)
    enter(tuple(n for n in formations if n not in entries), PeopleSort.FORMATION, PersonnelType.TROOPS, None)
    for lemma, outcome in tolls.items():
        entries[lemma] = (PeopleSort.TOLL, None, outcome)
    gate = frozenset(name.split()[-1].split("-")[-1] for name in entries)
    return PersonnelWords(
        book=Phrasebook({**shared, **entries}.items()),
        containers=frozenset(strings(container, "nouns", where=where)) | frozenset(formations),
        determiners=frozenset(strings(definite, "determiners", where=where)),
        pronouns=frozenset(strings(definite, "pronouns", where=where)),
        gate=gate,
        nonstate=frozenset(strings(nonstate, "nouns", where=where)),
        martial=frozenset(strings(martial, "words", where=where)),
        surely_martial=frozenset(strings(martial, "sure", where=where)),
    )


class PeopleFinder:
    """Finds people nouns by lemma; adjectives and verbs of the same form are passed over."""

    def __init__(self, words: PersonnelWords, turns: PeopleWords, plurals: Plurals, syntax: Syntax) -> None:
        self._words, self._turns, self._plurals, self._syntax = words, turns, plurals, syntax

    def find(self, doc: Tree) -> list[People]:
        """The people nouns of a parsed sentence, in order."""
        singular = [self._plurals.singular_of(token.lower_, _lemma(token)) for token in doc]
        found: list[People] = []
        for start, end, (sort, kind, outcome) in self._words.book.find_all(singular):
            head = doc[end - 1]
            if head.pos_ not in ("NOUN", "PROPN", "ADJ", "VERB") or (
                head.pos_ == "VERB" and sort is not PeopleSort.TOLL
            ):
                continue
            if head.pos_ in ("ADJ", "VERB") and not self._stands_as_noun(doc, end - 1):
                continue
            found.append(People(start=start, end=end, sort=sort, type=kind, outcome=outcome))
        return found

    def _stands_as_noun(self, doc: Tree, index: int) -> bool:
        """Whether an adjective or participle is used as a noun: "the military", "300 dead", "the wounded"."""
        token = doc[index]
        if index + 1 < len(doc) and doc[index + 1].pos_ in ("NOUN", "PROPN") and doc[index + 1].head.i != index:
            return False
        if token.pos_ == "VERB":
            return (
                index > 0
                and (doc[index - 1].pos_ == "NUM" or doc[index - 1].lower_ in self._turns.before_participle)
                and (index + 1 == len(doc) or doc[index + 1].pos_ in ("PUNCT", "CCONJ", "ADP"))
            )
        return token.dep_ not in self._syntax.adjectival


def _lemma(token: Token) -> str:
    return token.lemma_.casefold() if token.pos_ in ("NOUN", "PROPN") else token.lower_
