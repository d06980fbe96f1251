"""What is submitted: the seed articles, each made its own by a closing line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import cycle, islice
from pathlib import Path

from worker.extraction.model import Document

SEEDS = Path(__file__).parents[1] / "seeds"


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """`published_at` is an ISO date, or None."""

    text: str
    title: str
    published_at: str | None
    number: int

    def body(self) -> bytes:
        """As POST /articles takes it."""
        fields = {
            "text": self.text,
            "title": self.title,
            "published_at": self.published_at,
            "external_id": f"bench-{self.number}",
        }
        return json.dumps({name: value for name, value in fields.items() if value is not None}).encode()

    def document(self) -> Document:
        """As the extractor takes it."""
        published_on = date.fromisoformat(self.published_at) if self.published_at else None
        return Document(text=self.text, title=self.title, published_on=published_on)


@cache
def _seeds() -> tuple[tuple[str, str, str | None], ...]:
    found = []
    for gold in sorted(SEEDS.glob("*.gold.json")):
        article = gold.with_name(gold.name.replace(".gold.json", ".txt"))
        if article.exists():
            known = json.loads(gold.read_text(encoding="utf-8"))
            found.append(
                (article.read_text(encoding="utf-8"), known.get("title", gold.stem), known.get("published_at"))
            )
    return tuple(found)


def seed_texts() -> tuple[str, ...]:
    """The words of every seed that is plain text."""
    return tuple(text for text, _, _ in _seeds())


def articles(count: int, *, start: int = 0) -> list[Article]:
    """`count` articles, no two with the same text or external id, numbered from `start`."""
    return [
        Article(text=f"{text}\n\nNote {number} to editors.\n", title=title, published_at=published_at, number=number)
        for number, (text, title, published_at) in enumerate(islice(cycle(_seeds()), count), start)
    ]


def words(count: int) -> int:
    """Words in `articles(count)`, for a rate by size."""
    return sum(len(article.text.split()) for article in articles(count))
