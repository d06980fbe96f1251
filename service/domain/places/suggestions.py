"""Names that come near a mistyped one, found with bounded work."""

from __future__ import annotations

from collections.abc import Callable
from difflib import SequenceMatcher

_LATIN = "abcdefghijklmnopqrstuvwxyz "
_CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюяєі"
# How many names of the same beginning are compared, and how long a name is looked at.
_WINDOW = 3000
_LONGEST = 40


def one_edit_away(name: str) -> list[str]:
    """Every string that one transposition, replacement, insertion or deletion makes of the name."""
    letters = _LATIN if name.isascii() else _CYRILLIC
    splits = [(name[:at], name[at:]) for at in range(len(name) + 1)]
    swapped = [left + right[1] + right[0] + right[2:] for left, right in splits if len(right) > 1]
    replaced = [left + letter + right[1:] for left, right in splits if right for letter in letters]
    inserted = [left + letter + right for left, right in splits for letter in letters]
    deleted = [left + right[1:] for left, right in splits if right]
    return list(dict.fromkeys(swapped + deleted + replaced + inserted))


def near_names(
    folded: str,
    *,
    is_name: Callable[[str], bool],
    starting_with: Callable[[str, int], list[str]],
    limit: int,
) -> list[str]:
    """Folded names near this one: first those one edit away, then alike ones with the same two first letters."""
    name = folded[:_LONGEST]
    found = [near for near in one_edit_away(name) if is_name(near)]
    if len(found) < limit and len(name) > 3:
        window = starting_with(name[:3], _WINDOW)
        near_length = [other for other in window if abs(len(other) - len(name)) <= 2]
        matcher = SequenceMatcher(b=name, autojunk=False)
        scored = []
        for other in near_length:
            matcher.set_seq1(other)
            if matcher.real_quick_ratio() > 0.74 and matcher.quick_ratio() > 0.74 and (ratio := matcher.ratio()) > 0.74:
                scored.append((-ratio, other))
        found += [other for _, other in sorted(scored)]
    return list(dict.fromkeys(found))
