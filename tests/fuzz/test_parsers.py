"""Everything that reads what others wrote, tried on what nobody would write; the same inputs in each run."""

from __future__ import annotations

import pytest
from hypothesis.strategies import text

from tests.fuzz import files, headers, reading
from tests.fuzz.target import Target, try_out

TARGETS = (*reading.TARGETS, *headers.TARGETS, *files.TARGETS)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_parser_takes_or_refuses_whatever_comes(target: Target) -> None:
    assert try_out(target, examples=target.examples) > 0


def test_what_breaks_a_promise_is_told_with_its_simplest_input() -> None:
    target = Target(name="short", inputs=text(), holds=_is_short, examples=100)
    with pytest.raises(AssertionError) as raised:
        try_out(target, examples=target.examples)
    assert "len('000')" in str(raised.value)


def _is_short(words: str) -> None:
    assert len(words) < 3
