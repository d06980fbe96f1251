"""The stages hold no language's words: what they ask of a parsed word, they ask the lexicon."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT, modules

# What spaCy tells of a word in terms of one language or one parser. Coarse parts of speech (`pos_`) are everyone's.
OF_A_LANGUAGE = frozenset({"lower_", "lemma_", "tag_", "dep_", "label_", "ent_type_"})
STAGES = [path for path in modules() if path.parts[:2] == ("worker", "extraction")]


def _literals(node: ast.expr) -> Iterator[str]:
    """The strings with letters that stand in an operand, alone or in a display of several."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and any(map(str.isalpha, node.value)):
        yield node.value
    elif isinstance(node, ast.Tuple | ast.List | ast.Set):
        for item in node.elts:
            yield from _literals(item)
    elif isinstance(node, ast.BinOp):
        yield from _literals(node.left)
        yield from _literals(node.right)


def _compared(source: str) -> list[tuple[int, str]]:
    """Line and string of each comparison of a word's form, lemma, tag or relation with a literal."""
    return [
        (node.lineno, literal)
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Compare)
        if any(isinstance(part, ast.Attribute) and part.attr in OF_A_LANGUAGE for part in ast.walk(node))
        for operand in (node.left, *node.comparators)
        for literal in _literals(operand)
    ]


@pytest.mark.parametrize("path", STAGES, ids=str)
def test_stage_compares_words_with_the_lexicon_only(path: Path) -> None:
    assert _compared((ROOT / path).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "source",
    [
        't.lower_ == "by"',
        't.lemma_.casefold() in ("have", "get")',
        't.tag_ in words.past | {"VBN"}',
        '"of" != t.lower_',
    ],
)
def test_compared_sees_a_literal(source: str) -> None:
    assert _compared(source)


@pytest.mark.parametrize(
    "source", ["t.lower_ in words.by", 't.pos_ == "VERB"', 't.lower_ == ","', 't.dep_ in by["of"]']
)
def test_compared_lets_the_lexicon_pass(source: str) -> None:
    assert _compared(source) == []
