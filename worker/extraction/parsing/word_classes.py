"""Parts of speech and lemmas, told once for each word in each role.

spaCy's attribute ruler matches its 180 patterns against every token anew, which takes as long as the parse. Nearly
all of them ask for one token's form, tag and relation only, so that what they give can be kept by these three.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypedDict, cast

from spacy.pipeline import AttributeRuler, Lemmatizer
from spacy.tokens import Doc, Token

from worker.extraction.parsing.tree import Word

_KEPT = 50_000
"""More words in more roles than a hundred thousand articles' everyday language; past it the memory is begun anew."""

_VALUES: Mapping[str, Callable[[Token], object]] = {
    "LOWER": lambda token: token.lower_,
    "TAG": lambda token: token.tag_,
    "DEP": lambda token: token.dep_,
    "IS_SPACE": lambda token: token.is_space,
}


class Pattern(TypedDict):
    """One pattern of a ruler: alternatives of token tests, and what the token at `index` gets."""

    patterns: Sequence[Sequence[Mapping[str, object]]]
    attrs: Mapping[str, str]
    index: int


Key = tuple[int, int, int]
"""A token's form, tag and relation, as the vocabulary numbers them."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """`tests` are those of the tokens around the one at `index`, which gets the part of speech, morphs and lemma."""

    order: int
    tests: tuple[tuple[tuple[str, Callable[[object], bool]], ...], ...]
    index: int
    pos: str | None
    morph: str | None
    lemma: str | None

    def fits(self, token: Token) -> bool:
        """Whether the token itself is of the kind that is asked for."""
        return all(test(_VALUES[name](token)) for name, test in self.tests[self.index])

    def holds(self, doc: Doc, at: int) -> bool:
        start = at - self.index
        if start < 0 or start + len(self.tests) > len(doc):
            return False
        return all(
            test(_VALUES[name](doc[start + step])) for step, tests in enumerate(self.tests) for name, test in tests
        )


class WordClasses:
    """Tells each token's part of speech and lemma as the ruler and the lemmatizer of a spaCy pipeline would.

    Raises ValueError for a ruler whose patterns ask for more than forms, tags and relations. Accepted gap: what the
    ruler says of morphs is used for the lemma and not kept, nor is the relation that it gives to blanks.
    """

    def __init__(self, ruler: AttributeRuler, lemmatizer: Lemmatizer) -> None:
        self._lemmatizer = lemmatizer
        self._by_word: dict[str, list[_Rule]] = {}
        self._by_tag: dict[str, list[_Rule]] = {}
        self._others: list[_Rule] = []
        self._known: dict[Key, Word] = {}
        for order, pattern in enumerate(cast("list[Pattern]", ruler.patterns)):
            for tokens in pattern["patterns"]:
                self._enter(_rule(order, tokens, pattern), tokens)

    def words(self, doc: Doc) -> list[Word]:
        """The tokens of a document that the tagger and the parser have seen."""
        if len(self._known) > _KEPT:
            self._known.clear()
        known = self._known
        found: list[Word] = []
        for at, row in enumerate(doc.to_array(["ORTH", "TAG", "DEP"]).tolist() if len(doc) else ()):
            key: Key = tuple(row)
            word = known.get(key)
            if word is None:
                rules = self._rules(doc[at])
                word = self._told(doc, at, rules)
                # What depends on the neighbors holds here only.
                if all(len(rule.tests) == 1 for rule in rules):
                    known[key] = word
            found.append(word)
        return found

    def _enter(self, rule: _Rule, tokens: Sequence[Mapping[str, object]]) -> None:
        wanted = tokens[rule.index]
        for name, rules in (("LOWER", self._by_word), ("TAG", self._by_tag)):
            values = list(_listed(wanted.get(name)))
            if values:
                for value in values:
                    rules.setdefault(value, []).append(rule)
                return
        self._others.append(rule)

    def _rules(self, token: Token) -> list[_Rule]:
        found = [*self._by_word.get(token.lower_, ()), *self._by_tag.get(token.tag_, ()), *self._others]
        return sorted((rule for rule in found if rule.fits(token)), key=lambda rule: rule.order)

    def _told(self, doc: Doc, at: int, rules: Sequence[_Rule]) -> Word:
        """The word with its part of speech and lemma; the last rule that says something has it."""
        token, lemma = doc[at], None
        for rule in rules:
            if rule.holds(doc, at):
                if rule.pos is not None:
                    token.pos_ = rule.pos
                if rule.morph is not None:
                    token.set_morph(rule.morph)  # type: ignore[attr-defined]  # spaCy's stubs lack it
                lemma = rule.lemma or lemma
        return Word(
            text=token.text, lower=token.lower_, lemma=lemma or self._lemmatizer.lemmatize(token)[0],
            pos=token.pos_, tag=token.tag_, dep=token.dep_, is_punct=token.is_punct,
            like_num=token.like_num,
        )  # fmt: skip


def _rule(order: int, tokens: Sequence[Mapping[str, object]], pattern: Pattern) -> _Rule:
    attrs = pattern["attrs"]
    return _Rule(
        order=order, tests=tuple(tuple(_tests(token)) for token in tokens), index=pattern["index"],
        pos=attrs.get("POS"), morph=attrs.get("MORPH"), lemma=attrs.get("LEMMA"),
    )  # fmt: skip


def _tests(token: Mapping[str, object]) -> Iterator[tuple[str, Callable[[object], bool]]]:
    for name, wanted in token.items():
        if name not in _VALUES:
            raise ValueError(f"The model's ruler asks for a token's {name}, which is not known here.")
        yield name, _test(wanted)


def _test(wanted: object) -> Callable[[object], bool]:
    if not isinstance(wanted, Mapping):
        return lambda value: value == wanted
    (kind, among), *more = wanted.items()
    if more or kind not in ("IN", "NOT_IN", "REGEX"):
        raise ValueError(f"The model's ruler asks for {wanted}, which is not known here.")
    if kind == "REGEX":
        matches = re.compile(among).search
        return lambda value: matches(str(value)) is not None
    values = frozenset(among)
    return (lambda value: value in values) if kind == "IN" else (lambda value: value not in values)


def _listed(wanted: object) -> Iterator[str]:
    """The values that a pattern allows, where it lists them."""
    if isinstance(wanted, str):
        yield wanted
    elif isinstance(wanted, Mapping):
        yield from wanted.get("IN", ())
