"""Articles whose claims editors have reviewed, written as gold: what they corrected becomes what is known."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from service.domain.claims import Place, Review, Source
from service.domain.register import ClaimView, ReviewedArticle
from worker.evaluation.gold import SUFFIX
from worker.plain import to_plain


def write_gold(folder: Path, articles: Iterable[ReviewedArticle]) -> tuple[int, int]:
    """Into an empty folder, under the articles' ids; how many articles and claims. Raises FileExistsError."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise FileExistsError(f"{folder} is not empty.")
    written = claims = 0
    for article in articles:
        read = article.article
        words, kind = (read.text, "txt") if read.text is not None else (read.html or "", "html")
        gold = as_gold(article)
        (folder / f"{read.article_id}.{kind}").write_bytes(_plain_lines(words).encode())
        lines = json.dumps(gold, ensure_ascii=False, indent=1) + "\n"
        (folder / f"{read.article_id}{SUFFIX}").write_bytes(lines.encode())
        written += 1
        claims += len(gold["claims"])
    return written, claims


def as_gold(article: ReviewedArticle) -> dict[str, Any]:
    """What docs/annotation.md calls the gold format.

    A rejected claim is none. One that still waits for a review is optional: to find it is neither right nor wrong.
    """
    read = article.article
    return {
        "title": read.title,
        "url": read.url,
        "outlet": read.outlet,
        "published_at": to_plain(read.published_on),
        "claims": [_gold_claim(claim) for claim in article.claims if claim.review is not Review.REJECTED],
    }


def _gold_claim(claim: ClaimView) -> dict[str, Any]:
    """Every field that the gold format can hold; what it can't tell from unknown is left out, and so not judged."""
    force, time, places = claim.force, claim.time, [_code(place) for place in claim.locations]
    gold: dict[str, Any] = {
        "kind": claim.kind,
        "outcome": claim.outcome,
        "status": claim.status,
        "polarity": claim.polarity,
        "personnel": claim.personnel.type if claim.personnel else None,
        "count": [claim.count.min, claim.count.max],
        "qualifier": claim.count.qualifier,
        "additional": claim.count.additional,
        "part": claim.part_of is not None,
        "time": [time.start, time.end] if time.start or time.end else None,
    }
    if force:
        gold["force"] = [name for name in (force.country, force.group) if name]
    if all(places):
        gold["regions"] = places
    if claim.origin is None or _code(claim.origin):
        gold["origin"] = claim.origin and _code(claim.origin)
    names = _names(claim.attribution)
    if names or not claim.attribution:
        gold["source"] = names
    gold["quote"] = _plain_lines(claim.evidence[0].exact)
    if claim.review is Review.UNREVIEWED or claim.review_stale:
        gold["optional"] = True
    return {name: to_plain(value) for name, value in gold.items()}


def _code(place: Place) -> str | None:
    return place.region or place.country


def _names(chain: Sequence[Source]) -> list[str]:
    """Of the original speaker, any of which will do."""
    if not chain:
        return []
    last = chain[-1]
    return [name for name in (last.name, last.organization, last.role, last.text) if name]


def _plain_lines(words: str) -> str:
    """As the file is read again."""
    return words.replace("\r\n", "\n").replace("\r", "\n")
