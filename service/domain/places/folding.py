"""Folding of place names, so that one spelling is looked up whatever the accents and hyphens."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart.
_LETTERS = str.maketrans(
    {
        "ł": "l",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "æ": "ae",
        "œ": "oe",
        "ı": "i",
        "ħ": "h",
        "ə": "a",
        "ґ": "г",
    }
)
# Marks that are part of a letter, and joiners.
_MARKS = str.maketrans(
    {
        "&": " and ",
        **dict.fromkeys("'’‘ʼʻʹ`´′ʿʾ.", ""),
        **dict.fromkeys("-‐‑‒–—―_/,()", " "),
    }
)


@lru_cache(maxsize=8192)
def fold(name: str) -> str:
    """The form under which a name is looked up.

    Case, accents, apostrophes and full stops vanish; hyphens, commas and brackets count as spaces; "&"
    is "and". Scripts are kept: a Cyrillic name is not turned into a Latin one.
    """
    return " ".join(unaccented(name).translate(_MARKS).split())


def unaccented(text: str) -> str:
    """In lower case and without accents; what a compatibility form stands for (`ﬁ`, `２`) is spelled out."""
    if text.isascii():
        return text.lower()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare).translate(_LETTERS)
