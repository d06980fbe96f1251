"""How an article is read as a whole."""

from __future__ import annotations

import pytest

from service.settings import Settings
from worker.extraction.extractor import Extractor
from worker.extraction.model import Document
from worker.extraction.reader import PARSED_CHARS
from worker.pipeline import build_extractor

_CLAIM = "France sent 300 soldiers to Gao, the army said."
_FILLER = "The soldiers of the army drilled on the square again."


@pytest.fixture(scope="module")
def extractor() -> Extractor:
    return build_extractor(Settings.from_env({}))


def test_extract_reads_what_stands_within_reach(extractor: Extractor) -> None:
    extraction = extractor.extract(Document(text=f"{_CLAIM}\n\n{_FILLER}"))

    assert [claim.count.min for claim in extraction.claims] == [300]
    assert not [line for line in extraction.diagnostics.ignored if line.reason == "too-long"]


def test_extract_tells_what_a_very_long_article_left_unread(
    extractor: Extractor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("worker.extraction.reader.PARSED_CHARS", len(_FILLER) + 1)
    text = f"{_FILLER}\n\n{_CLAIM}"
    extraction = extractor.extract(Document(text=text))

    left = [text[line.start : line.end] for line in extraction.diagnostics.ignored if line.reason == "too-long"]
    assert left == [_CLAIM]
    assert extraction.claims == ()
    assert len(text) < PARSED_CHARS
