"""Fit the weights of worker/extraction/claims/confidence.py to articles whose claims are known.

    python tools/calibrate.py seeds seeds/blind

Prints the weights to paste there, and two tables: how the confidence that claims have now agrees with the share
that is right, and how newly fitted weights do on articles that they were not fitted to. A claim is right when it
meets a known one in its core; optional claims count as right. The result depends on the articles alone.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp
from pathlib import Path

from service.settings import Settings
from worker.evaluation.gold import load_pairs
from worker.evaluation.report import ArticleReport, evaluate
from worker.extraction.claims.confidence import Sign, signs
from worker.pipeline import build_extractor

FOLDS = 5
STEPS = 4000
RATE = 0.01
# How strongly weights are drawn to 0, as so many claims can't carry more.
PULL = 1.0
EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One claim that was found: its signs, the confidence it has now, and whether it is right."""

    signs: frozenset[Sign]
    confidence: float
    right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    base: float
    weights: Mapping[Sign, float]

    def confidence(self, found: frozenset[Sign]) -> float:
        return 1 / (1 + exp(-self.base - sum(self.weights[sign] for sign in found)))


def judged(article: ArticleReport) -> list[Judged]:
    right = [verdict.claim for verdict in (*article.found, *article.pardoned)]
    return [
        Judged(signs=signs(claim), confidence=claim.confidence, right=is_right)
        for claims, is_right in ((right, True), (article.spurious, False))
        for claim in claims
    ]


def fit(claims: Sequence[Judged]) -> Model:
    """Logistic regression by gradient descent; claims with the same signs are counted together."""
    model = Model(base=0.0, weights=dict.fromkeys(Sign, 0.0))
    total = Counter(claim.signs for claim in claims)
    right = Counter(claim.signs for claim in claims if claim.right)
    for _ in range(STEPS):
        excess = {found: times * model.confidence(found) - right[found] for found, times in total.items()}
        model = Model(
            base=model.base - RATE * sum(excess.values()),
            weights={
                sign: weight - RATE * (sum(e for found, e in excess.items() if sign in found) + PULL * weight)
                for sign, weight in model.weights.items()
            },
        )
    return model


def out_of_fold(articles: Sequence[Sequence[Judged]]) -> Iterator[tuple[float, bool]]:
    """Each claim's confidence by weights fitted to the articles of the other folds, and whether it is right."""
    for fold in range(FOLDS):
        model = fit([claim for i, article in enumerate(articles) if i % FOLDS != fold for claim in article])
        for article in articles[fold::FOLDS]:
            yield from ((model.confidence(claim.signs), claim.right) for claim in article)


def table(title: str, claims: Sequence[tuple[float, bool]]) -> Iterator[str]:
    """For each span of confidence: claims, mean confidence, share right."""
    yield title
    yield f"  {'confidence':12}{'claims':>8}{'mean':>7}{'right':>7}"
    for low, high in pairwise(EDGES):
        inside = [(value, right) for value, right in claims if low <= value < high or value == high == EDGES[-1]]
        if inside:
            mean = sum(value for value, _ in inside) / len(inside)
            share = sum(right for _, right in inside) / len(inside)
            yield f"  {f'{low:.1f} to {high:.1f}':12}{len(inside):8}{mean:7.2f}{share:7.2f}"
    brier = sum((value - right) ** 2 for value, right in claims) / max(1, len(claims))
    yield f"  mean squared distance from 1 where right and 0 where wrong: {brier:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="articles with their known claims")
    pairs = [pair for folder in parser.parse_args().folders for pair in load_pairs(folder)]
    report = evaluate(pairs, build_extractor(Settings.from_env(os.environ)).extract)
    articles = [judged(article) for article in report.articles]
    claims = [claim for article in articles for claim in article]
    model = fit(claims)
    print(f"{len(claims)} claims of {len(articles)} articles, {sum(claim.right for claim in claims)} right\n")
    print(f"base {model.base:.1f}")
    for sign, weight in model.weights.items():
        print(f"{sign.value:28}{weight:5.1f}   on {sum(sign in claim.signs for claim in claims)} claims")
    print()
    print("\n".join(table("The confidence that claims have now", [(c.confidence, c.right) for c in claims])))
    print()
    print("\n".join(table(f"Weights fitted to the other articles, {FOLDS} folds", list(out_of_fold(articles)))))


if __name__ == "__main__":
    main()
