"""Forms of a word by its ending: what a lexicon may hold it under, and the singular of a plural."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from worker.extraction.words import Table, expect_keys, pairs, strings

_SHORTEST_STEM = 2
_SHORTEST_DOUBLED = 4
_SHORTEST_PLURAL = 4


@dataclass(frozen=True, slots=True)
class Stems:
    """Endings with what stands instead; those in `doubling` may have doubled the letter before them."""

    endings: tuple[tuple[str, str], ...]
    doubling: frozenset[str]
    irregular: Mapping[str, tuple[str, ...]]

    def of(self, word: str) -> tuple[str, ...]:
        """The forms under which a lexicon may hold the word; more than the true lemma is harmless here."""
        forms = [word]
        for ending, instead in self.endings:
            if word.endswith(ending) and len(word) - len(ending) >= _SHORTEST_STEM:
                form = word[: len(word) - len(ending)] + instead
                forms.append(form)
                if ending in self.doubling and len(form) >= _SHORTEST_DOUBLED and form[-1] == form[-2]:
                    forms.append(form[:-1])
        return (*forms, *self.irregular.get(word, ()))


@dataclass(frozen=True, slots=True)
class Plurals:
    """Plural endings with what stands instead: `sure` ones, and those that count where no lemma says otherwise."""

    sure: tuple[tuple[str, str], ...]
    endings: tuple[tuple[str, str], ...]
    singular: tuple[str, ...]
    same: frozenset[str]

    def singular_of(self, lower: str, lemma: str) -> str:
        """The singular of a word in lower case; `lemma` is what the tagger gave, the word itself where it left it."""
        for ending, instead in self.sure:
            if lower.endswith(ending) and lower != ending:
                return lower[: len(lower) - len(ending)] + instead
        if lemma != lower or len(lower) < _SHORTEST_PLURAL or lower in self.same or lower.endswith(self.singular):
            return lemma
        for ending, instead in self.endings:
            if lower.endswith(ending):
                return lower[: len(lower) - len(ending)] + instead
        return lemma


def parse_stems(table: Table, *, where: str) -> Stems:
    expect_keys(table, ("endings", "doubling", "irregular"), where=where)
    irregular: dict[str, tuple[str, ...]] = {}
    for form, stem in pairs(table, "irregular", where=where):
        irregular[form] = (*irregular.get(form, ()), stem)
    return Stems(
        endings=pairs(table, "endings", where=where),
        doubling=frozenset(strings(table, "doubling", where=where)),
        irregular=irregular,
    )


def parse_plurals(table: Table, *, where: str) -> Plurals:
    expect_keys(table, ("sure", "endings", "singular", "same"), where=where)
    return Plurals(
        sure=pairs(table, "sure", where=where), endings=pairs(table, "endings", where=where),
        singular=strings(table, "singular", where=where), same=frozenset(strings(table, "same", where=where)),
    )  # fmt: skip
