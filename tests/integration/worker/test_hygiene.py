"""Nothing that was written by others gets into a worker's log, whatever an article does to the extractor."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from sqlalchemy import text

from service.settings import Settings
from tests.integration.worker.register import Register, open_register
from tests.logged import SQL, Lines, logged
from worker.extraction.model import Document, Extraction
from worker.jobs import Drained, Worker
from worker.owners import lease_names
from worker.quiet import quieten

WORDS = "Zwölfhundert Quixotic soldiers"


@dataclass
class Raising:
    """Its error quotes what it stumbled on, as errors do; so does the library that it calls."""

    error: Exception | None
    name: str = "raising"
    version: str = "1"

    def extract(self, document: Document) -> Extraction:
        logging.getLogger("trafilatura.core").error("empty HTML tree: %s", document.text)
        if self.error is not None:
            raise self.error from KeyError(document.text)
        return Extraction(text=document.text or "")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Register]:
    with open_register(Settings(data_dir=tmp_path, database_url=f"sqlite:///{tmp_path}/muster.db")) as opened:
        yield opened


def drain(register: Register, error: Exception | None) -> Drained:
    worker = Worker(
        open_work=register.open,
        read_work=register.read,
        extractor=Raising(error),
        settings=register.settings,
        owners=lease_names(),
    )
    return worker.drain(for_s=30.0)


@pytest.fixture
def lines() -> Iterator[Lines]:
    with logged("worker", level=logging.DEBUG) as kept:
        quieten(logging.getLogger())
        yield kept


@pytest.mark.parametrize("error", [None, ValueError(WORDS), SoftTimeLimitExceeded(WORDS), MemoryError(WORDS)])
def test_reading_an_article_leaves_no_words_of_it_in_the_log(
    small: Register, lines: Lines, error: Exception | None
) -> None:
    small.submit(WORDS)
    drain(small, error)
    assert [told for told in lines.told if "Article" in told]
    assert not [told for told in lines.told if "Quixotic" in told]
    assert not [told for told in lines.told if any(word in told for word in SQL)]


def test_a_store_that_breaks_tells_no_statement(small: Register, lines: Lines) -> None:
    small.submit(WORDS)
    with small.engine.begin() as connection:
        connection.execute(text("ALTER TABLE change_log RENAME TO change_log_away"))
    drain(small, None)
    assert [told for told in lines.told if "OperationalError" in told]
    assert not [told for told in lines.told if "Quixotic" in told or any(word in told for word in SQL)]


def test_each_line_about_an_article_tells_which_and_at_which_attempt(small: Register, lines: Lines) -> None:
    (id_,) = small.submit(WORDS)
    drain(small, ValueError(WORDS))
    told = [json.loads(line) for line in lines.told if '"worker.jobs"' in line]
    assert [line["attempt"] for line in told] == [1, 2, 3]
    assert {(line["article_id"], line["version"]) for line in told} == {(id_, 1)}
    assert {line["reason"] for line in told} == {"Reading this article failed: ValueError."}
    assert [line["event"] for line in told] == [
        *["Article could not be read; it is tried again"] * 2,
        "Article failed for good",
    ]
