"""The small words and fixed turns that each stage looks for. Source: lexicons/<language>/constructions.toml.

The comment of each entry in that file says what it is for; field names here are its keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any, TypeAlias, TypeVar, get_type_hints

from service.domain.claims import Outcome
from worker.extraction.mentions.word_forms import Plurals, Stems, parse_plurals, parse_stems
from worker.extraction.words import Table, expect_keys, strings, subtable

Words: TypeAlias = frozenset[str]
Phrases: TypeAlias = tuple[tuple[str, ...], ...]
Group = TypeVar("Group")


@dataclass(frozen=True, slots=True)
class PeopleWords:
    before_participle: Words


@dataclass(frozen=True, slots=True)
class ForceWords:
    no_nickname_before: Words
    others_behind_hyphen: Words
    own_behind_hyphen: Words
    others_before_hyphen: Words
    others_before: Words
    leading: Words
    ruling: Words
    bodies: Words
    national: Words
    states: Words
    called: Words
    bands: Words
    abroad: Words
    pronouns: Words
    pointing: Words
    belonging: Words
    naming: Words
    seated: Words
    seat: Words
    others: Words


@dataclass(frozen=True, slots=True)
class GroupWords:
    inside: Words
    aside: Words
    counters: Words
    memberships: Words
    holding: Words
    shares: Words
    loads: Words
    civil: Words
    one: Words
    of_them: Phrases
    them: Words
    remaining: Words
    rests: Words
    the: Words
    in_all: Phrases


@dataclass(frozen=True, slots=True)
class CountingWords:
    articles: Words
    joining: Words
    of: Words
    of_whom: Phrases
    after: Words
    anchors: Words
    standing_alone: Words


@dataclass(frozen=True, slots=True)
class BelongingWords:
    and_or: Words
    articles: Words
    abroad: Words
    links: Words
    of: Words
    from_: Words
    onward: Words
    between: Words


@dataclass(frozen=True, slots=True)
class PredicateWords:
    measuring: Words
    numbering: Words
    putting: Words
    changing: Words
    before_figure: Words
    to_figure: Words
    up_to: Phrases
    of: Words
    near: Words
    existing: Words
    again: Words
    plain: Words
    strengths: Words
    sure_strengths: Words


@dataclass(frozen=True, slots=True)
class EventTurns:
    nobody: Words
    many: Words
    involving: Words
    of_people: Words
    to_figure: Words
    lifeless: Words
    which: Words
    we: Words
    own_moves: Words
    bringing: Words
    holding: Words


@dataclass(frozen=True, slots=True)
class LinkWords:
    beside: Words
    monuments: Words
    of_them: Phrases


@dataclass(frozen=True, slots=True)
class UnclaimedWords:
    carrying: Words
    before_loss: Words
    killed: Words
    wounded: Words
    captured: Words
    missing: Words
    untold: Words

    @property
    def outcomes(self) -> dict[str, Outcome]:
        """What each word behind people says of them."""
        told = ((self.killed, Outcome.KILLED), (self.wounded, Outcome.WOUNDED))
        held = ((self.captured, Outcome.CAPTURED), (self.missing, Outcome.MISSING))
        return {word: outcome for words, outcome in (*told, *held) for word in words}


@dataclass(frozen=True, slots=True)
class OutcomeWords:
    dead: Words
    wounded: Words
    and_or: Words
    dead_or: Phrases
    including: Words


@dataclass(frozen=True, slots=True)
class JudgingWords:
    armies: Words
    static: Words
    men: Words
    owners: Words
    last: Words
    somewhere: Words
    place_entities: Words


@dataclass(frozen=True, slots=True)
class FramingWords:
    bound_for: Words
    departing: Words
    arriving: Words
    aboard: Words
    shifted: Words


@dataclass(frozen=True, slots=True)
class PartWords:
    before: Phrases
    after: Phrases
    near_after: Words
    opening: Phrases
    listing: Words


@dataclass(frozen=True, slots=True)
class SharingWords:
    each: Words
    between: Words
    before_force: Words
    before_part: Words
    added: Words
    respectively: Words


@dataclass(frozen=True, slots=True)
class RetellingWords:
    nouns: Words
    tolls: Words
    pronouns: Words
    pointing: Words


@dataclass(frozen=True, slots=True)
class OwnerWords:
    ours: Words
    of_us: Phrases
    theirs: Words
    persons: Words
    states: Words
    foreign: Words
    strangers: Words
    governing: Words
    accusing: Words
    speakers: Words
    suffering: Words
    harming: Words
    holding: Words
    by: Words
    arranging: Words
    serving: Words
    within: Words
    of_toll: Words


@dataclass(frozen=True, slots=True)
class PlacingWords:
    out: Words
    possessive: Words
    onward: Words
    for_: Words
    place_of: Words
    border_with: Words
    across: Words
    passing: Words
    boarding: Words
    no_way_to: Words
    from_: Words
    as_: Words
    distances: Words
    lying: Words


@dataclass(frozen=True, slots=True)
class TenseWords:
    to: Words
    unreal: Words
    demanding: Words
    be: Words
    have: Words
    been: Words
    had: Words
    lasting: Words
    since: Words
    progressive: Words
    now: Words


@dataclass(frozen=True, slots=True)
class NegationWords:
    never: Words
    being: Words
    excluded: Words
    of: Words
    turns: Phrases
    not_yet: Phrases
    neither: Words
    no: Words
    no_people: Words
    nobody: Words
    not_: Words
    one: Words
    true: Words
    corresponding: Words
    reality: Words


@dataclass(frozen=True, slots=True)
class IdleTurns:
    since: Words
    conditional: Words
    conditions: Phrases
    without: Words
    how_many: Phrases
    it: Words
    be: Words
    hypothetical: Words
    within: Words
    attending: Words
    of: Words


@dataclass(frozen=True, slots=True)
class Constructions:
    """All of constructions.toml, one group for each stage."""

    stems: Stems
    plurals: Plurals
    people: PeopleWords
    forces: ForceWords
    groups: GroupWords
    counting: CountingWords
    belonging: BelongingWords
    predicates: PredicateWords
    events: EventTurns
    linking: LinkWords
    unclaimed: UnclaimedWords
    outcomes: OutcomeWords
    judging: JudgingWords
    framing: FramingWords
    parts: PartWords
    sharing: SharingWords
    retelling: RetellingWords
    owners: OwnerWords
    placing: PlacingWords
    tense: TenseWords
    negation: NegationWords
    idle: IdleTurns


def parse_constructions(table: Table) -> Constructions:
    where = "constructions.toml"
    groups = get_type_hints(Constructions)
    expect_keys(table, groups, where=where)
    parsers = {"stems": parse_stems, "plurals": parse_plurals}
    values: dict[str, Any] = {
        name: parsers[name](subtable(table, name, where=where), where=f"{where} [{name}]")
        if name in parsers
        else _parse_group(group, subtable(table, name, where=where), where=f"{where} [{name}]")
        for name, group in groups.items()
    }
    return Constructions(**values)


def _parse_group(group: type[Group], table: Table, *, where: str) -> Group:
    """A dataclass of words and phrases. A key that is a word of Python's own has an underscore behind it as a field."""
    if not is_dataclass(group):
        raise TypeError(f"{group!r} is no dataclass.")
    keys = {field.name: field.name.removesuffix("_") for field in fields(group)}
    expect_keys(table, keys.values(), where=where)
    types = get_type_hints(group)
    values: dict[str, Any] = {
        name: _phrases(strings(table, key, where=where))
        if types[name] == Phrases
        else frozenset(strings(table, key, where=where))
        for name, key in keys.items()
    }
    return group(**values)


def _phrases(texts: Sequence[str]) -> Phrases:
    return tuple(tuple(text.split()) for text in texts)


def length_at_start(words: Sequence[str], phrases: Phrases) -> int:
    """The length of the first phrase that stands at the start of the words, or 0."""
    return next((len(phrase) for phrase in phrases if tuple(words[: len(phrase)]) == phrase), 0)


def begins_with(words: Sequence[str], phrases: Phrases) -> bool:
    """Whether one of the phrases stands at the start of the words."""
    return length_at_start(words, phrases) > 0


def holds_phrase(words: Sequence[str], phrases: Phrases) -> bool:
    """Whether one of the phrases stands anywhere among the words."""
    return any(begins_with(words[at:], phrases) for at in range(len(words)))
