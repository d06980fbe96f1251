"""The words that tell an event's status and polarity. Source: lexicons/<language>/status.toml."""

from __future__ import annotations

from dataclasses import dataclass, fields

from worker.extraction.words import Table, expect_keys, strings, subtable


@dataclass(frozen=True, slots=True)
class UnclaimedWords:
    """What is told without being claimed. Source: [unclaimed] of status.toml, which says what each group means."""

    openers: frozenset[str]
    timed: frozenset[str]
    cases: frozenset[str]
    scenarios: frozenset[str]
    supposing: frozenset[str]
    taking: frozenset[str]
    courses: frozenset[str]
    fiction: frozenset[str]
    imagined: frozenset[str]
    shows: frozenset[str]
    athletes: frozenset[str]
    sports: frozenset[str]
    planes: frozenset[str]
    models: frozenset[str]
    gaining: frozenset[str]
    distances: frozenset[str]
    bystanders: frozenset[str]
    business: frozenset[str]
    mistaken: frozenset[str]
    civil: frozenset[str]


@dataclass(frozen=True, slots=True)
class StatusWords:
    """Source: lexicons/<language>/status.toml, which says what each group means."""

    planned_modals: frozenset[str]
    possible_modals: frozenset[str]
    planned: frozenset[str]
    possible: frozenset[str]
    ongoing: frozenset[str]
    denying: frozenset[str]
    averted: frozenset[str]
    verifying: frozenset[str]
    speculation: frozenset[str]
    untrue: frozenset[str]
    hearsay_adverbs: frozenset[str]
    hearsay_verbs: frozenset[str]
    hearsay_nouns: frozenset[str]
    unclaimed: UnclaimedWords


def parse_status(table: Table) -> StatusWords:
    where = "status.toml"
    expect_keys(table, ("modals", "governors", "polarity", "unclaimed", "hearsay"), where=where)
    modals, governors = subtable(table, "modals", where=where), subtable(table, "governors", where=where)
    polarity, hearsay = subtable(table, "polarity", where=where), subtable(table, "hearsay", where=where)
    expect_keys(modals, ("planned", "possible"), where=where)
    expect_keys(governors, ("planned", "possible", "ongoing"), where=where)
    expect_keys(polarity, ("denying", "averted", "verifying", "speculation", "untrue"), where=where)
    unclaimed = subtable(table, "unclaimed", where=where)
    names = [field.name for field in fields(UnclaimedWords)]
    expect_keys(unclaimed, names, where=where)
    expect_keys(hearsay, ("adverbs", "verbs", "nouns"), where=where)

    def group(part: Table, key: str) -> frozenset[str]:
        return frozenset(strings(part, key, where=where))

    return StatusWords(
        planned_modals=group(modals, "planned"),
        possible_modals=group(modals, "possible"),
        planned=group(governors, "planned"),
        possible=group(governors, "possible"),
        ongoing=group(governors, "ongoing"),
        denying=group(polarity, "denying"),
        averted=group(polarity, "averted"),
        verifying=group(polarity, "verifying"),
        speculation=group(polarity, "speculation"),
        untrue=group(polarity, "untrue"),
        hearsay_adverbs=group(hearsay, "adverbs"),
        hearsay_verbs=group(hearsay, "verbs"),
        hearsay_nouns=group(hearsay, "nouns"),
        unclaimed=UnclaimedWords(**{name: group(unclaimed, name) for name in names}),
    )
