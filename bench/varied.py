"""Articles that the seeds' own paragraphs and words are mixed anew for: any number of them, no two alike.

Each is made from its number alone, so that every run reads the same ones. They make no sense; they hold the words,
figures, names and clutter that the extractor meets in articles that do.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from functools import cache
from typing import Final

from bench.corpus import seed_texts

PARAGRAPHS: Final = 22
"""Of the longest article; most have a few."""
PAGES: Final = 0.2
"""Share of articles that come as web pages."""
_FIGURE: Final = re.compile(r"\b\d{1,3}(?:,\d{3})+\b|\b\d{2,3}\b")
_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}(?= [a-z])")
_SYLLABLES: Final = ("ka", "zo", "mir", "len", "du", "sha", "vor", "ti", "han", "bel", "ur", "gri", "no", "pet", "ya")


@cache
def paragraphs() -> tuple[str, ...]:
    """Every paragraph of the seeds."""
    return tuple(part.strip() for text in seed_texts() for part in text.split("\n\n") if part.strip())


@cache
def vocabulary() -> tuple[str, ...]:
    """Every word of the seeds with its punctuation, once."""
    return tuple(sorted({word for text in seed_texts() for word in text.split()}))


def varied(number: int) -> tuple[str, str]:
    """The article of this number, and what it is: "text" or "html"."""
    chance = random.Random(number)
    drawn = [chance.choice(paragraphs()) for _ in range(1 + int(PARAGRAPHS * chance.random() ** 5))]
    changed = [_changed(part, chance) for part in drawn]
    changed.append(f"By {_invented(chance)} {_invented(chance)} for the {_invented(chance)} Gazette, note {number}.")
    if chance.random() < PAGES:
        return _page(changed, chance), "html"
    return "\n\n".join(changed), "text"


def _changed(paragraph: str, chance: random.Random) -> str:
    """With other figures of about the same size, and some names that nobody bears."""
    paragraph = _FIGURE.sub(_figure(chance), paragraph)
    return _NAME.sub(lambda found: _invented(chance) if chance.random() < 0.1 else found[0], paragraph)


def _figure(chance: random.Random) -> Callable[[re.Match[str]], str]:
    def other(found: re.Match[str]) -> str:
        figure = int(found[0].replace(",", ""))
        return f"{chance.randint(figure // 2, figure * 2):,}"

    return other


def _invented(chance: random.Random) -> str:
    return "".join(chance.choices(_SYLLABLES, k=chance.randint(2, 4))).capitalize()


def _page(parts: list[str], chance: random.Random) -> str:
    title, day = _invented(chance), chance.randint(1, 28)
    body = "\n".join(f"<p>{part.replace('&', '&amp;').replace('<', '&lt;')}</p>" for part in parts)
    return (
        f"<!doctype html><html lang=en><head><title>{title} reports</title>"
        f'<meta property="article:published_time" content="2024-10-{day:02}T08:00:00Z"></head>'
        f"<body><nav><a href=/>Home</a> <a href=/war>War</a></nav><article><h1>{title} reports</h1>\n{body}\n</article>"
        "<footer>All rights reserved</footer></body></html>"
    )
