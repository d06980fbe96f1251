"""Folding of place names, so that one spelling is looked up whatever the accents and hyphens."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

# Letters that Unicode does not take apart, marks that are part of a letter, and joiners.
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
    if name.isascii():
        folded = name.lower()
    else:
        decomposed = unicodedata.normalize("NFKD", name.casefold())
        bare = "".join(char for char in decomposed if not unicodedata.combining(char))
        folded = unicodedata.normalize("NFC", bare)
    return " ".join(folded.translate(_LETTERS).split())
