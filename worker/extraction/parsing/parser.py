"""Parses sentences with a spaCy model, as cheaply as its parts can be run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import spacy
from spacy.pipeline import AttributeRuler, Lemmatizer, TrainablePipe
from spacy.tokens import Doc

from worker.extraction.parsing.matrices import fastest_ops
from worker.extraction.parsing.word_classes import WordClasses

_LEARNED = ("tok2vec", "tagger", "parser", "ner")
_BATCH = 256


class Parser:
    """Holds the model; `model` is the import name of its package."""

    def __init__(self, model: str) -> None:
        pipeline = spacy.load(model)
        self._tokenize = pipeline.make_doc
        self._learned = [cast("TrainablePipe", pipeline.get_pipe(name)) for name in _LEARNED]
        self._classes = WordClasses(
            cast("AttributeRuler", pipeline.get_pipe("attribute_ruler")),
            cast("Lemmatizer", pipeline.get_pipe("lemmatizer")),
        )
        ops = fastest_ops()
        for component in self._learned:
            for layer in component.model.walk():
                layer.ops = ops

    def parse(self, sentences: Iterable[str]) -> list[Doc]:
        """One parsed document for each sentence, in order."""
        docs: Iterable[Doc] = [self._tokenize(sentence) for sentence in sentences]
        for component in self._learned:
            docs = component.pipe(docs, batch_size=_BATCH)
        parsed = list(docs)
        for doc in parsed:
            self._classes.set(doc)
        return parsed
