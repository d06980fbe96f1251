"""Parses sentences with a spaCy model: its tagger and parser, and no more of it than the stages ask for."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import spacy
from spacy.pipeline import AttributeRuler, Lemmatizer, TrainablePipe
from spacy.tokens import Doc

from worker.extraction.parsing.matrices import fastest_ops
from worker.extraction.parsing.tree import Tree
from worker.extraction.parsing.vectors import TokenVectors
from worker.extraction.parsing.word_classes import WordClasses

_DECIDING = ("tagger", "parser")
_LEFT_OUT = ("ner", "senter")
_BATCH = 256


class Parser:
    """Holds the model; `model` is the import name of its package. Its recognizer of names is left out."""

    def __init__(self, model: str) -> None:
        pipeline = spacy.load(model, exclude=list(_LEFT_OUT))
        self._tokenize = pipeline.make_doc
        self._deciding = [cast("TrainablePipe", pipeline.get_pipe(name)) for name in _DECIDING]
        tok2vec = cast("TrainablePipe", pipeline.get_pipe("tok2vec"))
        self._vectors = TokenVectors(tok2vec.model)
        self._classes = WordClasses(
            cast("AttributeRuler", pipeline.get_pipe("attribute_ruler")),
            cast("Lemmatizer", pipeline.get_pipe("lemmatizer")),
        )
        ops = fastest_ops()
        for component in (tok2vec, *self._deciding):
            for layer in component.model.walk():
                layer.ops = ops

    def parse(self, sentences: Iterable[str]) -> list[Tree]:
        """One tree for each sentence, in order."""
        tokenized = [self._tokenize(sentence) for sentence in sentences]
        self._vectors.set(tokenized)
        docs: Iterable[Doc] = tokenized
        for component in self._deciding:
            docs = component.pipe(docs, batch_size=_BATCH)
        return [self._tree(doc) for doc in docs]

    def _tree(self, doc: Doc) -> Tree:
        words = self._classes.words(doc)
        spaced = doc.to_array("SPACY").tolist()
        heads = [at + offset for at, offset in enumerate(doc.to_array("HEAD").astype("int64").tolist())]
        return Tree(doc.text, words, spaced, heads)
