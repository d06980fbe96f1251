"""The lexicon of the date grammar, as checked data. Source: lexicons/<language>/dates.toml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from worker.extraction.grammar.quantity_words import keys, numbers, rule_ids, strings
from worker.extraction.grammar.tokens import Phrases, phrases
from worker.extraction.words import laid_out

# Weeks of a month, counted from its first day; the last is its last seven days.
WEEK_PARTS = frozenset({"first_week", "second_week", "third_week", "last_week"})

_TABLES = frozenset(
    {
        "shape",
        "months",
        "weekdays",
        "seasons",
        "season_words",
        "holidays",
        "part",
        "quarter_words",
        "operator",
        "joiners",
        "day",
        "night",
        "hours",
        "reference",
        "shift",
        "rolling",
        "units",
        "counts",
        "events",
        "ago",
        "unanchored",
        "years",
    }
)
_MEANINGS = {
    "part": frozenset({"early", "mid", "late", "first_half", "second_half"} | WEEK_PARTS),
    "operator": frozenset({"since", "from", "after", "until", "by", "before", "between"}),
    "reference": frozenset({"last", "this", "next", "definite"}),
    "shift": frozenset({"earlier", "later"}),
    "rolling": frozenset({"past", "next"}),
}
_UNITS = frozenset({"hour", "day", "week", "weekend", "month", "quarter", "year", "decade"})


@dataclass(frozen=True, slots=True, kw_only=True)
class DateWords:
    """Everything the date grammar knows of one language. `rules` are the ids of its rules.

    `openers` are the words that a date phrase may begin with, `anchors` those of which it holds one, where it holds
    no digits.
    """

    rules: frozenset[str]
    months: Mapping[str, int]
    months_short: frozenset[str]
    months_doubtful: frozenset[str]
    month_leads: frozenset[str]
    weekdays: Mapping[str, int]
    weekday_not_after: frozenset[str]
    seasons: Mapping[str, int]
    season_leads: frozenset[str]
    season_followers: frozenset[str]
    holidays: Phrases[int]
    parts: Phrases[str]
    quarter_names: frozenset[str]
    quarter_ordinals: Phrases[int]
    quarter_codes: Phrases[int]
    operators: Phrases[str]
    join_range: frozenset[str]
    join_and: Phrases[bool]
    days: Phrases[int]
    nights: frozenset[str]
    night_not_before: frozenset[str]
    hours_before: Phrases[bool]
    hours_after: Phrases[bool]
    references: Phrases[str]
    references_words: frozenset[str]
    shifts: Phrases[str]
    rolling: Phrases[str]
    units: Mapping[str, str]
    counts: Mapping[str, int]
    event_leads: frozenset[str]
    event_links: frozenset[str]
    ago: frozenset[str]
    within: Phrases[bool]
    ahead: frozenset[str]
    ahead_time: Phrases[bool]
    unanchored: Phrases[bool]
    year_leads: frozenset[str]
    year_firm: frozenset[str]
    year_not_before: frozenset[str]
    year_first: int
    year_last: int
    openers: frozenset[str]
    anchors: frozenset[str]


def _meanings(rules: list[Mapping[str, Any]], group: str) -> Phrases[str]:
    pairs: list[tuple[str, str]] = []
    for rule in rules:
        keys(rule, frozenset({"id", "meaning", "phrases"}), group=f"{group} {rule.get('id')}")
        if rule["meaning"] not in _MEANINGS[group]:
            raise ValueError(f"{group} {rule['id']}: unknown meaning {rule['meaning']!r}")
        pairs += [(text, str(rule["meaning"])) for text in strings(rule["phrases"], group=str(rule["id"]))]
    return phrases(pairs, group=group)


def _set(value: object, *, group: str) -> Phrases[bool]:
    return phrases(((text, True) for text in strings(value, group=group)), group=group)


def _units(value: object) -> Mapping[str, str]:
    if not isinstance(value, dict) or not value or not set(value.values()) <= _UNITS:
        raise ValueError(f"units: a table of words and {', '.join(sorted(_UNITS))} is expected")
    return dict(value)


@laid_out("dates.toml")
def parse_dates(table: Mapping[str, Any]) -> DateWords:
    """Checks dates.toml and builds its tables. Raises ValueError with the group and the word at fault."""
    keys(table, _TABLES, group="dates")
    months, seasons, quarters = table["months"], table["season_words"], table["quarter_words"]
    keys(months, frozenset({"names", "short", "doubtful"}), group="months")
    full = numbers(months["names"], group="months.names")
    short = numbers(months["short"], group="months.short")
    if doubled := set(full) & set(short):
        raise ValueError(f"months: {', '.join(sorted(doubled))} given twice")
    night = table["night"][0]
    grouped = ("shape", "part", "operator", "day", "night", "reference", "shift", "rolling", "unanchored")
    words = DateWords(
        openers=frozenset(),
        anchors=frozenset(),
        rules=rule_ids(*(table[group] for group in grouped)),
        months=full | short,
        months_short=frozenset(short),
        months_doubtful=frozenset(strings(months["doubtful"]["words"], group="months.doubtful")),
        month_leads=frozenset(strings(months["doubtful"]["leads"], group="months.doubtful.leads")),
        weekdays=numbers(table["weekdays"]["names"], group="weekdays"),
        weekday_not_after=frozenset(strings(table["weekdays"]["not_after"], group="weekdays.not_after")),
        seasons=numbers(table["seasons"], group="seasons"),
        season_leads=frozenset(strings(seasons["leads"], group="season_words.leads")),
        season_followers=frozenset(strings(seasons["followers"], group="season_words.followers")),
        holidays=phrases(numbers(table["holidays"], group="holidays").items(), group="holidays"),
        parts=_meanings(table["part"], "part"),
        quarter_names=frozenset(strings(quarters["names"], group="quarter_words.names")),
        quarter_ordinals=phrases(numbers(quarters["ordinals"], group="ordinals").items(), group="ordinals"),
        quarter_codes=phrases(numbers(quarters["codes"], group="codes").items(), group="codes"),
        operators=_meanings(table["operator"], "operator"),
        join_range=frozenset(strings(table["joiners"]["range"], group="joiners.range")),
        join_and=_set(table["joiners"]["and"], group="joiners.and"),
        days=phrases(
            (pair for rule in table["day"] for pair in numbers(rule["words"], group="day").items()), group="day"
        ),
        nights=frozenset(strings(night["words"], group="night")),
        night_not_before=frozenset(strings(night["not_before"], group="night.not_before")),
        hours_before=_set(table["hours"]["before"], group="hours.before"),
        hours_after=_set(table["hours"]["after"], group="hours.after"),
        references=(references := _meanings(table["reference"], "reference")),
        references_words=references.vocabulary,
        shifts=_meanings(table["shift"], "shift"),
        rolling=_meanings(table["rolling"], "rolling"),
        units=_units(table["units"]),
        counts=numbers(table["counts"], group="counts"),
        event_leads=frozenset(strings(table["events"]["leads"], group="events.leads")),
        event_links=frozenset(strings(table["events"]["links"], group="events.links")),
        ago=frozenset(strings(table["ago"]["words"], group="ago")),
        within=_set(table["ago"]["within"], group="ago.within"),
        ahead=frozenset(strings(table["ago"]["in"], group="ago.in")),
        ahead_time=_set(table["ago"]["time"], group="ago.time"),
        unanchored=phrases(
            ((text, True) for rule in table["unanchored"] for text in strings(rule["phrases"], group=str(rule["id"]))),
            group="unanchored",
        ),
        year_leads=frozenset(strings(table["years"]["leads"], group="years.leads")),
        year_firm=frozenset(strings(table["years"]["firm"], group="years.firm")),
        year_not_before=frozenset(strings(table["years"]["not_before"], group="years.not_before")),
        year_first=int(table["years"]["first"]),
        year_last=int(table["years"]["last"]),
    )
    return replace(words, openers=_openers(words), anchors=_anchors(words))


def _openers(words: DateWords) -> frozenset[str]:
    phrases = (
        words.unanchored, words.operators, words.hours_before, words.shifts, words.parts, words.quarter_ordinals,
        words.quarter_codes, words.days, words.rolling, words.references, words.within, words.holidays,
    )  # fmt: skip
    named = frozenset(words.counts) | frozenset(words.weekdays) | frozenset(words.months) | frozenset(words.seasons)
    return named.union(words.nights, words.ahead, *(table.firsts for table in phrases))


def _anchors(words: DateWords) -> frozenset[str]:
    phrases = (words.unanchored, words.days, words.quarter_codes, words.holidays)
    named = frozenset(words.months) | frozenset(words.weekdays) | frozenset(words.seasons) | frozenset(words.units)
    return named.union(words.nights, words.quarter_names, *(table.lasts for table in phrases))
