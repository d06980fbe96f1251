"""The lexicon of the number grammar, as checked data. Source: lexicons/<language>/quantities.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from worker.extraction.grammar.numerals import NumeralWords
from worker.extraction.grammar.tokens import Phrases, phrases
from worker.extraction.words import laid_out

_TABLES = frozenset(
    {
        "shape",
        "numerals",
        "before",
        "intensifiers",
        "after",
        "after_not",
        "ranges",
        "vague",
        "vague_bare",
        "vague_joiners",
        "shares",
        "echelons",
        "reject",
        "compounds",
        "one",
        "numbering",
        "years",
        "people",
        "months",
    }
)
# Begins a formation beside the articles: "another brigade".
_ANOTHER = frozenset({"another"})
_MEANINGS = frozenset({"approximate", "more_than", "at_least", "at_most", "less_than", "exact", "additional", "range"})


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectWords:
    """Words beside a number that make it count no people; each gives its reason code."""

    left: Phrases[str]
    right: Phrases[str]
    between: frozenset[tuple[str, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareWords:
    halves: Phrases[float]
    ones: frozenset[str]
    percent: Phrases[bool]
    of: frozenset[str]
    determiners: frozenset[str]
    pronouns: frozenset[str]
    parts: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class EchelonWords:
    names: Phrases[str]
    modifiers: frozenset[str]
    not_before: frozenset[str]
    ambiguous: frozenset[str]
    military_of: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class QuantityWords:
    """Everything the number grammar knows of one language. `rules` are the ids of its rules.

    `openers` are the words that a number, a share or a formation may begin with, digits aside.
    """

    rules: frozenset[str]
    numerals: NumeralWords
    before: Phrases[str]
    intensifiers: frozenset[str]
    after: Phrases[str]
    after_not: frozenset[str]
    joiners: frozenset[str]
    between: frozenset[str]
    changes: frozenset[str]
    vague_plural: Phrases[int]
    vague_plural_of: Phrases[int]
    vague_few: Phrases[int]
    vague_many: Phrases[int]
    vague_alone_not: frozenset[tuple[str, ...]]
    vague_joiners: Phrases[bool]
    shares: ShareWords
    echelons: EchelonWords
    reject: RejectWords
    compounds: frozenset[str]
    one_not_before: frozenset[str]
    one_not_after: frozenset[str]
    numbering: frozenset[str]
    numbering_after: frozenset[str]
    numbering_plurals: tuple[str, ...]
    numbering_singulars: tuple[str, ...]
    year_left: Phrases[bool]
    year_first: int
    year_last: int
    people: frozenset[str]
    months: frozenset[str]
    months_capital: frozenset[str]
    openers: frozenset[str]


def strings(value: object, *, group: str) -> tuple[str, ...]:
    """A list of distinct strings. Raises ValueError where it is empty, doubled or of another type."""
    if not isinstance(value, list) or not value or not all(isinstance(item, str) for item in value):
        raise ValueError(f"{group}: a list of words is expected")
    if len(set(value)) != len(value):
        twice = sorted({item for item in value if value.count(item) > 1})
        raise ValueError(f"{group}: {', '.join(twice)} given twice")
    return tuple(value)


def numbers(value: object, *, group: str) -> dict[str, int]:
    """A table of words and whole numbers. Raises ValueError where it is empty or of another type."""
    if not isinstance(value, dict) or not value or not all(isinstance(item, int) for item in value.values()):
        raise ValueError(f"{group}: a table of words and numbers is expected")
    return dict(value)


def keys(
    table: Mapping[str, Any], wanted: frozenset[str], *, group: str, optional: frozenset[str] = frozenset()
) -> None:
    """Raises ValueError where a key is missing or unknown."""
    if unknown := set(table) - wanted - optional:
        raise ValueError(f"{group}: unknown keys {', '.join(sorted(unknown))}")
    if missing := wanted - set(table):
        raise ValueError(f"{group}: missing keys {', '.join(sorted(missing))}")


def rule_ids(*groups: list[Mapping[str, Any]]) -> frozenset[str]:
    """The ids of all rules. Raises ValueError where two rules share one."""
    ids = [str(rule["id"]) for group in groups for rule in group]
    if len(set(ids)) != len(ids):
        raise ValueError(f"rules: {', '.join(sorted({i for i in ids if ids.count(i) > 1}))} given twice")
    return frozenset(ids)


def _meanings(rules: list[Mapping[str, Any]], *, group: str) -> Phrases[str]:
    pairs: list[tuple[str, str]] = []
    for rule in rules:
        keys(rule, frozenset({"id", "meaning", "phrases"}), group=f"{group} {rule.get('id')}")
        if rule["meaning"] not in _MEANINGS:
            raise ValueError(f"{group} {rule['id']}: unknown meaning {rule['meaning']!r}")
        pairs += [(text, str(rule["meaning"])) for text in strings(rule["phrases"], group=str(rule["id"]))]
    return phrases(pairs, group=group)


def _vague(rules: list[Mapping[str, Any]], kind: str) -> Phrases[int]:
    pairs: list[tuple[str, int]] = []
    for rule in rules:
        keys(rule, frozenset({"id", "kind", "words"}), group=f"vague {rule.get('id')}")
        if rule["kind"] not in {"plural", "plural_of", "few", "many"}:
            raise ValueError(f"vague {rule['id']}: unknown kind {rule['kind']!r}")
        if rule["kind"] == kind:
            pairs += numbers(rule["words"], group=str(rule["id"])).items()
    return phrases(pairs, group=f"vague {kind}")


def _rejects(rules: list[Mapping[str, Any]]) -> RejectWords:
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    between: set[tuple[str, ...]] = set()
    for rule in rules:
        keys(rule, frozenset({"id", "reason"}), group="reject", optional=frozenset({"left", "right", "between"}))
        left += (
            [(text, str(rule["reason"])) for text in strings(rule["left"], group=rule["id"])] if "left" in rule else []
        )
        right += (
            [(text, str(rule["reason"])) for text in strings(rule["right"], group=rule["id"])]
            if "right" in rule
            else []
        )
        if "between" in rule:
            between |= {tuple(text.split()) for text in strings(rule["between"], group=rule["id"])}
    return RejectWords(
        left=phrases(left, group="reject left"), right=phrases(right, group="reject right"), between=frozenset(between)
    )


@laid_out("quantities.toml")
def parse_quantities(table: Mapping[str, Any]) -> QuantityWords:
    """Checks quantities.toml and builds its tables. Raises ValueError with the group and the word at fault."""
    keys(table, _TABLES, group="quantities")

    def words(*path: str) -> frozenset[str]:
        value: Any = table
        for key in path:
            value = value[key]
        return frozenset(strings(value, group=".".join(path)))

    numerals, shares, echelons = table["numerals"], table["shares"], table["echelons"]
    months = words("months", "words")
    read = QuantityWords(
        openers=frozenset(),
        rules=rule_ids(table["shape"], table["before"], table["after"], table["vague"], table["reject"]),
        numerals=NumeralWords(
            articles=words("numerals", "articles"),
            and_=words("numerals", "and"),
            half=words("numerals", "half"),
            quarter=words("numerals", "quarter"),
            ones=numbers(numerals["ones"], group="ones"),
            tens=numbers(numerals["tens"], group="tens"),
            scales=numbers(numerals["scales"], group="scales"),
            letters=numbers(numerals["letters"], group="letters"),
            metric=words("numerals", "metric"),
            metric_followers=words("numerals", "metric_followers"),
            months=months,
        ),
        before=_meanings(table["before"], group="before"),
        intensifiers=words("intensifiers", "words"),
        after=_meanings(table["after"], group="after"),
        after_not=words("after_not", "words"),
        joiners=words("ranges", "joiners"),
        between=words("ranges", "between"),
        changes=words("ranges", "changes"),
        vague_plural=_vague(table["vague"], "plural"),
        vague_plural_of=_vague(table["vague"], "plural_of"),
        vague_few=_vague(table["vague"], "few"),
        vague_many=_vague(table["vague"], "many"),
        vague_alone_not=frozenset(tuple(text.split()) for text in words("vague_bare", "not")),
        vague_joiners=phrases(((text, True) for text in words("vague_joiners", "words")), group="vague_joiners"),
        shares=ShareWords(
            halves=phrases(((text, 0.5) for text in words("shares", "halves")), group="shares.halves"),
            ones=words("shares", "ones"),
            percent=phrases(((text, True) for text in words("shares", "percent")), group="shares.percent"),
            of=words("shares", "of"),
            determiners=words("shares", "determiners"),
            pronouns=words("shares", "pronouns"),
            parts=numbers(shares["parts"], group="shares.parts"),
        ),
        echelons=EchelonWords(
            names=phrases(echelons["names"].items(), group="echelons.names"),
            modifiers=words("echelons", "modifiers"),
            not_before=words("echelons", "not_before"),
            ambiguous=words("echelons", "ambiguous"),
            military_of=words("echelons", "military_of"),
        ),
        reject=_rejects(table["reject"]),
        compounds=words("compounds", "people"),
        one_not_before=words("one", "not_before"),
        one_not_after=words("one", "not_after"),
        numbering=words("numbering", "verbs"),
        numbering_after=words("numbering", "after"),
        numbering_plurals=tuple(sorted(words("numbering", "plurals"))),
        numbering_singulars=tuple(sorted(words("numbering", "singulars"))),
        year_left=phrases(((text, True) for text in words("years", "left")), group="years.left"),
        year_first=int(table["years"]["first"]),
        year_last=int(table["years"]["last"]),
        people=words("people", "words"),
        months=months,
        months_capital=words("months", "capital"),
    )
    return replace(read, openers=_openers(read))


def _openers(words: QuantityWords) -> frozenset[str]:
    numerals, shares = words.numerals, words.shares
    tables = (shares.halves, words.vague_many, words.vague_plural_of, words.vague_plural, words.vague_few)
    counted = frozenset(numerals.ones) | frozenset(numerals.tens) | frozenset(numerals.scales)
    return counted.union(
        numerals.articles, numerals.half, numerals.quarter, shares.ones, _ANOTHER, *(table.firsts for table in tables)
    )
