"""The words by which a language says who says so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from service.domain.claims import SourceType
from worker.extraction.mentions.phrasebook import Phrasebook
from worker.extraction.words import Table, expect_keys, pairs, strings, subtable

_WHERE = "sources.toml"
# The groups of words of each table; a group's key is its field in SpeakerWords.
_GROUPS = {
    "speech": (
        "verbs", "clausal", "telling", "quoting", "giving", "topical", "topics", "nouns", "owners", "shared",
        "reckoned", "counting", "placed", "placing", "announced", "announcements", "parenthetic", "contrasts",
        "between", "signs", "report_ends", "credit",
    ),
    "people": (
        "roles", "officials", "organizations", "media", "documents", "generic", "qualities", "rubrics", "regions",
        "stations", "titles", "links", "styles", "particles", "papers",
    ),
    "pronouns": ("personal", "impersonal", "plural"),
    "determiners": ("definite", "articles"),
}  # fmt: skip

# Those that are no sets of words.
_OTHERS = {"speech": ("phrases", "hearing"), "people": ("ranks",)}


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownSpeaker:
    """An agency, outlet or institution by its shown name."""

    name: str
    type: SourceType
    country: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeakerWords:
    """Source: lexicons/<language>/sources.toml, which says what each group means."""

    known: Phrasebook[KnownSpeaker]
    phrases: tuple[str, ...]
    hearing: tuple[str, ...]
    verbs: frozenset[str]
    clausal: frozenset[str]
    telling: frozenset[str]
    quoting: frozenset[str]
    giving: frozenset[str]
    topical: frozenset[str]
    topics: frozenset[str]
    nouns: frozenset[str]
    owners: frozenset[str]
    shared: frozenset[str]
    reckoned: frozenset[str]
    counting: frozenset[str]
    placed: frozenset[str]
    placing: frozenset[str]
    announced: frozenset[str]
    announcements: frozenset[str]
    parenthetic: frozenset[str]
    contrasts: frozenset[str]
    between: frozenset[str]
    signs: frozenset[str]
    report_ends: frozenset[str]
    credit: frozenset[str]
    roles: frozenset[str]
    officials: frozenset[str]
    organizations: frozenset[str]
    media: frozenset[str]
    documents: frozenset[str]
    generic: frozenset[str]
    ranks: Mapping[str, str]
    qualities: frozenset[str]
    rubrics: frozenset[str]
    regions: frozenset[str]
    stations: frozenset[str]
    titles: frozenset[str]
    links: frozenset[str]
    styles: frozenset[str]
    particles: frozenset[str]
    papers: frozenset[str]
    personal: frozenset[str]
    impersonal: frozenset[str]
    plural: frozenset[str]
    definite: frozenset[str]
    articles: frozenset[str]


def parse_speakers(table: Table) -> SpeakerWords:
    """Raises ValueError for what is unknown, empty or given twice, names of speakers included."""
    expect_keys(table, (*_GROUPS, "outlets", "organizations"), where=_WHERE)
    groups: dict[str, frozenset[str]] = {}
    for name, keys in _GROUPS.items():
        part = subtable(table, name, where=_WHERE)
        expect_keys(part, (*keys, *_OTHERS.get(name, ())), where=_WHERE)
        groups |= {key: frozenset(strings(part, key, where=_WHERE)) for key in keys}
    known: dict[str, KnownSpeaker] = {}
    for name, speaker in _known(table):
        if name in known:
            raise ValueError(f"{_WHERE}: {name!r} names two speakers.")
        known[name] = speaker
    speech = subtable(table, "speech", where=_WHERE)
    phrases, hearing = (strings(speech, key, where=_WHERE) for key in _OTHERS["speech"])
    ranks = dict(pairs(subtable(table, "people", where=_WHERE), "ranks", where=_WHERE))
    return SpeakerWords(known=Phrasebook(known.items()), phrases=phrases, hearing=hearing, ranks=ranks, **groups)


def _known(table: Table) -> Iterator[tuple[str, KnownSpeaker]]:
    """Each name of each row "shown name|other name:country" with its speaker."""
    outlets, organizations = subtable(table, "outlets", where=_WHERE), subtable(table, "organizations", where=_WHERE)
    expect_keys(outlets, ("agencies", "outlets"), where=_WHERE)
    expect_keys(organizations, ("known",), where=_WHERE)
    for part, key, kind in (
        (outlets, "agencies", SourceType.AGENCY),
        (outlets, "outlets", SourceType.OUTLET),
        (organizations, "known", SourceType.ORGANIZATION),
    ):
        for row in strings(part, key, where=_WHERE):
            names, _, country = row.partition(":")
            shown, *others = names.split("|")
            for name in (shown, *others):
                yield name, KnownSpeaker(name=shown, type=kind, country=country or None)
