"""What share of made-up reprints is found to be copies, and of what is none: `python tools/reprints.py` at the root.

Each seed article is reprinted in several ways, set beside all others, and continued by half and by a third of another;
all of it as the worker signs it, without the lines that extraction passes over. Also what a signature costs.
"""

from __future__ import annotations

import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path

from service.domain.likeness import SignedArticle, bands, figures_of, is_copy
from service.domain.signing import sign
from service.settings import Settings
from worker.extraction.model import Document
from worker.pipeline import build_extractor

SEEDS = Path(__file__).parents[1] / "seeds"
MONDAY = datetime(2024, 11, 4, tzinfo=UTC)
SPELLINGS = (
    ("defense", "defence"),
    ("center", "centre"),
    ("organization", "organisation"),
    ("kilometers", "kilometres"),
    ("program", "programme"),
    ("percent", "per cent"),
    ("labor", "labour"),
    ("armored", "armoured"),
    ("traveled", "travelled"),
    ("neighbor", "neighbour"),
    ("harbor", "harbour"),
    ("mobilized", "mobilised"),
    ("toward ", "towards "),
    ("United States", "US"),
    ("Oct.", "October"),
    ("Nov.", "November"),
)
PERMISSION = "This story was first published by our partners and is reprinted here with their kind permission."
TITLE = "Fresh troops on the move as the talks drag on"
OWN = """Readers of this newspaper will remember that the local garrison held an open day last spring: families came
to look at the vehicles on the square and to eat soup with the recruits. The mayor told us that another such day is
planned for June, weather permitting, and that the band of the fire brigade will play as it always does."""
SMALL_PRINT = """(Reporting by our bureau; writing by A. Writer; editing by C. Editor.) Our standards: the principles of
trust by which all of our reporters work. The agency takes no sides; it has reported from the region since 1992, and
photographs, graphics and video of this story are available to subscribers through the usual channels."""


def cut(share: float) -> Callable[[str], str]:
    return lambda text: text[: int(len(text) * share)]


def respelled(text: str) -> str:
    here = sum(text.count(american) for american, _ in SPELLINGS)
    there = sum(text.count(british) for _, british in SPELLINGS)
    for american, british in SPELLINGS:
        text = text.replace(american, british) if here >= there else text.replace(british, american)
    return text


def dropped(text: str) -> str:
    parts = paragraphs(text)
    if len(parts) > 2:
        parts.pop(random.Random(text).randrange(1, len(parts)))  # noqa: S311
    return "\n\n".join(parts)


def paragraphs(text: str) -> list[str]:
    return [part for part in re.split(r"\n\s*\n", text) if part.strip()]


def share_of(text: str, *, first: float = 0.0, last: float = 1.0) -> str:
    parts = paragraphs(text)
    return "\n\n".join(parts[int(len(parts) * first) : max(1, round(len(parts) * last))])


REPRINTS: dict[str, Callable[[str], str]] = {
    "cut to 75 %": cut(0.75),
    "cut to 50 %": cut(0.5),
    "cut to 40 %": cut(0.4),
    "cut to 33 %": cut(1 / 3),
    "cut to 25 %": cut(0.25),
    "a line on top": lambda text: f"{PERMISSION}\n\n{text}",
    "another title": lambda text: f"{TITLE}\n\n{text}",
    "a paragraph dropped": dropped,
    "a paragraph of its own": lambda text: f"{text}\n\n{OWN}",
    "British for American spelling": respelled,
    "title, spelling, paragraph, cut to 75 %": lambda text: f"{TITLE}\n\n{respelled(dropped(cut(0.75)(text)))}",
}


def main() -> None:
    extractor = build_extractor(Settings.from_env({}))
    spent: dict[str, float] = defaultdict(float)

    def article(text: str, *, later: bool = True) -> SignedArticle:
        began = time.process_time()
        extraction = extractor.extract(Document(text=text, published_on=MONDAY.date()))
        extracted = time.process_time()
        signature = sign(text, ((line.start, line.end) for line in extraction.diagnostics.ignored))
        spent["extraction"] += extracted - began
        spent["signature"] += time.process_time() - extracted
        spent["articles"] += 1
        if signature is None:
            raise ValueError("A seed without words.")
        return SignedArticle(
            article_id="a_2" if later else "a_1",
            outlet=None,
            published_at=MONDAY,
            figures=figures_of(extraction.claims),
            signature=signature,
        )

    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("**/*.txt"))]
    seeds = [article(text, later=False) for text in texts]
    found: dict[str, list[bool]] = defaultdict(list)
    for name, text, original in _made(texts, seeds):
        found[name].append(_is_found(article(text), original))
    small_print = [article(f"{text}\n\n{SMALL_PRINT}") for text in texts]
    for name, articles in (("another story", seeds), ("another story, the same small print", small_print)):
        found[name] = [_is_found(*_in_order(one, other)) for one, other in combinations(articles, 2)]
    for name, results in found.items():
        print(f"{name:42}{len(results):6}{sum(results) / len(results):9.1%}")
    for what in ("extraction", "signature"):
        print(f"{what}: {spent[what] / spent['articles'] * 1000:.2f} ms of CPU an article")


def _made(texts: list[str], seeds: list[SignedArticle]) -> Iterator[tuple[str, str, SignedArticle]]:
    for n, (text, original) in enumerate(zip(texts, seeds, strict=True)):
        for name, reprint in REPRINTS.items():
            yield name, reprint(text), original
        new = texts[(n + 7) % len(texts)]
        yield "new first half, old second half", f"{share_of(new, last=0.5)}\n\n{share_of(text, first=0.5)}", original
        yield "new first third, old rest", f"{share_of(new, last=1 / 3)}\n\n{share_of(text, first=1 / 3)}", original
        updated = re.sub(r"[1-9][0-9]+", lambda number: str(int(number[0]) + 11), text)
        yield "the same with other figures", updated, original


def _in_order(one: SignedArticle, other: SignedArticle) -> tuple[SignedArticle, SignedArticle]:
    return replace(one, article_id="a_2"), replace(other, article_id="a_1")


def _is_found(later: SignedArticle, earlier: SignedArticle) -> bool:
    return bool(set(bands(later.signature)) & set(bands(earlier.signature))) and is_copy(later, earlier)


if __name__ == "__main__":
    main()
