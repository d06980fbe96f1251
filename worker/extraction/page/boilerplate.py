"""The rules that tell a page's debris from its story, as data, and how one line is held against them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import cast

from worker.extraction.words import laid_out

READ_CHARS = 300
"""Rules read no more of a line than this, which bounds the time that a pattern can take."""

_TOKEN = re.compile(r"\d[\d.,]*+[kKmM]?(?![^\W\d_])|[^\W_]+(?:['’`][^\W_]+)*+|©")
_SEPARATOR = re.compile(r"[\s\"'”’»)\]*_]{0,6}(?:[:>»→|\-–—]|$)")
_DEFAULT_MAX_WORDS = {"equals": 12, "starts": 12, "contains": 45, "pattern": 45}


class Opens(StrEnum):
    """What follows a line that says no more than a marker does."""

    NOTHING = "nothing"
    VALUE = "value"
    INLINE = "inline"
    MODULE = "module"
    NOTES = "notes"
    NEXT = "next"
    STORY = "story"
    TAIL = "tail"
    END = "end"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One class of debris. Its fields are told in boilerplate.toml."""

    id: str
    reason: str
    match: str
    phrases: tuple[tuple[str, ...], ...] = ()
    pattern: re.Pattern[str] | None = None
    max_words: int
    opens: Opens = Opens.NOTHING
    separator: bool = False
    byline: bool = False
    unless_sentence: bool = False
    hits: tuple[str, ...]
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trim:
    """What is cut off one side of a line before it is read."""

    id: str
    reason: str
    at_end: bool
    first_line: bool
    pattern: re.Pattern[str]
    hits: tuple[str, ...]
    misses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedWords:
    """The words around a publication date; lower case. Keys and labels stand best first."""

    date_keys: tuple[str, ...]
    labels: tuple[tuple[str, ...], ...]
    strong_labels: tuple[tuple[str, ...], ...]
    later_labels: tuple[tuple[str, ...], ...]
    weekdays: frozenset[str]
    zones: frozenset[str]
    months: Mapping[str, int]
    relative: re.Pattern[str]
    """A time told from the reader's day: "3 hours ago"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A rule that holds for a line; `bare` when the line says no more than the rule's phrase."""

    rule: Rule
    bare: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoilerplateWords:
    """Everything boilerplate.toml says. Phrases are tuples of folded words."""

    equals: Mapping[tuple[str, ...], Rule]
    starts: Mapping[str, tuple[tuple[tuple[str, ...], Rule], ...]]
    contains: Mapping[str, tuple[tuple[tuple[str, ...], Rule], ...]]
    patterns: tuple[Rule, ...]
    rules: tuple[Rule, ...]
    trims: tuple[Trim, ...]
    labels: frozenset[tuple[str, ...]]
    languages: frozenset[str]
    title_keys: frozenset[str]
    other_keys: frozenset[str]
    published: PublishedWords

    def match(self, line: str, *, words: int, sentence: bool) -> Hit | None:
        """The first rule that holds for `line`: whole lines first, then beginnings, patterns, phrases inside.

        `line` may be cut at READ_CHARS; `words` counts the whole line's, and `sentence` says that it ends as one.
        """
        tokens = [*_TOKEN.finditer(line)]
        folded = tuple(fold_word(token.group()) for token in tokens)
        if rule := self.equals.get(folded):
            return Hit(rule=rule, bare=True)
        for phrase, rule in self.starts.get(folded[0], ()) if folded else ():
            if folded[: len(phrase)] == phrase and words <= rule.max_words:
                end = tokens[len(phrase) - 1].end()
                bare = len(folded) == len(phrase)
                if _applies(rule, sentence=sentence) and (bare or not rule.separator or _SEPARATOR.match(line, end)):
                    return Hit(rule=rule, bare=bare)
        for rule in self.patterns:
            if words <= rule.max_words and _applies(rule, sentence=sentence):
                pattern = cast("re.Pattern[str]", rule.pattern)
                if pattern.fullmatch(line):
                    return Hit(rule=rule, bare=True)
        for at, word in enumerate(folded):
            for phrase, rule in self.contains.get(word, ()):
                if words <= rule.max_words and folded[at : at + len(phrase)] == phrase:
                    return Hit(rule=rule, bare=False)
        return None


def _applies(rule: Rule, *, sentence: bool) -> bool:
    return not (rule.unless_sentence and sentence)


def fold_word(word: str) -> str:
    """Lower case, no apostrophes; any number is "#"."""
    if word[0].isdigit():
        return "#"
    return word.casefold().replace("'", "").replace("’", "").replace("`", "")


def fold(line: str) -> tuple[str, ...]:
    """The words of a line as phrases are written in boilerplate.toml."""
    return tuple(fold_word(token.group()) for token in _TOKEN.finditer(line))


@laid_out("boilerplate.toml")
def parse_boilerplate(table: Mapping[str, object]) -> BoilerplateWords:
    """The table of boilerplate.toml, checked.

    Raises ValueError on unknown keys, empty groups, a rule id or phrase that stands twice, and a pattern that is
    none. That hits hit and misses miss is for the tests to say.
    """
    _only(table, {"navigation", "front_matter", "published", "trim", "rule"}, "boilerplate")
    navigation = _table(table, "navigation")
    front = _table(table, "front_matter")
    _only(navigation, {"labels", "languages"}, "navigation")
    _only(front, {"title_keys", "other_keys"}, "front_matter")
    rules = tuple(_rule(one) for one in _tables(table, "rule"))
    trims = tuple(_trim(one) for one in _tables(table, "trim"))
    _unique([rule.id for rule in rules] + [trim.id for trim in trims], "id")
    equals: dict[tuple[str, ...], Rule] = {}
    indexes: dict[str, dict[str, list[tuple[tuple[str, ...], Rule]]]] = {"starts": {}, "contains": {}}
    for rule in rules:
        for phrase in rule.phrases:
            if rule.match == "equals":
                if phrase in equals:
                    raise ValueError(f"boilerplate: {' '.join(phrase)!r} in {equals[phrase].id} and {rule.id}")
                equals[phrase] = rule
            else:
                indexes[rule.match].setdefault(phrase[0], []).append((phrase, rule))
    return BoilerplateWords(
        equals=equals,
        starts=_longest_first(indexes["starts"]),
        contains=_longest_first(indexes["contains"]),
        patterns=tuple(rule for rule in rules if rule.match == "pattern"),
        rules=rules,
        trims=trims,
        labels=frozenset(fold(label) for label in _words(navigation, "labels")),
        languages=frozenset(_words(navigation, "languages")),
        title_keys=frozenset(_words(front, "title_keys")),
        other_keys=frozenset(_words(front, "other_keys")),
        published=_published(_table(table, "published")),
    )


def _longest_first(
    index: Mapping[str, list[tuple[tuple[str, ...], Rule]]],
) -> dict[str, tuple[tuple[tuple[str, ...], Rule], ...]]:
    return {word: tuple(sorted(found, key=lambda one: -len(one[0]))) for word, found in index.items()}


def _rule(table: Mapping[str, object]) -> Rule:
    name = _text(table, "id", "a rule")
    keys = {one.name for one in fields(Rule)}
    _only(table, keys, name)
    match = _text(table, "match", name)
    if match not in _DEFAULT_MAX_WORDS:
        raise ValueError(f"boilerplate: {name} has match {match!r}")
    if ("phrases" in table) is (match == "pattern") or ("pattern" in table) is not (match == "pattern"):
        raise ValueError(f"boilerplate: {name} needs a pattern, or else phrases")
    phrases = tuple(tuple(phrase.split()) for phrase in _words(table, "phrases")) if "phrases" in table else ()
    for phrase in phrases:
        if any(word != "#" and fold(word) != (word,) for word in phrase):
            raise ValueError(f"boilerplate: {' '.join(phrase)!r} in {name} is not written in folded words")
    most = table.get("max_words", _DEFAULT_MAX_WORDS[match])
    if not isinstance(most, int) or most < 1:
        raise ValueError(f"boilerplate: max_words of {name} must be a number above 0")
    return Rule(
        id=name,
        reason=_text(table, "reason", name),
        match=match,
        phrases=phrases,
        pattern=_pattern(table, name) if match == "pattern" else None,
        max_words=most,
        opens=Opens(str(table.get("opens", Opens.NOTHING))),
        separator=table.get("separator") is True,
        byline=table.get("byline") is True,
        unless_sentence=table.get("unless_sentence") is True,
        hits=_words(table, "hits"),
        misses=_words(table, "misses"),
    )


def _trim(table: Mapping[str, object]) -> Trim:
    name = _text(table, "id", "a trim")
    _only(table, {"id", "reason", "where", "first_line", "pattern", "hits", "misses"}, name)
    where = _text(table, "where", name)
    if where not in {"start", "end"}:
        raise ValueError(f"boilerplate: where of {name} must be start or end")
    return Trim(
        id=name,
        reason=_text(table, "reason", name),
        at_end=where == "end",
        first_line=table.get("first_line") is True,
        pattern=_pattern(table, name, suffix=r"\s*\Z" if where == "end" else ""),
        hits=_words(table, "hits"),
        misses=_words(table, "misses"),
    )


def _published(table: Mapping[str, object]) -> PublishedWords:
    _only(table, {one.name for one in fields(PublishedWords)}, "published")
    months = _table(table, "months")
    if not months or not all(isinstance(number, int) and 1 <= number <= 12 for number in months.values()):
        raise ValueError("boilerplate: months must be numbers from 1 to 12")
    return PublishedWords(
        date_keys=_words(table, "date_keys"),
        labels=tuple(fold(label) for label in _words(table, "labels")),
        strong_labels=tuple(fold(label) for label in _words(table, "strong_labels")),
        later_labels=tuple(fold(label) for label in _words(table, "later_labels")),
        weekdays=frozenset(_words(table, "weekdays")),
        zones=frozenset(_words(table, "zones")),
        months=cast("Mapping[str, int]", dict(months)),
        relative=_pattern(table, "published", key="relative"),
    )


def _pattern(table: Mapping[str, object], name: str, *, key: str = "pattern", suffix: str = "") -> re.Pattern[str]:
    try:
        return re.compile(f"(?:{_text(table, key, name)}){suffix}", re.DOTALL)
    except re.error as error:
        raise ValueError(f"boilerplate: {key} of {name}: {error}") from error


def _only(table: Mapping[str, object], keys: set[str], name: str) -> None:
    if unknown := sorted(set(table) - keys):
        raise ValueError(f"boilerplate: unknown keys {unknown} in {name}")


def _table(table: Mapping[str, object], key: str) -> Mapping[str, object]:
    found = table.get(key)
    if not isinstance(found, Mapping):
        raise ValueError(f"boilerplate: [{key}] is missing")  # noqa: TRY004
    return cast("Mapping[str, object]", found)


def _tables(table: Mapping[str, object], key: str) -> Sequence[Mapping[str, object]]:
    found = table.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(one, Mapping) for one in found):
        raise ValueError(f"boilerplate: [[{key}]] is missing")
    return cast("Sequence[Mapping[str, object]]", found)


def _text(table: Mapping[str, object], key: str, name: str) -> str:
    found = table.get(key)
    if not isinstance(found, str) or not found:
        raise ValueError(f"boilerplate: {name} has no {key}")
    return found


def _words(table: Mapping[str, object], key: str) -> tuple[str, ...]:
    found = table.get(key)
    if not isinstance(found, list) or not found or not all(isinstance(one, str) and one for one in found):
        raise ValueError(f"boilerplate: {key} must be a list of texts in {table.get('id', 'its table')}")
    _unique(found, key)
    return tuple(found)


def _unique(words: Iterable[str], name: str) -> None:
    seen: set[str] = set()
    for word in words:
        if word in seen:
            raise ValueError(f"boilerplate: {word!r} stands twice in {name}")
        seen.add(word)
