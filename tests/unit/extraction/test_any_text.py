"""Whatever a text holds, it is read without an error, to the same end each time, and every offset is its own."""

from __future__ import annotations

from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from service.settings import Settings
from worker.extraction.extractor import Extractor
from worker.extraction.model import Document
from worker.pipeline import build_extractor

_PIECES = st.sampled_from(
    ["Russia ", "sent ", "300 ", "soldiers ", "to Kursk", ". ", "\n", "- ", "killed ", "“", "said", ", ", "\u200b", "é"]
)
_TEXTS = st.one_of(st.text(max_size=200), st.lists(_PIECES | st.text(max_size=3), max_size=40).map("".join))


@cache
def _extractor() -> Extractor:
    return build_extractor(Settings.from_env({}))


@settings(max_examples=60, deadline=None)
@given(_TEXTS)
def test_extract_reads_any_text_alike_with_offsets_of_its_own(text: str) -> None:
    document = Document(text=text, language="en")
    first, second = _extractor().extract(document), _extractor().extract(document)

    assert first == second
    for claim in first.claims:
        assert claim.evidence
        for span in claim.evidence:
            assert text[span.start : span.end] == span.exact
    for line in first.diagnostics.ignored:
        assert 0 <= line.start < line.end <= len(text)
