"""Reprints: when two texts are one, which of them counts as the original, and under what numbers they are found.

A newspaper that prints a wire story under its own name is no second source. Texts are compared by runs of words; see
docs/quality.md for how the limits below were measured.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import eq
from typing import Final, TypeAlias

from service.domain.agencies import is_agency
from service.domain.claims import Claim
from service.domain.searching import words

RUN: Final = 3
"""Words to a run."""
FEWEST_WORDS: Final = 60
"""Of two shorter texts only identical ones are one: a sentence or two may be anybody's."""
MOST_WORDS: Final = 20_000
"""Of a longer text the beginning is compared."""
MINIMA: Final = 128
_BAND: Final = 3
_BANDS: Final = 32
LEAST_ALIKE: Final = 0.25
"""Jaccard: below it two texts are hardly ever found beside each other."""
LEAST_HELD: Final = 0.8
"""Of the runs of the shorter text, how many the longer one holds."""

Figure: TypeAlias = tuple[int | None, int | None]
"""Least and most of a claim's count."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """Of one text. `minima` are MINIMA numbers of 32 bits, none for a short text; `runs` counts different ones.

    `digest` is the same for texts of the same words.
    """

    digest: str
    runs: int
    minima: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedArticle:
    """What decides whether an article is a copy, and of which."""

    article_id: str
    outlet: str | None
    published_at: datetime | None
    figures: frozenset[Figure]
    signature: Signature

    @property
    def rank(self) -> tuple[object, ...]:
        """The lower one is the original: published on an earlier day, an agency's, published earlier, by id.

        Of many reprints only the day is known, and agencies print nobody's. What bears no date comes last.
        """
        day = self.published_at.date().toordinal() if self.published_at else 0
        moment = self.published_at.timestamp() if self.published_at else 0
        return (self.published_at is None, day, not is_agency(self.outlet), moment, self.article_id)


def digest_of(read: Sequence[str]) -> str:
    return hashlib.sha256(" ".join(read).encode()).hexdigest()


def runs_of(read: Sequence[str]) -> set[str]:
    return {" ".join(read[n : n + RUN]) for n in range(len(read) - RUN + 1)}


def words_compared(text: str) -> list[str]:
    return words(text)[:MOST_WORDS]


def bands(signature: Signature) -> list[int]:
    """Numbers of 63 bits: texts that are alike nearly always share one, others hardly ever do."""
    minima = signature.minima
    if not minima:
        return [_number(signature.digest)]
    return [_number(f"{start}:{minima[start : start + _BAND]}") for start in range(0, _BANDS * _BAND, _BAND)]


def _number(band: str) -> int:
    return int.from_bytes(hashlib.blake2b(band.encode(), digest_size=8).digest()) >> 1


def alikeness(one: Signature, other: Signature) -> tuple[float, float]:
    """Jaccard, and the share of the shorter text's runs that the longer one holds; both estimated."""
    if one.digest == other.digest:
        return (1.0, 1.0)
    if not one.minima or not other.minima:
        return (0.0, 0.0)
    jaccard = sum(map(eq, one.minima, other.minima)) / MINIMA
    shared = jaccard / (1 + jaccard) * (one.runs + other.runs)
    return (jaccard, min(1.0, shared / min(one.runs, other.runs)))


def are_alike(one: Signature, other: Signature) -> bool:
    jaccard, held = alikeness(one, other)
    return jaccard >= LEAST_ALIKE and held >= LEAST_HELD


def figures_of(claims: Iterable[Claim]) -> frozenset[Figure]:
    counts = (claim.count for claim in claims)
    return frozenset((count.min, count.max) for count in counts if count.min is not None or count.max is not None)


def is_copy(later: SignedArticle, earlier: SignedArticle) -> bool:
    """Whether the one may have its words from the other.

    A text with a figure that the earlier one lacks has it from elsewhere: it is an update, or was tampered with.
    """
    return (
        earlier.rank < later.rank and later.figures <= earlier.figures and are_alike(later.signature, earlier.signature)
    )


def copied_from(article: SignedArticle, others: Iterable[SignedArticle]) -> SignedArticle | None:
    """The first of all that it may have its words from."""
    return next((other for other in sorted(others, key=lambda other: other.rank) if is_copy(article, other)), None)


def originals(sources: Mapping[str, str]) -> dict[str, str]:
    """From what each copy was copied from, by id, to where that chain began: a copy of a copy is one of the first."""
    found: dict[str, str] = {}
    for copy in sources:
        chain = [copy]
        while chain[-1] in sources and chain[-1] not in found:
            chain.append(sources[chain[-1]])
        first = found.get(chain[-1], chain[-1])
        found.update(dict.fromkeys(chain[:-1], first))
    return found


def sources_among(articles: Sequence[SignedArticle]) -> dict[str, str]:
    """By the id of each copy, what it was copied from: of all articles of a desk at once."""
    beside: dict[int, list[SignedArticle]] = defaultdict(list)
    for article in articles:
        for band in bands(article.signature):
            beside[band].append(article)
    found = {}
    for article in articles:
        others = {one.article_id: one for band in bands(article.signature) for one in beside[band]}
        source = copied_from(article, others.values())
        if source is not None:
            found[article.article_id] = source.article_id
    return found
