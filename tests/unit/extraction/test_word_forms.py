"""Stems and singulars by the endings that a lexicon lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from worker.extraction.mentions.constructions import begins_with, holds_phrase, parse_constructions
from worker.extraction.mentions.word_forms import parse_plurals, parse_stems
from worker.lexicons import load

TABLE: Mapping[str, Any] = load("en")["constructions"]
WORDS = parse_constructions(TABLE)


@pytest.mark.parametrize(
    ("word", "stem"),
    [("armies", "army"), ("deployed", "deploy"), ("shipped", "ship"), ("moving", "move"), ("sent", "send")],
)
def test_stems_hold_the_form_in_the_lexicon(word: str, stem: str) -> None:
    assert stem in WORDS.stems.of(word)


def test_stems_leave_a_word_too_short_to_cut() -> None:
    assert WORDS.stems.of("is") == ("is",)


@pytest.mark.parametrize(
    ("plural", "singular"),
    [("soldiers", "soldier"), ("gunmen", "gunman"), ("militaries", "military"), ("forces", "force")],
)
def test_singular_of_cuts_a_plural_that_the_tagger_left(plural: str, singular: str) -> None:
    assert WORDS.plurals.singular_of(plural, plural) == singular


@pytest.mark.parametrize("word", ["corps", "men", "press", "gas"])
def test_singular_of_leaves_a_word_that_only_looks_plural(word: str) -> None:
    assert WORDS.plurals.singular_of(word, word) == word


def test_singular_of_keeps_the_tagger_s_lemma() -> None:
    assert WORDS.plurals.singular_of("losses", "loss") == "loss"


def test_word_forms_of_another_language_need_only_its_endings() -> None:
    stems = parse_stems({"endings": ["ten:t"], "doubling": ["ten"], "irregular": ["ging:gehen"]}, where="de")
    plurals = parse_plurals(
        {"sure": ["leute:mann"], "endings": ["en:"], "singular": ["chen"], "same": ["osten"]}, where="de"
    )

    assert "entsendet" in stems.of("entsendetten")
    assert stems.of("ging") == ("ging", "gehen")
    assert [plurals.singular_of(w, w) for w in ("landsleute", "soldaten", "osten", "mädchen")] == [
        "landsmann",
        "soldat",
        "osten",
        "mädchen",
    ]


@pytest.mark.parametrize("broken", ["sent", ":send"])
def test_parse_stems_refuses_a_pair_without_its_left_side(broken: str) -> None:
    with pytest.raises(ValueError, match="colon"):
        parse_stems({**TABLE["stems"], "irregular": [broken]}, where="constructions.toml [stems]")


def test_begins_with_asks_for_the_whole_phrase_at_the_start() -> None:
    assert begins_with(["of", "them", "fell"], WORDS.parts.after)
    assert not begins_with(["of", "the", "fleet"], WORDS.parts.after)


def test_holds_phrase_finds_a_phrase_anywhere() -> None:
    assert holds_phrase(["a", "force", "made", "up", "of"], WORDS.parts.before)
    assert not holds_phrase(["made", "up", "their", "minds"], WORDS.parts.before)
