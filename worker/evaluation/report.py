"""Run an extractor over articles with known claims, and add up what it got right."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from service.domain.claims import Claim
from worker.evaluation.gold import GoldClaim, Pair
from worker.evaluation.matching import Field, Matching, fields_right, match
from worker.extraction.model import Document, Extraction

Extract = Callable[[Document], Extraction]

DRAWS = 400
CONFIDENCE_BINS = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Claims known, found, found and meeting none, found and meeting an optional one, found with every field right."""

    gold: int = 0
    matched: int = 0
    spurious: int = 0
    pardoned: int = 0
    full: int = 0

    @property
    def core(self) -> Score:
        return _score(self.matched, found=self.matched + self.spurious, known=self.gold)

    @property
    def all_fields(self) -> Score:
        """As `core`, where only a claim with every annotated field right counts as found."""
        return _score(self.full, found=self.matched + self.spurious, known=self.gold)

    @property
    def strict_precision(self) -> float:
        """Optional claims counted as wrong."""
        return self.matched / max(1, self.matched + self.spurious + self.pardoned)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A claim that was found: which gold it is, and the fields it has right and wrong."""

    gold: GoldClaim
    claim: Claim
    fields: dict[Field, bool]

    @property
    def wrong(self) -> tuple[Field, ...]:
        return tuple(name for name, right in self.fields.items() if not right)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleReport:
    id: str
    text: str
    found: tuple[Verdict, ...]
    pardoned: tuple[Verdict, ...]
    missed: tuple[GoldClaim, ...]
    spurious: tuple[Claim, ...]

    def tally(self, *, numeric: bool = False) -> Tally:
        """`numeric` counts only claims with a figure."""
        found = [verdict for verdict in self.found if verdict.gold.numeric or not numeric]
        missed = [gold for gold in self.missed if gold.numeric or not numeric]
        pardoned = [verdict for verdict in self.pardoned if verdict.gold.numeric or not numeric]
        spurious = [claim for claim in self.spurious if has_figure(claim) or not numeric]
        return Tally(
            gold=len(found) + len(missed),
            matched=len(found),
            spurious=len(spurious),
            pardoned=len(pardoned),
            full=sum(not verdict.wrong for verdict in found),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Claims whose confidence lies in one fifth of the scale, and the share of them that are right."""

    low: float
    high: float
    claims: int
    confidence: float
    right: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Interval:
    """Of F1 over articles drawn with replacement: 5 % of draws lie below `low`, 5 % above `high`."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    articles: tuple[ArticleReport, ...]
    core_interval: Interval
    numeric_interval: Interval
    full_interval: Interval

    def tally(self, *, numeric: bool = False) -> Tally:
        return _sum(article.tally(numeric=numeric) for article in self.articles)

    def fields(self) -> dict[Field, tuple[int, int]]:
        """(right, annotated) for each field, over the claims found."""
        verdicts = [verdict.fields for article in self.articles for verdict in article.found]
        return {
            name: (sum(fields.get(name, False) for fields in verdicts), sum(name in fields for fields in verdicts))
            for name in Field
        }

    def phenomena(self) -> dict[str, dict[str, Tally]]:
        """A tally for each value of kind, polarity, status, qualifier and part.

        Where a gold claim leaves a choice, its first alternative is counted; spurious claims count as they are.
        """
        tables: dict[str, dict[str, Tally]] = {}
        for name, of_gold, of_claim in PHENOMENA:
            tallies: dict[str, list[Tally]] = {}
            for article in self.articles:
                for verdict in article.found:
                    whole = Tally(gold=1, matched=1, full=int(not verdict.wrong))
                    tallies.setdefault(of_gold(verdict.gold), []).append(whole)
                for gold in article.missed:
                    tallies.setdefault(of_gold(gold), []).append(Tally(gold=1))
                for claim in article.spurious:
                    tallies.setdefault(of_claim(claim), []).append(Tally(spurious=1))
            tables[name] = {value: _sum(tallies[value]) for value in sorted(tallies)}
        return tables

    def calibration(self) -> tuple[Bin, ...]:
        """Whether a confidence is the share of claims that are right. Optional claims count as right."""
        judged = [
            *((verdict.claim, True) for article in self.articles for verdict in (*article.found, *article.pardoned)),
            *((claim, False) for article in self.articles for claim in article.spurious),
        ]
        bins: list[Bin] = []
        for step in range(CONFIDENCE_BINS):
            inside = [
                (claim, right)
                for claim, right in judged
                if min(int(claim.confidence * CONFIDENCE_BINS), CONFIDENCE_BINS - 1) == step
            ]
            if inside:
                bins.append(
                    Bin(
                        low=step / CONFIDENCE_BINS,
                        high=(step + 1) / CONFIDENCE_BINS,
                        claims=len(inside),
                        confidence=sum(claim.confidence for claim, _ in inside) / len(inside),
                        right=sum(right for _, right in inside) / len(inside),
                    )
                )
        return tuple(bins)

    def calibration_error(self) -> float:
        """Mean distance between confidence and share right, weighted by claims."""
        bins = self.calibration()
        total = sum(each.claims for each in bins)
        return sum(each.claims * abs(each.confidence - each.right) for each in bins) / max(1, total)


def evaluate(pairs: Iterable[Pair], extract: Extract, *, seed: int = 0) -> Report:
    """Read each article and judge what came out. `seed` fixes the draws behind the intervals."""
    articles = tuple(_judge(pair, extract(pair.document)) for pair in pairs)
    whole = [article.tally() for article in articles]
    numeric = [article.tally(numeric=True) for article in articles]
    return Report(
        articles=articles,
        core_interval=_interval(whole, lambda tally: tally.core.f1, seed=seed),
        numeric_interval=_interval(numeric, lambda tally: tally.core.f1, seed=seed),
        full_interval=_interval(whole, lambda tally: tally.all_fields.f1, seed=seed),
    )


def has_figure(claim: Claim) -> bool:
    return claim.count.min is not None or claim.count.max is not None


PHENOMENA: tuple[tuple[str, Callable[[GoldClaim], str], Callable[[Claim], str]], ...] = (
    ("kind", lambda gold: gold.kinds[0], lambda claim: claim.kind.value),
    ("polarity", lambda gold: gold.polarities[0], lambda claim: claim.polarity.value),
    ("status", lambda gold: str((gold.statuses or ("unstated",))[0]), lambda claim: claim.status.value),
    (
        "qualifier",
        lambda gold: str((gold.qualifiers or ("unstated" if gold.numeric else "none",))[0]),
        lambda claim: claim.count.qualifier.value,
    ),
    (
        "part",
        lambda gold: "part" if gold.part and gold.part[0] else "whole",
        lambda claim: "whole" if claim.part_of is None else "part",
    ),
)


def _judge(pair: Pair, extraction: Extraction) -> ArticleReport:
    golds, claims, text = pair.claims, extraction.claims, extraction.text
    matching: Matching = match(golds, claims, text)

    def verdicts(pairs: dict[int, int]) -> tuple[Verdict, ...]:
        return tuple(
            Verdict(gold=golds[row], claim=claims[column], fields=fields_right(golds[row], claims[column], text))
            for row, column in sorted(pairs.items())
        )

    return ArticleReport(
        id=pair.id,
        text=text,
        found=verdicts(matching.matched),
        pardoned=verdicts(matching.pardoned),
        missed=tuple(golds[index] for index in matching.missed),
        spurious=tuple(claims[index] for index in matching.spurious),
    )


def _score(right: int, *, found: int, known: int) -> Score:
    """An article set without claims of which none was found scores 0, as nothing was shown."""
    precision, recall = right / max(1, found), right / max(1, known)
    return Score(
        precision=precision,
        recall=recall,
        f1=2 * precision * recall / (precision + recall) if right else 0.0,
    )


def _sum(tallies: Iterable[Tally]) -> Tally:
    listed = list(tallies)
    return Tally(
        gold=sum(tally.gold for tally in listed),
        matched=sum(tally.matched for tally in listed),
        spurious=sum(tally.spurious for tally in listed),
        pardoned=sum(tally.pardoned for tally in listed),
        full=sum(tally.full for tally in listed),
    )


def _interval(tallies: Sequence[Tally], measure: Callable[[Tally], float], *, seed: int) -> Interval:
    if not tallies:
        return Interval(low=0.0, high=0.0)
    chance = random.Random(seed)  # noqa: S311  # draws for a statistic, no secret
    found = sorted(measure(_sum(chance.choices(tallies, k=len(tallies)))) for _ in range(DRAWS))
    return Interval(low=found[DRAWS // 20], high=found[-DRAWS // 20 - 1])
