"""The best one-to-one matching of two small sets, by augmenting paths."""

from __future__ import annotations

from collections.abc import Mapping

Cell = tuple[int, int]


def best_matching(weights: Mapping[Cell, int]) -> dict[int, int]:
    """Column of each matched row such that the sum of the weights is greatest.

    `weights` names the allowed cells (row, column), all above zero. Each round adds the alternating path
    of the greatest gain, so that the matching is the heaviest of its size. Made for a few dozen rows.
    """
    column_of: dict[int, int] = {}
    row_of: dict[int, int] = {}
    while True:
        gain, came_from = _gains(weights, column_of, row_of)
        free = [column for column in gain if column not in row_of]
        if not free:
            return column_of
        column: int | None = max(free, key=lambda column: gain[column])
        if column is None or gain[column] <= 0:
            return column_of
        while column is not None:
            row = came_from[column]
            left = column_of.get(row)
            column_of[row], row_of[column] = column, row
            column = left


def _gains(
    weights: Mapping[Cell, int], column_of: Mapping[int, int], row_of: Mapping[int, int]
) -> tuple[dict[int, int], dict[int, int]]:
    """For each column the greatest gain of a path to it from a free row, and the last row of that path."""
    reached = {row: 0 for row, _ in weights if row not in column_of}
    gain: dict[int, int] = {}
    came_from: dict[int, int] = {}
    changed = True
    while changed:
        changed = False
        for (row, column), weight in weights.items():
            if row not in reached or column_of.get(row) == column:
                continue
            total = reached[row] + weight
            if column in gain and total <= gain[column]:
                continue
            gain[column], came_from[column], changed = total, row, True
            if column in row_of:
                # The row that holds this column would give it up.
                holder = row_of[column]
                reached[holder] = total - weights[holder, column]
    return gain, came_from
