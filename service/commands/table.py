"""A calm table for terminals: aligned by display width, wrapped between words, never wider than it may be."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

T = TypeVar("T")

GAP: Final = "  "


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """`least` is the width below which a wrapping column is not narrowed; others keep what they need.

    Where even the least is too wide, columns are left out, those with the highest `spare` first; 0 never is.
    """

    title: str
    right: bool = False
    wraps: bool = False
    least: int = 12
    spare: int = 0


def display_width(text: str) -> int:
    """Columns of a terminal that `text` takes; wide characters take two, marks none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def render(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, width: int) -> list[str]:
    """Lines of the table, heading and rule first."""
    clean = [[_printable(cell) for cell in row] for row in rows]
    widths = _widths(columns, clean, width)
    dispensable = [index for index, column in enumerate(columns) if column.spare]
    if dispensable and sum(widths) + len(GAP) * (len(columns) - 1) > width:
        out = max(dispensable, key=lambda index: columns[index].spare)
        return render(_without(columns, out), [_without(row, out) for row in rows], width=width)
    lines = [_line(columns, widths, [column.title for column in columns])]
    lines.append(GAP.join("─" * each for each in widths))
    for row in clean:
        cells = [
            _wrap(cell, each) if column.wraps else [cell]
            for column, cell, each in zip(columns, row, widths, strict=True)
        ]
        height = max(len(cell) for cell in cells)
        lines.extend(
            _line(columns, widths, [cell[index] if index < len(cell) else "" for cell in cells])
            for index in range(height)
        )
    return lines


def _without(items: Sequence[T], index: int) -> list[T]:
    return [*items[:index], *items[index + 1 :]]


def _printable(cell: str) -> str:
    """Without control characters, which an article could otherwise send to the terminal."""
    return "".join(character if character.isprintable() else " " for character in cell)


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[str]], width: int) -> list[int]:
    needed = [
        max([display_width(column.title), *(display_width(row[index]) for row in rows)])
        for index, column in enumerate(columns)
    ]
    over = sum(needed) + len(GAP) * (len(columns) - 1) - width
    while over > 0:
        wrapping = [i for i, column in enumerate(columns) if column.wraps and needed[i] > column.least]
        if not wrapping:
            break
        widest = max(wrapping, key=lambda i: needed[i])
        needed[widest] -= 1
        over -= 1
    return needed


def _line(columns: Sequence[Column], widths: Sequence[int], cells: Sequence[str]) -> str:
    padded = []
    for column, width, cell in zip(columns, widths, cells, strict=True):
        space = " " * max(0, width - display_width(cell))
        padded.append(space + cell if column.right else cell + space)
    return GAP.join(padded).rstrip()


def _wrap(text: str, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        for piece in _pieces(word, width):
            joined = f"{line} {piece}" if line else piece
            if display_width(joined) <= width:
                line = joined
            else:
                lines.append(line)
                line = piece
    return [*lines, line]


def _pieces(word: str, width: int) -> list[str]:
    """A word in pieces no wider than `width`."""
    pieces = [""]
    for character in word:
        if display_width(pieces[-1] + character) > width and pieces[-1]:
            pieces.append("")
        pieces[-1] += character
    return pieces
