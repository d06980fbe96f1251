"""A parse says what the model's own pipeline says, with less work."""

from __future__ import annotations

from functools import cache

import pytest
import spacy
from spacy.language import Language

from service.settings import Settings
from worker.extraction.parsing.parser import Parser

_SENTENCES = (
    "There's no way that we've sent 300 soldiers' families to Mali, they'd said.",
    "Let's go: y'all are gonna be told what the generals haven't, 'cause nothin' was done.",
    "Those who got there did it because that is what whoever leads them had asked for.",
    "NORTH KOREAN TROOPS FIGHTING IN RUSSIA",
    "",
    "The 11th Brigade's men were better armed but worse led; 1,500 of them have since left.",
)


@cache
def _parser() -> Parser:
    return Parser(Settings().model)


@cache
def _pipeline() -> Language:
    return spacy.load(Settings().model)


@pytest.mark.parametrize("again", [False, True], ids=["first", "again"])
def test_parse_gives_the_parts_of_speech_and_lemmas_of_the_model(again: bool) -> None:
    if again:
        _parser().parse(_SENTENCES)
    for sentence, doc in zip(_SENTENCES, _parser().parse(_SENTENCES), strict=True):
        expected = [(t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i) for t in _pipeline()(sentence)]
        assert [(t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i) for t in doc] == expected
