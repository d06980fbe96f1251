"""What makes two articles, two versions or two claims the same: keys and ids derived from content."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC

from service.domain.register import Submission

_ID_BYTES = 15
"""120 bits: 24 letters of base32 without padding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleKeys:
    """What a submission is found by. `text` is None where it bears an external_id or a url."""

    external: str | None
    url: str | None
    text: str | None


def digest(*parts: object) -> str:
    """64 hex digits over JSON-able parts; equal parts, equal digest, on every machine."""
    payload = json.dumps(parts, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(payload.encode("ascii")).hexdigest()


def article_keys(submission: Submission) -> ArticleKeys:
    external = digest("external_id", submission.external_id) if submission.external_id else None
    url = digest("url", submission.url) if submission.url else None
    bare = external is None and url is None
    return ArticleKeys(
        external=external, url=url, text=digest("text", submission.text, submission.html) if bare else None
    )


def fingerprint(submission: Submission) -> str:
    """Of text and metadata. `external_id` is a name, not content, and has no part in it."""
    published_at = submission.published_at
    return digest(
        "version",
        submission.text,
        submission.html,
        submission.title,
        submission.url,
        submission.outlet,
        submission.author,
        published_at.astimezone(UTC).isoformat() if published_at else None,
        submission.language,
    )


def article_id(desk: str, keys: ArticleKeys, *, attempt: int) -> str:
    """From what the article was first known by.

    An article may have moved to another url since; whoever takes over its old one needs an id of
    its own, hence `attempt`, counted from 0.
    """
    return "a_" + _short("article", desk, keys.external or keys.url or keys.text, attempt)


def claim_id(article: str, version: int, content: Mapping[str, object], *, ordinal: int) -> str:
    """`ordinal` counts claims of equal content in the order of the text, from 0."""
    return "c_" + _short("claim", article, version, content, ordinal)


def _short(*parts: object) -> str:
    raw = bytes.fromhex(digest(*parts))[:_ID_BYTES]
    return base64.b32encode(raw).decode("ascii").lower()
