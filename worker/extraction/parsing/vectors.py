"""Vectors of tokens in their context, which the tagger and the parser decide by.

This does what the model's own tok2vec layers do, for which thinc has a general way that also serves training. A
word's own vector, a third of the work, is kept; the largest of three pieces is taken over whole columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc
from thinc.api import Model

Floats = NDArray[np.float32]
Key = tuple[int, int, int]
"""A word as printed, its usual form ("'s" may be "us") and whether a blank follows: all that its vector depends on."""

_KEPT = 30_000
"""Words whose vectors are held: 12 MB at 96 numbers a word. Past it the table is begun anew."""
_ROWS_AT_ONCE = 1_500
"""So that a layer's input stays in the processor's cache."""
_TOLD_BY: list[int | str] = ["ORTH", "NORM", "SPACY"]
_LAYERS = "expand_window>>maxout>>layernorm>>dropout"


@dataclass(frozen=True, slots=True)
class _Layer:
    """A residual layer over each row and its two neighbors; `weights` and `bias` hold its pieces side by side."""

    weights: Floats
    bias: Floats
    scale: Floats
    shift: Floats
    pieces: int

    def apply(self, rows: Floats) -> Floats:
        width = rows.shape[1]
        windows = np.zeros((len(rows), 3 * width), dtype=np.float32)
        windows[1:, :width] = rows[:-1]
        windows[:, width : 2 * width] = rows
        windows[:-1, 2 * width :] = rows[1:]
        found = windows @ self.weights
        found += self.bias
        best = found[:, :width]
        for piece in range(1, self.pieces):
            best = np.maximum(best, found[:, piece * width : (piece + 1) * width])
        best -= best.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", best, best) / width + np.float32(1e-8)
        best *= (1 / np.sqrt(spread))[:, np.newaxis]
        best *= self.scale
        best += self.shift
        best += rows
        return best


class TokenVectors:
    """Reads a spaCy Tok2Vec.v2 over a MaxoutWindowEncoder.v2; raises ValueError for a model of another make."""

    def __init__(self, model: Model[Any, Any]) -> None:
        self._embed: Model[Any, Any] = model.get_ref("embed")
        encode: Model[Any, Any] = model.get_ref("encode")
        self._padding = int(encode.attrs["pad"])
        self._layers = [_layer(residual) for residual in encode.layers[0].layers]
        self._width = int(encode.get_dim("nO"))
        self._begin()

    def _begin(self) -> None:
        """Row 0 is the padding between sentences."""
        self._rows: dict[Key, int] = {}
        self._table: Floats = np.zeros((1024, self._width), dtype=np.float32)

    def set(self, docs: Sequence[Doc]) -> None:
        """Gives each document the vectors of its tokens."""
        if len(self._rows) > _KEPT:
            self._begin()
        keys: list[list[Key]] = [list(map(tuple, doc.to_array(_TOLD_BY).tolist())) if len(doc) else [] for doc in docs]
        if docs:
            self._learn(docs[0], keys)
        for first, past in _chunks([len(words) + self._padding for words in keys]):
            self._encode(docs[first:past], keys[first:past])

    def _learn(self, doc: Doc, keys: Sequence[Sequence[Key]]) -> None:
        """Takes up the words that are not in the table."""
        new = list(dict.fromkeys(key for words in keys for key in words if key not in self._rows))
        if not new:
            return
        strings = doc.vocab.strings
        words = Doc(doc.vocab, words=[strings[orth] for orth, _, _ in new], spaces=[bool(spacy) for *_, spacy in new])
        for token, (_, norm, _) in zip(words, new, strict=True):
            token.norm_ = strings[norm]
        start = len(self._rows) + 1
        while len(self._table) < start + len(new):
            self._table = np.concatenate((self._table, np.zeros(self._table.shape, dtype=np.float32)))
        self._table[start : start + len(new)] = self._embed.predict([words])[0]
        self._rows.update(zip(new, range(start, start + len(new)), strict=True))

    def _encode(self, docs: Sequence[Doc], keys: Sequence[Sequence[Key]]) -> None:
        between = [0] * self._padding
        index = list(between)
        for words in keys:
            index += [self._rows[key] for key in words]
            index += between
        rows = self._table[index]
        for layer in self._layers:
            rows = layer.apply(rows)
        at = self._padding
        for doc in docs:
            doc.tensor = rows[at : at + len(doc)]  # type: ignore[assignment]
            at += len(doc) + self._padding


def _chunks(sizes: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Runs [first, past) of about _ROWS_AT_ONCE rows each."""
    cuts, total = [0], 0
    for index, size in enumerate(sizes):
        if total and total + size > _ROWS_AT_ONCE:
            cuts.append(index)
            total = 0
        total += size
    return pairwise([*cuts, len(sizes)])


def _layer(residual: Model[Any, Any]) -> _Layer:
    inner = residual.layers[0]
    if residual.name != f"residual({_LAYERS})" or inner.layers[0].attrs["window_size"] != 1:
        raise ValueError(f"The model's vectors are made by {residual.name}, which is not known here.")
    maxout, norm = (
        next(layer for layer in inner.walk() if layer.name == name and not layer.layers)
        for name in ("maxout", "layernorm")
    )
    weights, bias = _floats(maxout, "W"), _floats(maxout, "b")
    pieces, inputs = weights.shape[1:]
    return _Layer(
        weights=np.ascontiguousarray(weights.transpose(2, 1, 0).reshape(inputs, -1)),
        bias=np.ascontiguousarray(bias.T.reshape(-1)), scale=_floats(norm, "G"), shift=_floats(norm, "b"),
        pieces=pieces,
    )  # fmt: skip


def _floats(layer: Model[Any, Any], name: str) -> Floats:
    return np.asarray(layer.get_param(name), dtype=np.float32)
