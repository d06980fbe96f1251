"""The table: aligned by what a terminal shows, and never wider than it may be where that can be helped."""

from __future__ import annotations

import pytest

from service.commands.table import Column, display_width, render

NAME, COUNT, PLACE = Column(title="NAME"), Column(title="COUNT", right=True), Column(title="PLACE", wraps=True, least=6)


def test_render_aligns_to_the_widest_cell() -> None:
    assert render([NAME, COUNT], [["a", "1,000"], ["longer", "5"]], width=40) == [
        "NAME    COUNT",
        "──────  ─────",
        "a       1,000",
        "longer      5",
    ]


def test_render_wraps_between_words() -> None:
    lines = render([NAME, PLACE], [["KP", "Donetsk Oblast, Kursk"]], width=15)
    assert lines[2:] == ["KP    Donetsk", "      Oblast,", "      Kursk"]


def test_render_breaks_a_word_that_is_too_long() -> None:
    assert render([PLACE], [["abcdefghijkl"]], width=6)[2:] == ["abcdef", "ghijkl"]


def test_render_leaves_out_what_can_be_spared() -> None:
    spare = Column(title="SPARE", spare=1)
    assert render([NAME, spare], [["long name", "long too"]], width=12)[0] == "NAME"


def test_render_counts_wide_and_combining_characters() -> None:
    assert (display_width("서울"), display_width("e\u0301"), display_width("Курськ")) == (4, 1, 6)


@pytest.mark.parametrize("cell", ["\x1b[31mred", "a\nb", "a\tb", "\u202eab"])
def test_render_sends_no_control_characters(cell: str) -> None:
    line = render([NAME], [[cell]], width=40)[2]
    assert all(character.isprintable() for character in line)
