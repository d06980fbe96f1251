"""The words that tell events of movement, presence and loss. Source: lexicons/<language>/events.toml."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from service.domain.claims import Kind, Outcome, Status
from worker.extraction.words import Table, expect_keys, flag, rows, string, string_or_none, strings, subtable

_VERB_KEYS = (
    "id", "kind", "outcome", "whose", "strength", "status", "with", "unless", "stays",
    "measures", "holds", "incidental", "bound_for", "waits", "suffices", "counted", "active", "particles",
    "captors", "ground", "brings", "passive", "barred",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Trigger:
    """A word that tells an event; see lexicons/<language>/events.toml for the meaning of each field.

    `stays` is true of the word where the lexicon lists its lemma under `stays`.
    """

    id: str
    kind: Kind
    outcome: Outcome | None
    whose: str
    strong: bool
    companions: frozenset[str] = frozenset()
    unless: frozenset[str] = frozenset()
    particles: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()
    noun: bool = False
    status: Status | None = None
    stays: bool = False
    measures: bool = False
    holds: bool = False
    incidental: bool = False
    bound_for: bool = False
    waits: bool = False
    suffices: bool = False
    counted: bool = False
    active: bool = False
    brings: bool = False
    passive: bool = False
    captors: bool = False
    ground: bool = False

    @property
    def is_turn(self) -> bool:
        """Whether the word tells the event only together with others."""
        return bool(self.companions or self.particles)


@dataclass(frozen=True)
class EventWords:
    verbs: dict[str, tuple[Trigger, ...]]
    nouns: dict[str, Trigger]
    tolls: dict[str, Outcome]
    countries: frozenset[str]

    @cached_property
    def leaving(self) -> frozenset[str]:
        """Lemmas of withdrawal."""
        verbs = {
            lemma
            for lemma, found in self.verbs.items()
            if any(t.kind is Kind.WITHDRAWAL and not t.is_turn for t in found)
        }
        return frozenset(verbs | {lemma for lemma, trigger in self.nouns.items() if trigger.kind is Kind.WITHDRAWAL})

    @property
    def gate(self) -> frozenset[str]:
        return frozenset(self.verbs) | frozenset(self.nouns)


def parse_events(table: Table) -> EventWords:
    where = "events.toml"
    expect_keys(table, ("verbs", "nouns", "tolls", "idioms", "countries"), where=where)
    countries = subtable(table, "countries", where=where)
    expect_keys(countries, ("verbs",), where=where)
    return EventWords(
        verbs=_verbs(table, where=where), nouns=_nouns(table, where=where), tolls=_tolls(table, where=where),
        countries=frozenset(strings(countries, "verbs", where=where)),
    )  # fmt: skip


def _verbs(table: Table, *, where: str) -> dict[str, tuple[Trigger, ...]]:
    """Triggers by lemma, those that ask for a companion, a particle or captors first."""
    verbs: dict[str, tuple[Trigger, ...]] = {}
    for row in rows(table, "idioms", where=where):
        expect_keys(row, (*_VERB_KEYS, "verb"), where=where)
        trigger = _trigger(row, where=where, strong=string_or_none(row, "strength", where=where) != "weak")
        verb = string(row, "verb", where=where)
        verbs[verb] = (*verbs.get(verb, ()), trigger)
    for row in rows(table, "verbs", where=where):
        expect_keys(row, (*_VERB_KEYS, "lemmas"), where=where)
        trigger = _trigger(row, where=where, strong=string(row, "strength", where=where) == "strong")
        for lemma, one in _by_lemma(row, trigger, where=where).items():
            verbs[lemma] = (*verbs.get(lemma, ()), one)
    return {lemma: tuple(sorted(found, key=lambda t: not (t.is_turn or t.captors))) for lemma, found in verbs.items()}


def _nouns(table: Table, *, where: str) -> dict[str, Trigger]:
    nouns: dict[str, Trigger] = {}
    for row in rows(table, "nouns", where=where):
        expect_keys(row, ("id", "kind", "outcome", "strength", "stays", "suffices", "lemmas"), where=where)
        outcome = string_or_none(row, "outcome", where=where)
        trigger = Trigger(
            id=string(row, "id", where=where), kind=Kind(string(row, "kind", where=where)),
            outcome=Outcome(outcome) if outcome else None, whose="of",
            strong=string(row, "strength", where=where) == "strong", noun=True,
            suffices=flag(row, "suffices", where=where),
        )  # fmt: skip
        for lemma, one in _by_lemma(row, trigger, where=where).items():
            if lemma in nouns:
                raise ValueError(f"{where}: the noun {lemma!r} stands in two groups.")
            nouns[lemma] = one
    return nouns


def _tolls(table: Table, *, where: str) -> dict[str, Outcome]:
    tolls: dict[str, Outcome] = {}
    for row in rows(table, "tolls", where=where):
        expect_keys(row, ("id", "outcome", "lemmas"), where=where)
        for lemma in strings(row, "lemmas", where=where):
            tolls[lemma] = Outcome(string(row, "outcome", where=where))
    return tolls


def _by_lemma(row: Table, trigger: Trigger, *, where: str) -> dict[str, Trigger]:
    lemmas = strings(row, "lemmas", where=where)
    stays = strings(row, "stays", where=where, optional=True)
    strangers = sorted(set(stays) - set(lemmas))
    if strangers:
        raise ValueError(f"{where}: {trigger.id!r} has no lemma {', '.join(map(repr, strangers))} that could stay.")
    return {lemma: replace(trigger, stays=True) if lemma in stays else trigger for lemma in lemmas}


def _trigger(row: Table, *, where: str, strong: bool) -> Trigger:
    outcome = string_or_none(row, "outcome", where=where)
    status = string_or_none(row, "status", where=where)
    return Trigger(
        id=string(row, "id", where=where), kind=Kind(string(row, "kind", where=where)),
        status=Status(status) if status else None, outcome=Outcome(outcome) if outcome else None,
        whose=string(row, "whose", where=where), strong=strong,
        companions=frozenset(strings(row, "with", where=where, optional=True)),
        unless=frozenset(strings(row, "unless", where=where, optional=True)),
        measures=flag(row, "measures", where=where), holds=flag(row, "holds", where=where),
        incidental=flag(row, "incidental", where=where), bound_for=flag(row, "bound_for", where=where),
        waits=flag(row, "waits", where=where), suffices=flag(row, "suffices", where=where),
        counted=flag(row, "counted", where=where), active=flag(row, "active", where=where),
        brings=flag(row, "brings", where=where), passive=flag(row, "passive", where=where),
        captors=flag(row, "captors", where=where), ground=flag(row, "ground", where=where),
        particles=frozenset(strings(row, "particles", where=where, optional=True)),
        barred=frozenset(strings(row, "barred", where=where, optional=True)),
    )  # fmt: skip
