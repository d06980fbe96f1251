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
FOLDERS = (SEEDS, SEEDS / "blind")
LEAST_CLAIMS = 110


@pytest.fixture(scope="module", params=FOLDERS, ids=lambda folder: folder.name)
def folder(request: pytest.FixtureRequest) -> Path:
    found: Path = request.param
    return found


@pytest.fixture(scope="module")
def pairs(folder: Path) -> tuple[Pair, ...]:
    return load_pairs(folder)


@pytest.fixture(scope="module")
def report(pairs: tuple[Pair, ...]) -> Report:
    return evaluate(pairs, build_extractor(Settings.from_env(os.environ)).extract)


def test_seeds_stand_on_their_floor(folder: Path, report: Report) -> None:
    fallen = below(measured(report), read_floor(folder))
    assert not fallen, f"{'; '.join(fallen)}\n{render(report)}\n{render_errors(report)}"


def test_seeds_have_a_floor(folder: Path) -> None:
    assert (folder / "baseline.json").exists()


def test_seeds_hold_enough_claims(pairs: tuple[Pair, ...]) -> None:
    assert sum(not claim.optional for pair in pairs for claim in pair.claims) >= LEAST_CLAIMS


def test_seeds_hold_articles_without_a_claim() -> None:
    assert any(all(claim.optional for claim in pair.claims) for pair in load_pairs(SEEDS))


def test_seeds_quote_their_articles(report: Report, pairs: tuple[Pair, ...]) -> None:
    """Quotes are looked up in the text as read, so that those of web pages are what a reader sees."""
    texts = {article.id: article.text for article in report.articles}
    strange = [
        (pair.id, claim.quote) for pair in pairs for claim in pair.claims if (claim.quote or "") not in texts[pair.id]
    ]
    assert not strange


def test_seeds_say_that_they_are_no_sources(folder: Path) -> None:
    assert "written for this project" in (folder / "README.md").read_text(encoding="utf-8")
