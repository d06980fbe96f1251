"""The extractor as shipped, on the articles written for the project: it may not fall below the pinned floor."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from service.settings import Settings
from worker.evaluation import Pair, Report, evaluate, load_pairs
from worker.evaluation.floor import below, measured, read_floor
from worker.evaluation.mistakes import render_errors
from worker.evaluation.table import render
from worker.process import build_extractor

SEEDS = Path(__file__).parents[2] / "seeds"
LEAST_CLAIMS = 110


@pytest.fixture(scope="module")
def pairs() -> tuple[Pair, ...]:
    return load_pairs(SEEDS)


@pytest.fixture(scope="module")
def report(pairs: tuple[Pair, ...]) -> Report:
    return evaluate(pairs, build_extractor(Settings.from_env(os.environ)).extract)


def test_seeds_stand_on_their_floor(report: Report) -> None:
    fallen = below(measured(report), read_floor(SEEDS))
    assert not fallen, f"{'; '.join(fallen)}\n{render(report)}\n{render_errors(report)}"


def test_seeds_have_a_floor() -> None:
    assert (SEEDS / "baseline.json").exists()


def test_seeds_hold_enough_claims_and_articles_without_any(pairs: tuple[Pair, ...]) -> None:
    firm = {pair.id: sum(not claim.optional for claim in pair.claims) for pair in pairs}
    assert sum(firm.values()) >= LEAST_CLAIMS
    assert 0 in firm.values()


def test_seeds_quote_their_articles(report: Report, pairs: tuple[Pair, ...]) -> None:
    """Quotes are looked up in the text as read, so that those of web pages are what a reader sees."""
    texts = {article.id: article.text for article in report.articles}
    strange = [
        (pair.id, claim.quote) for pair in pairs for claim in pair.claims if (claim.quote or "") not in texts[pair.id]
    ]
    assert not strange


def test_seeds_say_that_they_are_no_sources() -> None:
    assert "written for this project" in (SEEDS / "README.md").read_text(encoding="utf-8")
