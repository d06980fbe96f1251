"""A short soak through `muster up`: nothing is lost, nobody is answered 5xx, and a worker that fills up is replaced."""

from __future__ import annotations

from pathlib import Path

from bench.services import Backing
from bench.soak import Soak, soak

ARTICLES = 200
LIMIT_MB = 256
"""The least that may be set."""
AT_ONCE_MB = 240
"""More than a wake-up's articles take before the limit is looked at."""


def run(folder: Path, extractor: str, **settings: str) -> Soak:
    given = {"MUSTER_DATA_DIR": str(folder), "MUSTER_EXTRACTOR_FACTORY": f"tests.faults.extractors:{extractor}"}
    return soak(Backing(label="SQLite, folder", settings=given), articles=ARTICLES, settings=settings)


def test_articles_are_read_and_questions_answered(tmp_path: Path) -> None:
    came = run(tmp_path, "quick")
    assert came.problems == []
    assert came.verdict.done == came.verdict.accepted == ARTICLES
    assert came.answers.count > 0


def test_worker_past_its_limit_of_memory_is_replaced_and_loses_nothing(tmp_path: Path) -> None:
    came = run(tmp_path, "filling", MUSTER_MAX_MEMORY_PER_CHILD_MB=str(LIMIT_MB), MUSTER_WORKERS="1")
    assert came.problems == []
    assert came.verdict.done == ARTICLES
    worker = came.memory.growth("worker")
    assert worker.replaced > 0
    assert worker.most < LIMIT_MB + AT_ONCE_MB
