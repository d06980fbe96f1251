"""The words that tell an event's status and polarity. Source: lexicons/<language>/status.toml."""

from __future__ import annotations

from dataclasses import dataclass

from worker.extraction.words import Table, expect_keys, strings, subtable


@dataclass(frozen=True, slots=True)
class StatusWords:
    """Source: lexicons/<language>/status.toml, which says what each group means."""

    planned_modals: frozenset[str]
    possible_modals: frozenset[str]
    planned: frozenset[str]
    possible: frozenset[str]
    ongoing: frozenset[str]
    denying: frozenset[str]
    unclaimed: frozenset[str]
    averted: frozenset[str]
    speculation: frozenset[str]
    untrue: frozenset[str]
    hearsay_adverbs: frozenset[str]
    hearsay_verbs: frozenset[str]
    hearsay_nouns: frozenset[str]


def parse_status(table: Table) -> StatusWords:
    where = "status.toml"
    expect_keys(table, ("modals", "governors", "polarity", "hearsay"), where=where)
    modals, governors = subtable(table, "modals", where=where), subtable(table, "governors", where=where)
    polarity, hearsay = subtable(table, "polarity", where=where), subtable(table, "hearsay", where=where)
    expect_keys(modals, ("planned", "possible"), where=where)
    expect_keys(governors, ("planned", "possible", "ongoing"), where=where)
    expect_keys(polarity, ("denying", "unclaimed", "averted", "speculation", "untrue"), where=where)
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
        unclaimed=group(polarity, "unclaimed"),
        averted=group(polarity, "averted"),
        speculation=group(polarity, "speculation"),
        untrue=group(polarity, "untrue"),
        hearsay_adverbs=group(hearsay, "adverbs"),
        hearsay_verbs=group(hearsay, "verbs"),
        hearsay_nouns=group(hearsay, "nouns"),
    )
