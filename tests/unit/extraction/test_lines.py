"""Runs specs/en/lines_*.json, and what no table of cases can say: coverage, rules and hostile texts."""

from __future__ import annotations

import json
import tomllib
from collections import Counter
from importlib import resources
from pathlib import Path
from typing import Any

import pytest

from worker.extraction.model import IgnoredLine, Line, LineKind
from worker.extraction.page.boilerplate import READ_CHARS, BoilerplateWords, Rule, Trim, fold, parse_boilerplate
from worker.extraction.page.lines import keep_lines

_SPECS = Path(__file__).parents[2] / "specs" / "en"
_TABLE = tomllib.loads((resources.files("worker.lexicons") / "en" / "boilerplate.toml").read_text(encoding="utf-8"))
_WORDS = parse_boilerplate(_TABLE)


def _cases() -> list[Any]:
    return [
        pytest.param(case, id=f"{path.stem}: {case['id']}")
        for path in sorted(_SPECS.glob("lines_*.json"))
        for case in json.loads(path.read_text(encoding="utf-8"))
    ]


@pytest.fixture
def words() -> BoilerplateWords:
    return _WORDS


@pytest.mark.parametrize("case", _cases())
def test_keep_lines_keeps_what_the_case_says(case: dict[str, Any], words: BoilerplateWords) -> None:
    text = case["text"]
    kept, ignored = keep_lines(text, words, title=case.get("title"))
    assert [[line.kind.value, text[line.start : line.end]] for line in kept] == case["expect"]
    reasons = [[line.reason, text[line.start : line.end]] for line in ignored]
    assert [one for one in case.get("ignored", []) if one not in reasons] == []
    if "lists" in case:
        assert [line.list_of for line in kept] == case["lists"]
    _assert_covers(text, kept, ignored)


def _assert_covers(text: str, kept: tuple[Line, ...], ignored: tuple[IgnoredLine, ...]) -> None:
    """Each code point that is no whitespace lies in exactly one line."""
    lines: list[Line | IgnoredLine] = [*kept, *ignored]
    seen = Counter(at for line in lines for at in range(line.start, line.end))
    assert [at for at, times in seen.items() if times > 1] == []
    assert [at for at, character in enumerate(text) if not character.isspace() and at not in seen] == []
    assert list(kept) == sorted(kept, key=lambda line: line.start)
    assert list(ignored) == sorted(ignored, key=lambda line: line.start)


@pytest.mark.parametrize("rule", _WORDS.rules, ids=lambda rule: rule.id)
def test_rule_hits_its_hits_and_misses_its_misses(rule: Rule, words: BoilerplateWords) -> None:
    for text in rule.hits:
        hit = words.match(text, words=len(text.split()), sentence=_is_sentence(text))
        assert hit is not None, text
        assert hit.rule.id == rule.id, text
    for text in rule.misses:
        hit = words.match(text, words=len(text.split()), sentence=_is_sentence(text))
        assert hit is None or hit.rule.id != rule.id, text


def _is_sentence(text: str) -> bool:
    return text.endswith((".", "!")) and len(text.split()) >= 8


@pytest.mark.parametrize("trim", _WORDS.trims, ids=lambda trim: trim.id)
def test_trim_hits_its_hits_and_misses_its_misses(trim: Trim) -> None:
    for text in trim.hits:
        assert trim.pattern.search(text) if trim.at_end else trim.pattern.match(text), text
    for text in trim.misses:
        assert not (trim.pattern.search(text) if trim.at_end else trim.pattern.match(text)), text


def test_keep_lines_takes_a_given_title_for_one(words: BoilerplateWords) -> None:
    story = "Two hundred marines landed at the harbor on Monday, the defense ministry said."
    text = f"Marines land.\n\n{story}\n\nMarines land\n"
    kept, _ = keep_lines(text, words, title="Marines land")
    assert [line.kind for line in kept] == [LineKind.TITLE, LineKind.PROSE, LineKind.TITLE]


def test_keep_lines_reads_thirty_thousand_bullets(words: BoilerplateWords) -> None:
    kept, _ = keep_lines("- a soldier\n" * 30_000, words)
    assert len(kept) == 30_000


@pytest.mark.parametrize(
    "unit",
    [
        "marines went to the harbor and ",
        "x",
        ".",
        "[ad_1]",
        "- ",
        "A ",
        '"',
        "https://",
        "1.",
        "{{",
        "English",
        "#### [",
    ],
)
def test_keep_lines_reads_one_endless_line(unit: str, words: BoilerplateWords) -> None:
    text = (unit * (200_000 // len(unit))).rstrip()
    kept, ignored = keep_lines(text, words)
    ends = [line.end for line in kept] + [line.end for line in ignored]
    assert max(ends) == len(text)


@pytest.mark.parametrize("rule", [rule for rule in _WORDS.rules if rule.pattern], ids=lambda rule: rule.id)
def test_pattern_is_through_with_its_worst_lines(rule: Rule) -> None:
    # Whole hits over and over, and a last character that undoes them: a pattern that backtracks never comes back.
    assert rule.pattern is not None
    for seed in (*rule.hits, "A ", "a-", "%AAA%", "[a_", "By A, ", ". ", "Ab", "1 +1% ", "#a ", "a@b.", "::", "©"):
        for end in ("\x00", "!\x00", "}"):
            worst = (seed * READ_CHARS)[: READ_CHARS - len(end)] + end
            assert rule.pattern.fullmatch(worst) is None or rule.pattern.fullmatch(worst) is not None


def _changed(**changes: object) -> dict[str, object]:
    return {**_TABLE, **changes}


def _one_rule(**changes: object) -> dict[str, object]:
    rule = {"id": "a", "reason": "b", "match": "equals", "phrases": ["c"], "hits": ["c"], "misses": ["d"], **changes}
    return _changed(rule=[{key: value for key, value in rule.items() if value is not None}])


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (_changed(colour=[]), "unknown keys"),
        (_changed(rule=[]), "missing"),
        (_one_rule(phrases=[]), "phrases must be a list"),
        (_one_rule(phrases=["c", "c"]), "stands twice"),
        (_one_rule(phrases=["Don't"]), "folded"),
        (_one_rule(match="looks"), "has match"),
        (_one_rule(match="pattern", phrases=None, pattern="("), "pattern of a"),
        (_one_rule(pattern="x"), "needs a pattern, or else phrases"),
        (_one_rule(max_words=0), "max_words"),
        (_one_rule(hits=None), "hits must be a list"),
        (_one_rule(opens="doors"), "Opens"),
        (_one_rule(color="red"), "unknown keys"),
    ],
)
def test_parse_boilerplate_refuses_what_is_no_table(table: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        parse_boilerplate(table)


def test_parse_boilerplate_refuses_a_phrase_in_two_rules() -> None:
    rules = [{**_one_rule()["rule"][0], "id": name} for name in "ab"]  # type: ignore[index]
    with pytest.raises(ValueError, match="in a and b"):
        parse_boilerplate(_changed(rule=rules))


def test_fold_forgets_case_apostrophes_and_figures() -> None:
    assert fold("Don’t MISS 1,204 of Ann's") == ("dont", "miss", "#", "of", "anns")
