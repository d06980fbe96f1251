"""What the register hands to extraction, and what it takes back: plain data between the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from service.domain.claims import Claim
from service.domain.likeness import Signature


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleToRead:
    """One version of an article with its metadata as posted: exactly one of `text` and `html` is given.

    `published_on` is the day in the time zone that the poster wrote.
    """

    article_id: str
    version: int
    text: str | None
    html: str | None
    title: str | None
    url: str | None
    outlet: str | None
    published_on: date | None
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractedArticle:
    """All that one article gave. Offsets everywhere index `text`.

    `published_source` is given, html, text or none. `diagnostics` is JSON-able. `signature` is of the lines that were
    read, by which copies are found; without it the article is no copy and has none.
    """

    text: str
    title: str | None = None
    outlet: str | None = None
    published_on: date | None = None
    published_source: str = "none"
    language: str | None = None
    claims: tuple[Claim, ...] = ()
    diagnostics: Mapping[str, object] = field(default_factory=dict)
    signature: Signature | None = None
