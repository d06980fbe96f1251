"""Events of movement, presence and loss in a sentence, and which group of people each befalls."""

from __future__ import annotations

from dataclasses import dataclass

from spacy.tokens import Token

from service.domain.claims import Kind, Outcome, Status
from worker.extraction.mentions.groups import Group
from worker.extraction.mentions.marking import Marked
from worker.extraction.mentions.personnel import PeopleSort
from worker.extraction.mentions.syntax import Syntax
from worker.extraction.words import Table, expect_keys, rows, string, string_or_none, strings, subtable

_NEAR_TOKENS = 8
_CARRYING = frozenset({"lend", "go", "be_there", "total", "keep"})
_NAMED_BY = frozenset({"compound", "nmod", "appos"})
_NOBODY = frozenset(
    {
        "nobody", "none", "anyone", "everyone", "everybody", "anybody", "there", "you", "i", "each", "what", "someone",
        "we", "us", "he", "she", "it", "him", "her", "me", "himself", "itself", "themselves",
    }
)  # fmt: skip
_MANY = frozenset({"many", "some", "most", "others", "several"})
_MEASURES = frozenset({"involve", "include", "comprise", "number", "total", "see", "bring", "cover"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word that tells an event; see lexicons/<language>/events.toml for the meaning of each field."""

    id: str
    kind: Kind
    outcome: Outcome | None
    whose: str
    strong: bool
    companions: frozenset[str]
    noun: bool = False
    status: Status | None = None


@dataclass(frozen=True, slots=True)
class EventWords:
    verbs: dict[str, tuple[Trigger, ...]]
    nouns: dict[str, Trigger]
    tolls: dict[str, Outcome]
    countries: frozenset[str]

    @property
    def leaving(self) -> frozenset[str]:
        """Lemmas of withdrawal."""
        verbs = {
            lemma
            for lemma, found in self.verbs.items()
            if any(t.kind is Kind.WITHDRAWAL and not t.companions for t in found)
        }
        return frozenset(verbs | {lemma for lemma, trigger in self.nouns.items() if trigger.kind is Kind.WITHDRAWAL})

    @property
    def gate(self) -> frozenset[str]:
        return frozenset(self.verbs) | frozenset(self.nouns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    token: Token
    trigger: Trigger


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """An event and the group it befalls. `group` is None where a pronoun stands for people named before.

    `how` names the construction, for the claim's reasons: subject, object, clause, noun, toll, near.
    """

    event: Event
    group: Group | None
    pronoun: Token | None
    how: str


def parse_events(table: Table) -> EventWords:
    where = "events.toml"
    expect_keys(table, ("verbs", "nouns", "tolls", "idioms", "countries"), where=where)
    countries = subtable(table, "countries", where=where)
    verbs: dict[str, tuple[Trigger, ...]] = {}
    for row in rows(table, "idioms", where=where):
        expect_keys(row, ("id", "verb", "with", "kind", "outcome", "whose", "strength", "status"), where=where)
        trigger = _trigger(row, where=where, strong=string_or_none(row, "strength", where=where) != "weak")
        verb = string(row, "verb", where=where)
        verbs[verb] = (*verbs.get(verb, ()), trigger)
    for row in rows(table, "verbs", where=where):
        expect_keys(row, ("id", "kind", "outcome", "whose", "strength", "status", "with", "lemmas"), where=where)
        trigger = _trigger(row, where=where, strong=string(row, "strength", where=where) == "strong")
        for lemma in strings(row, "lemmas", where=where):
            verbs[lemma] = (*verbs.get(lemma, ()), trigger)
    verbs = {lemma: tuple(sorted(found, key=lambda t: not t.companions)) for lemma, found in verbs.items()}
    nouns: dict[str, Trigger] = {}
    for row in rows(table, "nouns", where=where):
        expect_keys(row, ("id", "kind", "strength", "lemmas"), where=where)
        for lemma in strings(row, "lemmas", where=where):
            if lemma in nouns:
                raise ValueError(f"{where}: the noun {lemma!r} stands in two groups.")
            nouns[lemma] = Trigger(
                id=string(row, "id", where=where), kind=Kind(string(row, "kind", where=where)), outcome=None, whose="of",
                strong=string(row, "strength", where=where) == "strong", companions=frozenset(), noun=True,
            )  # fmt: skip
    tolls: dict[str, Outcome] = {}
    for row in rows(table, "tolls", where=where):
        expect_keys(row, ("id", "outcome", "lemmas"), where=where)
        for lemma in strings(row, "lemmas", where=where):
            tolls[lemma] = Outcome(string(row, "outcome", where=where))
    return EventWords(
        verbs=verbs, nouns=nouns, tolls=tolls, countries=frozenset(strings(countries, "verbs", where=where))
    )


def _trigger(row: Table, *, where: str, strong: bool) -> Trigger:
    outcome = string_or_none(row, "outcome", where=where)
    status = string_or_none(row, "status", where=where)
    return Trigger(
        id=string(row, "id", where=where), kind=Kind(string(row, "kind", where=where)), status=Status(status) if status else None,
        outcome=Outcome(outcome) if outcome else None, whose=string(row, "whose", where=where), strong=strong,
        companions=frozenset(strings(row, "with", where=where, optional=True)),
    )  # fmt: skip


def find_events(marked: Marked, words: EventWords) -> list[Event]:
    """Every word of the sentence that tells an event, in order."""
    found: list[Event] = []
    for token in marked.doc:
        lemma = token.lemma_.casefold()
        if token.pos_ in ("VERB", "AUX") and token.dep_ not in ("aux", "auxpass", "amod"):
            for trigger in words.verbs.get(lemma, ()):
                if not trigger.companions or _beside(token, trigger.companions):
                    found.append(Event(token=token, trigger=trigger))
                    if trigger.companions:
                        break
        elif token.pos_ in ("NOUN", "PROPN") and lemma in words.nouns:
            found.append(Event(token=token, trigger=words.nouns[lemma]))
    return found


def _beside(verb: Token, companions: frozenset[str]) -> bool:
    return any(t.lower_ in companions for t in verb.doc[max(0, verb.i - 2) : verb.i + _NEAR_TOKENS] if t.i != verb.i)


def link_events(marked: Marked, events: list[Event], groups: list[Group], syntax: Syntax) -> list[Link]:
    """Joins events to the groups that they befall; one event and one group are joined at most once."""
    links: list[Link] = []
    seen: set[tuple[int, int]] = set()

    def add(event: Event, group: Group | None, pronoun: Token | None, how: str) -> None:
        key = (event.token.i, group.head.i if group else -1)
        if key not in seen:
            seen.add(key)
            links.append(Link(event=event, group=group, pronoun=pronoun, how=how))

    for event in events:
        arguments = (
            _noun_arguments(event.token, syntax) if event.trigger.noun else _verb_arguments(event, syntax, groups)
        )
        if not arguments and not event.trigger.noun:
            arguments = _group_beside(event, syntax, groups)
        for argument, how in arguments:
            found = _groups_at(argument, groups) or [
                g for g in groups if g.force is not None and g.head.head.i == argument.i and g.head.dep_ in _NAMED_BY
            ]
            found = _counted_within(argument, found, groups) or found
            if found:
                for group in found:
                    if not (group.measured and event.trigger.id in _CARRYING):
                        add(event, group, None, how)
            elif argument.lower_ in _NOBODY:
                continue
            elif argument.pos_ == "PRON" or argument.lower_ in _MANY:
                antecedent = _antecedent(argument, groups, syntax)
                if antecedent is not None:
                    add(event, antecedent, None, "clause")
                else:
                    add(event, None, argument, how)
    return links


def _verb_arguments(event: Event, syntax: Syntax, groups: list[Group]) -> list[tuple[Token, str]]:
    verb, whose = event.token, event.trigger.whose
    passive = syntax.is_passive(verb)
    subjects, objects = syntax.subjects(verb), syntax.objects(verb)
    if whose == "subject":
        return [(token, "subject") for token in subjects]
    if passive:
        return [(token, "subject") for token in subjects] or [(token, "object") for token in objects]
    if whose == "object":
        if event.trigger.id == "total":
            for child in syntax.children(verb, syntax.preposition):
                if child.lower_ == "to":
                    objects += [c for c in child.children if c.dep_ in syntax.prepositional_object]
        return [(token, "object") for token in objects]
    if objects and any(_groups_at(token, groups) or token.pos_ == "PRON" for token in objects):
        return [(token, "object") for token in objects]
    return [(token, "subject") for token in subjects] if not objects else []


def _group_beside(event: Event, syntax: Syntax, groups: list[Group]) -> list[tuple[Token, str]]:
    """The group right beside a verb that the parse gave to another: "In the fighting 17 soldiers were killed"."""
    verb = event.token
    if event.trigger.whose == "object" and not syntax.is_passive(verb):
        return [(g.head, "object") for g in groups if g.start == verb.i + 1]
    first = min([c.i for c in syntax.children(verb, syntax.auxiliary)], default=verb.i)
    found = [g for g in groups if first in (g.end, g.force.end if g.force is not None else g.end)]
    return [(g.head, "clause") for g in found]


def _noun_arguments(noun: Token, syntax: Syntax) -> list[tuple[Token, str]]:
    """ "deployment of troops", "troop deployment", "their involvement"."""
    found: list[tuple[Token, str]] = []
    for child in noun.children:
        if child.dep_ in syntax.preposition and child.lower_ in ("of", "by", "for", "among"):
            found += [
                (one, "noun")
                for c in child.children
                if c.dep_ in syntax.prepositional_object
                for one in syntax.conjuncts(c)
            ]
        elif child.dep_ in syntax.modifier and child.i < noun.i:
            found.append((child, "noun"))
    if noun.dep_ in syntax.subject and noun.head.lemma_ in _MEASURES:
        found += [(token, "noun") for token in syntax.objects(noun.head)]
    for verb in syntax.conjuncts(noun.head) if noun.dep_ in syntax.subject else ():
        if verb.lemma_ in _MEASURES and not syntax.children(verb, syntax.subject):
            found += [(token, "noun") for token in syntax.objects(verb)]
    return found


def _counted_within(argument: Token, found: list[Group], groups: list[Group]) -> list[Group]:
    """ "A contingent of aircraft and 200 airmen": the people that a body without a figure holds."""
    if not found or any(
        g.counted is not None or g.people is None or g.people.sort is not PeopleSort.BODY for g in found
    ):
        return []
    inside = {t.i for t in argument.subtree}
    return [
        g
        for g in groups
        if g.counted is not None
        and g.people is not None
        and g.head.i in inside
        and g.head.dep_ in ("conj", "pobj")
        and g.end - argument.i < _NEAR_TOKENS + 4
    ]


def _groups_at(token: Token, groups: list[Group]) -> list[Group]:
    groups = [g for g in groups if not g.is_toll]
    direct = [g for g in groups if g.covers(token)]
    if direct:
        return direct
    return [g for g in groups if g.top.i == token.i]


def _antecedent(pronoun: Token, groups: list[Group], syntax: Syntax) -> Group | None:
    """The group that a relative pronoun stands for; parsers often name the nearest noun, which may be no people."""
    if pronoun.tag_ not in ("WP", "WDT", "WP$"):
        return None
    before = [g for g in groups if g.end <= pronoun.i and not g.is_toll]
    return before[-1] if before else None
