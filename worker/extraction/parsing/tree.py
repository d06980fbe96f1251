"""A parsed sentence as plain objects: what the stages ask a parse some fifty times for each word.

The classes answer to the names that spaCy's own Doc, Span and Token have, as far as the stages use them, and cost a
fifth of those: every attribute is looked up once, when the tree is made, and not each time that it is read.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import overload


@dataclass(frozen=True, slots=True)
class Word:
    """What a token is apart from its place in a sentence. `lemma`, `pos`, `tag` and `dep` are the model's names."""

    text: str
    lower: str
    lemma: str
    pos: str
    tag: str
    dep: str
    is_punct: bool
    like_num: bool


class Token:
    """One word in its sentence; see Tree. `head` is the token itself for a root.

    `ent_type_` is the label of a name ("PERSON", "GPE", "LOC", "ORG"), which is given after the parse; empty at first.
    """

    __slots__ = (
        "_left", "_right", "children", "dep_", "doc", "ent_type_", "head", "i", "idx", "is_punct", "lemma_",
        "like_num", "lower_", "pos_", "tag_", "text", "whitespace_",
    )  # fmt: skip

    def __init__(self, doc: Tree, i: int, idx: int, word: Word, whitespace: str) -> None:
        self.doc, self.i, self.idx, self.whitespace_ = doc, i, idx, whitespace
        self.text, self.lower_, self.lemma_ = word.text, word.lower, word.lemma
        self.pos_, self.tag_, self.dep_ = word.pos, word.tag, word.dep
        self.is_punct, self.like_num = word.is_punct, word.like_num
        self.head: Token = self
        self.children: list[Token] = []
        self.ent_type_ = ""
        self._left: Token | None = None
        self._right: Token | None = None

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        return self.text

    @property
    def lefts(self) -> list[Token]:
        return [child for child in self.children if child.i < self.i]

    @property
    def rights(self) -> list[Token]:
        return [child for child in self.children if child.i > self.i]

    @property
    def n_lefts(self) -> int:
        return len(self.lefts)

    @property
    def is_space(self) -> bool:
        return self.text.isspace()

    @property
    def is_lower(self) -> bool:
        return self.text.islower()

    @property
    def subtree(self) -> list[Token]:
        """The token and all below it, from the left to the right."""
        below = [self]
        for token in below:
            below += token.children
        below.sort(key=_index)
        return below

    @property
    def ancestors(self) -> Iterator[Token]:
        token = self
        while token.head is not token:
            token = token.head
            yield token

    @property
    def left_edge(self) -> Token:
        if self._left is None:
            self._left = self.subtree[0]
        return self._left

    @property
    def right_edge(self) -> Token:
        if self._right is None:
            self._right = self.subtree[-1]
        return self._right

    def nbor(self, step: int = 1) -> Token:
        return self.doc[self.i + step]


def _index(token: Token) -> int:
    return token.i


class Span:
    """The tokens [start, end) of a tree."""

    __slots__ = ("_tokens", "doc", "end", "start")

    def __init__(self, doc: Tree, start: int, end: int, tokens: list[Token]) -> None:
        self.doc, self.start, self.end, self._tokens = doc, start, end, tokens

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens)

    def __getitem__(self, at: int) -> Token:
        return self._tokens[at]

    @property
    def text(self) -> str:
        if not self._tokens:
            return ""
        last = self._tokens[-1]
        return self.doc.text[self._tokens[0].idx : last.idx + len(last.text)]

    @property
    def root(self) -> Token:
        """The sentence's root, else the first of the tokens nearest to it that hang on none of the span."""
        best, shortest = self._tokens[0], len(self.doc)
        for token in self._tokens:
            if token.head is token:
                return token
        for token in self._tokens:
            if not self.start <= token.head.i < self.end:
                depth = sum(1 for _ in token.ancestors)
                if depth < shortest:
                    best, shortest = token, depth
        return best


class Tree:
    """One parsed sentence. `heads` are the tokens' heads by index."""

    __slots__ = ("_ends", "_starts", "_tokens", "text")

    def __init__(self, text: str, words: Sequence[Word], spaced: Sequence[int], heads: Sequence[int]) -> None:
        self.text = text
        tokens: list[Token] = []
        at = 0
        for i, word in enumerate(words):
            space = " " if spaced[i] else ""
            tokens.append(Token(self, i, at, word, space))
            at += len(word.text) + len(space)
        for token, head in zip(tokens, heads, strict=True):
            if head != token.i:
                token.head = tokens[head]
                tokens[head].children.append(token)
        self._tokens = tokens
        self._starts = [token.idx for token in tokens]
        self._ends = [token.idx + len(token.text) for token in tokens]

    def __len__(self) -> int:
        return len(self._tokens)

    def __iter__(self) -> Iterator[Token]:
        return iter(self._tokens)

    @overload
    def __getitem__(self, at: int) -> Token: ...
    @overload
    def __getitem__(self, at: slice) -> Span: ...
    def __getitem__(self, at: int | slice) -> Token | Span:
        if isinstance(at, int):
            return self._tokens[at]
        start, end, _ = at.indices(len(self._tokens))
        return Span(self, start, max(start, end), self._tokens[start:end])

    def tokens_between(self, start: int, end: int) -> tuple[int, int]:
        """The tokens [first, past) that the characters [start, end) touch; (0, 1) where they touch none."""
        first, past = bisect_right(self._ends, start), bisect_left(self._starts, end)
        return (first, past) if first < past else (0, 1)
