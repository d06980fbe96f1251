"""Signatures of texts. Apart from likeness.py, so that only those who sign load what it takes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from datasketch import MinHash

from service.domain.likeness import FEWEST_WORDS, MINIMA, Signature, digest_of, runs_of, words_compared

_SEED: Final = 1
_AT_ONCE: Final = 4000
"""Runs; it bounds the memory."""


def sign(text: str, ignored: Iterable[tuple[int, int]] = ()) -> Signature | None:
    """The same on every machine; None for a text without words.

    `ignored` are the stretches (half-open) that were not read: menus and buttons differ from site to site.
    """
    read = words_compared(_without(text, ignored))
    if not read:
        return None
    runs = sorted(runs_of(read)) if len(read) >= FEWEST_WORDS else []
    return Signature(digest=digest_of(read), runs=len(runs), minima=tuple(_minima(runs)) if runs else ())


def _without(text: str, ignored: Iterable[tuple[int, int]]) -> str:
    kept, last = [], 0
    for start, end in sorted(ignored):
        kept.append(text[last : max(last, start)])
        last = max(last, end)
    return "\n".join([*kept, text[last:]])


def _minima(runs: list[str]) -> Iterable[int]:
    found = MinHash(num_perm=MINIMA, seed=_SEED)
    for start in range(0, len(runs), _AT_ONCE):
        found.update_batch(run.encode() for run in runs[start : start + _AT_ONCE])
    return (int(one) for one in found.hashvalues)
